"""One member a place at a seat, one number a member of a chamber, and the signatures whose place is not known."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-21T11:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "places at a seat, unplaced signatures"

FORWARDS = """
DROP INDEX one_sitting_member;
CREATE UNIQUE INDEX one_sitting_member ON membership (constituency, place) WHERE ended_on IS NULL;
CREATE INDEX membership_representative ON membership (representative);
CREATE UNIQUE INDEX one_member ON representative (chamber, member_id) WHERE member_id IS NOT NULL;
CREATE UNIQUE INDEX one_of_parliament ON constituency (parliament_id) WHERE parliament_id IS NOT NULL;
CREATE INDEX signature_unplaced ON signature (coalesce(looked_up_in, ''), id)
    WHERE constituency IS NULL AND match IN ('unknown', 'choose') AND postcode <> '';
"""

BACKWARDS = """
DROP INDEX signature_unplaced, one_of_parliament, one_member, membership_representative, one_sitting_member;
CREATE UNIQUE INDEX one_sitting_member ON membership (constituency) WHERE ended_on IS NULL;
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
