"""Seats, the people who hold them, and from when to when."""

import unicodedata
from datetime import date

from piccolo.columns import (
    JSONB,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from undersigned.representatives import salutations

ABSTENTIONISTS = ("sinn fein", "abstention")


class Constituency(Table):
    """An area that sends somebody to a ``chamber``, by its GSS code.

    The commons and WMC (MapIt's name for a Westminster constituency) unless a list says otherwise: a
    Senedd constituency or a police area is one more row. ``ends_on`` is the last day of a seat whose
    boundaries were redrawn. ``parliament_id`` is Parliament's own number for it.
    """

    gss_code = Varchar(9, primary_key=True)
    name = Varchar(100)
    country = Varchar(20, default="")
    region = Varchar(60, default="")
    electorate = Integer(null=True, default=None)
    closed_reason = Text(default="")
    chamber = Varchar(12, default="commons")
    area_kind = Varchar(5, default="WMC")
    parliament_id = Integer(null=True, default=None)
    starts_on = Date(null=True, default=None)
    ends_on = Date(null=True, default=None)

    def stands_on(self, day: date) -> bool:
        """Whether the seat exists on that day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


class Representative(Table):
    """A member of Parliament, or of another ``chamber``. An address is never guessed.

    ``member_id`` is the chamber's own. ``contact`` is email, post, via, opted_out or unknown.
    ``overridden_at`` marks a contact that the operator has set, which imports leave alone.
    """

    id = Serial(primary_key=True)
    member_id = Integer(null=True, default=None)
    display_name = Varchar(120)
    full_title = Varchar(160)
    address_as = Varchar(120, default="")
    party = Varchar(80, default="")
    takes_part_in_votes = Boolean(default=True)
    note = Text(default="")
    contact = Varchar(10, default="unknown")
    email = Varchar(254, default="")
    failing_since = Timestamptz(null=True, default=None)
    overridden_at = Timestamptz(null=True, default=None)
    chamber = Varchar(12, default="commons")

    @property
    def salutation(self) -> str:
        """Whom the letter greets: Parliament's own form of address, else as the display name allows."""
        return salutations.of(self.address_as, self.display_name)

    @property
    def named(self) -> str:
        """The name as on an envelope, with the letters MP once; other chambers give their own letters."""
        name = self.full_title or self.display_name
        return name if self.chamber != "commons" or name.endswith(" MP") else f"{name} MP"

    @property
    def is_speaker(self) -> bool:
        """Whether this is the Speaker, who leaves their party when they are chosen; a deputy does not."""
        return self.party.casefold().strip() in {"speaker", "the speaker"}

    @property
    def abstains(self) -> bool:
        """Whether this member was elected so as not to take the seat."""
        plain = "".join(c for c in unicodedata.normalize("NFKD", self.party) if not unicodedata.combining(c))
        return any(party in plain.casefold() for party in ABSTENTIONISTS)


class Membership(Table):
    """A representative holds a seat from one day to another; the open one holds it now.

    ``place`` tells apart those who hold a seat together, as six do in the Senedd; in the Commons it is 1.
    ``overridden_at`` marks one that staff have ended, whom no list brings back.
    """

    id = Serial(primary_key=True)
    constituency = ForeignKey(Constituency, null=False)
    representative = ForeignKey(Representative, null=False)
    started_on = Date(null=True, default=None)
    ended_on = Date(null=True, default=None)
    end_reason = Varchar(60, default="")
    place = SmallInt(default=1)
    overridden_at = Timestamptz(null=True, default=None)


class Refresh(Table):
    """One night's look at the list of members, a row a day.

    ``outcome`` is trying, unchanged, applied, waiting (for staff, with the ``lines`` kept), dropped or
    failed; ``review`` is a Review as JSON.
    """

    id = Serial(primary_key=True)
    day = Date(unique=True)
    source = Text(default="")
    tried_at = Timestamptz()
    outcome = Varchar(12, default="trying")
    answer = Text(default="")
    review = JSONB(null=True, default=None)
    lines = JSONB(null=True, default=None)


class HexMap(Table):
    """Where an operator's map draws the constituencies; there is one, with the id 1, or none.

    ``layout`` and ``cells``, ``{GSS code: [q, r]}``, are those of its hexjson file.
    """

    id = Serial(primary_key=True)
    layout = Varchar(6)
    cells = JSONB()
    loaded_at = Timestamptz()
