"""What the rows of files, told replies and follow-ups promise that Piccolo cannot say, and their indexes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T16:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "promises and indexes of what came back"

FORWARDS = """
ALTER TABLE attachment ADD CONSTRAINT of_one_thing CHECK (num_nonnulls(response, told) = 1);
ALTER TABLE stored_file ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX attachment_response ON attachment (response);
CREATE INDEX attachment_told ON attachment (told);
CREATE INDEX attachment_digest ON attachment (digest);
CREATE INDEX told_reply_letter ON told_reply (letter);
CREATE INDEX letter_sent ON letter (sent_at) WHERE state IN ('sent', 'settled');
CREATE INDEX held_mail_waiting ON held_mail (id) WHERE placed_at IS NULL;
"""

BACKWARDS = """
DROP INDEX held_mail_waiting, letter_sent, told_reply_letter, attachment_digest, attachment_told,
    attachment_response;
ALTER TABLE stored_file ALTER COLUMN content SET STORAGE DEFAULT;
ALTER TABLE attachment DROP CONSTRAINT of_one_thing;
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
