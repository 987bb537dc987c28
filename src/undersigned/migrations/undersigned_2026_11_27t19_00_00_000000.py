"""A picture of an endorsement is no file of ours any more: people send them, and they lie in the database."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-27T19:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "pictures of endorsements are files no more"


async def forwards() -> MigrationManager:
    manager = MigrationManager(
        migration_id=ID, app_name="undersigned", description=DESCRIPTION
    )

    manager.drop_column(
        table_class_name="Endorsement",
        tablename="endorsement",
        column_name="picture",
        db_column_name="picture",
        schema=None,
    )

    return manager
