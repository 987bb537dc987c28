"""Organisations are free text like words, so they wait to be read as well."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T06:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "organisations wait to be read"

FORWARDS = "UPDATE signature SET words_state = 'waiting' WHERE organisation <> '' AND words_state = ''"
BACKWARDS = "UPDATE signature SET words_state = '' WHERE words = ''"


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
