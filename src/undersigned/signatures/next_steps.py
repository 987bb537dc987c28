"""What to do next, best first: a page shows the first step large and the others small.

Sharing comes before all that follows a signature, since most people sign because somebody they know asked them
to. Then one's own letter, then the gathering nearest by, then the list of those who want to hear of one.
"""

from undersigned.campaigns.tables import Campaign
from undersigned.representatives.seats import Seat


def before_confirming(campaign: Campaign) -> list[str]:
    """Nothing is large but the press of the link: without it no name is counted."""
    return _possible({"inbox": True, "share": campaign.takes_names})


def after_confirming(campaign: Campaign, seat: Seat, has_event: bool) -> list[str]:
    """The steps that can be taken: nobody is asked to share a closed form, or to write to an empty seat."""
    return _possible(
        {
            "share": campaign.takes_names,
            "write": campaign.has_letter and campaign.is_open and _may_be_written_to(seat),
            "event": has_event,
            "interest": campaign.takes_interest and campaign.is_open,
        }
    )


def _may_be_written_to(seat: Seat) -> bool:
    """Whether there is a reader, or nobody knows yet: then the letter's first page asks for the postcode."""
    return seat.kind == "unknown" or seat.can_be_written_to


def _possible(steps: dict[str, bool]) -> list[str]:
    return [step for step, can in steps.items() if can]
