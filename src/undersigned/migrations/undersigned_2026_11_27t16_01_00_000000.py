"""Indexes that find replies which are like another, those that a person must look at, and what was decided."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T16:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "replies by what they are like, and by who must look"

FORWARDS = (
    "CREATE INDEX response_likeness ON response USING gin (likeness)",
    "CREATE INDEX response_unsure ON response (id) WHERE confidence < 70",
    "CREATE INDEX response_sender ON response (lower(from_address)) WHERE from_address <> ''",
    "CREATE INDEX response_message_id ON response (message_id)",
    "CREATE INDEX sorting_decision_response ON sorting_decision (response)",
)
BACKWARDS = """
    DROP INDEX response_likeness, response_unsure, response_sender, response_message_id, sorting_decision_response
"""


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
