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
from undersigned.signatures.tables import hour_of
from undersigned.supporters import addresses, consents

DAYS = 64
HOW_MANY = {"our-street-too": 4_182, "women-making-a-stand": 388, "a-place-to-tell-it": 1_264}
SOURCES = ("", "", "whatsapp", "whatsapp", "email", "facebook", "poster", "bluesky")


async def sign(campaign: Campaign) -> None:
    """Put the invented names under ``campaign``, spread over the last two months, and count them exactly."""
    chance = random.Random(campaign.slug)  # noqa: S311 - the same people in every demonstration.
    chapters = {
        area: chapter.id
        for chapter in await Chapter.objects().where(Chapter.campaign == campaign.id)
        for area in chapter.police_force_areas
    }
    wording = await consents.wording_id(consents.to_sign(campaign))
    moments = sorted(_moment(chance) for _ in range(HOW_MANY.get(campaign.slug, 0)))
    people = _people(campaign.slug, chance, len(moments))
    rows = [
        _row(campaign.id, number, person, at, wording, chapters, chance)
        for number, (person, at) in enumerate(zip(people, moments, strict=True), 1)
    ]
    async with database.transaction():
        await _insert(rows)
        await _count(campaign.id, rows)


def _moment(chance: random.Random) -> datetime:
    """Many at the start, a steady trickle since, and a stir in the last few days."""
    ago = min(chance.expovariate(1 / 16), DAYS) if chance.random() < 0.75 else chance.uniform(0, DAYS)
    days = ago if chance.random() < 0.3 else DAYS - ago
    return datetime.now(UTC) - timedelta(days=max(days, 0.01))


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


def _row(
    campaign_id: int,
    number: int,
    person: dict[str, Any],
    at: datetime,
    wording: int,
    chapters: dict[str, int],
    chance: random.Random,
) -> dict[str, Any]:
    place = _BY_POSTCODE[person["postcode"]]
    local = addresses.name_key(person["name"]).replace(" ", ".")
    email = f"{local}.{number}@example.org"
    return {
        "campaign": campaign_id,
        "chapter": chapters.get(place.police_force_area),
        "number": number,
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
        "shows_name": bool(person.get("words")),
        "wants_updates": chance.random() < 0.3,
        "source": chance.choice(SOURCES),
        "wording": wording,
        "created_at": at - timedelta(minutes=chance.randint(1, 90)),
        "confirmed_at": at,
    }


_BY_POSTCODE = {str(building.postcode): building for building in facts.BUILDINGS}


async def _insert(rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    for row in rows:
        await database.execute(
            f"""INSERT INTO signature ({", ".join(columns)}, slot, organisation, mails, discounted_why)
                VALUES ({places}, 1, '', 1, '')""",  # noqa: S608 - our own column names.
            *row.values(),
        )


async def _count(campaign_id: int, rows: list[dict[str, Any]]) -> None:
    totals = Counter(place for row in rows for place in counting.places_of(row))
    totals.update((campaign_id, "created", hour_of(row["created_at"].astimezone(UTC))) for row in rows)
    await counting.add(totals)
    await database.execute(
        "UPDATE campaign SET signature_count = $2, last_number = $2 WHERE id = $1", campaign_id, len(rows)
    )
    await database.execute(
        """UPDATE chapter SET signature_count = counted.total FROM (
               SELECT chapter, count(*) AS total FROM signature WHERE campaign = $1 GROUP BY chapter) AS counted
           WHERE chapter.id = counted.chapter""",
        campaign_id,
    )
