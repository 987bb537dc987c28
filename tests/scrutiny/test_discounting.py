"""Looking into the count from the desk: count first, take out, stop, undo, and put single names back."""

import asyncio
import re

import httpx
import pytest

import front_door
import make
import work
from signatures import many
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import leases
from undersigned.signatures import walking

PAGE = "/staff/campaigns/light/discounting"


async def a_campaign(client: httpx.AsyncClient, size: int = 12) -> Campaign:
    """Owen is signed in; two in three of those who signed have confirmed."""
    await sign_in(client)
    await make.mp()
    campaign = await make.campaign(slug="light")
    ids = [await many.signed(campaign, number) for number in range(1, size + 1)]
    await many.confirm(client, [signature_id for signature_id in ids if signature_id % 3])
    return campaign


async def count(client: httpx.AsyncClient, **criteria: str) -> httpx.Response:
    """Press “Count them”."""
    return await client.post(PAGE, data=criteria | {"form_token": await token(client)})


async def press(client: httpx.AsyncClient, address: str, act: str, **typed: str) -> httpx.Response:
    """Press a button on the page of one discounting."""
    return await client.post(address, data=typed | {"act": act, "form_token": await token(client)})


async def counted(client: httpx.AsyncClient, **criteria: str) -> str:
    """The address of what was counted."""
    answer = await count(client, **criteria)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_the_number_is_seen_first_and_nothing_changes_until_the_button(client: httpx.AsyncClient) -> None:
    campaign = await a_campaign(client)
    at = await counted(client, name="rahman", postcode="BL9")
    page = (await client.get(at)).text
    assert "12 signatures" in page and "8 of them counted" in page and "Take these 8 out of the count" in page
    assert re.search(r'Bury North</th><td class="figure">8<', page)
    await work.settle()
    assert await many.counted(campaign) == 8
    started = await press(client, at, "start", why="Names from one list.")
    assert (started.status_code, started.headers["location"]) == (303, at)
    assert "of 12 taken out" in (await client.get(at)).text
    assert "Under way" in (await client.get(PAGE)).text
    await work.settle()
    assert await many.counted(campaign) == 0
    done = (await client.get(at)).text
    assert "12 of 12 were taken out, and 8 of them had counted." in done and "Names from one list." in done
    front_door.a_second_passes()
    assert (await client.get("/campaigns/light/count.json")).json()["signature_count"] == 0


async def test_the_sample_shows_names_places_domains_and_moments_and_nothing_more(
    client: httpx.AsyncClient,
) -> None:
    campaign = await a_campaign(client, 1)
    await many.signed(campaign, 2, name="Zoë O’Brien", ip="203.0.113.7", constituency=None, country="FR")
    for number in range(3, 25):
        await many.signed(campaign, number)
    page = (await client.get(await counted(client, signed_from="2026-11-20T09:00"))).text
    assert "The newest 20 of them" in page and page.count('data-label="Signed"') == 20
    page = (await client.get(await counted(client, name="zoe"))).text
    for shown in ("Zoë O’Brien", "France", "example.org", "20 November 2026 at 09:02"):
        assert shown in page
    for hidden in ("person2", "203.0.113", "BL9"):
        assert hidden not in page


async def test_stopping_half_way_and_undoing_from_the_desk(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "CHUNK", 5)
    campaign = await a_campaign(client)
    at = await counted(client, country="GB")
    await press(client, at, "start", why="Why")
    await walking._step(1)
    assert "Stop here" in (await client.get(at)).text
    assert (await press(client, at, "cancel")).status_code == 303
    await work.settle()
    assert "5 of 12 were taken out, and 4 of them had counted." in (await client.get(at)).text
    assert await many.counted(campaign) == 4
    assert (await press(client, at, "reverse")).status_code == 303
    await work.settle()
    assert "5 were put back again." in (await client.get(at)).text
    assert await many.counted(campaign) == 8
    listed = (await client.get(PAGE)).text
    assert "Country United Kingdom" in listed and "Undone" in listed and "Owen" in listed
    again = await press(client, at, "again")
    assert again.headers["location"] == f"{PAGE}/2"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Say at least one thing about the signatures you mean."),
        ({"name": "zeppelin"}, "No signature is like that in everything you gave."),
        ({"name": "%"}, "Enter letters of a name"),
        ({"ip": "203.0.113.0/99"}, "Enter an address such as 203.0.113.7"),
        ({"ip": "everywhere"}, "Enter an address such as 203.0.113.7"),
        ({"postcode": "90210"}, "Enter a postcode such as BL9 0SW"),
        ({"email": "amina"}, "Enter an e-mail address in the form"),
        ({"domain": "ex ample"}, "Enter a domain such as example.org"),
        ({"shared_by": "https://example.org/?r=AAAA"}, "Paste the whole link that was shared"),
        ({"signed_from": "yesterday"}, "Enter a day and a time"),
        (
            {"signed_from": "2026-11-20T10:00", "signed_until": "2026-11-20T09:00"},
            "The end must be later than the beginning.",
        ),
        ({"source": "x" * 61}, "Use at most 60 characters."),
    ],
    ids=str,
)
async def test_what_cannot_be_counted_is_told_in_a_sentence_and_kept_in_the_form(
    client: httpx.AsyncClient, typed: dict[str, str], sentence: str
) -> None:
    await a_campaign(client, 1)
    page = await count(client, **typed)
    assert page.status_code == 422 and sentence in page.text
    for value in typed.values():
        assert value.replace("&", "&amp;") in page.text
    assert (await front_door.row("SELECT count(*) AS n FROM discounting"))["n"] == 0


