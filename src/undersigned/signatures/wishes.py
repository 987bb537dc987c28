"""One person's wish to sign, before it is a row."""

from dataclasses import dataclass
from datetime import datetime

from undersigned.postcodes import ladder
from undersigned.signatures.forms import SignForm


@dataclass(frozen=True)
class Visit:
    """What the request itself tells: the address it came from, empty when there is none.

    ``at_home`` is a program on this very machine, such as a trial of it, which speaks for nobody else.
    """

    ip: str = ""
    at_home: bool = False


@dataclass(frozen=True)
class Wish:
    """Everything that one person's row will say. ``why`` is set when it is written and not counted.

    ``flags`` are reasons to look twice, with spaces between. ``raised`` says whether the campaign's guard was up.
    """

    campaign_id: int
    chapter_id: int | None
    wording_id: int
    form: SignForm
    email_key: str
    name_key: str
    postcode: str
    place: ladder.Place
    at: datetime
    visit: Visit
    raised: bool = False
    why: str = ""
    flags: str = ""

    @property
    def person(self) -> tuple[int, str, str]:
        """Who this is: the key by which batches are sorted, so that two of them cannot deadlock."""
        return self.campaign_id, self.email_key, self.name_key

    @property
    def domain(self) -> str:
        """The domain of the mailbox, by the one name that all its aliases go by."""
        return self.email_key.rpartition("@")[2]
