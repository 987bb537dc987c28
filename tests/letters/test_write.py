"""Writing to one's MP, from the postcode to the last yes."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

import front_door
import make
import work
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.letters.tables import Letter

SALFORD = "E14001459"


async def the_letter() -> Letter:
    """The one letter there is."""
    found = await front_door.row("SELECT id FROM letter")
    letter = await Letter.whole(found["id"])
    assert letter is not None
    return letter


async def letters_in(state: str) -> int:
    """How many letters stand at ``state``."""
    return await Letter.count().where(Letter.state == state)


async def test_a_postcode_finds_the_mp_and_opens_the_sheets(client: httpx.AsyncClient, campaign: Campaign) -> None:
    first = await client.get("/campaigns/light/write")
    sheets = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "bl9 0sw"})
    assert (first.status_code, sheets.status_code) == (200, 200)
    assert "Who is your MP?" in first.text
    assert "Write to Harriet Vale MP" in sheets.text
    assert "Why does this matter to you?" in sheets.text
    assert sheets.text.count('class="block__must"') == 2
    assert "I live in Bury North" in sheets.text


@pytest.mark.parametrize("postcode", ["", "nonsense", "BL9"])
async def test_a_bad_postcode_is_said_beside_its_field(
    client: httpx.AsyncClient, campaign: Campaign, postcode: str
) -> None:
    answer = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": postcode})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'id="postcode-error"' in answer.text


async def test_details_are_carried_over_from_the_signature(client: httpx.AsyncClient, campaign: Campaign) -> None:
    page = await front_door.counted(client, campaign, words="It is dark there.")
    token = page.text.partition("/campaigns/light/write?from=")[2].partition('"')[0]
    sheets = await client.get(f"/campaigns/light/write?from={token}")
    assert sheets.status_code == 200
    for known in ("Amina Rahman", "amina@example.org", "BL9 0SW", "It is dark there."):
        assert known in sheets.text
    await front_door.write(client, campaign, **{"from": token})
    assert (await the_letter()).signature == 1


async def test_a_signer_from_abroad_is_asked_for_a_postcode_without_reproach(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    page = await front_door.counted(client, campaign, country="FR", postcode="")
    token = page.text.partition("/campaigns/light/write?from=")[2].partition('"')[0]
    first = await client.get(f"/campaigns/light/write?from={token}")
    assert first.status_code == 200
    assert "Who is your MP?" in first.text
    assert "govuk-error" not in first.text


async def test_the_whole_way_from_the_words_to_the_queue(client: httpx.AsyncClient, campaign: Campaign) -> None:
    review = await front_door.write(client, campaign, keep_reply="yes")
    assert "Dear Ms Vale" in review.text
    assert f'<mark class="own">{front_door.OWN_WORDS}</mark>' in review.text
    assert "12 Clough Bank" in review.text
    assert (await the_letter()).state == "draft"
    sent = await front_door.press_send(client, campaign, review)
    assert sent.status_code == 303 and sent.headers["location"].startswith("/campaigns/light/write?sent=")
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    assert (await client.get(link)).status_code == 200
    assert (await the_letter()).state == "waiting"
    assert (await front_door.say_yes(client, link)).headers["location"] == link
    assert (await the_letter()).state == "ready"
    assert "In the queue" in (await client.get(link)).text


async def test_every_mistake_is_named_and_nothing_typed_is_lost(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    wrong = {"name": "=1+1", "email": "amina", "address": "", "postcode": ""}
    answer = await front_door.write(client, campaign, keep_reply="yes", **wrong)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    for field in wrong:
        assert f'id="{field}-error"' in answer.text
    assert front_door.OWN_WORDS in answer.text
    assert 'id="keep_reply" name="keep_reply" type="checkbox" value="yes" checked' in answer.text
    assert 'id="keep_pledge" name="keep_pledge" type="checkbox" value="yes" checked' not in answer.text
    assert await Letter.count() == 0


@pytest.mark.parametrize("address", ["", "   ", "Bury", "x" * 301])
async def test_an_address_is_required(client: httpx.AsyncClient, campaign: Campaign, address: str) -> None:
    answer = await front_door.write(client, campaign, address=address)
    assert answer.status_code == 422
    assert 'id="address-error"' in answer.text
    assert await Letter.count() == 0


async def test_a_constituency_far_from_the_postcode_is_refused(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await make.mp(SALFORD, "Salford", display_name="Sam Lark", full_title="Sam Lark MP")
    answer = await front_door.write(client, campaign, constituency=SALFORD)
    assert answer.status_code == 422
    assert "not near this postcode" in answer.text
    assert front_door.OWN_WORDS in answer.text
    assert await Letter.count() == 0


async def test_jersey_has_no_mp_whatever_the_form_says(client: httpx.AsyncClient, campaign: Campaign) -> None:
    shown = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "JE2 3XP"})
    assert "parliaments of their own" in shown.text
    answer = await front_door.write(client, campaign, postcode="JE2 3XP")
    assert answer.status_code == 422
    assert front_door.OWN_WORDS in answer.text
    assert await Letter.count() == 0


async def test_a_postcode_we_do_not_know_lets_its_owner_choose(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    asked = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "BFPO 61"})
    assert front_door.hidden(asked, "stage") == "choose"
    assert "Bury North" in asked.text
    review = await front_door.write(client, campaign, postcode="BFPO 61")
    assert review.status_code == 200
    assert (await the_letter()).constituency == make.BURY_NORTH


async def test_an_empty_seat_says_so_and_takes_no_letter(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await db.execute("UPDATE membership SET ended_on = current_date")
    shown = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "BL9 0SW"})
    assert "nobody to write to" in shown.text
    answer = await front_door.write(client, campaign)
    assert answer.status_code == 422
    assert await Letter.count() == 0


async def test_a_member_who_has_opted_out_is_not_written_to(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await db.execute("UPDATE representative SET contact = 'opted_out'")
    assert (await front_door.write(client, campaign)).status_code == 422
    assert await Letter.count() == 0


async def test_editing_replaces_the_draft_and_keeps_its_message_id(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await front_door.write(client, campaign, keep_reply="yes")
    token = front_door.hidden(review, "token")
    before = (await the_letter()).message_id
    sheets = await client.get(f"/campaigns/light/write?letter={token}")
    assert front_door.OWN_WORDS in sheets.text
    assert "12 Clough Bank\nBury" in sheets.text
    assert 'id="keep_reply" name="keep_reply" type="checkbox" value="yes" checked' in sheets.text
    again = await front_door.write(
        client, campaign, letter=front_door.hidden(sheets, "letter"), prompt_why="Twice."
    )
    assert "Twice." in again.text
    letter = await the_letter()
    assert (letter.message_id, letter.parts[1]) == (before, {"text": "Twice.", "own": True})


async def test_sending_twice_is_one_letter_and_one_question(client: httpx.AsyncClient, campaign: Campaign) -> None:
    review = await front_door.write(client, campaign)
    answers = await asyncio.gather(*(front_door.press_send(client, campaign, review) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    assert len(work.inbox("amina@example.org")) == 1
    read = {"read": front_door.hidden(await client.get(link), "read")}
    answers = await asyncio.gather(*(client.post(f"{link}/send", data=read) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert await letters_in("ready") == await Letter.count() == 1


async def test_a_letter_that_waits_can_be_edited_and_then_waits_for_its_new_words(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await front_door.write(client, campaign)
    token = front_door.hidden(review, "token")
    await front_door.press_send(client, campaign, review)
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    edited = await front_door.write(client, campaign, letter=token, prompt_why="Something else.")
    shown = await client.get(link, follow_redirects=True)
    assert "Something else." in shown.text, "the link of the first e-mail leads to the review of the new words"
    await client.post(f"{link}/send")
    assert await letters_in("draft") == await Letter.count() == 1
    await front_door.press_send(client, campaign, edited)
    await front_door.say_yes(client, link)
    assert await letters_in("ready") == await Letter.count() == 1


async def test_a_letter_that_is_confirmed_can_no_longer_be_edited(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await front_door.queued(client, campaign)
    token = tokens.issue("draft", 1)
    await front_door.write(client, campaign, letter=token, prompt_why="Something else.")
    first = await Letter.whole(1)
    assert first is not None
    assert (first.state, first.parts[1]["text"]) == ("ready", front_door.OWN_WORDS)


async def test_it_waits_seven_days_and_is_reminded_once(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign))
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    await front_door.time_passes()
    await work.settle()
    assert [("still waiting" in m["Subject"]) for m in work.inbox("amina@example.org")] == [False, True]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8), tick=True):
        late = await client.post(f"{link}/send")
    assert late.status_code == 422
    assert "waited seven days" in late.text
    assert await letters_in("waiting") == 1


async def test_whoever_has_answered_is_not_reminded(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await front_door.queued(client, campaign)
    await front_door.time_passes()
    await work.settle()
    assert len(work.inbox("amina@example.org")) == 1


@pytest.mark.parametrize("path", ["/letters/{}", "/letters/{}.pdf", "/campaigns/light/write?review={}"])
async def test_a_foreign_token_opens_no_letter(client: httpx.AsyncClient, campaign: Campaign, path: str) -> None:
    await front_door.write(client, campaign)
    for token in ("nonsense", tokens.issue("confirm", 1), tokens.issue("you", 1)):
        answer = await client.get(path.format(token))
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
        assert front_door.OWN_WORDS not in answer.text


async def test_a_draft_cannot_be_sent_with_the_link_that_reviews_it(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await front_door.write(client, campaign)
    answer = await client.post(f"/letters/{front_door.hidden(review, 'token')}/send")
    assert answer.status_code == 404
    assert await letters_in("draft") == 1


async def test_a_campaign_without_a_letter_or_closed_has_nothing_to_write(client: httpx.AsyncClient) -> None:
    for about in (await make.campaign(letter=""), await make.campaign(state="closed")):
        assert (await client.get(f"/campaigns/{about.slug}/write")).status_code == 404


async def test_html_in_a_letter_is_text_on_every_page(client: httpx.AsyncClient, campaign: Campaign) -> None:
    danger = "<script>alert(1)</script>"
    review = await front_door.write(client, campaign, prompt_why=danger, address=f"1 {danger} Road")
    sheets = await client.get(f"/campaigns/light/write?letter={front_door.hidden(review, 'token')}")
    for page in (review, sheets):
        assert page.status_code == 200
        assert danger not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


async def test_twenty_thousand_characters_are_the_most(client: httpx.AsyncClient, campaign: Campaign) -> None:
    answer = await front_door.write(client, campaign, prompt_why="word " * 4_001)
    assert answer.status_code == 422
    assert "at most 20,000 characters" in answer.text
    assert answer.text.count("word word") > 500
    assert 'id="prompt_why-error"' in answer.text
    assert await Letter.count() == 0


def _places(page: httpx.Response, names: list[str], mark: str) -> list[str]:
    """The names in the order in which they stand on the page, each in its ``mark``."""
    return sorted(names, key=lambda name: page.text.index(mark.format(name)))


async def test_mistakes_are_summed_up_in_the_order_of_the_page(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    wrong = ["postcode", "address", "email", "name"]
    page = await front_door.write(client, campaign, **dict.fromkeys(wrong, ""))
    assert _places(page, wrong, 'href="#{}"') == _places(page, wrong, ' id="{}"')
    assert _places(page, wrong, 'href="#{}"') == ["name", "email", "address", "postcode"]


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "", "address": ""},
        {"prompt_why": "x" * 21_000},
        {"name": "Harriet Vale"},
        {"postcode": "JE2 3XP"},
        {"constituency": "nowhere", "postcode": "x"},
    ],
)
async def test_every_line_of_the_summary_leads_to_something_on_the_page(
    client: httpx.AsyncClient, campaign: Campaign, typed: dict[str, str]
) -> None:
    page = await front_door.write(client, campaign, **typed)
    links = re.findall(r'<li><a href="#([^"]+)">', page.text)
    assert page.status_code == 422 and links
    for link in links:
        assert f' id="{link}"' in page.text, link


async def test_the_sheets_have_a_place_for_every_mistake_that_can_be_made(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    page = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "BL9 0SW"})
    for field in ("form", "name", "email", "address", "postcode", "reply_to", "constituency", "prompt_why"):
        assert page.text.count(f' id="{field}"') == 1, field
