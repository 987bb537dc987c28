"""What the rows promise that Piccolo cannot say: uniqueness, the indexes of owed work, and the wake-up call."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-21T10:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "promises and indexes"

FORWARDS = """
ALTER TABLE signature ADD CONSTRAINT one_person_once UNIQUE (campaign, email_key, name_key);
ALTER TABLE signature ADD CONSTRAINT two_to_a_household UNIQUE (campaign, email_key, slot);
ALTER TABLE signature ADD CONSTRAINT household_of_two CHECK (slot BETWEEN 1 AND 2);
CREATE INDEX signature_email_key ON signature (email_key);
CREATE INDEX signature_number ON signature (campaign, number);
ALTER TABLE tally ADD CONSTRAINT one_total UNIQUE (campaign, kind, key);
ALTER TABLE chapter ADD CONSTRAINT one_address UNIQUE (campaign, slug);
ALTER TABLE interest ADD CONSTRAINT interested_once UNIQUE (campaign, email_key);
ALTER TABLE response ADD CONSTRAINT stored_once UNIQUE (letter, message_id);
CREATE UNIQUE INDEX one_sitting_member ON membership (constituency) WHERE ended_on IS NULL;
CREATE INDEX mail_owed ON mail (id) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX mail_recipient ON mail (recipient);
CREATE INDEX letter_owed ON letter (id) WHERE state IN ('ready', 'sending');
CREATE INDEX letter_campaign ON letter (campaign, state);
CREATE INDEX letter_email_key ON letter (email_key);
CREATE INDEX letter_message_id ON letter (message_id);
CREATE INDEX delivery_letter ON delivery (letter);
CREATE INDEX response_letter ON response (letter);
CREATE INDEX inbound_owed ON inbound_mail (id) WHERE sorted_at IS NULL;
CREATE FUNCTION tell_the_clock() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('owed', ''); RETURN NULL; END $$;
CREATE TRIGGER mail_owed AFTER INSERT ON mail FOR EACH STATEMENT EXECUTE FUNCTION tell_the_clock();
CREATE TRIGGER mail_arrived AFTER INSERT ON inbound_mail FOR EACH STATEMENT EXECUTE FUNCTION tell_the_clock();
CREATE TRIGGER letter_ready AFTER UPDATE OF state ON letter FOR EACH ROW
    WHEN (NEW.state = 'ready') EXECUTE FUNCTION tell_the_clock();
"""

BACKWARDS = """
DROP TRIGGER letter_ready ON letter;
DROP TRIGGER mail_arrived ON inbound_mail;
DROP TRIGGER mail_owed ON mail;
DROP FUNCTION tell_the_clock;
DROP INDEX inbound_owed, response_letter, delivery_letter, letter_message_id, letter_email_key, letter_campaign,
    letter_owed, mail_recipient, mail_owed, one_sitting_member, signature_number, signature_email_key;
ALTER TABLE response DROP CONSTRAINT stored_once;
ALTER TABLE interest DROP CONSTRAINT interested_once;
ALTER TABLE chapter DROP CONSTRAINT one_address;
ALTER TABLE tally DROP CONSTRAINT one_total;
ALTER TABLE signature DROP CONSTRAINT household_of_two, DROP CONSTRAINT two_to_a_household,
    DROP CONSTRAINT one_person_once;
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
