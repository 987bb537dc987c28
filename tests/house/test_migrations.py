"""The migrations make the tables that the code describes, and can be undone and done again."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable

from undersigned.embedded import postgresql

NewDatabase = Callable[[str], Awaitable[str]]

# In a process of its own, as Piccolo does it: its settings are imported before any table is.
WHAT_IS_MISSING = """
import asyncio, json
from undersigned import piccolo_conf
from undersigned.piccolo_app import APP_CONFIG
from piccolo.apps.migrations.commands.new import AutoMigrationManager
changes = asyncio.run(AutoMigrationManager().get_alter_statements(APP_CONFIG))
print(json.dumps([statement for change in changes for statement in change.statements]))
"""


def _piccolo(direction: str, address: str) -> None:
    command = [sys.executable, "-m", "piccolo.main", "migrations", direction, "undersigned", "all"]
    environment = os.environ | {"DATABASE_URL": address, "PICCOLO_CONF": "undersigned.piccolo_conf"}
    agreed = ["--auto_agree"] if direction == "backwards" else []
    done = subprocess.run([*command, *agreed], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _schema(address: str) -> str:
    """Everything in the database but rows, as pg_dump writes it."""
    command = [str(postgresql.binary("pg_dump")), "--schema-only", "--exclude-table=migration*", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.sub(r"^\\(un)?restrict .*$", "", said, flags=re.MULTILINE)


def test_the_migrations_say_all_that_the_tables_say() -> None:
    command = [sys.executable, "-c", WHAT_IS_MISSING]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    missing = json.loads(said.splitlines()[-1])
    assert missing == [], "Write a migration; CONTRIBUTING.md says how."


async def test_the_migrations_run_forwards_and_backwards_and_forwards(new_database: NewDatabase) -> None:
    address = await new_database("forth_and_back")
    nothing = _schema(address)
    _piccolo("forwards", address)
    first = _schema(address)
    assert first.count("CREATE TABLE") > 20
    _piccolo("backwards", address)
    assert _schema(address) == nothing
    _piccolo("forwards", address)
    assert _schema(address) == first
