"""Letters."""

import json
from typing import Any

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    BigSerial,
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
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from undersigned.campaigns.tables import Campaign
from undersigned.representatives.tables import Membership, Representative
from undersigned.signatures.tables import Signature
from undersigned.staff.tables import Staff
from undersigned.supporters.tables import Wording


class Stance(Table):
    """What a representative thinks of a campaign, and how we know; without a row we do not.

    ``position`` is a key of :data:`stances.WORDS`. At most one of a member on a campaign has no ``ended_at``; the
    others are what was noted before.
    """

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    representative = ForeignKey(Representative, null=False, on_delete=OnDelete.restrict)
    position = Varchar(10)
    source = Varchar(500)
    staff_id = Integer(null=True, default=None)
    recorded_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)


class Bundle(Table):
    """Letters of one campaign that go to their reader together; each of them names it.

    ``kind`` is mail (the one e-mail of ``day``, with its ``message_id`` for life) or paper (what was printed in
    one go). ``ended_at`` says that nothing of it waits any more.
    """

    id = BigSerial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    representative = ForeignKey(Representative, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(5)
    day = Date()
    message_id = Varchar(120, default="")
    staff_id = Integer(null=True, default=None)
    created_at = Timestamptz()
    due_at = Timestamptz()
    lease = UUID(null=True, default=None)
    leased_until = Timestamptz(null=True, default=None)
    attempts = Integer(default=0)
    ended_at = Timestamptz(null=True, default=None)


class Letter(Table):
    """One person's letter to one representative; its ``message_id`` is for life.

    ``state`` is draft, waiting, ready, sending, sent, settled, held, failed or scrubbed. ``paragraphs`` is
    a list of parts, see :mod:`undersigned.letters.wording`, empty while a draft is unfinished. ``language`` and
    ``shows_qr`` are how it is laid out. ``reply_to`` is me (replies go to the writer) or tracked (through us).
    ``edits`` are the writer's words for a block, ``sure`` the questions they have answered. ``own_words`` and
    ``likeness`` are what is compared with other people's letters, and ``resembles`` is the letter that was found.
    ``edited_in`` marks the open page in which it was last changed, see :mod:`undersigned.letters.elsewhere`.
    ``bundle`` is what it goes with, or went with last; ``follows`` is the letter that it chases an answer to.
    ``held_at`` is since when it is held, and ``told_at`` when its writer was told so; the database keeps both,
    whoever holds a letter, and forgets them when it goes on.
    """

    id = BigSerial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    signature = ForeignKey(Signature, null=True, default=None)
    template = Varchar(60)
    template_version = Varchar(16)
    name = Varchar(100)
    email = Varchar(254)
    email_key = Varchar(254)
    address = Text()
    postcode = Varchar(10)
    constituency = Varchar(9)
    representative = ForeignKey(Representative, null=False)
    membership = ForeignKey(Membership, null=False)
    answers = JSONB(default="{}")
    kept_blocks = Array(Varchar(60), default=list)
    block_order = Array(Varchar(60), default=list)
    edits = JSONB(default="{}")
    sure = Array(Varchar(20), default=list)
    subject = Varchar(200)
    paragraphs = JSONB(default="[]")
    own_share = SmallInt(default=0)
    own_words = Text(default="")
    likeness = Array(BigInt(), default=list)
    resembles = BigInt(null=True, default=None)
    reply_to = Varchar(8, default="me")
    channel = Varchar(6, default="email")
    language = Varchar(5, default="en-GB")
    shows_qr = Boolean(default=False)
    state = Varchar(10, default="draft")
    reason = Text(default="")
    message_id = Varchar(120)
    wording = ForeignKey(Wording, null=False)
    lease = UUID(null=True, default=None)
    leased_until = Timestamptz(null=True, default=None)
    attempts = Integer(default=0)
    due_at = Timestamptz(null=True, default=None)
    held_at = Timestamptz(null=True, default=None)
    told_at = Timestamptz(null=True, default=None)
    bundle = ForeignKey(Bundle, null=True, default=None, on_delete=OnDelete.set_null)
    follows = BigInt(null=True, default=None, index=True)
    edited_in = Varchar(16, default="")
    created_at = Timestamptz()
    asked_at = Timestamptz(null=True, default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)

    @classmethod
    async def whole(cls, letter_id: int) -> "Letter | None":
        """A letter with its campaign and representative filled in, and its paragraphs as a list."""
        found: Letter | None = (
            await cls.objects(cls.campaign, cls.representative)
            .where(cls.id == letter_id)
            .first()
            .output(load_json=True)
        )
        return found

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The paragraphs, whichever way the row was read."""
        parts: list[dict[str, Any]] = _loaded(self.paragraphs)
        return parts

    @property
    def given_answers(self) -> dict[str, str]:
        """What the writer said to each prompt, by its name."""
        answers: dict[str, str] = _loaded(self.answers)
        return answers

    @property
    def given_edits(self) -> dict[str, str]:
        """The writer's own words for a block, by its name."""
        edits: dict[str, str] = _loaded(self.edits)
        return edits


class LetterVersion(Table):
    """A template letter as it was at some time; only ``is_current`` and ``archived_at`` ever change.

    ``version`` is what a :class:`Letter` carries as its ``template_version``; two rows may share it, since an old
    text can be brought back, and since the sample is not part of it. ``origin`` is shipped (kept when it was first
    used), written, copied, edited, titled, imported or restored. Without a current row the shipped file holds.
    """

    id = Serial(primary_key=True)
    name = Varchar(60)
    version = Varchar(16)
    source = Text()
    sample = Text(default="")
    note = Varchar(200, default="")
    origin = Varchar(10)
    staff = ForeignKey(Staff, null=True, default=None, on_delete=OnDelete.set_null)
    is_current = Boolean(default=False)
    created_at = Timestamptz()
    archived_at = Timestamptz(null=True, default=None)


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