async def test_two_people_who_press_start_at_once_start_it_once(client: httpx.AsyncClient) -> None:
    await a_campaign(client)
    at = await counted(client, country="GB")
    answers = await asyncio.gather(*(press(client, at, "start", why="Why") for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert any("Nothing was started twice." in answer.text for answer in answers)


async def test_what_cannot_be_done_now_is_told_in_a_sentence(client: httpx.AsyncClient) -> None:
    await a_campaign(client)
    first, second = await counted(client, country="GB"), await counted(client, confirmed="no")
    assert "Say in a sentence why." in (await press(client, first, "start")).text
    assert "There is nothing to undo here now." in (await press(client, first, "reverse")).text
    assert "Choose what to do" in (await press(client, first, "jump")).text
    await press(client, first, "start", why="Why")
    assert "Another one is under way" in (await press(client, second, "start", why="Why")).text
    await work.settle()
    assert "It had ended before you stopped it." in (await press(client, first, "cancel")).text
    await db.execute("UPDATE discounting SET created_at = now() - interval '25 hours' WHERE id = 2")
    assert "Counted more than a day ago" in (await client.get(second)).text
    await db.execute("""UPDATE discounting SET criteria = '{"country": "GB", "forgotten": true}' WHERE id = 1""")
    assert "forgotten since" in (await press(client, first, "again")).text
    assert (await client.get(f"{PAGE}/99")).status_code == 404
    await make.campaign(slug="other")
    assert (await client.get("/staff/campaigns/other/discounting/1")).status_code == 404


async def test_what_a_rule_discounted_is_listed_by_reason_and_one_is_put_back(client: httpx.AsyncClient) -> None:
    campaign = await a_campaign(client, 3)
    assert "Every name that was confirmed is counted." in (await client.get(f"{PAGE}")).text
    for number, why in enumerate(["trap"] * 27 + ["burst-ip"], 10):
        await many.signed(campaign, number, discounted_why=why, discounted_at=many.BEGAN)
    page = (await client.get(PAGE)).text
    assert page.count('data-label="Why it is not counted"') == 25
    assert "Filled in a field that people never see</a>" in page and "Older ones" in page
    assert (await client.get(f"{PAGE}?page=2")).text.count('data-label="Why it is not counted"') == 3
    burst = (await client.get(f"{PAGE}?why=burst-ip")).text
    assert burst.count('data-label="Why it is not counted"') == 1
    last = int(front_door.hidden(await client.get(f"{PAGE}?why=burst-ip"), "signature"))
    await many.confirm(client, [last])
    assert await many.counted(campaign) == 2
    for act, standing in (("restore", 3), ("discount", 2)):
        back = await press(client, f"{PAGE}/one", act, signature=str(last), why="burst-ip")
        assert back.status_code == 303 and "why=burst-ip" in back.headers["location"]
        assert await many.counted(campaign) == standing
        assert (await client.get(back.headers["location"])).status_code == 200
    twice = await press(client, f"{PAGE}/one", "discount", signature=str(last))
    assert twice.status_code == 422 and "is not counted already" in twice.text
    for nonsense in ("", "-1", "9" * 30, "x"):
        assert (await press(client, f"{PAGE}/one", "restore", signature=nonsense)).status_code == 422


async def test_who_looked_at_names_and_who_changed_what_is_in_the_audit(client: httpx.AsyncClient) -> None:
    await a_campaign(client)
    at = await counted(client, email="person1@example.org")
    await client.get(at)
    await press(client, at, "start", why="Why")
    await work.settle()
    await client.get(PAGE)
    await press(client, f"{PAGE}/one", "restore", signature="1")
    rows = await db.fetch("SELECT act, about, staff_id, after::text FROM audit WHERE about <> '' ORDER BY id")
    assert [(row["act"], row["about"]) for row in rows if not row["about"].startswith("staff")] == [
        ("signatures counted", "discounting 1"),
        ("signatures read", "discounting 1"),
        ("discounting started", "discounting 1"),
        ("discounting ended", "discounting 1"),
        ("signatures read", "campaign light"),
        ("signature restored", "signature 1"),
    ]
    assert "person1" not in str(rows)


@pytest.mark.parametrize(
    ("role", "allowed"), [("owner", True), ("editor", True), ("moderator", True), ("viewer", False)]
)
async def test_who_may_discount(client: httpx.AsyncClient, role: str, allowed: bool) -> None:
    await sign_in(client, role)
    campaign = await make.campaign(slug="light")
    await many.signed(campaign, 1)
    assert ((await client.get(PAGE)).status_code == 200) == allowed
    assert ((await count(client, country="GB")).status_code == 303) == allowed
    assert ((await press(client, f"{PAGE}/one", "discount", signature="1")).status_code == 303) == allowed
    assert ((await client.get("/staff/campaigns/light/signing")).text.count(PAGE) == 1) == allowed


async def test_what_was_matched_taken_out_and_put_back_is_told_apart(client: httpx.AsyncClient) -> None:
    await a_campaign(client)
    first, second = await counted(client, country="GB"), await counted(client, country="GB")
    for at in (first, second):
        await press(client, at, "start", why="Names from one list.")
        await work.settle()
    nothing = (await client.get(second)).text
    assert "12 signatures matched: none taken out</h1>" in nothing
    assert "None of the 12 was taken out: each had been taken out already" in nothing
    assert "12 signatures matched: 12 taken out</h1>" in (await client.get(first)).text
    await press(client, first, "reverse")
    await work.settle()
    assert "12 signatures matched: 12 taken out, 12 put back again</h1>" in (await client.get(first)).text
    row = r'data-label="Matched">{}</td>\s+<td class="figure" data-label="Taken out">{}</td>\s+'
    row += r'<td class="figure" data-label="Put back">{}</td>'
    listed = (await client.get(PAGE)).text
    assert re.search(row.format(12, 12, 12), listed) and re.search(row.format(12, 0, 0), listed)
