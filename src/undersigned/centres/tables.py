"""Reporting centres."""

from piccolo.columns import Boolean, Date, DoublePrecision, ForeignKey, Serial, Text, Varchar
from piccolo.table import Table

from undersigned.campaigns.tables import Campaign, Chapter


class Centre(Table):
    """A place where a person can report without facing the police."""

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    chapter = ForeignKey(Chapter, null=True, default=None)
    name = Varchar(160)
    about = Text(default="")
    address = Varchar(300)
    postcode = Varchar(10)
    phone = Varchar(40, default="")
    textphone = Varchar(40, default="")
    opening = Varchar(200, default="")
    languages = Varchar(300, default="")
    step_free = Boolean(default=False)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    checked_on = Date(null=True, default=None)
