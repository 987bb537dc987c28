"""Gatherings, and those who asked to hear of them."""

from piccolo.columns import ForeignKey, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table

from undersigned.campaigns.tables import Campaign, Chapter


class Event(Table):
    """One gathering, or one that comes round every week."""

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
    cancelled_at = Timestamptz(null=True, default=None)


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
