"""Endorsements by the page they are on, by their sender, and by their picture."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T19:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "endorsements by page, sender and picture"

FORWARDS = (
    "CREATE INDEX endorsement_wall ON endorsement (campaign, state, chapter, pinned DESC, position, id)",
    "CREATE INDEX endorsement_sender ON endorsement (email_key) WHERE email_key <> ''",
    "CREATE INDEX endorsement_picture ON endorsement (picture) WHERE picture IS NOT NULL",
    "UPDATE endorsement SET state = 'refused', decided_at = now() WHERE state NOT IN ('shown', 'refused')",
)
BACKWARDS = (
    "DROP INDEX endorsement_wall, endorsement_sender, endorsement_picture",
    "DELETE FROM endorsement WHERE state <> 'shown'",
)


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
