"""Somebody wants to hear when there is a gathering in their region."""

from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.events.forms import InterestForm
from undersigned.kit import database
from undersigned.kit.errors import Missing
from undersigned.kit.forms import Form, Mistakes
from undersigned.supporters import addresses


def asked(campaign: Campaign) -> dict[str, Any]:
    """The regions and wording of a campaign that takes interest. Raises Missing for one that does not."""
    about: dict[str, Any] = campaign.interest  # type: ignore[assignment] # Read with its JSON loaded.
    if not about:
        raise Missing("This campaign keeps no list of people to tell.")
    return about


async def register(campaign: Campaign, form: InterestForm) -> None:
    """Write down who wants to hear, and the words they agreed to.

    One row an address and campaign: coming back changes the region and nothing else, so that nobody learns
    who is on the list. Raises Mistakes for a region that the campaign does not offer.
    """
    about = asked(campaign)
    if form.region not in about.get("regions", []):
        raise Mistakes(Form(form.model_dump(), {"region": "Choose your region."}))
    if form.website:
        return
    await database.execute(
        """INSERT INTO interest (campaign, name, email, email_key, region, wording, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, now())
           ON CONFLICT (campaign, email_key) DO UPDATE SET region = excluded.region""",
        campaign.id,
        form.name,
        form.email,
        addresses.key(form.email),
        form.region,
        str(about.get("wording", "")),
    )
