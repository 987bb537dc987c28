"""Campaigns and what hangs on their pages."""

from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from piccolo.columns import (
    JSONB,
    Array,
    Date,
    ForeignKey,
    Integer,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.query.functions.aggregate import Sum
from piccolo.table import Table

from undersigned.kit import days

GRACE = timedelta(hours=24)


class Campaign(Table):
    """A petition, a pledge, or an action with nothing to sign.

    ``signature_count`` is who stands behind it now; ``last_number`` is the last number given out, which a
    withdrawal does not take back, so that no two signers share one. ``guard`` is normal, or raised while the
    form asks a browser for proof of work. ``letters_go`` is single, or daily when one mail a day takes all letters
    to a reader; ``letters_an_hour`` is at most how many one reader gets, where that is fewer than the installation
    sends. ``closes_at`` is the end of its last day; a pledge takes
    names to the end of ``pledge_deadline`` at most, and :attr:`closes_on` names the day. Days are London's. Of
    ``pledge_reached_at`` and ``pledge_missed_at`` at most one is set, once, and stays.
    """

    id = Serial(primary_key=True)
    slug = Varchar(80, unique=True)
    kind = Varchar(12)
    title = Varchar(120)
    ask = Varchar(150)
    summary = Text()
    body = Text()
    addressed_to = Varchar(120)
    organiser = Varchar(120)
    organiser_about = Text(default="")
    hashtag = Varchar(60, default="")
    language = Varchar(5, default="en-GB")
    state = Varchar(12, default="draft")
    opens_at = Timestamptz(null=True, default=None)
    closes_at = Timestamptz(null=True, default=None)
    paused_at = Timestamptz(null=True, default=None)
    paused_why = Text(default="")
    guard = Varchar(8, default="normal")
    goal = Integer(default=100)
    pledge_target = Integer(null=True, default=None)
    pledge_deadline = Date(null=True, default=None)
    pledge_reached_at = Timestamptz(null=True, default=None)
    pledge_missed_at = Timestamptz(null=True, default=None)
    letter = Varchar(60, default="")
    letters_go = Varchar(6, default="single")
    letters_an_hour = SmallInt(null=True, default=None)
    theme = Varchar(20, default="vermilion")
    legal_basis = Varchar(40, default="explicit consent")
    consent_wording = Text()
    retention_months = SmallInt(default=12)
    figures = JSONB(null=True, default=None)
    interest = JSONB(null=True, default=None)
    signature_count = Integer(default=0)
    last_number = Integer(default=0)
    created_at = Timestamptz()
    updated_at = Timestamptz()

    @property
    def is_open(self) -> bool:
        """Whether it has begun and has not ended."""
        now = datetime.now(UTC)
        begun = self.opens_at is None or self.opens_at <= now
        return self.state == "open" and begun and not self._closed_by(now)

    DEADLINE: ClassVar[str] = """CASE WHEN campaign.kind = 'pledge'
        THEN (campaign.pledge_deadline + 1)::timestamp AT TIME ZONE 'Europe/London' END"""
    """The moment at which a pledge's last day is over, for PostgreSQL to say; NULL for everything else."""

    ENDS_AT: ClassVar[str] = f"least(campaign.closes_at, {DEADLINE})"
    """As :attr:`ends_at`, for PostgreSQL to say; NULL where nothing ends."""

    TAKES_NAMES: ClassVar[str] = f"""campaign.state = 'open' AND campaign.paused_at IS NULL
        AND campaign.kind <> 'action' AND coalesce(campaign.opens_at, now()) <= now()
        AND coalesce(campaign.closes_at, 'infinity') > now()
        AND coalesce({DEADLINE}, 'infinity') > now()"""
    """As :attr:`takes_names`, for PostgreSQL to say at the moment of writing."""

    @property
    def takes_names(self) -> bool:
        """Whether somebody can sign now: open, not paused, not past a pledge's day, and not an action."""
        return self.is_open and self.paused_at is None and self.kind != "action" and not self.is_past_deadline

    @property
    def counts_confirmations(self) -> bool:
        """Whether a link still counts: up to 24 hours after the end, since mail takes its time, and in a pause."""
        before = datetime.now(UTC) - GRACE
        return self.state in {"open", "closed"} and not (self._closed_by(before) or self._past_deadline(before))

    @property
    def closes_on(self) -> date | None:
        """Its last day in London; people can sign until that day ends."""
        return days.last_before(self.ends_at) if self.ends_at else None

    @property
    def is_over(self) -> bool:
        """Whether it is kept as a record: closed, or open in name only until the clock has closed it."""
        return self.state in {"closed", "archived"} or (self.state == "open" and self.ended_on is not None)

    @property
    def is_to_come(self) -> bool:
        """Whether it is announced, and opens later."""
        return self.state == "open" and self.opens_at is not None and self.opens_at > datetime.now(UTC)

    @property
    def is_past_deadline(self) -> bool:
        """Whether the last day of a pledge is over; a pause does not put off what people were promised."""
        return self._past_deadline(datetime.now(UTC))

    @property
    def ends_at(self) -> datetime | None:
        """When it takes no more names: at ``closes_at`` or after a pledge's last day, whichever is earlier."""
        deadline = days.end_of(self.pledge_deadline) if self.kind == "pledge" and self.pledge_deadline else None
        return min((end for end in (self.closes_at, deadline) if end), default=None)

    @property
    def links_count_until(self) -> datetime | None:
        """When the last link that was mailed stops counting; None where nothing ends."""
        return self.ends_at + GRACE if self.ends_at else None

    @property
    def ended_on(self) -> date | None:
        """The last day on which it took names, if that is over."""
        now = datetime.now(UTC)
        over = (
            self.pledge_deadline if self._past_deadline(now) else None,
            days.last_before(self.closes_at) if self.closes_at and self._closed_by(now) else None,
        )
        return min((day for day in over if day), default=None)

    @property
    def has_letter(self) -> bool:
        """Whether one can write to one's MP here."""
        return bool(self.letter)

    @property
    def takes_interest(self) -> bool:
        """Whether it keeps a list of those who want to hear of gatherings; also when its JSON is not loaded."""
        return bool(self.interest) and self.interest not in ("{}", "null")

    @property
    def is_public(self) -> bool:
        """Whether strangers may see it."""
        return self.state in {"open", "closed", "archived"}

    def _closed_by(self, when: datetime) -> bool:
        """Whether its last day was over; a pause stops the clock, since its days are given back."""
        when = min(when, self.paused_at) if self.paused_at else when
        return self.closes_at is not None and self.closes_at <= when

    def _past_deadline(self, when: datetime) -> bool:
        if self.kind != "pledge" or self.pledge_deadline is None:
            return False
        return days.end_of(self.pledge_deadline) <= when


class Chapter(Table):
    """A partner's page of a campaign, with its own introduction and count."""

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    slug = Varchar(80)
    name = Varchar(120)
    area = Varchar(120)
    introduction = Text()
    contact = Varchar(200, default="")
    language = Varchar(5, default="en-GB")
    police_force_areas = Array(Varchar(9), default=list)
    figures = JSONB(null=True, default=None)
    signature_count = Integer(default=0)


class Resource(Table):
    """A briefing, something to watch, hear or read, or a practical tip."""

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    chapter = ForeignKey(Chapter, null=True, default=None)
    kind = Varchar(12)
    title = Varchar(160)
    about = Text(default="")
    url = Varchar(500, default="")
    body = Text(default="")
    downloads = Integer(default=0)
    position = SmallInt(default=0)


class Update(Table):
    """News from the campaigner."""

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    chapter = ForeignKey(Chapter, null=True, default=None)
    title = Varchar(160)
    body = Text()
    published_at = Timestamptz()


class PaperBatch(Table, tablename="paper_batch"):
    """Signatures that were collected on paper and counted by hand: a line of their own, never in the count.

    A batch that was wrong is not deleted: ``removed_at`` and ``removed_why`` end it.
    """

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    label = Varchar(120)
    signatures = Integer()
    collected_on = Date()
    added_at = Timestamptz()
    removed_at = Timestamptz(null=True, default=None)
    removed_why = Varchar(200, default="")

    @classmethod
    async def total(cls, campaign_id: int) -> int:
        """How many signatures a campaign has on paper."""
        rows = await cls.select(Sum(cls.signatures)).where(cls.campaign == campaign_id, cls.removed_at.is_null())
        return int(rows[0]["sum"] or 0)
