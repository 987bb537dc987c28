"""A representative has one stance on a campaign; a new one takes the place of the old."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T08:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one stance on a campaign"

FORWARDS = "CREATE UNIQUE INDEX one_stance ON stance (campaign, representative)"
BACKWARDS = "DROP INDEX one_stance"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    manager.add_raw(_run(FORWARDS))
    manager.add_raw_backwards(_run(BACKWARDS))
    return manager


def _run(statement: str):
    from undersigned.kit.database import engine

    async def run() -> None:
        await engine().run_ddl(statement)

    return run
