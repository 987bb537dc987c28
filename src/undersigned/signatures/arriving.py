"""How somebody came to a campaign: by which channel, in which bucket, by whose link.

It travels in addresses and hidden fields only: no cookie, nothing kept in the browser. ``s`` is the channel and
holds for one hop; ``b`` is the bucket and survives every further sharing; ``r`` is a token for the signature of
whoever shared: a number that nobody can make up, and that names nobody.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

SHARE = "share"


@dataclass(frozen=True)
class Arrival:
    """What an address says of where its visitor came from; what is no plain word is dropped."""

    source: str = ""
    bucket: str = ""
    share: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Arrival":
        """From the query of an address: ``s`` or ``utm_source``, ``b`` or ``utm_campaign``, and ``r``."""
        return cls(
            word(asked.get("s") or asked.get("utm_source")),
            bucket(asked.get("b") or asked.get("utm_campaign")),
            _token(asked.get("r")),
        )

    @classmethod
    def typed(cls, values: Mapping[str, str]) -> "Arrival":
        """From the hidden fields of a form that is shown again."""
        return cls(word(values.get("source")), bucket(values.get("bucket")), _token(values.get("share")))

    @property
    def hidden(self) -> Markup:
        """The fields that carry it on; the first is always there, the others when there is something to carry."""
        fields = Markup('<input type="hidden" name="source" value="{}">').format(self.source)
        for name, value in (("bucket", self.bucket), ("share", self.share)):
            if value:
                fields += Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        return fields


NOWHERE = Arrival()


def word(text: object) -> str:
    """A channel: up to 60 letters, digits, ``-`` and ``_``; anything else is dropped, not complained about."""
    return str(text) if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", str(text or "")) else ""


def bucket(text: object) -> str:
    """As :func:`word`, of up to 20 characters."""
    return word(text) if len(str(text)) <= 20 else ""


def came_by(source: str, bucket: str) -> str:
    """The key of the totals by source: the channel, with its bucket after a colon."""
    return f"{source}:{bucket}" if bucket else source


def _token(text: object) -> str:
    return str(text) if re.fullmatch(r"[A-Za-z0-9_-]{32,40}", str(text or "")) else ""
