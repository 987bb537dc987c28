"""A stance does not go in silence with its campaign or representative, as no other row does."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T08:52:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "stances hold on to what they are about"

ALTER = """
ALTER TABLE stance
    DROP CONSTRAINT stance_campaign_fkey, DROP CONSTRAINT stance_representative_fkey,
    ADD CONSTRAINT stance_campaign_fkey FOREIGN KEY (campaign) REFERENCES campaign (id)
        ON DELETE {what} ON UPDATE CASCADE,
    ADD CONSTRAINT stance_representative_fkey FOREIGN KEY (representative) REFERENCES representative (id)
        ON DELETE {what} ON UPDATE CASCADE
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    manager.add_raw(_run(ALTER.format(what="RESTRICT")))
    manager.add_raw_backwards(_run(ALTER.format(what="CASCADE")))
    return manager


def _run(statement: str):
    from undersigned.kit.database import engine

    async def run() -> None:
        await engine().run_ddl(statement.strip())

    return run
