"""Seats, the people who hold them, and from when to when."""

from piccolo.columns import Boolean, Date, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table


class Constituency(Table):
    """A Westminster seat, by its GSS code."""

    gss_code = Varchar(9, primary_key=True)
    name = Varchar(100)
    country = Varchar(20, default="")
    region = Varchar(60, default="")
    electorate = Integer(null=True, default=None)
    closed_reason = Text(default="")


class Representative(Table):
    """A member of Parliament. ``member_id`` is Parliament's own; an address is never guessed.

    ``contact`` is email, post, via, opted_out or unknown. ``overridden_at`` marks a contact that the
    operator has set, which imports leave alone.
    """

    id = Serial(primary_key=True)
    member_id = Integer(null=True, default=None, unique=True)
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

    @property
    def salutation(self) -> str:
        """Whom the letter greets: Parliament's own form of address, else the display name."""
        return self.address_as or self.display_name

    @property
    def named(self) -> str:
        """The name with the letters MP, once."""
        return self.full_title if self.full_title.endswith(" MP") else f"{self.full_title} MP"


class Membership(Table):
    """A representative holds a seat from one day to another; the open one holds it now."""

    id = Serial(primary_key=True)
    constituency = ForeignKey(Constituency, null=False)
    representative = ForeignKey(Representative, null=False)
    started_on = Date(null=True, default=None)
    ended_on = Date(null=True, default=None)
    end_reason = Varchar(60, default="")
