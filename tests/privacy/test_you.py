"""My page: everything I signed and wrote, a copy to keep, and a way to leave."""

import httpx
import pytest

import front_door
import make
import work
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.signatures.tables import Tally


async def you(client: httpx.AsyncClient, page: httpx.Response) -> str:
    """The address of the page that the page of thanks names."""
    return "/you/" + page.text.partition('href="/you/')[2].partition('"')[0]


async def test_the_page_shows_what_one_person_signed_and_wrote(client: httpx.AsyncClient) -> None:
    await make.mp()
    light, bench = await make.campaign(title="A light"), await make.campaign(title="A bench")
    await front_door.counted(client, bench, email="owen@example.org", name="Owen Ellis")
    page = await front_door.counted(client, light)
    await front_door.queued(client, light)
    mine = await client.get(await you(client, page))
    assert mine.status_code == 200
    assert mine.headers["cache-control"] == "no-store"
    assert mine.headers["referrer-policy"] == "no-referrer"
    assert "A light" in mine.text
    assert "To Harriet Vale MP: A light" in mine.text
    assert "A bench" not in mine.text
    assert "Owen" not in mine.text


async def test_a_copy_holds_everything_and_nobody_elses(client: httpx.AsyncClient) -> None:
    await make.mp()
    campaign = await make.campaign()
    await front_door.counted(client, campaign, email="owen@example.org", name="Owen Ellis")
    page = await front_door.counted(client, campaign, wants_updates="yes")
    await front_door.queued(client, campaign)
    copy = await client.get(f"{await you(client, page)}.json")
    assert "attachment" in copy.headers["content-disposition"]
    held = copy.json()
    assert [row["name"] for row in held["signatures"]] == ["Amina Rahman"]
    assert held["signatures"][0]["postcode"] == "BL9 0SW"
    assert front_door.OWN_WORDS in str(held["letters"])
    assert [row["purpose"] for row in held["consents"]] == ["sign", "updates"]
    assert "Owen" not in copy.text


async def test_taking_a_name_off_lowers_every_total_once(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await make.chapter(campaign)
    page = await front_door.counted(client, campaign, chapter="bury")
    await front_door.counted(client, campaign, email="owen@example.org", name="Owen Ellis", chapter="bury")
    address = await you(client, page)
    for _ in range(2):
        answer = await client.post(f"{address}/withdraw", data={"signature": "1"})
        assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert "You took your name off" in (await client.get(address)).text
    row = await front_door.row("SELECT signature_count, last_number FROM campaign")
    assert (row["signature_count"], row["last_number"]) == (1, 2)
    assert (await front_door.row("SELECT signature_count AS n FROM chapter"))["n"] == 1
    for kind in ("country", "constituency", "chapter", "confirmed"):
        assert sum((await Tally.of(campaign.id, kind)).values()) == 1
    withdrawn = await db.fetch("SELECT * FROM consent WHERE withdrawn_at IS NOT NULL")
    assert len(withdrawn) == 1


async def test_a_name_that_was_never_counted_lowers_nothing(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.sign(client, campaign)
    await client.post(f"/you/{tokens.issue('you', 1)}/withdraw", data={"signature": "1"})
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 0
    assert await Tally.of(campaign.id, "country") == {}


@pytest.mark.parametrize("signature", ["2", "", "x", "²", "٣", "-1", "9" * 40, "1 OR 1=1"])
async def test_nobody_takes_off_a_strangers_name(client: httpx.AsyncClient, signature: str) -> None:
    campaign = await make.campaign()
    page = await front_door.counted(client, campaign)
    await front_door.counted(client, campaign, email="owen@example.org", name="Owen Ellis")
    answer = await client.post(f"{await you(client, page)}/withdraw", data={"signature": signature})
    assert answer.status_code == 404
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 2


async def test_a_foreign_token_opens_nobodys_page(client: httpx.AsyncClient) -> None:
    await front_door.counted(client, await make.campaign())
    for token in ("nonsense", tokens.issue("confirm", 1), tokens.issue("you", 99)):
        for path in (f"/you/{token}", f"/you/{token}.json"):
            answer = await client.get(path)
            assert answer.status_code == 404
            assert "amina@example.org" not in answer.text
        for deed in ("withdraw", "erase"):
            assert (await client.post(f"/you/{token}/{deed}")).status_code == 404
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1


async def test_looking_never_erases_or_withdraws(client: httpx.AsyncClient) -> None:
    address = await you(client, await front_door.counted(client, await make.campaign()))
    for deed in ("withdraw", "erase"):
        assert (await client.get(f"{address}/{deed}")).status_code in {404, 405}
    assert len(await db.fetch("SELECT * FROM signature")) == 1


async def test_one_of_a_household_leaves_and_what_the_other_agreed_to_stands(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    page = await front_door.counted(client, campaign, wants_updates="yes")
    await front_door.counted(client, campaign, name="Yusuf Rahman", wants_updates="yes")
    address = await you(client, page)
    shown = (await client.get(address)).text
    assert "Everything signed and written with this address" in shown
    assert "Amina Rahman" in shown and "Yusuf Rahman" in shown
    await client.post(f"{address}/withdraw", data={"signature": "1"})
    rows = await db.fetch("SELECT signature_id, withdrawn_at IS NULL AS stands FROM consent ORDER BY id")
    assert [(row["signature_id"], row["stands"]) for row in rows] == [(1, False), (1, False), (2, True), (2, True)]


async def test_news_stops_with_one_press_and_the_name_stays(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    page = await front_door.counted(client, campaign, wants_updates="yes")
    address = await you(client, page)
    assert f'action="{address}/stop-updates"' in (await client.get(address)).text
    for _ in range(2):
        answer = await client.post(f"{address}/stop-updates", data={"signature": "1"})
        assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert "stop-updates" not in (await client.get(address)).text
    assert not (await front_door.row("SELECT wants_updates FROM signature"))["wants_updates"]
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1
    withdrawn = await db.fetch("SELECT purpose FROM consent WHERE withdrawn_at IS NOT NULL")
    assert withdrawn == [{"purpose": "updates"}]


async def test_nobody_stops_a_strangers_news(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    page = await front_door.counted(client, campaign)
    await front_door.counted(client, campaign, email="owen@example.org", name="Owen Ellis", wants_updates="yes")
    answer = await client.post(f"{await you(client, page)}/stop-updates", data={"signature": "2"})
    assert answer.status_code == 404
    assert (await front_door.row("SELECT wants_updates FROM signature WHERE id = 2"))["wants_updates"]


async def test_a_copy_holds_mail_attempts_answers_and_every_wording(client: httpx.AsyncClient) -> None:
    await make.mp()
    campaign = await make.campaign(interest='{"wording": "Tell me of dates.", "regions": ["North"]}')
    page = await front_door.counted(client, campaign)
    await front_door.queued(client, campaign)
    await work.settle()
    told = {"name": "Amina Rahman", "email": "amina@example.org", "region": "North"}
    await client.post(f"/campaigns/{campaign.slug}/interest", data=told)
    held = (await client.get(f"{await you(client, page)}.json")).json()
    assert [row["wording"] for row in held["interests"]] == ["Tell me of dates."]
    (letter,) = held["letters"]
    assert letter["answers"] == {"why": front_door.OWN_WORDS}
    assert "Harriet Vale MP" in letter["wording"]
    assert [row["letter"] for row in held["deliveries"]] == [letter["id"]]
    kinds = {row["kind"]: row["sent_at"] for row in held["mail"]}
    assert kinds["confirmation"] and kinds["letter_confirmation"]
    assert kinds["letter_reminder"] is None
