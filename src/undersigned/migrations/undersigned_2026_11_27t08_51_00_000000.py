"""An index that finds letters which are like another without reading any."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T08:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "letters by what they are like"

FORWARDS = "CREATE INDEX letter_likeness ON letter USING gin (likeness)"
BACKWARDS = "DROP INDEX letter_likeness"


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
