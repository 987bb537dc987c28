"""Words to send on, as long as each place takes them; each with a link that says by which way somebody came."""

from dataclasses import dataclass

from undersigned.campaigns.tables import Campaign
from undersigned.settings import settings


@dataclass(frozen=True)
class Text:
    """One text to copy, and where it is for."""

    title: str
    text: str


def of(campaign: Campaign) -> list[Text]:
    """A short one, one for a message to a friend, and one for a newsletter."""
    link = f"{settings.base_url}/campaigns/{campaign.slug}"
    mark = f" #{campaign.hashtag.lstrip('#')}" if campaign.hashtag else ""
    done = {"pledge": "I have made this pledge", "petition": "I have signed this"}.get(
        campaign.kind, "I am with this"
    )
    return [
        Text("Short, for a post", f"{campaign.ask}{mark} {link}?s=copy"),
        Text(
            "To somebody you know",
            f"{done}, and thought of you: {campaign.ask} It takes a minute, and every name is counted once. "
            f"{link}?s=copy",
        ),
        Text(
            "For a newsletter",
            f"{campaign.title}. {campaign.summary or campaign.ask} {_so_far(campaign)}Read it, and put your name "
            f"to it: {link}?s=copy",
        ),
    ]


def _so_far(campaign: Campaign) -> str:
    if campaign.kind == "action" or campaign.signature_count < 2:
        return ""
    done = "pledged" if campaign.kind == "pledge" else "signed"
    return f"{campaign.signature_count:,} people have {done}. "
