"""Attempts to deliver, and whether letters may leave at all."""

from piccolo.columns import BigSerial, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from undersigned.letters.tables import Letter


class Delivery(Table):
    """One attempt, written before it is made.

    ``handed_at`` is the last moment at which nothing can have been delivered; ``outcome`` is accepted,
    postponed, rejected or unknown, and empty while under way.
    """

    id = BigSerial(primary_key=True)
    letter = ForeignKey(Letter, null=False)
    channel = Varchar(6)
    mode = Varchar(10)
    recipient = Varchar(254)
    started_at = Timestamptz()
    handed_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    outcome = Varchar(10, default="")
    code = SmallInt(null=True, default=None)
    answer = Text(default="")


class Switch(Table):
    """Rehearsal, live or stop: the newest row rules; without one it is rehearsal."""

    id = BigSerial(primary_key=True)
    mode = Varchar(10)
    reason = Text(default="")
    staff_id = Integer(null=True, default=None)
    switched_at = Timestamptz()
