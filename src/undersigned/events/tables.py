"""Gatherings, and those who asked to hear of them."""

from piccolo.columns import (
    Array,
    BigSerial,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.supporters.tables import Wording


class Event(Table):
    """One gathering, or one that comes round every week (``repeats`` is weekly) until ``repeats_until``.

    ``exceptions`` are the days, London's, on which it does not come round. Who ``takes_names`` asks people to say
    that they are coming, at most ``capacity`` of them at a time where there is one.
    """

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    chapter = ForeignKey(Chapter, null=True, default=None)
    title = Varchar(160)
    about = Text(default="")
    place = Varchar(160, default="")
    address = Varchar(300, default="")
    postcode = Varchar(10, default="")
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    repeats = Varchar(10, default="")
    repeats_until = Date(null=True, default=None)
    exceptions = Array(Date(), default=list)
    accessibility = Text(default="")
    takes_names = Boolean(default=False)
    capacity = Integer(null=True, default=None)
    region = Varchar(80, default="")
    cancelled_at = Timestamptz(null=True, default=None)


class Attendance(Table):
    """Somebody who means to come on one day. ``place_at`` is since when they have a place; without one they wait.

    One row an address, event and day. They have said so themselves from ``confirmed_at`` on.
    """

    id = BigSerial(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    occurs_on = Date()
    name = Varchar(100)
    email = Varchar(254)
    email_key = Varchar(254)
    wording = ForeignKey(Wording, null=False, on_delete=OnDelete.restrict)
    created_at = Timestamptz()
    confirmed_at = Timestamptz(null=True, default=None)
    place_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)


class Interest(Table):
    """Somebody who wants to hear when there is a workshop in their region."""

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    name = Varchar(100)
    email = Varchar(254)
    email_key = Varchar(254)
    region = Varchar(80)
    wording = Text()
    created_at = Timestamptz()
    confirmed_at = Timestamptz(null=True, default=None)


class Notice(Table):
    """Word to somebody who registered an interest that a gathering in their region has a date; once for each."""

    id = BigSerial(primary_key=True)
    interest = ForeignKey(Interest, null=False, on_delete=OnDelete.restrict)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    told_at = Timestamptz()
