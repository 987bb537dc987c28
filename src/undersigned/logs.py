"""How we log: one line an event, no personal data."""

import logging
import traceback
from types import TracebackType
from typing import Any


class Discreet(logging.Formatter):
    """Says where something went wrong and of which kind, and not with what.

    A driver's message may quote the row it choked on (PostgreSQL's DETAIL does), so only the messages of our
    own errors are shown: they hold no personal data by house rule.
    """

    def formatException(self, ei: Any) -> str:
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            lines = [*_frames(error.__traceback__), _named(error), *lines]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def _frames(where: TracebackType | None) -> list[str]:
    return [line.rstrip() for line in traceback.format_tb(where)]


def _named(error: BaseException) -> str:
    kind = type(error)
    ours = kind.__module__.startswith("undersigned.")
    return f"{kind.__module__}.{kind.__qualname__}" + (f": {error}" if ours else "")


def set_up(level: int = logging.INFO) -> None:
    """Lines on standard error with the time, the level and the module."""
    line = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(line, datefmt="%Y-%m-%dT%H:%M:%S%z"))
    logging.basicConfig(level=level, handlers=[handler])
    for noisy in ("aiosmtplib", "mail.log", "httpx", "piccolo", "dramatiq.middleware", "flufl.bounce"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Their warnings spell out what they cannot draw or parse, a letter at a time.
    for talkative in ("weasyprint", "fontTools"):
        logging.getLogger(talkative).setLevel(logging.CRITICAL)
