"""My page: everything I signed and wrote, a copy to keep, and a way to leave."""

import httpx
import pytest

import front_door
import make
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
