"""The demonstration, from its content folder into the rows: campaigns, members, and people who signed."""

import asyncio
import json
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from undersigned.campaigns import finding
from undersigned.campaigns.tables import Campaign, Chapter, Resource, Update
from undersigned.centres.tables import Centre
from undersigned.demo import correspondence, supporters
from undersigned.endorsements.tables import Endorsement
from undersigned.events.tables import Event
from undersigned.kit import database, days
from undersigned.kit.days import LONDON
from undersigned.postcodes import facts, index
from undersigned.representatives import loading as members
from undersigned.supporters import consents

CONTENT = Path(__file__).parent / "content"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


async def load() -> None:
    """Write every demonstration campaign that is not there yet, with its members and signatures."""
    if not index.current().release:
        await asyncio.to_thread(facts.write_index, index.path())
        index.look_again()
    await members.store(_members())
    for folder in sorted(path for path in CONTENT.iterdir() if (path / "campaign.toml").is_file()):
        if not await Campaign.exists().where(Campaign.slug == folder.name):
            await _campaign(folder)


def _members() -> list[members.Line]:
    """The invented members; the demonstration has no seats but these."""
    known = {building.gss_code: building.constituency for building in facts.BUILDINGS}
    lines = [_member(row) for row in _toml(CONTENT / "mps.toml")["mps"]]
    missing = known.keys() - {line.gss_code for line in lines}
    if missing:
        raise ValueError(f"The demonstration has no member for {sorted(missing)}.")
    return lines


def _member(row: dict[str, Any]) -> members.Line:
    vacant = bool(row.get("vacant"))
    return members.Line(
        gss_code=row["gss_code"],
        constituency=row["constituency"],
        country="",
        region="",
        member_id=None,
        name="" if vacant else row["display_name"],
        full_title=row.get("full_title", ""),
        address_as=row.get("address_as", ""),
        party=row.get("party", ""),
        email=row.get("email", ""),
        started_on=date(2024, 7, 4),
        takes_part_in_votes=row.get("takes_part_in_votes", True),
        note=row.get("note", ""),
    )


async def _campaign(folder: Path) -> None:
    told = _toml(folder / "campaign.toml")
    now = datetime.now(UTC)
    async with database.transaction():
        campaign = Campaign(
            slug=folder.name,
            state="open",
            body=(folder / "body.md").read_text(encoding="utf-8"),
            opens_at=now - timedelta(days=supporters.DAYS),
            closes_at=_end_of_day(told.get("closes_in_days")),
            pledge_deadline=days.today() + timedelta(days=told.get("pledge_deadline_days", 0))
            if told.get("pledge_target")
            else None,
            figures=_json(told.get("figures")),
            interest=_json(told.get("interest")),
            consent_wording=consents.standard(told["organiser"], told["kind"], told["retention_months"]),
            created_at=now - timedelta(days=supporters.DAYS + 9),
            updated_at=now,
            **{key: told[key] for key in _PLAIN if key in told},
        )
        await campaign.save()
        await _things(told, campaign.id, None)
        for chapter in told.get("chapters", []):
            await _chapter(chapter, campaign.id)
    if campaign.kind != "action":
        await supporters.sign(campaign)
    await correspondence.write(await finding.by_slug(folder.name))


_PLAIN = (
    *(
        "title",
        "ask",
        "summary",
        "kind",
        "addressed_to",
        "organiser",
        "organiser_about",
        "hashtag",
        "goal",
        "theme",
    ),
    *("pledge_target", "letter", "legal_basis", "retention_months"),
)


async def _chapter(told: dict[str, Any], campaign_id: int) -> None:
    plain = ("slug", "name", "area", "introduction", "contact", "police_force_areas", "language")
    chapter = Chapter(
        campaign=campaign_id,
        figures=_json(told.get("figures")),
        **{key: told[key] for key in plain if key in told},
    )
    await chapter.save()
    await _things(told, campaign_id, chapter.id)


async def _things(told: dict[str, Any], campaign_id: int, chapter_id: int | None) -> None:
    """What hangs on a page: endorsements, resources, updates, events, centres."""
    where: Any = {"campaign": campaign_id, "chapter": chapter_id}
    now = datetime.now(UTC)
    rows: list[Any] = []
    for position, row in enumerate(told.get("endorsements", [])):
        rows.append(Endorsement(position=position, **where, **row))
    for position, row in enumerate(told.get("resources", [])):
        rows.append(Resource(position=position, **where, **row))
    for row in told.get("updates", []):
        at = now - timedelta(days=row.pop("days_ago"))
        rows.append(Update(published_at=at, **where, **row))
    rows += [Event(**where, **_event(row)) for row in told.get("events", [])]
    for row in told.get("centres", []):
        rows.append(Centre(checked_on=(now - timedelta(days=20)).date(), **where, **row, **_point(row)))
    for row in rows:
        await row.save()


def _event(row: dict[str, Any]) -> dict[str, Any]:
    """When it is: the next such weekday, or so many days from now."""
    today = datetime.now(LONDON).date()
    if "weekday" in row:
        ahead = (WEEKDAYS.index(str(row.pop("weekday")).capitalize()) - today.weekday()) % 7
    else:
        ahead = row.pop("in_days")
    on = today + timedelta(days=ahead)
    start, end = _time(row.pop("start")), _time(row.pop("end"))
    return {
        **row,
        "starts_at": datetime.combine(on, start, LONDON),
        "ends_at": datetime.combine(on, end, LONDON),
    }


def _time(told: time | str) -> time:
    return told if isinstance(told, time) else time.fromisoformat(told)


def _point(row: dict[str, Any]) -> dict[str, Any]:
    """Where a centre stands: its town, which is the last thing in its address."""
    latitude, longitude = _toml(CONTENT / "towns.toml")[row["address"].rpartition(", ")[2]]
    return {"latitude": latitude, "longitude": longitude}


def _end_of_day(ahead: int | None) -> datetime | None:
    """When the day that is so many days ahead ends."""
    return days.end_of(days.today() + timedelta(days=ahead)) if ahead else None


def _json(told: Any) -> str | None:
    return json.dumps(told) if told else None


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
