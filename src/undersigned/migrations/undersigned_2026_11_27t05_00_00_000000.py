"""Indexes for looking again at signatures, and for mail of which many say the same."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T05:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "second looks, and one message to many"

FORWARDS = """
UPDATE signature SET words_state = 'waiting' WHERE words <> '';
CREATE INDEX signature_ip ON signature (created_at) WHERE ip <> '';
CREATE INDEX signature_unreminded ON signature (created_at)
    WHERE confirmed_at IS NULL AND withdrawn_at IS NULL AND reminded_at IS NULL AND discounted_at IS NULL;
CREATE INDEX signature_words ON signature (campaign, words_state, id) WHERE words_state <> '';
CREATE INDEX signature_discounting ON signature (discounting, id) WHERE discounting IS NOT NULL;
CREATE INDEX signature_shared_by ON signature (shared_by) WHERE shared_by IS NOT NULL;
CREATE UNIQUE INDEX listed_once ON listed (coalesce(campaign, 0), kind, value);
CREATE INDEX recount_campaign ON recount (campaign, counted_at);
CREATE INDEX discounting_campaign ON discounting (campaign, id);
ALTER TABLE mailing ADD CONSTRAINT one_mailing UNIQUE (campaign, kind, about);
DROP INDEX signature_number;
DROP INDEX mail_owed;
CREATE INDEX mail_owed ON mail (id) WHERE sent_at IS NULL AND dead_at IS NULL AND mailing IS NULL;
CREATE INDEX mailing_owed ON mail (id) WHERE sent_at IS NULL AND dead_at IS NULL AND mailing IS NOT NULL;
"""

BACKWARDS = """
DROP INDEX mailing_owed, mail_owed;
CREATE INDEX signature_number ON signature (campaign, number);
CREATE INDEX mail_owed ON mail (id) WHERE sent_at IS NULL AND dead_at IS NULL;
ALTER TABLE mailing DROP CONSTRAINT one_mailing;
DROP INDEX discounting_campaign, recount_campaign, listed_once, signature_shared_by, signature_discounting,
    signature_words, signature_unreminded, signature_ip;
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
