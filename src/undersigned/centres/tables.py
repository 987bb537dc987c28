"""Reporting centres."""

from piccolo.columns import Boolean, Date, DoublePrecision, ForeignKey, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table

from undersigned.campaigns.tables import Campaign, Chapter


class Centre(Table):
    """A place where a person can report without facing the police.

    ``area`` is what it is listed under: a county, a city. ``step_free`` is None where nobody has asked. Staff were
    reminded at ``reminded_at`` that ``checked_on`` lies too far back.
    """

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    chapter = ForeignKey(Chapter, null=True, default=None)
    name = Varchar(160)
    about = Text(default="")
    area = Varchar(80, default="")
    address = Varchar(300)
    postcode = Varchar(10)
    phone = Varchar(40, default="")
    textphone = Varchar(40, default="")
    opening = Varchar(200, default="")
    languages = Varchar(300, default="")
    step_free = Boolean(null=True, default=None)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    checked_on = Date(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)
