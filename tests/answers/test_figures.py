"""What became of letters: counted from rows, public from five on, what we saw apart from what was said."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx

import make
from undersigned.answers import counting
from undersigned.campaigns.tables import Campaign
from undersigned.delivery.tables import Delivery
from undersigned.kit import database as db
from undersigned.letters import stances
from undersigned.letters.tables import Letter
from undersigned.privacy import forgetting
from undersigned.representatives.tables import Representative
from undersigned.responses import following_up
from undersigned.responses.tables import Response

numbers = count(1)


async def delivered(
    campaign: Campaign, mp: Representative, days: int = 20, mode: str = "live", **told: Any
) -> Letter:
    """A letter that was delivered so many days ago."""
    number, at = next(numbers), datetime.now(UTC) - timedelta(days=days)
    usual = {"email": f"writer.{number}@example.org", "sent_at": at, "reply_to": "tracked"}
    letter = await make.letter(campaign=campaign, representative=mp, **(usual | told))
    await Delivery(
        letter=letter.id, channel="email", mode=mode, recipient="x@example.org", started_at=at, finished_at=at,
        outcome="accepted",
    ).save()  # fmt: skip
    return letter


async def came(letter: Letter, kind: str = "answer", after: int = 3) -> None:
    assert letter.sent_at is not None
    await Response(
        letter=letter.id, message_id=f"<{next(numbers)}@office>", kind=kind, confidence=90, matched_by="token",
        text="Words.", received_at=letter.sent_at + timedelta(days=after),
    ).save()  # fmt: skip


async def five(campaign: Campaign, mp: Representative, many: int = 5, **told: Any) -> list[Letter]:
    return [await delivered(campaign, mp, **told) for _ in range(many)]


async def page(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.text.split())


async def lines(client: httpx.AsyncClient, slug: str = "light") -> dict[str, Any]:
    answer = await client.get(f"/campaigns/{slug}/answers.json")
    found: dict[str, Any] = json.loads(answer.content)
    return found


async def test_letters_acknowledged_answered_and_how_soon(client: httpx.AsyncClient) -> None:
    campaign, harriet = await make.campaign(slug="light"), await make.mp()
    letters = await five(campaign, harriet, 7)
    for letter, after in zip(letters, (1, 2, 3, 4, 30), strict=False):
        await came(letter, after=after)
    await came(letters[0], "acknowledgement", 0)
    await came(letters[5], "out_of_office", 0)
    await came(letters[6], "acknowledgement", 0)
    assert await counting.count() == 1
    (one,) = (await lines(client))["representatives"]
    assert one["representative"]["name"] == "Harriet Vale"
    assert one["letters"] == {
        "delivered": 7,
        "on_paper": 0,
        "recent": 0,
        "private": 0,
        "observed": {"acknowledged": 2, "answered": 5, "standard": 0, "median_days": 3},
        "reported": {"answered": 0, "median_days": None},
    }
    said = await page(client, "/campaigns/light/answers")
    assert "Harriet Vale" in said and "5 were answered" in said
    said = await page(client, f"/representatives/{harriet.id}")
    assert "<strong>7 letters</strong> from constituents were delivered." in said
    assert "5 were answered; half of the answers came within 3 days. 2 were acknowledged." in said


async def test_standard_replies_are_answers_and_named_as_such(client: httpx.AsyncClient) -> None:
    campaign, harriet = await make.campaign(slug="light"), await make.mp()
    letters = await five(campaign, harriet)
    for letter in letters[:4]:
        await came(letter, "form_reply")
    await came(letters[0], "answer", 9)
    await counting.count()
    (one,) = (await lines(client))["representatives"]
    assert (one["letters"]["observed"]["answered"], one["letters"]["observed"]["standard"]) == (4, 3)
    assert one["letters"]["observed"]["median_days"] is None
    assert "Too few to say" in await page(client, "/campaigns/light/answers")


async def test_what_writers_say_is_counted_apart_and_never_twice(client: httpx.AsyncClient) -> None:
    campaign, harriet = await make.campaign(slug="light"), await make.mp()
    letters = await five(campaign, harriet, reply_to="me")
    await came(letters[0])
    for letter, said in zip(letters, ("answer", "answer", "acknowledgement", "nothing"), strict=False):
        await following_up.answer(letter.id, said)
    await counting.count()
    (one,) = (await lines(client))["representatives"]
    assert one["letters"]["observed"]["answered"] == 1
    assert one["letters"]["reported"]["answered"] == 1
    assert one["letters"]["private"] == 5
    assert "1 more writer says that an answer came another way" in await page(
        client, f"/representatives/{harriet.id}"
    )


async def test_below_five_nothing_is_said_and_nothing_can_be_worked_out(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    harriet, ruth = await make.mp(), await make.mp("E14001065", "Bury South", display_name="Ruth Ashe")
    await five(campaign, harriet, 4)
    await counting.count()
    assert await lines(client) == {"letters": None, "some_withheld": True, "representatives": []}
    assert "There is too little to say yet" in await page(client, "/campaigns/light/answers")
    assert "Of letters there is too little to say." in await page(client, f"/representatives/{harriet.id}")
    await five(campaign, ruth, 6)
    await counting.count()
    from undersigned.answers import routes

    routes.campaigns_shelf.forget()
    routes.members_shelf.forget()
    # Of ten together and six of Ruth's the other four could be worked out, so hers are held back too.
    found = await lines(client)
    assert (found["letters"]["delivered"], found["representatives"]) == (10, [])
    assert "Of letters there is too little to say." in await page(client, f"/representatives/{ruth.id}")
    assert "6" not in (await client.get(f"/representatives/{ruth.id}/answers.csv")).text


async def test_rehearsed_failed_and_waiting_letters_are_not_delivered(client: httpx.AsyncClient) -> None:
    campaign, harriet = await make.campaign(slug="light"), await make.mp()
    await five(campaign, harriet, mode="rehearsal")
    await five(campaign, harriet, state="failed")
    await five(campaign, harriet, state="ready")
    assert await counting.count() == 0
    assert (await lines(client))["letters"] is None


async def test_letters_that_were_forgotten_stay_counted(client: httpx.AsyncClient) -> None:
    campaign, harriet = await make.campaign(slug="light"), await make.mp()
    for letter in await five(campaign, harriet, days=40):
        await came(letter)
    await forgetting.keep_promises()
    assert {row["state"] for row in await db.fetch("SELECT state FROM letter")} == {"scrubbed"}
    await counting.count()
    (one,) = (await lines(client))["representatives"]
    assert one["letters"]["observed"] == {"acknowledged": 0, "answered": 5, "standard": 0, "median_days": 3}


async def test_what_is_no_more_is_no_longer_counted(client: httpx.AsyncClient) -> None:
    campaign, harriet = await make.campaign(slug="light"), await make.mp()
    await five(campaign, harriet)
    await counting.count()
    await db.execute("DELETE FROM delivery")
    await counting.count()
    assert await db.fetch("SELECT id FROM answered") == []


async def test_new_letters_are_said_to_be_new(client: httpx.AsyncClient) -> None:
    campaign, harriet = await make.campaign(slug="light"), await make.mp()
    await five(campaign, harriet, days=3)
    await counting.count()
    said = await page(client, f"/representatives/{harriet.id}")
    assert "We have seen no answer yet." in said and "5 of the letters are less than two weeks old." in said


async def test_the_table_can_be_searched_filtered_and_ordered(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    harriet, ruth = await make.mp(), await make.mp("E14001065", "Bury South", display_name="Ruth Ashe")
    for letter in (await five(campaign, harriet, 5))[:1]:
        await came(letter)
    await five(campaign, ruth, 9)
    await counting.count()
    by_place = await page(client, "/campaigns/light/answers")
    assert by_place.index("Harriet Vale") < by_place.index("Ruth Ashe")
    most = await page(client, "/campaigns/light/answers?sort=delivered")
    assert most.index("Ruth Ashe") < most.index("Harriet Vale")
    assert "Ruth Ashe" not in await page(client, "/campaigns/light/answers?show=answered")
    assert "Harriet Vale" not in await page(client, "/campaigns/light/answers?show=not_yet")
    assert "Harriet Vale" not in await page(client, "/campaigns/light/answers?of=south")
    assert "Nobody is like that" in await page(client, "/campaigns/light/answers?of=%22%3E%3Cscript%3E")
    assert "Ruth Ashe" in await page(client, "/campaigns/light/answers?sort=x&show=y&page=99")


async def test_stances_stand_beside_the_letters_and_alone(client: httpx.AsyncClient) -> None:
    campaign, harriet = await make.campaign(slug="light", title="A light"), await make.mp()
    await stances.record(campaign, "Bury North", "supports", "https://example.org/speech")
    said = await page(client, f"/representatives/{harriet.id}")
    assert "Supports it" in said and "https://example.org/speech" in said and "A light" in said
    await five(campaign, harriet)
    await counting.count()
    (one,) = (await lines(client))["representatives"]
    assert one["stance"]["position"] == "supports"


async def test_the_csv_opens_in_a_spreadsheet_and_holds_no_formula(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light", title="=1+1")
    harriet = await make.mp(party="@cmd")
    await five(campaign, harriet)
    await counting.count()
    for path in ("/campaigns/light/answers.csv", f"/representatives/{harriet.id}/answers.csv"):
        answer = await client.get(path)
        assert answer.headers["content-type"].startswith("text/csv")
        assert answer.text.startswith("\ufeff")
        (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
        assert (row["campaign"], row["party"], row["letters_delivered"]) == ("'=1+1", "'@cmd", "5")
        assert row["median_days"] == ""


async def test_what_is_not_there_is_missing(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light", state="draft")
    for path in ("/campaigns/light/answers", "/campaigns/none/answers.json", "/representatives/7"):
        assert (await client.get(path)).status_code == 404, path
    for path in ("/representatives/x", "/representatives/99999999999999999999"):
        assert (await client.get(path)).status_code in {400, 404}, path


async def test_an_mp_without_letters_has_a_page_that_says_so(client: httpx.AsyncClient) -> None:
    harriet = await make.mp()
    said = await page(client, f"/representatives/{harriet.id}")
    assert "No letter has been delivered to Harriet Vale MP through this site yet" in said
    assert "MP for Bury North since 4 July 2024" in said or "since 4 July 2024" in said
