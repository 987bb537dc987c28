"""Read once more, and off: at once for whoever has just shown their mailbox, for others after one more yes."""

import asyncio
import re

import httpx
import pytest

import front_door
import work
from letters.sheets import area, the_letter
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.letters import states


async def proven(client: httpx.AsyncClient, campaign: Campaign, **typed: str) -> httpx.Response:
    """The page to read once more, for Amina who has just confirmed her signature."""
    thanks = await front_door.counted(client, campaign)
    begun = {name: front_door.hidden(thanks, name) for name in ("stage", "from", "proof")}
    sheets = await client.post("/campaigns/light/write", data=begun)
    assert "amina@example.org" in sheets.text
    carried = {name: front_door.hidden(sheets, name) for name in ("from", "proof")}
    return await front_door.write(client, campaign, **(carried | typed))


async def press_send(client: httpx.AsyncClient, review: httpx.Response, proof: str = "") -> httpx.Response:
    """Send what was read once more, with the proof that stands on its page."""
    proof = proof or front_door.hidden(review, "proof")
    typed = {"stage": "send", "token": front_door.hidden(review, "token"), "proof": proof}
    return await client.post("/campaigns/light/write", data=typed)


async def test_whoever_confirmed_a_signature_today_is_not_asked_again(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await proven(client, campaign)
    assert "the letter is sent when you press the button" in review.text
    sent = await press_send(client, review)
    assert sent.status_code == 303 and sent.headers["location"].startswith("/letters/")
    assert (await the_letter()).state == "ready"
    assert "In the queue" in (await client.get(sent.headers["location"])).text
    await work.settle()
    told = work.inbox("amina@example.org")[-1]
    assert "is in the queue" in told["Subject"]
    assert front_door.OWN_WORDS in work.text_of(told).replace("\n", " ")
    assert work.link_in(told, "/letters/") == sent.headers["location"]


async def test_pressing_twice_sends_one_letter_and_one_copy(client: httpx.AsyncClient, campaign: Campaign) -> None:
    review = await proven(client, campaign)
    answers = await asyncio.gather(*(press_send(client, review) for _ in range(5)))
    assert answers[0].status_code in {200, 303}
    assert await db.fetch("SELECT count(*) AS n FROM mail WHERE kind = 'letter_off'") == [{"n": 1}]
    late = await press_send(client, review)
    assert late.status_code == 200 and "This letter is on its way" in late.text


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE signature SET confirmed_at = now() - interval '24 hours 1 minute'",
        "UPDATE signature SET withdrawn_at = now()",
        "UPDATE signature SET email_key = 'owen@example.org'",
        "UPDATE signature SET confirmed_at = NULL",
    ],
)
async def test_a_proof_that_no_longer_holds_asks_by_e_mail(
    client: httpx.AsyncClient, campaign: Campaign, change: str
) -> None:
    review = await proven(client, campaign)
    await db.execute(change)
    sent = await press_send(client, review)
    assert sent.headers["location"].startswith("/campaigns/light/write?sent=")
    assert (await the_letter()).state == "waiting"


async def test_another_address_is_asked_by_e_mail(client: httpx.AsyncClient, campaign: Campaign) -> None:
    review = await proven(client, campaign, email="owen@example.org")
    assert 'name="proof"' not in review.text and "to check that it is you" in review.text
    await front_door.press_send(client, campaign, review)
    assert (await the_letter()).state == "waiting"


