"""Those that say the same by their first, and what people have named already."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T18:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "replies by the first of those that say the same"

FORWARDS = (
    "CREATE INDEX response_alike_to ON response (alike_to) WHERE alike_to IS NOT NULL",
    "UPDATE response r SET by_person = true FROM sorting_decision d WHERE d.response = r.id",
)
BACKWARDS = "DROP INDEX response_alike_to"


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
