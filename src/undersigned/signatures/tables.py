"""Signatures, and the totals that move with them."""

from datetime import datetime
from typing import Any, ClassVar

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    BigSerial,
    Boolean,
    ForeignKey,
    Integer,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.kit import database
from undersigned.supporters.tables import Wording


class Signature(Table):
    """One person's name under one campaign; counted from ``confirmed_at``.

    ``slot`` is 1, or 2 for the second person of a household that shares an address. ``looked_up_in`` is the
    edition of the postcode index in which a place was last sought in vain. ``signed_again_at`` is set while a
    name that was taken off waits for its owner to confirm it anew; until then ``withdrawn_at`` holds.
    ``words_state`` is that of words and organisation together: empty without either, waiting, shown or refused.
    ``source`` is the channel it came by, ``bucket`` what survives many generations of sharing, ``shared_by`` the
    signature whose link it was. ``ip`` is forgotten after 30 days. ``flags`` are what made us look twice, with
    spaces between; they discount nothing.
    ``discounting`` is the bulk discounting that last changed it. Its number is its own only if it was confirmed
    before it was discounted: then ``discounted_at`` is not before ``confirmed_at``.
    """

    id = BigSerial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    chapter = ForeignKey(Chapter, null=True, default=None)
    number = Integer(null=True, default=None)
    name = Varchar(100)
    name_key = Varchar(100)
    email = Varchar(254)
    email_key = Varchar(254)
    slot = SmallInt(default=1)
    postcode = Varchar(10, default="")
    country = Varchar(2, default="GB")
    constituency = Varchar(9, null=True, default=None)
    match = Varchar(16, default="unknown")
    data_release = Varchar(40, default="")
    looked_up_in = Varchar(8, null=True, default=None)
    words = Text(default="")
    words_state = Varchar(10, default="")
    organisation = Varchar(160, default="")
    shows_name = Boolean(default=False)
    wants_updates = Boolean(default=False)
    source = Varchar(60, default="")
    bucket = Varchar(20, default="")
    shared_by = BigInt(null=True, default=None)
    ip = Varchar(45, default="")
    flags = Varchar(80, default="")
    wording = ForeignKey(Wording, null=False)
    mails = SmallInt(default=1)
    created_at = Timestamptz()
    confirmed_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    signed_again_at = Timestamptz(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)
    bounced_at = Timestamptz(null=True, default=None)
    discounted_at = Timestamptz(null=True, default=None)
    discounted_why = Varchar(60, default="")
    discounting = BigInt(null=True, default=None)

    COUNTS: ClassVar[str] = """signature.confirmed_at IS NOT NULL AND signature.withdrawn_at IS NULL
        AND signature.discounted_at IS NULL"""
    """SQL for :attr:`counts`."""

    @property
    def counts(self) -> bool:
        """Whether it is in the total now."""
        return bool(self.confirmed_at) and not (self.withdrawn_at or self.discounted_at)

    @property
    def waits(self) -> bool:
        """Whether its owner's press of the button is what it waits for."""
        return waits(self.confirmed_at, self.withdrawn_at, self.signed_again_at)

    @property
    def is_abroad(self) -> bool:
        """Whether its owner lives where no constituency is: overseas, or in the forces."""
        return self.match in {"overseas", "bfpo"}

    @classmethod
    async def with_campaign(cls, signature_id: int) -> "Signature | None":
        """A signature with its ``campaign`` filled in.

        Two plain statements: Piccolo takes longer to write the one that joins them than both take to answer.
        """
        row = await database.fetch_one("SELECT * FROM signature WHERE id = $1", signature_id)
        if row is None:
            return None
        campaign = await database.fetch_one("SELECT * FROM campaign WHERE id = $1", row["campaign"])
        assert campaign is not None
        return cls(**row | {"campaign": Campaign(**campaign, _exists_in_db=True)}, _exists_in_db=True)


