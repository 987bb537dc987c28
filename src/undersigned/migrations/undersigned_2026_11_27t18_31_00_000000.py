"""One row for each who comes on a day, and one word of each gathering."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T18:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one row for each who comes"

FORWARDS = (
    "CREATE UNIQUE INDEX attendance_once ON attendance (event, occurs_on, email_key)",
    "CREATE INDEX attendance_email_key ON attendance (email_key)",
    "CREATE INDEX attendance_coming ON attendance (occurs_on) WHERE place_at IS NOT NULL AND reminded_at IS NULL",
    "CREATE UNIQUE INDEX notice_once ON notice (interest, event)",
)
BACKWARDS = "DROP INDEX attendance_once, attendance_email_key, attendance_coming, notice_once"


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
