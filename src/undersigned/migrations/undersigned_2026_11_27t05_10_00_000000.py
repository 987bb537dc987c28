"""Discounted signatures by their reason, for the desk's list of what is not counted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T05:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what is not counted, by its reason"

FORWARDS = """
CREATE INDEX signature_discounted ON signature (campaign, discounted_why, id) WHERE discounted_at IS NOT NULL
"""

BACKWARDS = """
DROP INDEX signature_discounted
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    manager.add_raw(_run(FORWARDS))
    manager.add_raw_backwards(_run(BACKWARDS))
    return manager


def _run(statement: str):
    from undersigned.kit.database import engine

    async def run() -> None:
        await engine().run_ddl(statement.strip())

    return run
