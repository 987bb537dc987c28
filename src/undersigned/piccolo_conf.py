"""Where Piccolo finds the database."""

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine

from undersigned.settings import settings

DB = PostgresEngine(config={"dsn": settings.database_url})
APP_REGISTRY = AppRegistry(apps=["undersigned.piccolo_app"])
