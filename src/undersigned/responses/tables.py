"""Mail that came in, and what it turned out to be."""

from piccolo.columns import (
    UUID,
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from undersigned.letters.tables import Letter
from undersigned.staff.tables import Staff
from undersigned.supporters.tables import Wording


class InboundMail(Table):
    """The bytes as they arrived, stored before anything reads them."""

    id = BigSerial(primary_key=True)
    raw = Bytea()  # type: ignore[assignment] # It shadows Table.raw, which we never use on this table.
    digest = Varchar(64, unique=True)
    envelope_from = Varchar(254, default="")
    envelope_to = Array(Varchar(254), default=list)
    received_at = Timestamptz()
    lease = UUID(null=True, default=None)
    leased_until = Timestamptz(null=True, default=None)
    attempts = Integer(default=0)
    sorted_at = Timestamptz(null=True, default=None)
    outcome = Varchar(20, default="")


class Response(Table):
    """What came back to one letter.

    ``kind`` and ``detail`` are as in :class:`sorting.Sorted`; ``confidence`` is a percentage and ``evidence`` says
    what decided; ``by_person`` says that a person named the kind, of this one or of one that says the same.
    ``alike_to`` is the first of the office's replies that say the same, which has the ``likeness`` to find it by.
    """

    id = BigSerial(primary_key=True)
    letter = ForeignKey(Letter, null=False)
    inbound = ForeignKey(InboundMail, null=True, default=None)
    message_id = Varchar(300)
    kind = Varchar(16)
    confidence = SmallInt()
    evidence = Varchar(200, default="")
    detail = Varchar(16, default="")
    likeness = Array(BigInt(), default=list)
    alike_to: "ForeignKey[Response]" = ForeignKey("self", null=True, default=None, on_delete=OnDelete.set_null)
    by_person = Boolean(default=False)
    matched_by = Varchar(20)
    from_name = Varchar(200, default="")
    from_address = Varchar(254, default="")
    subject = Varchar(300, default="")
    text = Text(default="")
    quoted = Text(default="")
    received_at = Timestamptz()


class SortingDecision(Table):
    """A person's word on what a response is; the office's next mail like it is called the same.

    It outlives the response, without its words, so that how often machines were wrong can still be counted.
    """

    id = BigSerial(primary_key=True)
    response = ForeignKey(Response, null=True, default=None, on_delete=OnDelete.set_null)
    staff = ForeignKey(Staff, null=True, default=None, on_delete=OnDelete.set_null)
    from_kind = Varchar(16)
    from_confidence = SmallInt()
    to_kind = Varchar(16)
    decided_at = Timestamptz()


class HeldMail(Table):
    """Mail that a person must place."""

    id = BigSerial(primary_key=True)
    inbound = ForeignKey(InboundMail, null=False)
    reason = Text()
    created_at = Timestamptz()
    placed_at = Timestamptz(null=True, default=None)
    letter = ForeignKey(Letter, null=True, default=None)


class ToldReply(Table, tablename="told_reply"):
    """What a writer says came back another way, on paper or into their own mailbox: reported, never observed.

    ``kind`` is answer or acknowledgement, ``came_by`` is email, post, phone or person. ``may_show`` says whether
    they agreed to its words being shown, in the words of ``wording``.
    """

    id = BigSerial(primary_key=True)
    letter = ForeignKey(Letter, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(16)
    came_by = Varchar(8)
    text = Text(default="")
    may_show = Boolean(default=False)
    wording = ForeignKey(Wording, null=True, default=None, on_delete=OnDelete.restrict)
    told_at = Timestamptz()


class StoredFile(Table, tablename="stored_file"):
    """The bytes of a file, once however often it came; ``digest`` is their SHA-256 in hexadecimal."""

    digest = Varchar(64, primary_key=True)
    content = Bytea()


class Attachment(Table):
    """A file that came with a response or was added to what a writer told us: one of the two is set."""

    id = BigSerial(primary_key=True)
    response = ForeignKey(Response, null=True, default=None, on_delete=OnDelete.restrict)
    told = ForeignKey(ToldReply, null=True, default=None, on_delete=OnDelete.restrict)
    digest = ForeignKey(StoredFile, null=False, on_delete=OnDelete.restrict)
    name = Varchar(120)
    type = Varchar(130)
    size = Integer()


class FollowUp(Table, tablename="follow_up"):
    """Whether a letter's writer was asked if an answer came, and what they said last.

    ``answer`` is answer, acknowledgement, nothing or not_expected, and empty until they have said.
    """

    id = BigSerial(primary_key=True)
    letter = ForeignKey(Letter, null=False, unique=True, on_delete=OnDelete.restrict)
    asked_at = Timestamptz(null=True, default=None)
    asked_again_at = Timestamptz(null=True, default=None)
    answer = Varchar(16, default="")
    answered_at = Timestamptz(null=True, default=None)


class Mailbox(Table):
    """How far a mailbox elsewhere has been read (RFC 3501 §2.3.1.1); ``address`` is a digest of where it is."""

    id = BigSerial(primary_key=True)
    address = Varchar(64, unique=True)
    validity = BigInt()
    last_uid = BigInt(default=0)
    read_at = Timestamptz(null=True, default=None)
