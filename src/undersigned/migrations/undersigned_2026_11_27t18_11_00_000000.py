"""One stance at a time, in the words that stances have now; quotations and invitations by what they are about."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T18:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one stance at a time"

FORWARDS = (
    "DROP INDEX one_stance",
    "CREATE UNIQUE INDEX one_stance ON stance (campaign, representative) WHERE ended_at IS NULL",
    "UPDATE stance SET position = 'supports' WHERE position = 'agrees'",
    "CREATE INDEX stance_representative ON stance (representative)",
    "CREATE INDEX quotation_stance ON quotation (stance)",
    "CREATE INDEX quotation_letter ON quotation (letter)",
    "CREATE INDEX invitation_representative ON invitation (representative, campaign)",
)
BACKWARDS = (
    "DELETE FROM stance WHERE ended_at IS NOT NULL OR position NOT IN ('supports', 'opposes')",
    "UPDATE stance SET position = 'agrees' WHERE position = 'supports'",
    "DROP INDEX one_stance, stance_representative, quotation_stance, quotation_letter, invitation_representative",
    "CREATE UNIQUE INDEX one_stance ON stance (campaign, representative)",
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
