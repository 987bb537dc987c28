"""One current text a letter, and one row for each shipped text that was used."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T08:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "finding versions of template letters"

FORWARDS = """
CREATE UNIQUE INDEX letter_version_current ON letter_version (name) WHERE is_current;
CREATE UNIQUE INDEX letter_version_shipped ON letter_version (name, version) WHERE origin = 'shipped';
CREATE INDEX letter_version_found ON letter_version (name, version, id);
CREATE INDEX letter_template ON letter (template, template_version);
"""

BACKWARDS = """
DROP INDEX letter_template, letter_version_found, letter_version_shipped, letter_version_current;
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
