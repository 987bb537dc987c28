"""Since when a letter is held, and when its writer was told so."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-27T15:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "since when a letter is held, and when its writer was told"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Letter",
        tablename="letter",
        column_name="held_at",
        db_column_name="held_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={
            "default": None,
            "null": True,
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
    manager.add_column(
        table_class_name="Letter",
        tablename="letter",
        column_name="told_at",
        db_column_name="told_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={
            "default": None,
            "null": True,
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
