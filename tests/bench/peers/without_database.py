"""The floor beneath our own figures: the same server, form and redirect, but nothing is kept anywhere.

The campaign lives in memory and a batch is answered as soon as it is handed over, so that what is left is the
price of HTTP, of reading the form and of finding the place.
"""

from datetime import UTC, datetime

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database
from undersigned.kit.batching import Batcher
from undersigned.signatures import signing
from undersigned.supporters import consents

_NOW = datetime.now(UTC)
_CAMPAIGN = Campaign(
    id=1,
    slug="in-memory",
    kind="petition",
    title="A light at the bus stop",
    ask="We ask for a light at the bus stop.",
    organiser="The Doorstep Alliance",
    state="open",
    opens_at=_NOW,
    consent_wording="I agree to be counted.",
    created_at=_NOW,
    updated_at=_NOW,
)


async def _in_memory(_: str) -> Campaign:
    return _CAMPAIGN


async def _answer_at_once(turns: list[signing.Turn]) -> list[bool]:
    return [True] * len(turns)


async def _nothing() -> None:
    """There is no pool to open or close."""


async def _the_only_wording(_: str) -> int:
    return 1


finding.by_slug = _in_memory
consents.wording_id = _the_only_wording
database.connect = database.disconnect = _nothing
signing._batches = Batcher(_answer_at_once)

from undersigned.web import app  # noqa: E402

__all__ = ["app"]
