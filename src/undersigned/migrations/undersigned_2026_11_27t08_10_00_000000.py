"""Whom one message to many is for, how many they are, and that each is owed it once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-27T08:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one message to many, once"

FORWARDS = """
CREATE UNIQUE INDEX mail_once_a_mailing ON mail (mailing, about) WHERE mailing IS NOT NULL;
"""

BACKWARDS = """
DROP INDEX mail_once_a_mailing;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    for name, nothing in (("up_to", 0), ("total", 0), ("staff_id", None)):
        manager.add_column(
            table_class_name="Mailing",
            tablename="mailing",
            column_name=name,
            db_column_name=name,
            column_class_name="Integer",
            column_class=Integer,
            params={
                "default": nothing,
                "null": nothing is None,
                "primary_key": False,
                "unique": False,
                "index": False,
                "index_method": IndexMethod.btree,
                "choices": None,
                "db_column_name": None,
                "secret": False,
            },
            schema=None,
        )
    manager.add_raw(_run(FORWARDS))
    manager.add_raw_backwards(_run(BACKWARDS))
    return manager


def _run(statements: str):
    from undersigned.kit.database import engine

    async def run() -> None:
        for statement in statements.strip().split(";\n"):
            await engine().run_ddl(statement)

    return run
