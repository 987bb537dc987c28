"""The reply that a stance was read from, and invitations to make a pledge."""

from piccolo.columns import BigSerial, ForeignKey, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from undersigned.campaigns.tables import Campaign
from undersigned.letters.tables import Letter, Stance
from undersigned.representatives.tables import Representative
from undersigned.responses.tables import Response
from undersigned.supporters.tables import Wording


class Quotation(Table):
    """Words of a reply that staff would like to show beside a stance; whoever they were written to says yes or no.

    ``answer`` is empty, yes or no, the last one counts, and ``wording`` is what yes agreed to. The words are empty
    once they have been forgotten, or when a stance was read from a reply and nothing of it is to be shown.
    """

    id = BigSerial(primary_key=True)
    stance = ForeignKey(Stance, null=False, on_delete=OnDelete.restrict)
    response = ForeignKey(Response, null=True, default=None, on_delete=OnDelete.set_null)
    letter = ForeignKey(Letter, null=False, on_delete=OnDelete.restrict)
    words = Text(default="")
    answer = Varchar(3, default="")
    wording = ForeignKey(Wording, null=True, default=None, on_delete=OnDelete.restrict)
    asked_at = Timestamptz()
    answered_at = Timestamptz(null=True, default=None)


class Invitation(Table):
    """A representative invited to make a pledge, by a link that only their parliamentary address was sent.

    ``mode`` is that of the delivery switch at the time: in rehearsal the operator has the link, and what is
    pressed there is noted of nobody. ``answer`` is empty, committed or refused.
    """

    id = BigSerial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    representative = ForeignKey(Representative, null=False, on_delete=OnDelete.restrict)
    address = Varchar(254)
    mode = Varchar(10)
    invited_at = Timestamptz()
    answer = Varchar(10, default="")
    answered_at = Timestamptz(null=True, default=None)
