"""Mail that came in, and what it turned out to be."""

from piccolo.columns import (
    UUID,
    Array,
    BigInt,
    BigSerial,
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
    what decided. ``likeness`` is what finds other replies of the same office that say the same.
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
