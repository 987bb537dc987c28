"""Campaigns in the shapes of the UK Parliament petitions site, so that its readers work here unchanged."""

from datetime import datetime
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.representatives import seats
from undersigned.settings import settings
from undersigned.signatures import withholding
from undersigned.signatures.forms import COUNTRIES
from undersigned.signatures.tables import Tally


def moment(value: datetime | None) -> str | None:
    """A time as that site writes it: 2026-06-01T09:00:00.000Z."""
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03}Z" if value else None


def count(campaign: Campaign, signatures: int) -> dict[str, Any]:
    """``count.json``: flat, without a wrapper; ``signatures`` may be newer than what ``campaign`` says."""
    return {
        "signature_count": signatures,
        "response_threshold_reached_at": None,
        "government_response_at": None,
        "debate_threshold_reached_at": None,
        "scheduled_debate_date": None,
        "debate_outcome_at": None,
        "debated": False,
    }


async def one(campaign: Campaign, path: str) -> dict[str, Any]:
    """``/campaigns/{slug}.json``, with its signatures by country and by constituency."""
    attributes = _attributes(campaign)
    if campaign.state in {"open", "closed"}:
        attributes["signatures_by_country"] = await _by_country(campaign.id)
        attributes["signatures_by_constituency"] = await _by_constituency(campaign.id)
    data = {"type": "petition", "id": campaign.id, "attributes": attributes}
    return {"links": {"self": f"{settings.base_url}{path}"}, "data": data}


def summary(campaign: Campaign) -> dict[str, Any]:
    """A campaign in a list."""
    links = {"self": f"{settings.base_url}/campaigns/{campaign.slug}.json"}
    return {"type": "petition", "id": campaign.id, "links": links, "attributes": _attributes(campaign)}


def _attributes(campaign: Campaign) -> dict[str, Any]:
    return {
        "slug": campaign.slug,
        "action": campaign.title,
        "background": campaign.ask,
        "additional_details": campaign.body,
        "state": campaign.state,
        "signature_count": campaign.signature_count,
        "closing_date": campaign.closes_on.isoformat() if campaign.closes_on else None,
        "created_at": moment(campaign.created_at),
        "updated_at": moment(campaign.updated_at),
        "opened_at": moment(campaign.opens_at),
        "closed_at": moment(campaign.ends_at) if campaign.state == "closed" else None,
        "rejected_at": None,
        "creator_name": campaign.organiser if campaign.state == "open" else None,
        "rejection": None,
    }


async def _by_country(campaign_id: int) -> list[dict[str, Any]]:
    names = dict(COUNTRIES)
    totals = await Tally.shown(campaign_id, "country")
    return [
        {"name": names.get(code, code), "code": code, "signature_count": total} for code, total in totals.items()
    ]


async def _by_constituency(campaign_id: int) -> list[dict[str, Any]]:
    known = {row["gss_code"]: row for row in await seats.all_seats()}
    totals = (await withholding.by_constituency(campaign_id)).totals
    return [
        {
            "name": known[code]["constituency"],
            "ons_code": code,
            "mp": known[code]["display_name"],
            "signature_count": total,
        }
        for code, total in totals.items()
        if code in known
    ]
