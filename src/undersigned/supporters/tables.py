"""A person, known by one address, and what they agreed to."""

from piccolo.columns import BigInt, BigSerial, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table


class Wording(Table):
    """The exact words that somebody was shown when they agreed; kept once, however many agreed."""

    id = Serial(primary_key=True)
    text = Text()
    digest = Varchar(64, unique=True)


class Supporter(Table):
    """A confirmed address as one person's key."""

    id = BigSerial(primary_key=True)
    email = Varchar(254)
    email_key = Varchar(254, unique=True)
    created_at = Timestamptz()


class Consent(Table):
    """What was agreed to, in which words, when, and when withdrawn (UK GDPR, articles 7 and 9(2)(a)).

    ``signature_id`` says which of two people who share an address agreed.
    """

    id = BigSerial(primary_key=True)
    supporter = ForeignKey(Supporter, null=False)
    campaign_id = Integer()
    signature_id = BigInt(null=True, default=None)
    purpose = Varchar(12)
    wording = ForeignKey(Wording, null=False)
    given_at = Timestamptz()
    withdrawn_at = Timestamptz(null=True, default=None)
