"""My page: everything I signed and wrote, a copy to keep, and a way to leave."""

import httpx
import pytest

import front_door
import make
import work
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.signatures.tables import Tally
from undersigned.supporters import consents


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
    await make.chapter(campaign)
    await front_door.counted(client, campaign, email="owen@example.org", name="Owen Ellis")
    page = await front_door.counted(client, campaign, wants_updates="yes", chapter="bury")
    await front_door.queued(client, campaign)
    copy = await client.get(f"{await you(client, page)}.json")
    assert "attachment" in copy.headers["content-disposition"]
    held = copy.json()
    assert [row["name"] for row in held["signatures"]] == ["Amina Rahman"]
    assert held["signatures"][0]["postcode"] == "BL9 0SW"
    assert held["signatures"][0]["ip"] == "127.0.0.1"
    assert (held["signatures"][0]["chapter"], held["signatures"][0]["match"]) == ("Bury", "exact")
    assert not {"flags", "discounted_why", "shared_by"} & set(held["signatures"][0])
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
        assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?done=withdrawn")
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
        assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?done=no-news")
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


async def corrected(client: httpx.AsyncClient, address: str, name: str, signature: str = "1") -> httpx.Response:
    return await client.post(f"{address}/correct", data={"signature": signature, "name": name})


async def test_a_name_is_put_right_and_number_and_count_stay(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    address = await you(client, await front_door.counted(client, campaign, name="Amnia Rahman"))
    answer = await corrected(client, address, "  Amina   Rahman ")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?done=corrected")
    assert "Your name is put right." in (await client.get(answer.headers["location"])).text
    row = await front_door.row("SELECT name, name_key, number, confirmed_at FROM signature")
    assert (row["name"], row["name_key"], row["number"]) == ("Amina Rahman", "amina rahman", 1)
    assert row["confirmed_at"] is not None
    await front_door.sign(client, campaign)
    assert len(await db.fetch("SELECT id FROM signature")) == 1


async def test_a_name_is_put_right_before_it_is_confirmed(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign(), name="Amnia Rahman")
    address = f"/you/{tokens.issue('you', 1)}"
    assert (await corrected(client, address, "Amina Rahman")).status_code == 303
    await front_door.mailed_link("amina@example.org")
    (message,) = work.inbox("amina@example.org")
    assert "Dear Amina Rahman," in work.text_of(message)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Yusuf RAHMAN", "Somebody else has signed with this address under that name."),
        ("", "Enter your full name."),
        ("=SUM(A1)", "Enter your name as you would sign it."),
        ("Buy at www.example.org", "Enter your name without web addresses or symbols."),
    ],
)
async def test_a_name_that_cannot_be_is_said_beside_its_field_and_changes_nothing(
    client: httpx.AsyncClient, name: str, sentence: str
) -> None:
    campaign = await make.campaign()
    address = await you(client, await front_door.counted(client, campaign))
    await front_door.counted(client, campaign, name="Yusuf Rahman")
    answer = await corrected(client, address, name)
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert '<a href="#signature-1-name">' in answer.text and 'id="signature-1-name-error"' in answer.text
    rows = await db.fetch("SELECT name FROM signature ORDER BY id")
    assert [row["name"] for row in rows] == ["Amina Rahman", "Yusuf Rahman"]


