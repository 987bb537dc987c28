"""The drop folder: an ``.eml`` file put into ``var/inbound`` is mail that has arrived."""

import asyncio
import logging
import stat
import time
from pathlib import Path

from undersigned.kit.errors import Unavailable
from undersigned.responses import arrival, envelope, reading
from undersigned.responses.reception import LARGEST
from undersigned.settings import settings

SETTLED_SECONDS = 3.0
log = logging.getLogger(__name__)


class Unusable(Exception):
    """Not a mail that we can take in; the message says why."""


def folder() -> Path:
    """Where mail may be dropped; made when it is missing."""
    path = settings.var / "inbound"
    (path / "refused").mkdir(parents=True, exist_ok=True)
    return path


async def empty() -> int:
    """Take in every file that is complete and say how many. Raises Unavailable; then the rest stay.

    A file is unlinked only after its mail is committed. What cannot be read goes to ``refused/``.
    """
    taken = 0
    for path in await asyncio.to_thread(_complete):
        try:
            await _take(path)
            taken += 1
        except Unavailable:
            raise
        except Exception as error:
            await asyncio.to_thread(_refuse, path, error)
    return taken


def _complete() -> list[Path]:
    """The files that nobody has written to for half a second, oldest name first."""
    latest = time.time() - SETTLED_SECONDS
    found = [path for path in folder().iterdir() if path.suffix.lower() == ".eml" and path.name[0] != "."]
    return sorted(path for path in found if path.lstat().st_mtime <= latest)


async def _take(path: Path) -> None:
    raw = await asyncio.to_thread(_bytes_of, path)
    try:
        sender, recipients = await asyncio.to_thread(envelope.of, raw)
    except envelope.NoHeaders:
        raise Unusable("it has no headers.") from None
    await arrival.arrive(raw, sender, recipients)
    await asyncio.to_thread(path.unlink, missing_ok=True)


def _bytes_of(path: Path) -> bytes:
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise Unusable("it is not a file.")
    if not 0 < found.st_size <= LARGEST:
        raise Unusable(f"it has {found.st_size} bytes.")
    return path.read_bytes()


def _refuse(path: Path, error: Exception) -> None:
    """Set a file aside where a person can find it, under a name of its own."""
    log.warning("A dropped file was set aside: %s", type(error).__name__, exc_info=_bug(error))
    aside = folder() / "refused" / path.name
    if aside.exists():
        aside = aside.with_name(f"{path.stem}.{time.time_ns()}.eml")
    path.rename(aside)


def _bug(error: Exception) -> Exception | None:
    return None if isinstance(error, Unusable | OSError | reading.Unreadable) else error
