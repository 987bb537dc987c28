"""The demonstration as it is loaded: its totals are those of its rows, and its people are left in peace."""

import json
import re
from datetime import UTC, datetime

import pytest

from undersigned.demo import loading
from undersigned.kit import database as db
from undersigned.kit import pages
from undersigned.signatures import recounting, reminding

pytestmark = pytest.mark.usefixtures("database")


async def test_every_total_of_the_demonstration_is_what_a_count_of_its_signatures_gives() -> None:
    await loading.load()
    counted = [await recounting.recount(campaign_id) for campaign_id in await recounting.due()]
    assert [found.drift for found in counted] == [[]] * len(counted)
    assert sum(found.total for found in counted) == sum(
        row["signature_count"] for row in await db.fetch("SELECT signature_count FROM campaign")
    )
    assert {found.slug for found in counted} >= {"our-street-too", "a-place-to-tell-it"}


async def test_nobody_in_the_demonstration_is_reminded() -> None:
    await loading.load()
    waiting = "confirmed_at IS NULL AND created_at < now() - interval '1 day'"
    assert await db.fetch(f"SELECT id FROM signature WHERE {waiting}")
    assert await reminding.remind() == 0


async def test_a_letter_of_the_demonstration_speaks_of_the_day_that_it_was_written() -> None:
    await loading.load()
    counts = {
        row["id"]: row["signature_count"] for row in await db.fetch("SELECT id, signature_count FROM campaign")
    }
    told = 0
    for letter in await db.fetch("SELECT campaign, created_at, sent_at, paragraphs FROM letter"):
        words = " ".join(part["text"] for part in json.loads(letter["paragraphs"]))
        if found := re.search(r"By (\d+ \w+ \d{4})\b.*?([\d,]+) names", words):
            told += 1
            assert found[1] == pages.day(letter["created_at"])
            assert 0 < int(found[2].replace(",", "")) < counts[letter["campaign"]]
        assert pages.day(datetime.now(UTC)) not in words
        if letter["sent_at"]:
            assert letter["created_at"] < letter["sent_at"] < datetime.now(UTC)
    assert told
