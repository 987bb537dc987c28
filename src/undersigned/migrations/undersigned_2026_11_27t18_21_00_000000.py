"""One count for a campaign and a representative."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T18:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one count for a campaign and a representative"

FORWARDS = (
    "CREATE UNIQUE INDEX answered_once ON answered (campaign, representative)",
    "CREATE INDEX answered_representative ON answered (representative)",
)
BACKWARDS = "DROP INDEX answered_once, answered_representative"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    for statement in FORWARDS:
        manager.add_raw(_run(statement))
    manager.add_raw_backwards(_run(BACKWARDS))
    return manager


def _run(statement: str):
    from undersigned.kit.database import engine

    async def run() -> None:
        await engine().run_ddl(statement)

    return run