async def test_a_forged_proof_proves_nothing(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await front_door.counted(client, campaign)
    for proof in ("nonsense", tokens.issue("carry", 1), tokens.issue("mailbox", 999)):
        review = await front_door.write(client, campaign, proof=proof)
        assert 'name="proof"' not in review.text
        await press_send(client, review, proof)
    assert {row["state"] for row in await db.fetch("SELECT state FROM letter")} == {"waiting"}


async def test_the_proof_stands_in_no_address_and_survives_an_edit(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await proven(client, campaign)
    proof = front_door.hidden(review, "proof")
    assert proof not in str(review.url) and f"={proof}" not in review.text
    link = await client.get(f"/campaigns/light/write?review={front_door.hidden(review, 'token')}")
    assert 'name="proof"' not in link.text, "whoever is given the link has not shown the mailbox"
    typed = {"press": "edit", "token": front_door.hidden(review, "token"), "proof": proof}
    sheets = await client.post("/campaigns/light/write", data=typed)
    assert area(sheets, "prompt_why") == front_door.OWN_WORDS and front_door.hidden(sheets, "proof") == proof
    assert front_door.hidden(sheets, "letter") == front_door.hidden(review, "token")


async def test_without_the_forms_proof_the_link_alone_asks_by_e_mail(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await front_door.press_send(client, campaign, await proven(client, campaign))
    assert (await the_letter()).state == "waiting"


async def test_the_e_mail_holds_the_whole_letter_and_looking_sends_nothing(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign, keep_reply="yes"))
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    text = " ".join(work.text_of(work.inbox("amina@example.org")[-1]).split())
    for part in ("Dear Ms Vale", front_door.OWN_WORDS, "I would welcome a reply", "12 Clough Bank", "BL9 0SW"):
        assert part in text, part
    for _ in range(3):
        page = await client.get(link)
    assert front_door.OWN_WORDS in page.text and "12 Clough Bank" in page.text
    assert (await the_letter()).state == "waiting"


async def test_what_changed_while_it_was_read_is_shown_and_not_sent(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await front_door.write(client, campaign)
    await front_door.press_send(client, campaign, review)
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    read = front_door.hidden(await client.get(link), "read")
    edited = await front_door.write(
        client, campaign, letter=front_door.hidden(review, "token"), prompt_why="Something that she never read."
    )
    await front_door.press_send(client, campaign, edited)
    answer = await client.post(f"{link}/send", data={"read": read}, follow_redirects=True)
    assert "changed while you were reading it" in answer.text and "Something that she never read." in answer.text
    assert (await the_letter()).state == "waiting"
    await client.post(f"{link}/send", data={"read": front_door.hidden(answer, "read")})
    assert (await the_letter()).state == "ready"


async def test_a_link_that_is_too_old_says_what_has_become_of_the_letter(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign))
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    await db.execute("UPDATE letter SET created_at = now() - interval '7 days 1 minute'")
    page = await client.get(link)
    assert page.status_code == 410 and "has been put away" in page.text and "Write a new letter" in page.text
    assert (await client.post(f"{link}/send")).status_code == 422
    await db.execute("DELETE FROM letter")
    assert (await client.get(link)).status_code == 404


async def test_a_letter_that_was_sent_is_not_read_once_more(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await front_door.queued(client, campaign)
    for where in ("review", "letter"):
        page = await client.get(f"/campaigns/light/write?{where}={tokens.issue('draft', 1)}")
        assert page.status_code == 200 and "This letter is on its way" in page.text
        assert front_door.OWN_WORDS not in page.text


@pytest.mark.parametrize(
    ("state", "title"),
    [("held", "A person looks at this letter first"), ("failed", "This letter could not be delivered")],
)
async def test_a_letter_that_did_not_go_is_not_said_to_be_on_its_way(
    client: httpx.AsyncClient, campaign: Campaign, state: str, title: str
) -> None:
    await front_door.queued(client, campaign)
    await db.execute("UPDATE letter SET state = $1", state)
    page = await client.get(f"/campaigns/light/write?review={tokens.issue('draft', 1)}")
    assert title in page.text and "can no longer be changed" in page.text and "on its way" not in page.text


async def test_a_letter_for_paper_that_is_held_for_another_reason_says_that_reason(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await db.execute("UPDATE representative SET contact = 'post', email = ''")
    link = await front_door.queued(client, campaign)
    assert "It goes on paper." in (await client.get(link)).text
    why = "Somebody else speaks for your constituency now."
    for reason, paper in ((states.BY_POST, True), (why, False)):
        await db.execute("UPDATE letter SET state = 'held', reason = $1", reason)
        page = (await client.get(link)).text
        assert ("It goes on paper." in page, reason in page and "A person looks at it first." in page) == (
            paper,
            not paper,
        )


async def test_the_page_after_sending_names_the_address_and_lets_it_be_put_right(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await front_door.write(client, campaign, email="amina@exmaple.org")
    sent = await front_door.press_send(client, campaign, review)
    assert "amina" not in sent.headers["location"]
    page = await client.get(sent.headers["location"])
    assert "<strong>amina@exmaple.org</strong>" in page.text and "Harriet Vale MP" in page.text
    found = re.search(r'href="([^"]+)">put the address right', page.text)
    assert found
    assert "amina@exmaple.org" in (await client.get(found[1])).text


async def test_a_copy_of_a_letter_that_is_held_does_not_say_that_it_is_in_the_queue(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    words = " ".join(f"word{n}" for n in range(30))
    await front_door.queued(client, campaign, name="Owen Pugh", email="owen@example.org", prompt_why=words)
    await press_send(client, await proven(client, campaign, prompt_why=words))
    assert (await front_door.row("SELECT state FROM letter WHERE id = 2")) == {"state": "held"}
    await work.settle()
    told = work.inbox("amina@example.org")[-1]
    assert told["Subject"] == "We have your letter to Harriet Vale MP"
    assert "has not gone to Harriet Vale MP yet" in work.text_of(told)
    assert "in the queue" not in work.text_of(told)


async def test_every_letter_that_is_confirmed_can_be_printed_and_says_how_to_post_it(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    link = await front_door.queued(client, campaign)
    for state in ("ready", "sending", "sent", "settled", "held", "failed"):
        await db.execute("UPDATE letter SET state = $1", state)
        page = await client.get(link)
        assert "Print it yourself" in page.text and "House of Commons" in page.text, state
        assert "Sign it by hand" in page.text and "stamp" in page.text and "surgery" in page.text
        pdf = await client.get(f"{link}.pdf")
        assert pdf.headers["content-type"] == "application/pdf" and pdf.content.startswith(b"%PDF-")


async def test_a_letter_whose_text_has_gone_prints_nothing(client: httpx.AsyncClient, campaign: Campaign) -> None:
    link = await front_door.queued(client, campaign)
    await db.execute("UPDATE letter SET state = 'scrubbed', paragraphs = '[]'")
    page, pdf = await client.get(link), await client.get(f"{link}.pdf")
    assert "Print it yourself" not in page.text
    assert pdf.status_code == 404 and "28 days after it was sent" in pdf.text


async def test_an_mp_who_is_reached_by_post_is_explained_before_it_is_sent(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await db.execute("UPDATE representative SET contact = 'post', email = ''")
    review = await front_door.write(client, campaign)
    assert "is reached by post" in review.text
