"""A letter that is begun on a bus and finished at home: kept for its writer, and for nobody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

import front_door
import make
import work
from letters.sheets import area, kept, press, the_letter
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.letters import leftover
from undersigned.letters.tables import Letter
from undersigned.privacy import forgetting, holdings

KEEP = "/campaigns/light/write"


async def autosave(client: httpx.AsyncClient, **typed: str) -> dict[str, Any]:
    """What the script does after a few seconds of quiet."""
    answer = await client.post(KEEP, data=front_door.writing(**typed) | {"stage": "keep", "kept": "yes"})
    assert answer.status_code == 201 or answer.status_code == 200, answer.text
    saved: dict[str, Any] = answer.json()
    return saved


async def test_what_is_typed_is_kept_as_it_is_right_or_wrong(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    half = {"name": "", "email": "amina@", "address": "12 C", "postcode": "BL", "prompt_why": "It is d"}
    saved = await autosave(client, **half, keep_pledge="yes", edit_pledge="In my words.")
    page = await client.get(f"{KEEP}?letter={saved['letter']}")
    assert page.status_code == 200
    assert area(page, "prompt_why") == "It is d" and area(page, "edit_pledge") == "In my words."
    assert 'value="amina@"' in page.text and area(page, "address") == "12 C"
    assert (kept(page, "pledge"), kept(page, "reply")) == (True, False)
    assert "govuk-error" not in page.text


async def test_one_letter_is_one_draft_however_often_it_is_saved(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    saved = await autosave(client, prompt_why="One.")
    for words in ("One two.", "One two three."):
        saved = await autosave(client, prompt_why=words, letter=saved["letter"])
    assert await Letter.count() == 1
    assert saved["own_share"] > 0
    await front_door.write(client, campaign, letter=saved["letter"], prompt_why="One two three four.")
    letter = await the_letter()
    assert letter.parts[1]["text"] == "One two three four."


async def test_a_signer_who_begins_again_goes_on_with_the_same_draft(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    page = await front_door.counted(client, campaign)
    carried = page.text.partition("/campaigns/light/write?from=")[2].partition('"')[0]
    await autosave(client, prompt_why="One.", **{"from": carried})
    await autosave(client, prompt_why="Two.", **{"from": carried})
    assert (await the_letter()).given_answers["why"] == "Two."


async def test_whoever_knows_only_an_address_neither_reads_nor_replaces_a_draft(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    hers = await autosave(client, prompt_why="What only I know.")
    theirs = await autosave(client, prompt_why="What somebody else put there.")
    assert await Letter.count() == 2
    mine = await client.get(f"{KEEP}?letter={hers['letter']}")
    other = await client.get(f"{KEEP}?letter={theirs['letter']}")
    assert area(mine, "prompt_why") == "What only I know."
    assert "What only I know." not in other.text


async def test_the_drafts_of_whoever_confirms_are_gone_with_it(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await autosave(client, prompt_why="An earlier try.")
    kept_one = await autosave(client, prompt_why="Somebody else's.", email="owen@example.org")
    await front_door.queued(client, campaign)
    rows = await db.fetch("SELECT state, email FROM letter ORDER BY id")
    assert [(row["state"], row["email"]) for row in rows] == [
        ("draft", "owen@example.org"), ("ready", "amina@example.org")]  # fmt: skip
    assert kept_one["letter"]


async def test_an_unfinished_letter_cannot_be_sent_or_printed(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await front_door.write(client, campaign)
    token = front_door.hidden(review, "token")
    await autosave(client, letter=token, address="")
    sent = await front_door.press_send(client, campaign, review)
    assert sent.headers["location"].startswith(f"{KEEP}?letter=")
    assert (await the_letter()).state == "draft"
    assert (await client.get(f"/letters/{token}.pdf")).status_code == 404
    shown = await client.get(f"{KEEP}?review={token}")
    assert "First, your own words" in shown.text


async def test_save_and_go_on_later_mails_the_link_and_says_so(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    page = await press(client, campaign, "save", address="")
    assert page.status_code == 200
    assert "Your letter is saved." in page.text and "We have mailed you the link" in page.text
    assert area(page, "prompt_why") == front_door.OWN_WORDS
    link = await front_door.mailed_link("amina@example.org", "/campaigns/light/write")
    assert area(await client.get(link), "prompt_why") == front_door.OWN_WORDS
    assert "amina" not in link.lower()
    assert "have begun" in work.inbox("amina@example.org")[-1]["Subject"]


async def test_without_an_address_the_pages_own_is_the_link(client: httpx.AsyncClient, campaign: Campaign) -> None:
    page = await press(client, campaign, "save", email="")
    assert "This page’s address is the link" in page.text
    assert "letter=" in str(page.url)
    assert await db.fetch("SELECT 1 FROM mail") == []


async def test_a_mailbox_is_not_filled_with_links(client: httpx.AsyncClient, campaign: Campaign) -> None:
    for _ in range(6):
        assert (await press(client, campaign, "save")).status_code == 200
    assert len(await db.fetch("SELECT 1 FROM mail")) == 3


async def test_the_e_mail_that_asks_for_the_last_yes_leads_back_to_the_sheets(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign, prompt_hope="A light."))
    link = await front_door.mailed_link("amina@example.org", "/campaigns/light/write")
    page = await client.get(link)
    assert (area(page, "prompt_why"), area(page, "prompt_hope")) == (front_door.OWN_WORDS, "A light.")
    assert (await the_letter()).state == "waiting", "looking changes nothing"


async def test_a_letter_that_is_on_its_way_is_not_saved_over(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await front_door.queued(client, campaign)
    answer = await client.post(
        KEEP, data=front_door.writing(prompt_why="Late.", letter=tokens.issue("draft", 1)) | {"stage": "keep"}
    )
    assert answer.status_code == 404
    assert await Letter.count() == 1
    assert (await the_letter()).given_answers["why"] == front_door.OWN_WORDS


async def test_a_draft_can_be_thrown_away(client: httpx.AsyncClient, campaign: Campaign) -> None:
    saved = await autosave(client)
    gone = await press(client, campaign, "throw-away", letter=saved["letter"])
    assert "Your letter is gone" in gone.text
    assert await Letter.count() == 0
    again = await client.get(f"{KEEP}?letter={saved['letter']}")
    assert again.status_code == 410 and "no longer here" in again.text


async def test_nothing_but_a_draft_can_be_thrown_away(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await front_door.queued(client, campaign)
    other = await make.campaign(slug="other")
    saved = await client.post("/campaigns/other/write", data=front_door.writing() | {"stage": "keep"})
    await press(client, campaign, "throw-away", letter=tokens.issue("draft", 1))
    await press(client, campaign, "throw-away", letter=saved.json()["letter"])
    assert await Letter.count() == 2, other.slug


async def test_a_draft_is_forgotten_seven_days_after_its_last_change(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    saved = await autosave(client)
    await db.execute("UPDATE letter SET created_at = now() - interval '6 days'")
    await autosave(client, letter=saved["letter"])
    assert datetime.now(UTC) - (await the_letter()).created_at < timedelta(minutes=1)
    await db.execute("UPDATE letter SET created_at = now() - interval '7 days 1 minute'")
    assert await forgetting.drop_unfinished_letters() == 1


async def test_drafts_are_exported_and_erased_with_the_rest(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await autosave(client, keep_pledge="yes", edit_pledge="In my own words.")
    held = await holdings.of("amina@example.org")
    assert held["letters"][0]["edits"] == {"pledge": "In my own words."}
    assert held["letters"][0]["answers"]["why"] == front_door.OWN_WORDS
    await holdings.erase("amina@example.org")
    assert await Letter.count() == 0


@pytest.mark.parametrize(
    "typed", [{"constituency": "", "postcode": ""}, {"constituency": "nowhere", "postcode": "x"}]
)
async def test_a_letter_to_nobody_is_not_kept(
    client: httpx.AsyncClient, campaign: Campaign, typed: dict[str, str]
) -> None:
    answer = await client.post(KEEP, data=front_door.writing(**typed) | {"stage": "keep"})
    assert answer.status_code == 422
    assert await Letter.count() == 0


async def test_a_vast_draft_is_kept_in_bounds(client: httpx.AsyncClient, campaign: Campaign) -> None:
    vast = dict.fromkeys(("name", "email", "address", "postcode", "prompt_why", "prompt_forged"), "x" * 24000)
    await autosave(client, **vast)
    letter = await the_letter()
    assert (len(letter.name), len(letter.address)) == (100, 300)
    assert set(letter.given_answers) == {"why", "forged"}
    await autosave(client, **{f"prompt_forged-{number}": "x" for number in range(40)})
    newest = await Letter.objects().order_by(Letter.id, ascending=False).first()
    assert newest is not None and len(newest.given_answers) == 1 + leftover.MOST


async def test_what_a_page_keeps_by_itself_does_not_undo_a_letter_that_waits(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await front_door.write(client, campaign)
    await front_door.press_send(client, campaign, review)
    late = front_door.writing(prompt_why="Late.", letter=front_door.hidden(review, "token")) | {"stage": "keep"}
    assert (await client.post(KEEP, data=late)).status_code == 404
    letter = await the_letter()
    assert letter.state == "waiting" and letter.given_answers["why"] == front_door.OWN_WORDS


async def test_a_letter_that_is_on_its_way_is_not_written_a_second_time(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await front_door.queued(client, campaign)
    for typed in ({}, {"press": "save", "kept": "yes"}):
        page = await client.post(KEEP, data=front_door.writing(letter=tokens.issue("draft", 1)) | typed)
        assert page.status_code == 200 and "This letter is on its way" in page.text
    assert await Letter.count() == 1


async def test_the_page_after_signing_opens_the_letter_that_was_begun_from_it(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    thanks = await front_door.counted(client, campaign)
    carried = thanks.text.partition("/campaigns/light/write?from=")[2].partition('"')[0]
    fresh = await client.get(f"{KEEP}?from={carried}")
    assert area(fresh, "prompt_why") == ""
    saved = await autosave(client, prompt_why="What I began.", **{"from": carried})
    for state in ("draft", "waiting"):
        await db.execute("UPDATE letter SET state = $1", state)
        begun = {"stage": "begin", "from": carried, "proof": front_door.hidden(thanks, "proof")}
        for page in (await client.get(f"{KEEP}?from={carried}"), await client.post(KEEP, data=begun)):
            assert area(page, "prompt_why") == "What I began." and area(page, "address") == "12 Clough Bank\nBury"
            assert front_door.hidden(page, "letter") == saved["letter"]
            assert front_door.hidden(page, "from") == carried
    await db.execute("UPDATE letter SET state = 'sent'")
    assert area(await client.get(f"{KEEP}?from={carried}"), "prompt_why") == ""
