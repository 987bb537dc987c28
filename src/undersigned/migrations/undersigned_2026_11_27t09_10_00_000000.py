"""How many of one message to many were never sent, kept when the mail itself is forgotten."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-27T09:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "how many of a mailing were not sent"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Mailing",
        tablename="mailing",
        column_name="unsent",
        db_column_name="unsent",
        column_class_name="Integer",
        column_class=Integer,
        params={
            "default": 0,
            "null": False,
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
    return manager
