"""Which signature each consent belongs to, rows that no longer go with another row, and indexes for what we ask."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-21T12:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "whose consent, no silent deletions, indexes"

FORWARDS = """
UPDATE consent SET signature_id = (
    SELECT s.id FROM signature s JOIN supporter p ON p.email_key = s.email_key
    WHERE p.id = consent.supporter AND s.campaign = consent.campaign_id AND s.confirmed_at IS NOT NULL
    ORDER BY abs(extract(epoch FROM consent.given_at - s.confirmed_at)), s.id LIMIT 1);
CREATE INDEX tally_key ON tally (kind, key);
CREATE INDEX consent_supporter ON consent (supporter);
CREATE INDEX consent_signature ON consent (signature_id);
CREATE INDEX letter_signature ON letter (signature);
CREATE INDEX response_inbound ON response (inbound);
CREATE INDEX held_mail_inbound ON held_mail (inbound);
CREATE INDEX mail_ended ON mail ((coalesce(sent_at, dead_at)));
CREATE INDEX signature_shown ON signature (campaign, confirmed_at DESC) WHERE shows_name;
"""

BACKWARDS = """
DROP INDEX signature_shown, mail_ended, held_mail_inbound, response_inbound, letter_signature, consent_signature,
    consent_supporter, tally_key;
"""

# Piccolo names its constraints by the table, the column and a digest, so we look them up.
FOREIGN_KEYS = """
DO $$ DECLARE key record; BEGIN
    FOR key IN
        SELECT conrelid::regclass AS tablename, conname AS name, pg_get_constraintdef(oid) AS says
        FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY conrelid, conname
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', key.tablename, key.name, key.name,
            {now_says});
    END LOOP;
END $$
"""
RESTRICTED = """replace(key.says, 'ON DELETE CASCADE', CASE
            WHEN key.tablename = 'letter'::regclass AND key.says LIKE 'FOREIGN KEY (signature)%' THEN 'ON DELETE SET NULL'
            ELSE 'ON DELETE RESTRICT' END)"""
CASCADING = "regexp_replace(key.says, 'ON DELETE (RESTRICT|SET NULL)', 'ON DELETE CASCADE')"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    manager.add_raw(_run(*_apart(FORWARDS), FOREIGN_KEYS.format(now_says=RESTRICTED)))
    manager.add_raw_backwards(_run(*_apart(BACKWARDS), FOREIGN_KEYS.format(now_says=CASCADING)))
    return manager


def _apart(statements: str) -> list[str]:
    return statements.strip().split(";\n")


def _run(*statements: str):
    from undersigned.kit.database import engine

    async def run() -> None:
        for statement in statements:
            await engine().run_ddl(statement)

    return run
