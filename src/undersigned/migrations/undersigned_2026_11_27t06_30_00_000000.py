"""Indexes for where signatures come from just now, and for why they are not counted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T06:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what the guard watches"

# Signatures are written in the order of their moments, so that a few kilobytes say where a day begins; a whole index
# would cost every signer something for the sake of one page of the desk.
FORWARDS = """
CREATE INDEX signature_created ON signature USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX signature_discounted_lately ON signature (campaign, discounted_at) WHERE discounted_at IS NOT NULL;
"""

BACKWARDS = """
DROP INDEX signature_discounted_lately, signature_created;
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
