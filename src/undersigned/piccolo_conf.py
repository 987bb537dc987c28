"""Where Piccolo finds the database."""

import warnings

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine

from undersigned.settings import settings

# Piccolo warns when it cannot ask the server for its version; whoever then needs the database says it better.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=".*Unable to (fetch server version|connect to database)")
    DB = PostgresEngine(config={"dsn": settings.database_url})


def __getattr__(name: str) -> AppRegistry:
    """``APP_REGISTRY``, built when Piccolo asks for it: it imports every table, and the tables import us."""
    if name != "APP_REGISTRY":
        raise AttributeError(name)
    return AppRegistry(apps=["undersigned.piccolo_app"])
