"""The list of members that comes by itself, as the desk tells of it."""

from typing import Final

from undersigned.representatives.tables import Refresh

OUTCOMES: Final = {
    "trying": "It is being looked at.",
    "unchanged": "It held nothing new.",
    "applied": "It was applied.",
    "waiting": "It waits for you.",
    "dropped": "It was not applied.",
    "failed": "It could not be read, and nothing was changed.",
}


async def latest_look() -> Refresh | None:
    """The newest night's look at the list of members."""
    return await Refresh.objects().order_by(Refresh.id, ascending=False).first()
