"""What the pace and bundles of letters promise, and the indexes that finding whose turn it is wants."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T15:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "promises and indexes of letters that wait their turn"

FORWARDS = """
ALTER TABLE campaign ADD CONSTRAINT ways_letters_go CHECK (letters_go IN ('single', 'daily'));
ALTER TABLE campaign ADD CONSTRAINT some_letters_an_hour CHECK (letters_an_hour > 0);
CREATE UNIQUE INDEX bundle_a_day ON bundle (campaign, representative, day) WHERE kind = 'mail';
CREATE INDEX bundle_owed ON bundle (id) WHERE kind = 'mail' AND ended_at IS NULL;
CREATE INDEX bundle_on_paper ON bundle (campaign) WHERE kind = 'paper';
CREATE INDEX bundle_message_id ON bundle (message_id) WHERE kind = 'mail';
CREATE INDEX letter_bundle ON letter (bundle) WHERE bundle IS NOT NULL;
CREATE INDEX letter_in_line ON letter (representative, campaign, due_at, id) WHERE state = 'ready';
CREATE INDEX letter_state ON letter (state);
CREATE INDEX delivery_started ON delivery (started_at);
CREATE INDEX delivery_outcome ON delivery (channel, mode, outcome);
CREATE TRIGGER bundle_owed AFTER INSERT ON bundle FOR EACH STATEMENT EXECUTE FUNCTION tell_the_clock();
"""

BACKWARDS = """
DROP TRIGGER bundle_owed ON bundle;
DROP INDEX delivery_outcome, delivery_started, letter_state, letter_in_line, letter_bundle, bundle_message_id,
    bundle_on_paper, bundle_owed, bundle_a_day;
ALTER TABLE campaign DROP CONSTRAINT some_letters_an_hour;
ALTER TABLE campaign DROP CONSTRAINT ways_letters_go;
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