async def test_a_name_is_shown_and_hidden_with_one_press(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    address = await you(client, await front_door.counted(client, campaign))
    for deed, done, there in (("show", "shown", True), ("hide", "hidden", False)):
        assert f'action="{address}/{deed}"' in (await client.get(address)).text
        answer = await client.post(f"{address}/{deed}", data={"signature": "1"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?done={done}")
        front_door.a_second_passes()
        assert ("Lately: Amina" in (await client.get(f"/campaigns/{campaign.slug}")).text) == there
    (agreed,) = await db.fetch(
        """SELECT text, withdrawn_at IS NULL AS stands FROM consent JOIN wording ON wording.id = consent.wording
           WHERE purpose = 'shown'"""
    )
    assert agreed == {"text": consents.TO_BE_SHOWN, "stands": False}


async def test_news_begins_with_the_words_that_were_agreed_to_and_ends_again(client: httpx.AsyncClient) -> None:
    address = await you(client, await front_door.counted(client, await make.campaign()))
    for _ in range(2):
        answer = await client.post(f"{address}/start-updates", data={"signature": "1"})
        assert answer.headers["location"] == f"{address}?done=news"
    sql = """SELECT text, withdrawn_at IS NULL AS stands FROM consent JOIN wording ON wording.id = consent.wording
             WHERE purpose = 'updates' ORDER BY consent.id"""
    assert await db.fetch(sql) == [{"text": consents.UPDATES, "stands": True}]
    await client.post(f"{address}/stop-updates", data={"signature": "1"})
    await client.post(f"{address}/start-updates", data={"signature": "1"})
    assert [row["stands"] for row in await db.fetch(sql)] == [False, True]
    assert (await front_door.row("SELECT wants_updates FROM signature"))["wants_updates"]


async def test_news_that_is_asked_for_before_confirming_is_agreed_to_by_confirming(
    client: httpx.AsyncClient,
) -> None:
    await front_door.sign(client, await make.campaign())
    await client.post(f"/you/{tokens.issue('you', 1)}/start-updates", data={"signature": "1"})
    assert await db.fetch("SELECT id FROM consent") == []
    await front_door.confirm(client)
    rows = await db.fetch("SELECT purpose FROM consent ORDER BY id")
    assert [row["purpose"] for row in rows] == ["sign", "updates"]


@pytest.mark.parametrize("deed", ["correct", "show", "hide", "start-updates", "stop-updates"])
async def test_nobody_changes_what_is_a_strangers_or_was_taken_off(client: httpx.AsyncClient, deed: str) -> None:
    campaign = await make.campaign()
    address = await you(client, await front_door.counted(client, campaign))
    await front_door.counted(client, campaign, email="owen@example.org", name="Owen Ellis")
    before = await db.fetch("SELECT * FROM signature WHERE id = 2")
    for signature in ("2", "99", "", "x"):
        answer = await client.post(f"{address}/{deed}", data={"signature": signature, "name": "Nobody Here"})
        assert answer.status_code == 404
    assert await db.fetch("SELECT * FROM signature WHERE id = 2") == before
    await client.post(f"{address}/withdraw", data={"signature": "1"})
    assert (await client.post(f"{address}/{deed}", data={"signature": "1", "name": "Me"})).status_code == 404
    assert (await client.get(f"{address}/{deed}")).status_code in {404, 405}


async def test_whoever_left_is_told_so_and_offered_to_sign_again(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    address = await you(client, await front_door.counted(client, campaign))
    answer = await client.post(f"{address}/withdraw", data={"signature": "1"})
    page = (await client.get(answer.headers["location"])).text
    assert "Your name is off" in page and "You took your name off on" in page
    assert 'href="/campaigns/light/sign"' in page
    assert f'action="{address}/correct"' not in page


async def test_the_page_says_how_many_one_has_brought_and_not_who(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    address = await you(client, await front_door.counted(client, campaign))
    assert "You have brought" not in (await client.get(address)).text
    share = tokens.issue("share", 1)
    for n in range(4):
        await front_door.counted(client, campaign, name="Owen Ellis", email=f"owen{n}@example.org", share=share)
    assert "You have brought" not in (await client.get(address)).text
    await front_door.counted(client, campaign, name="Owen Ellis", email="owen@example.org", share=share)
    page = (await client.get(address)).text
    assert "You have brought 5 people." in page and "Owen" not in page
    assert "r=" + share in page
    held = (await client.get(f"{address}.json")).json()["signatures"][0]
    assert held["brought"] == 5
    assert {"bucket", "source", "ip", "words_state"} <= set(held)
