"""The servers a command needs: those that the settings name, else the embedded ones."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from undersigned.embedded import postgresql, sharing, valkey
from undersigned.settings import settings


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

    Raises ServerWouldNotStart.
    """
    started: list[sharing.Server] = []
    with ExitStack() as stack:
        for setting, start in (("database_url", postgresql.start), ("redis_url", valkey.start)):
            if not getattr(settings, setting):
                server = stack.enter_context(start(settings.var))
                started.append(server)
                setattr(settings, setting, server.url)
                os.environ[setting.upper()] = server.url
        yield Servers(started)
