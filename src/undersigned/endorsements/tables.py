"""Endorsements, and the pictures beside them."""

from piccolo.columns import Boolean, Bytea, ForeignKey, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.supporters.tables import Wording


class Picture(Table):
    """A picture as we drew it again: WebP of at most 512 px; ``digest`` is the SHA-256 of its bytes."""

    digest = Varchar(64, primary_key=True)
    content = Bytea()
    width = SmallInt()
    height = SmallInt()


class Endorsement(Table):
    """A person or an organisation that stands behind a campaign by name, on its page or on a chapter's.

    ``kind`` is person or organisation: the one that is set large. ``state`` is waiting until its e-mail is
    answered, confirmed until somebody at the desk has read it, then shown or refused; a row's words never change.
    Pinned ones stand first, and ``position`` orders each half. What staff put in themselves has no address.
    """

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False)
    chapter = ForeignKey(Chapter, null=True, default=None)
    kind = Varchar(12, default="person")
    name = Varchar(120)
    role = Varchar(120, default="")
    organisation = Varchar(160, default="")
    quote = Text(default="")
    picture = ForeignKey(Picture, null=True, default=None, on_delete=OnDelete.restrict)
    email = Varchar(254, default="")
    email_key = Varchar(254, default="")
    wording = ForeignKey(Wording, null=True, default=None, on_delete=OnDelete.restrict)
    state = Varchar(10, default="shown")
    reason = Text(default="")
    pinned = Boolean(default=False)
    position = SmallInt(default=0)
    created_at = Timestamptz()
    confirmed_at = Timestamptz(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
