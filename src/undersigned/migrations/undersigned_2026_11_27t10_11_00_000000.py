"""Letters whose writer has been mailed the link already are marked so."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T10:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "letters whose link was mailed already"

FORWARDS = """
    UPDATE letter SET asked_at = created_at
    WHERE state = 'waiting'
       OR (state = 'draft' AND id IN (SELECT about FROM mail WHERE kind = 'letter_confirmation'))
"""
BACKWARDS = "UPDATE letter SET asked_at = NULL"


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
