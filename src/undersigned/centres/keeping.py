"""Keeping the directory right: a centre put in, changed, checked and taken out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.centres.forms import CentreForm
from undersigned.centres.tables import Centre
from undersigned.kit import database, days
from undersigned.kit.errors import Missing
from undersigned.staff import audit

FIELDS = tuple(CentreForm.model_fields)


async def listed(campaign: Campaign) -> list[Centre]:
    """Every centre of a campaign, by name."""
    return list(await Centre.objects().where(Centre.campaign == campaign.id).order_by(Centre.name, Centre.id))


async def one(campaign: Campaign, centre_id: int) -> Centre:
    """One centre of a campaign. Raises Missing."""
    found = await Centre.objects().where(Centre.id == centre_id, Centre.campaign == campaign.id).first()
    if found is None:
        raise Missing("There is no centre of that number here.")
    return found


async def save(
    campaign: Campaign, form: CentreForm, chapter: Chapter | None, staff_id: int, centre_id: int | None = None
) -> int:
    """Put a centre in, or change one; answers its number. Raises Missing."""
    async with database.transaction():
        centre = await one(campaign, centre_id) if centre_id else new(campaign)
        before = told(centre) if centre_id else None
        fill_in(centre, form.model_dump() | {"chapter": chapter.id if chapter else None})
        await centre.save()
        act = "centre changed" if centre_id else "centre put in"
        await audit.record(act, f"{campaign.slug} centre {centre.id}", before, told(centre), staff_id)
    return int(centre.id)


async def check(campaign: Campaign, centre_id: int, staff_id: int) -> None:
    """Note that all of it is right today. Raises Missing."""
    async with database.transaction():
        centre = await one(campaign, centre_id)
        before = {"checked_on": str(centre.checked_on or "")}
        fill_in(centre, {"checked_on": days.today()})
        await centre.save()
        about = f"{campaign.slug} centre {centre_id}"
        await audit.record("centre checked", about, before, {"checked_on": str(centre.checked_on)}, staff_id)


async def remove(campaign: Campaign, centre_id: int, staff_id: int) -> None:
    """Take a centre out; what it said stays in the audit. Raises Missing."""
    async with database.transaction():
        centre = await one(campaign, centre_id)
        await centre.remove()
        await audit.record("centre taken out", f"{campaign.slug} centre {centre_id}", told(centre), None, staff_id)


def new(campaign: Campaign) -> Centre:
    """A centre that is not saved yet; whoever has just put it in is left alone about checking it for a while."""
    return Centre(campaign=campaign.id, reminded_at=datetime.now(UTC))


def fill_in(centre: Centre, values: Mapping[str, Any]) -> None:
    """Set these columns; one that is checked again may be asked about again later."""
    if values.get("checked_on", centre.checked_on) != centre.checked_on:
        centre.reminded_at = None
    for name, value in values.items():
        setattr(centre, name, value)


def told(centre: Centre) -> dict[str, Any]:
    """What a centre says, for the audit."""
    return {name: _plain(getattr(centre, name)) for name in FIELDS} | {"chapter": centre.chapter}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
