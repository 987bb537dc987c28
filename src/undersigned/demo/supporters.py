"""Invented people who signed the demonstration campaigns: real rows, so that every count is a true one."""

import random
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.kit import database
from undersigned.postcodes import facts
from undersigned.signatures import counting
from undersigned.supporters import addresses, consents

DAYS = 64
HOW_MANY = {"our-street-too": 4_182, "women-making-a-stand": 388, "a-place-to-tell-it": 1_264}
STILL_WAITING = 14
"""One in so many signed and has not pressed the button."""

SOURCES = ("", "", "whatsapp", "whatsapp", "email", "facebook", "poster", "bluesky")


async def sign(campaign: Campaign) -> None:
    """Put the invented names under ``campaign``, spread over the last two months, and count them exactly."""
    chance = random.Random(campaign.slug)  # noqa: S311 - the same people in every demonstration.
    shared = await _shared(campaign)
    counted = HOW_MANY.get(campaign.slug, 0)
    moments = sorted(_moment(chance) for _ in range(counted + counted // STILL_WAITING))
    people = _people(campaign.slug, chance, len(moments))
    rows = [shared | _row(person, at, chance) for person, at in zip(people, moments, strict=True)]
    waiting = set(chance.sample(range(len(rows)), len(rows) - counted))
    _confirm([row for place, row in enumerate(rows) if place not in waiting])
    async with database.transaction():
        await _insert(rows)
        await _count(campaign.id, rows)


async def _shared(campaign: Campaign) -> dict[str, Any]:
    wording = await consents.wording_id(consents.to_sign(campaign))
    return {"campaign": campaign.id, "wording": wording, "number": None, "confirmed_at": None}


def _confirm(rows: list[dict[str, Any]]) -> None:
    """They pressed the button within the hour and a half; the others have not, so far."""
    for number, row in enumerate(rows, 1):
        row["number"] = number
        row["confirmed_at"] = row.pop("at")


def _moment(chance: random.Random) -> datetime:
    """Many at the start, a steady trickle since, and a stir in the last few days."""
    burst = chance.expovariate(1 / 16) if chance.random() < 0.75 else DAYS
    since = burst if burst < DAYS else chance.uniform(0, DAYS)
    days = since if chance.random() < 0.3 else DAYS - since
    return datetime.now(UTC) - timedelta(days=max(days, 0.003))


def _people(slug: str, chance: random.Random, total: int) -> list[dict[str, Any]]:
    """The people of people.toml first, then first and last names in every combination."""
    known = [person for person in _content("people.toml")["people"] if person.get("campaign") == slug]
    listed = _content("names.toml")
    names = [f"{first} {last}" for first in listed["first"] for last in listed["last"]]
    chance.shuffle(names)
    made = [{"name": name, "postcode": str(chance.choice(facts.BUILDINGS).postcode)} for name in names * 2]
    people = [*known, *made][:total]
    chance.shuffle(people)
    return people


def _content(name: str) -> dict[str, Any]:
    path = Path(__file__).parent / "content" / name
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _row(person: dict[str, Any], at: datetime, chance: random.Random) -> dict[str, Any]:
    place = _BY_POSTCODE[person["postcode"]]
    local = addresses.name_key(person["name"]).replace(" ", ".")
    email = f"{local}.{chance.randrange(10**9)}@example.org"
    return {
        "area": place.police_force_area,
        "name": person["name"],
        "name_key": addresses.name_key(person["name"]),
        "email": email,
        "email_key": addresses.key(email),
        "postcode": person["postcode"],
        "country": "GB",
        "constituency": place.gss_code,
        "match": "exact",
        "data_release": facts.DEMO_RELEASE,
        "words": person.get("words", ""),
        "words_state": "shown" if person.get("words") else "",
        "shows_name": bool(person.get("words")),
        "wants_updates": chance.random() < 0.3,
        "source": chance.choice(SOURCES),
        "bucket": "",
        "created_at": at - timedelta(minutes=chance.randint(1, 90)),
        # Nobody reads their mail, and an inbox full of reminders would bury what a visitor looks for.
        "reminded_at": at,
        "at": at,
    }


_BY_POSTCODE = {str(building.postcode): building for building in facts.BUILDINGS}


async def _insert(rows: list[dict[str, Any]]) -> None:
    campaign = rows[0]["campaign"]
    chapters = {
        area: chapter.id
        for chapter in await Chapter.objects().where(Chapter.campaign == campaign)
        for area in chapter.police_force_areas
    }
    for row in rows:
        row["chapter"] = chapters.get(row.pop("area"))
        row.pop("at", None)
    columns = list(rows[0])
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    for row in rows:
        await database.execute(
            f"""INSERT INTO signature ({", ".join(columns)}, slot, organisation, mails, discounted_why)
                VALUES ({places}, 1, '', 1, '')""",  # noqa: S608 - our own column names.
            *(row[column] for column in columns),
        )


async def _count(campaign_id: int, rows: list[dict[str, Any]]) -> None:
    confirmed = [row for row in rows if row["confirmed_at"]]
    totals = Counter(place for row in confirmed for place in counting.places_of(row))
    totals.update(place for row in rows for place in counting.arrivals_of(row))
    await counting.add(totals)
    await database.execute(
        "UPDATE campaign SET signature_count = $2, last_number = $2 WHERE id = $1", campaign_id, len(confirmed)
    )
    for chapter, total in Counter(row["chapter"] for row in confirmed if row["chapter"]).items():
        await Chapter.update({Chapter.signature_count: total}).where(Chapter.id == chapter)
