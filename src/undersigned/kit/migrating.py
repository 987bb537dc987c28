"""Bring the database's tables up to date; many may try at once, one does it."""

import contextlib
import io
import os

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards

from undersigned.kit.database import UNREACHABLE
from undersigned.kit.errors import Refused, Unavailable
from undersigned.settings import settings

LOCK = 7_041_977


class MigrationFailed(Refused):
    """The tables could not be brought up to date; nothing has been changed by the step that failed."""


async def migrate() -> None:
    """Run what has not been run. Piccolo takes no lock of its own, so we take one in PostgreSQL.

    Raises Unavailable, with the reason, when DATABASE_URL leads nowhere.
    """
    os.environ.setdefault("PICCOLO_CONF", "undersigned.piccolo_conf")
    try:
        connection = await asyncpg.connect(dsn=settings.database_url)
    except (*UNREACHABLE, asyncpg.PostgresError) as error:
        raise Unavailable(f"The database cannot be reached: {' '.join(str(error).split())}") from error
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        with contextlib.redirect_stdout(io.StringIO()):
            result = await run_forwards(app_name="undersigned", migration_id="all")
        if not result.success:
            raise MigrationFailed(result.message or "A migration failed.")
    finally:
        await connection.close()
