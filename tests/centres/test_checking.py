"""Staff are reminded of centres that nobody has checked for half a year, on Mondays and not too often."""

from datetime import date, timedelta

import httpx

import make
import work
from undersigned.centres import checking
from undersigned.centres.tables import Centre
from undersigned.kit import database as db
from undersigned.kit import days
from undersigned.schedule import REGULARS

OWEN = "operator@example.org"
LAST_MONDAY = days.today() - timedelta(days=days.today().weekday())


async def centre(campaign_id: int, name: str, checked_on: date | None) -> None:
    told = {"address": "1 Mill Lane", "postcode": "SG13 8DE", "phone": "01632 960123"}
    await Centre(campaign=campaign_id, name=name, checked_on=checked_on, **told).save()


async def test_on_a_monday_the_operator_gets_one_mail_a_campaign_that_names_them(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="street", title="A place to tell it")
    await centre(campaign.id, "Ashgrove", days.today() - timedelta(days=200))
    await centre(campaign.id, "Bridge House", None)
    await centre(campaign.id, "The Annexe", days.today() - timedelta(days=20))
    for day in range(1, 7):
        assert await checking.remind(LAST_MONDAY - timedelta(days=day)) == 0
    assert await checking.remind(LAST_MONDAY) == 1
    await work.settle()
    (mail,) = work.inbox(OWEN)
    text = work.text_of(mail)
    assert mail["Subject"] == "Places to check: A place to tell it"
    assert text.index("Bridge House, SG13 8DE: never checked") < text.index("Ashgrove, SG13 8DE: last checked on")
    assert "The Annexe" not in text
    assert "http://test.example.org/staff/campaigns/street/centres" in text


async def test_one_centre_is_the_reason_once_in_thirty_days(client: httpx.AsyncClient) -> None:
    await centre((await make.campaign()).id, "Ashgrove", None)
    assert [await checking.remind(LAST_MONDAY) for _ in range(2)] == [1, 0]
    await db.execute("UPDATE centre SET reminded_at = now() - interval '31 days'")
    assert await checking.remind(LAST_MONDAY) == 1


async def test_what_was_checked_before_the_mail_went_is_not_written_about(client: httpx.AsyncClient) -> None:
    await centre((await make.campaign()).id, "Ashgrove", None)
    await checking.remind(LAST_MONDAY)
    await db.execute("UPDATE centre SET checked_on = current_date")
    await work.settle()
    assert work.inbox(OWEN) == []


async def test_nobody_is_reminded_of_a_campaign_that_is_over(client: httpx.AsyncClient) -> None:
    await centre((await make.campaign(state="closed")).id, "Ashgrove", None)
    assert await checking.remind(LAST_MONDAY) == 0


def test_the_clock_looks_every_hour() -> None:
    assert [regular.seconds for regular in REGULARS if regular.deed == checking.remind] == [3600]
