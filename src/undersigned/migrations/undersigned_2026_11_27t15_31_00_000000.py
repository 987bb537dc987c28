"""The few signatures that mail comes back from are found without looking at the others."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T15:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "an index of the addresses that mail comes back from"

FORWARDS = "CREATE INDEX signature_bounced ON signature (campaign) WHERE bounced_at IS NOT NULL"
BACKWARDS = "DROP INDEX signature_bounced"


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
