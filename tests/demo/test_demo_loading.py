"""The demonstration as it is loaded: its totals are those of its rows, and its people are left in peace."""

import pytest

from undersigned.demo import loading
from undersigned.kit import database as db
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
