"""Everything that one campaign's page shows, gathered from the rooms it lives in."""

from typing import Any

from undersigned.campaigns import goals
from undersigned.campaigns.tables import Campaign, Chapter, PaperBatch, Resource, Update
from undersigned.centres.tables import Centre
from undersigned.endorsements import showing as endorsements
from undersigned.events import calendar
from undersigned.kit.forms import Form
from undersigned.signatures import signers
from undersigned.signatures.arriving import NOWHERE
from undersigned.signatures.forms import COUNTRIES
from undersigned.supporters import consents


async def campaign(campaign: Campaign, chapter: Chapter | None = None) -> dict[str, Any]:
    """The context of the campaign's page, or of one chapter's."""
    goal = goals.next_goal(campaign.signature_count, campaign.goal, campaign.pledge_target)
    interest: Any = campaign.interest or {}
    few, many = await endorsements.first(campaign.id, chapter.id if chapter else None)
    return {
        "campaign": campaign,
        "chapter": chapter,
        "theme": campaign.theme,
        "language": chapter.language if chapter else campaign.language,
        "next_goal": goal,
        "on_paper": 0 if chapter else await PaperBatch.total(campaign.id),
        "percent": goals.percent(campaign.signature_count, goal),
        "chapters": [] if chapter else await _chapters(campaign),
        "endorsements": few,
        "endorsements_total": many,
        "resources": await _of(Resource, campaign, chapter, Resource.position),
        "updates": await _updates(campaign, chapter),
        "events": await calendar.coming(campaign, chapter),
        "signers": await signers.latest(campaign.id, chapter.id if chapter else None),
        "organisations": await signers.organisations(campaign.id, chapter.id if chapter else None),
        "words": await signers.in_their_own_words(campaign.id, chapter.id if chapter else None),
        "words_shown": signers.WORDS_SHOWN,
        "figures": (chapter.figures if chapter else campaign.figures) or None,
        "interests_open": bool(interest),
        "interest_wording": interest.get("wording", ""),
        "regions": interest.get("regions", []),
        "centres_url": await _centres_url(campaign, chapter),
        "form": Form(),
        "countries": COUNTRIES,
        "consent_wording": consents.to_sign(campaign),
        "arrival": NOWHERE,
    }


async def _chapters(campaign: Campaign) -> list[Chapter]:
    return list(await Chapter.objects().where(Chapter.campaign == campaign.id).order_by(Chapter.name))


async def _of(table: Any, campaign: Campaign, chapter: Chapter | None, order: Any) -> list[Any]:
    """Rows of the chapter, or those of the campaign itself that belong to no chapter."""
    query = table.objects().where(table.campaign == campaign.id)
    query = query.where(table.chapter == chapter.id) if chapter else query.where(table.chapter.is_null())
    return list(await query.order_by(order))


async def _updates(campaign: Campaign, chapter: Chapter | None) -> list[Update]:
    found: list[Update] = await _of(Update, campaign, chapter, Update.published_at)
    return found[::-1]


async def _centres_url(campaign: Campaign, chapter: Chapter | None) -> str | None:
    query = Centre.exists().where(Centre.campaign == campaign.id)
    if chapter:
        query = query.where(Centre.chapter == chapter.id)
    if not await query:
        return None
    return f"/centres?campaign={campaign.slug}" + (f"&chapter={chapter.slug}" if chapter else "")