class Tally(Table):
    """One total: so many of ``key`` of this ``kind`` under a campaign.

    ``kind`` is constituency (GSS code), country (ISO 3166-1), chapter (its id), created or confirmed (the
    hour, UTC, as 2026-11-21T09), came or source (the channel, with its bucket after a colon: how many signed
    and how many of them are counted).
    """

    id = BigSerial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    kind = Varchar(12)
    key = Varchar(90)
    total = BigInt(default=0)

    FEWEST_SHOWN: ClassVar[int] = 5
    """A smaller total could name somebody, so that no page, file or letter gives it."""

    @classmethod
    async def of(cls, campaign_id: int, kind: str) -> dict[str, int]:
        """The totals of one kind, by key."""
        rows: list[dict[str, Any]] = (
            await cls.select(cls.key, cls.total)
            .where(cls.campaign == campaign_id, cls.kind == kind)
            .order_by(cls.key)
        )
        return {row["key"]: row["total"] for row in rows}

    @classmethod
    async def shown(cls, campaign_id: int, kind: str) -> dict[str, int]:
        """The totals of one kind that may be told to everybody, by key."""
        totals = await cls.of(campaign_id, kind)
        return {key: total for key, total in totals.items() if total >= cls.FEWEST_SHOWN}


class Listed(Table):
    """An address, a domain or a mailbox that staff let in always, or never.

    ``kind`` is ip (an address or network), domain (may begin with ``*.``) or email (a canonical key, or its
    fingerprint once its owner was erased); ``verdict`` is allow or block. Without a ``campaign`` it holds for all.
    """

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=True, default=None, on_delete=OnDelete.restrict)
    kind = Varchar(8)
    value = Varchar(254)
    verdict = Varchar(8)
    why = Varchar(200, default="")
    staff_id = Integer(null=True, default=None)
    created_at = Timestamptz()


class Discounting(Table):
    """Many signatures taken out of the count at once, and how far that has gone; it can be undone.

    ``state`` is counted, running, cancelled, done, reversing or reversed. ``last_id`` is the signature up to which
    it has gone; the rest is owed work, lent to one worker at a time. It goes no further than ``up_to``, the newest
    signature when they were counted: ``found`` were like that then, ``counted`` of them stood in the count, and
    ``places`` says of which constituencies, as ``[[GSS code, number], …]``. ``done`` have been changed so far,
    ``moved`` of them in the count, and ``returned`` have been changed back.
    """

    id = BigSerial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    criteria = JSONB()
    why = Varchar(200)
    state = Varchar(10, default="counted")
    up_to = BigInt(default=0)
    found = Integer(default=0)
    counted = Integer(default=0)
    places = JSONB(default="[]")
    done = Integer(default=0)
    moved = Integer(default=0)
    returned = Integer(default=0)
    last_id = BigInt(default=0)
    staff_id = Integer()
    created_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)
    lease = UUID(null=True, default=None)
    leased_until = Timestamptz(null=True, default=None)


class Mailing(Table):
    """One message to everybody who signed, or to those of them who want news; each is owed it once.

    ``kind`` is that of the mail; ``about`` names the campaign or the update. It is for those with a number up to
    ``up_to``, the last that had been given out, who were ``total`` then. ``last_id`` is the signature up to which
    it is owed, and moves in the transaction that owes it; ``owed`` is to how many. ``done_at`` says that all are.
    ``unsent`` are those of them whose mail ended unsent and has been forgotten since.
    """

    id = BigSerial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(40)
    about = BigInt()
    last_id = BigInt(default=0)
    up_to = Integer(default=0)
    total = Integer(default=0)
    owed = Integer(default=0)
    unsent = Integer(default=0)
    staff_id = Integer(null=True, default=None)
    created_at = Timestamptz()
    done_at = Timestamptz(null=True, default=None)
    lease = UUID(null=True, default=None)
    leased_until = Timestamptz(null=True, default=None)


class Recount(Table):
    """What a count of every row found beside the totals that we keep.

    ``drift`` is a list of ``{"kind", "key", "held", "counted"}``, empty when all is well; comparing has the kinds.
    ``mended_at`` is set when the totals were set right in the transaction that counted.
    """

    id = BigSerial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    counted_at = Timestamptz()
    drift = JSONB(default="[]")
    mended_at = Timestamptz(null=True, default=None)


def waits(confirmed_at: datetime | None, withdrawn_at: datetime | None, signed_again_at: datetime | None) -> bool:
    """Whether a signature with these moments would be counted by the press of the button."""
    return signed_again_at is not None if withdrawn_at else confirmed_at is None


def hour_of(moment: datetime) -> str:
    """The key of the hour that holds ``moment``, which is in UTC."""
    return f"{moment:%Y-%m-%dT%H}"
