"""Centres by campaign; backwards, whether one is step-free is No again where nobody has asked."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T19:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "centres by campaign"

FORWARDS = ("CREATE INDEX centre_campaign ON centre (campaign)",)
BACKWARDS = ("DROP INDEX centre_campaign", "UPDATE centre SET step_free = false WHERE step_free IS NULL")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    for statement in FORWARDS:
        manager.add_raw(_run(statement))
    for statement in BACKWARDS:
        manager.add_raw_backwards(_run(statement))
    return manager


def _run(statement: str):
    from undersigned.kit.database import engine

    async def run() -> None:
        await engine().run_ddl(statement)

    return run
