"""Batches of paper by their campaign."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T18:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "batches of paper by their campaign"

FORWARDS = ("CREATE INDEX paper_batch_campaign ON paper_batch (campaign)",)
BACKWARDS = "DROP INDEX paper_batch_campaign"


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
