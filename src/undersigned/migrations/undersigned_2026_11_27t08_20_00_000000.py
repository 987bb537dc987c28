"""What counting every row again needs to know of its hours, who has not been reminded, and what mail was given up."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T08:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "recounts and reminders"

# Without the statistics the planner takes every moment for an hour of its own, and sorts ten million rows on disk. A
# signature that is not counted is reminded like any other, so that nobody learns it from what is in their inbox.
FORWARDS = """
CREATE STATISTICS signature_hours ON date_bin('1 hour', created_at, '2000-01-01+00'),
    date_bin('1 hour', confirmed_at, '2000-01-01+00') FROM signature;
DROP INDEX signature_unreminded;
CREATE INDEX signature_unreminded ON signature (created_at)
    WHERE confirmed_at IS NULL AND withdrawn_at IS NULL AND reminded_at IS NULL;
CREATE INDEX mail_given_up ON mail (dead_at) WHERE dead_at IS NOT NULL;
"""

BACKWARDS = """
DROP INDEX mail_given_up;
DROP INDEX signature_unreminded;
CREATE INDEX signature_unreminded ON signature (created_at)
    WHERE confirmed_at IS NULL AND withdrawn_at IS NULL AND reminded_at IS NULL AND discounted_at IS NULL;
DROP STATISTICS signature_hours;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    manager.add_raw(_run(FORWARDS))
    manager.add_raw_backwards(_run(BACKWARDS))
    return manager


def _run(statements: str):
    from undersigned.kit.database import engine

    async def run() -> None:
        for statement in statements.strip().split(";\n"):
            await engine().run_ddl(statement)

    return run
