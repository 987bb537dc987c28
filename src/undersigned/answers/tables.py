"""What became of the letters of one campaign to one representative, counted every ten minutes."""

from piccolo.columns import ForeignKey, Integer, Serial, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from undersigned.campaigns.tables import Campaign
from undersigned.representatives.tables import Representative


class Answered(Table, tablename="answered"):
    """Numbers of letters, so that no page counts rows. They are kept when the letters are forgotten.

    ``recent`` were delivered less than two weeks ago, ``private`` asked for answers to their writers alone,
    ``standard`` are those of ``answered`` that came as one text to many. We saw those answers come; ``reported``
    are what writers told us of others. The days are medians, and NULL below five.
    """

    id = Serial(primary_key=True)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    representative = ForeignKey(Representative, null=False, on_delete=OnDelete.restrict)
    delivered = Integer(default=0)
    on_paper = Integer(default=0)
    recent = Integer(default=0)
    private = Integer(default=0)
    acknowledged = Integer(default=0)
    answered = Integer(default=0)
    standard = Integer(default=0)
    days = Integer(null=True, default=None)
    reported = Integer(default=0)
    reported_days = Integer(null=True, default=None)
    counted_at = Timestamptz()
