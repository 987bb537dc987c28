"""The inbox of replies at the desk: filtered and in order, one after the other, and said what each is."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

import make
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.responses.tables import Response

numbers = count(1)


async def came(
    text: str, name: str = "Harriet Vale", hours: int = 1, campaign: Campaign | None = None, **told: Any
) -> Response:
    """A reply by the office of ``name``, so many hours ago."""
    number = next(numbers)
    mp = await make.mp(f"E1400{number:04d}", f"Seat {number}", display_name=name)
    private = told.pop("reply_to", "tracked")
    about = campaign or await Campaign.objects().first() or await make.campaign()
    letter = await make.letter(
        campaign=about, representative=mp, email=f"writer.{number}@example.org", reply_to=private
    )
    made = Response(
        **{
            "letter": letter.id,
            "message_id": f"<{number}@office>",
            "kind": "answer",
            "confidence": 90,
            "matched_by": "token",
            "from_name": name,
            "subject": f"Your letter {number}",
            "text": text,
            "received_at": datetime.now(UTC) - timedelta(hours=hours),
        }
        | told
    )
    await made.save()
    return made


def order(page: str, *words: str) -> list[str]:
    return sorted((word for word in words if word in page), key=page.index)


async def test_an_empty_inbox_says_when_something_will_come(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    assert "Nothing has come back yet" in (await client.get("/staff/replies")).text


async def test_the_newest_come_first_and_other_orders_can_be_asked_for(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    await came("The middle one.", "Ruth Ashe", 5)
    await came("The oldest.", "Zoe Abel", 50)
    await came("The newest.", "Kit Moor", 1)
    for sort, expected in (
        ("newest", ["The newest.", "The middle one.", "The oldest."]),
        ("oldest", ["The oldest.", "The middle one.", "The newest."]),
        ("office", ["The newest.", "The middle one.", "The oldest."]),
        ("nonsense", ["The newest.", "The middle one.", "The oldest."]),
    ):
        page = (await client.get(f"/staff/replies?sort={sort}")).text
        assert order(page, *expected) == expected, sort


async def test_only_what_people_wrote_is_shown_unless_more_is_asked_for(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    await came("I support it.")
    await came("Undeliverable.", kind="bounce", detail="mailbox_full")
    await came("Perhaps.", confidence=55)
    people = (await client.get("/staff/replies")).text
    assert "I support it." in people and "Undeliverable." not in people and "Not sure" in people
    bounces = (await client.get("/staff/replies?show=bounce")).text
    assert "Undeliverable." in bounces and "The mailbox is full" in bounces and "I support it." not in bounces
    unsure = (await client.get("/staff/replies?show=unsure")).text
    assert "Perhaps." in unsure and "I support it." not in unsure


async def test_one_campaign_and_one_office_can_be_asked_for(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    one, other = (
        await make.campaign(slug="one", title="One ask"),
        await make.campaign(slug="two", title="Two asks"),
    )
    await came("About the first.", campaign=one)
    await came("About the second, 100% so.", "Ruth Ashe", campaign=other)
    page = (await client.get("/staff/replies?campaign=two")).text
    assert "About the second" in page and "About the first." not in page and "Two asks (1)" in page
    assert "About the second" in (await client.get("/staff/replies?of=ruth")).text
    assert "Nothing that came back is like that" in (await client.get("/staff/replies?of=100%25")).text
    assert "Nothing that came back is like that" in (await client.get("/staff/replies?of=%25&campaign=x")).text


async def test_one_follows_the_other_in_the_order_and_filter_of_the_list(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    first = await came("First.", hours=9)
    bounce = await came("Came back.", hours=8, kind="bounce")
    second = await came("Second.", hours=7)
    page = (await client.get(f"/staff/replies/{first.id}?sort=oldest")).text
    assert f'rel="next" accesskey="n" href="/staff/replies/{second.id}?sort=oldest"' in page
    assert 'rel="prev"' not in page and "1 of 2" in page
    page = (await client.get(f"/staff/replies/{second.id}?show=all&sort=oldest")).text
    assert f'href="/staff/replies/{bounce.id}?show=all&amp;sort=oldest"' in page and "3 of 3" in page


async def test_two_of_one_moment_are_both_reached(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    moment = datetime.now(UTC)
    three = [await came(f"Number {n}.", received_at=moment) for n in range(3)]
    seen, at = [], three[-1].id
    while at:
        seen.append(at)
        page = (await client.get(f"/staff/replies/{at}")).text
        found = [one.id for one in three if f'rel="next" accesskey="n" href="/staff/replies/{one.id}"' in page]
        at = found[0] if found else 0
    assert seen == [one.id for one in reversed(three)]


async def test_sorting_one_leads_to_the_next_and_is_kept(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    last = await came("Thank you for writing to me.", hours=3, confidence=60)
    now = await came("Your letter came in.", hours=2, confidence=60)
    done = await client.post(
        f"/staff/replies/{now.id}?show=unsure", data={"form_token": await token(client), "kind": "acknowledgement"}
    )
    assert (done.status_code, done.headers["location"]) == (
        303,
        f"/staff/replies/{last.id}?show=unsure&done={now.id}",
    )
    assert "is sorted. This is the next." in (await client.get(done.headers["location"])).text
    kept = await Response.objects().where(Response.id == now.id).first()
    assert kept is not None
    assert (kept.kind, kept.by_person) == ("acknowledgement", True)


async def test_what_is_no_kind_is_said_beside_the_field(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    one = await came("Hello.")
    answer = await client.post(f"/staff/replies/{one.id}", data={"form_token": await token(client), "kind": "ode"})
    assert answer.status_code == 422 and "Choose what this is." in answer.text


async def test_the_words_of_a_private_answer_are_nowhere(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    one = await came("Between you and me.", reply_to="me", subject="A secret subject")
    for path in ("/staff/replies", f"/staff/replies/{one.id}"):
        page = (await client.get(path)).text
        assert "Between you and me." not in page and "A secret subject" not in page, path
        assert "alone" in page


async def test_reading_is_written_down_and_a_reply_that_is_not_there_is_missing(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    one = await came("Hello.")
    await client.get(f"/staff/replies/{one.id}")
    row = await db.fetch_one("SELECT about FROM audit WHERE act = 'reply read'")
    assert row == {"about": f"response {one.id}"}
    for missing in (999_999, 2**63 - 1):
        assert (await client.get(f"/staff/replies/{missing}")).status_code == 404


@pytest.mark.parametrize("role", ["viewer"])
async def test_whoever_may_not_read_letters_may_not_read_replies(client: httpx.AsyncClient, role: str) -> None:
    one = await came("Hello.")
    await sign_in(client, role)
    for path in ("/staff/replies", f"/staff/replies/{one.id}"):
        assert (await client.get(path)).status_code == 403
