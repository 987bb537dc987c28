"""What staff type about a centre, and whose it is."""

from undersigned.centres.forms import CentreForm


class DeskForm(CentreForm):
    """A centre, and the slug of its chapter, which may be empty."""

    chapter: str = ""
