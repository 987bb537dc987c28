"""The servers a command needs: those that the settings name, else the embedded ones."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile

from undersigned.embedded import postgresql, sharing, valkey
from undersigned.settings import SettingMissing, settings


@dataclass
class Servers:
    """The embedded servers in use; none when the settings name others."""

    embedded: list[sharing.Server]

    def ensure(self) -> None:
        """Start again what has died."""
        for server in self.embedded:
            server.ensure()


@contextmanager
def ready() -> Iterator[Servers]:
    """PostgreSQL and Redis, ready to be used; DATABASE_URL and REDIS_URL are filled in for whoever asks.

    Raises ServerWouldNotStart, or SettingMissing when there is nowhere to keep anything.
    """
    _var_can_be_written()
    started: list[sharing.Server] = []
    with ExitStack() as stack:
        for setting, start in (("database_url", postgresql.start), ("redis_url", valkey.start)):
            if not getattr(settings, setting):
                server = stack.enter_context(start(settings.var))
                started.append(server)
                setattr(settings, setting, server.url)
                os.environ[setting.upper()] = server.url
        yield Servers(started)


def _var_can_be_written() -> None:
    try:
        settings.var.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=settings.var):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingMissing(f"UNDERSIGNED_VAR: nothing can be kept in {settings.var} ({reason}).") from error
