from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt, Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-21T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "whose consent, and who signs again"

PLAIN = {
    "default": None,
    "null": True,
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="undersigned", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Consent",
        tablename="consent",
        column_name="signature_id",
        db_column_name="signature_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params=PLAIN,
        schema=None,
    )
    manager.add_column(
        table_class_name="Signature",
        tablename="signature",
        column_name="signed_again_at",
        db_column_name="signed_again_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params=PLAIN,
        schema=None,
    )
    return manager
