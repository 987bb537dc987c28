"""Read once more, and off: at once for whoever has just shown their mailbox, for others after one more yes."""

import asyncio
import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine

import front_door
import make
import work
from letters.sheets import area, the_letter
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import pdf, tokens
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


@pytest.mark.parametrize("at_once", [False, True])
async def test_the_e_mail_to_the_writer_has_the_subject_line_of_the_letter(
    client: httpx.AsyncClient, campaign: Campaign, at_once: bool
) -> None:
    review = await proven(client, campaign)
    await (press_send(client, review) if at_once else front_door.press_send(client, campaign, review))
    await work.settle()
    letter = await the_letter()
    told = work.inbox("amina@example.org")[-1]
    rich = told.get_body(("html",))
    assert rich is not None
    for text in (work.text_of(told), html.unescape(rich.get_content())):
        before, _, after = text.partition(f"Subject: {letter.subject}")
        assert "Dear Ms Vale" in after and "Dear Ms Vale" not in before


NO_TYPE = "\U0010fffd"
"""No font has it, for nothing is written there."""


@pytest.mark.parametrize(
    ("contact", "said"), [("email", "has everything as you typed it"), ("post", "in Latin letters as well")]
)
async def test_what_cannot_be_printed_is_said_before_the_letter_goes(
    client: httpx.AsyncClient, campaign: Campaign, contact: str, said: str
) -> None:
    await db.execute("UPDATE representative SET contact = $1", contact)
    plain = await front_door.write(client, campaign)
    assert "cannot be printed here" not in plain.text
    review = await front_door.write(client, campaign, prompt_why=f"My friend writes {NO_TYPE} for it.")
    assert "Some of it cannot be printed here." in review.text and said in review.text
    assert f'<span class="own">{NO_TYPE}</span>' in review.text and "U+10FFFD" not in review.text
    assert f"My friend writes {NO_TYPE} for it." in review.text, "the page itself loses nothing"
    await front_door.press_send(client, campaign, review)
    assert (await front_door.row("SELECT count(*) AS n FROM letter WHERE state = 'waiting'"))["n"] == 1


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
    assert page.status_code == 410 and "no longer here" in page.text and "Write a new letter" in page.text
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


async def test_a_link_that_was_mailed_never_sends_a_letter_in_another_address(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    mine = await front_door.write(client, campaign, email="mallory@example.org")
    await front_door.press_send(client, campaign, mine)
    link = await front_door.mailed_link("mallory@example.org", "/letters/")
    hers = await front_door.write(client, campaign, letter=front_door.hidden(mine, "token"))
    await front_door.press_send(client, campaign, hers)
    assert (await client.get(link)).status_code == 404
    assert (await client.post(f"{link}/send")).status_code == 404
    assert (await the_letter()).state == "waiting"
    assert await front_door.mailed_link("amina@example.org", "/letters/") != link


async def test_a_link_that_was_mailed_stays_dead_after_half_an_address_was_kept(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    mine = await front_door.write(client, campaign, email="mallory@example.org")
    await front_door.press_send(client, campaign, mine)
    link = await front_door.mailed_link("mallory@example.org", "/letters/")
    token = front_door.hidden(mine, "token")
    for email in ("mallory@example.org", "amina@"):
        typed = front_door.writing(letter=token, email=email) | {"press": "save", "kept": "yes"}
        saved = await client.post("/campaigns/light/write", data=typed)
        token = saved.headers["location"].partition("letter=")[2].partition("&")[0]
    hers = await front_door.write(client, campaign, letter=token)
    await front_door.press_send(client, campaign, hers)
    assert (await client.post(f"{link}/send")).status_code == 404
    assert (await the_letter()).state == "waiting"


async def test_a_corrected_address_is_asked_and_the_old_one_hears_no_more(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    mistyped = await front_door.write(client, campaign, email="owen@example.org")
    await front_door.press_send(client, campaign, mistyped)
    await work.settle()
    corrected = await front_door.write(client, campaign, letter=front_door.hidden(mistyped, "token"))
    await front_door.press_send(client, campaign, corrected)
    await work.settle()
    await front_door.time_passes()
    await work.settle()
    assert len(work.inbox("owen@example.org")) == 1
    assert ["still waiting" in mail["Subject"] for mail in work.inbox("amina@example.org")] == [False, True]


async def test_mail_that_was_owed_to_an_earlier_address_is_not_sent(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign))
    await db.execute("UPDATE letter SET email = 'owen@example.org'")
    await work.settle()
    assert work.inbox("amina@example.org") == []
    assert {
        row["last_answer"] for row in await db.fetch("SELECT last_answer FROM mail WHERE dead_at IS NOT NULL")
    } == {"Nothing left to say."}


async def test_a_letter_is_reminded_once_however_often_it_is_changed(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await front_door.write(client, campaign)
    for words in ("Once.", "Twice.", "Three times."):
        review = await front_door.write(
            client, campaign, letter=front_door.hidden(review, "token"), prompt_why=words
        )
        await front_door.press_send(client, campaign, review)
        await work.settle()
        await front_door.time_passes()
        await work.settle()
    subjects = [mail["Subject"] for mail in work.inbox("amina@example.org")]
    assert len([subject for subject in subjects if "still waiting" in subject]) == 1


async def test_the_seven_days_begin_when_the_question_is_asked(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await front_door.write(client, campaign)
    await db.execute("UPDATE letter SET created_at = now() - interval '6 days 23 hours'")
    await front_door.press_send(client, campaign, review)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=6), tick=True):
        link = await front_door.mailed_link("amina@example.org", "/letters/")
        assert (await client.get(link)).status_code == 200


async def test_a_mailbox_is_not_filled_with_questions(client: httpx.AsyncClient, campaign: Campaign) -> None:
    for n in range(6):
        sent = await front_door.press_send(
            client, campaign, await front_door.write(client, campaign, prompt_why=f"Letter {n}.")
        )
        assert sent.status_code == (303 if n < 5 else 429)
    assert "Look into its mailbox" in sent.text
    assert len(await db.fetch("SELECT 1 FROM mail WHERE kind = 'letter_confirmation'")) == 5
    other = await front_door.write(client, campaign, email="owen@example.org")
    assert (await front_door.press_send(client, campaign, other)).status_code == 303


async def test_of_two_letters_that_wait_one_is_sent_even_when_both_are_pressed_at_once(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    links = []
    for words in ("The first.", "The second."):
        await front_door.press_send(client, campaign, await front_door.write(client, campaign, prompt_why=words))
        links.append(await front_door.mailed_link("amina@example.org", "/letters/"))
    pages = [await client.get(link) for link in links]
    answers = await asyncio.gather(
        *(
            client.post(f"{link}/send", data={"read": front_door.hidden(page, "read")})
            for link, page in zip(links, pages, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [303, 404]
    assert (await the_letter()).state == "ready"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("state = 'closed', closes_at = now() - interval '25 hours'", "closed more than a day ago"),
        ("state = 'removed'", "was taken down"),
        ("state = 'rejected'", "was taken down"),
    ],
)
async def test_a_letter_is_not_confirmed_once_its_campaign_is_over(
    client: httpx.AsyncClient, campaign: Campaign, change: str, sentence: str
) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign))
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    read = {"read": front_door.hidden(await client.get(link), "read")}
    await db.execute(f"UPDATE campaign SET {change}")
    answer = await client.post(f"{link}/send", data=read)
    assert answer.status_code == 422 and sentence in answer.text
    assert (await the_letter()).state == "waiting"
    await front_door.time_passes()
    await work.settle()
    assert len(work.inbox("amina@example.org")) == 1, "nor is anybody reminded of it"


async def test_a_letter_may_be_confirmed_within_a_day_of_the_end(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign))
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    read = {"read": front_door.hidden(await client.get(link), "read")}
    await db.execute("UPDATE campaign SET state = 'closed', closes_at = now() - interval '23 hours'")
    assert (await client.post(f"{link}/send", data=read)).status_code == 303
    assert (await the_letter()).state == "ready"


async def test_the_link_of_a_draft_prints_nothing_once_the_letter_is_on_its_way(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    review = await front_door.write(client, campaign)
    paper = f"/letters/{front_door.hidden(review, 'token')}.pdf"
    assert (await client.get(paper)).content.startswith(b"%PDF-")
    await front_door.press_send(client, campaign, review)
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    assert (await client.get(paper)).content.startswith(b"%PDF-")
    await front_door.say_yes(client, link)
    late = await client.get(paper)
    assert late.status_code == 404 and "The link in our e-mail shows it" in late.text
    assert (await client.get(f"{link}.pdf")).content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "change",
    [
        "subject = 'Another'",
        "reply_to = 'tracked'",
        "email = 'owen@example.org'",
        "name = 'Owen'",
        "address = 'x'",
    ],
)
async def test_whatever_changes_about_a_letter_is_read_before_it_is_sent(
    client: httpx.AsyncClient, campaign: Campaign, change: str
) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign))
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    read = {"read": front_door.hidden(await client.get(link), "read")}
    await db.execute(f"UPDATE letter SET {change}")
    answer = await client.post(f"{link}/send", data=read)
    assert answer.headers["location"] == f"{link}?changed=1"
    assert (await the_letter()).state == "waiting"


async def test_a_letter_for_another_reader_is_read_before_it_is_sent(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign))
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    read = {"read": front_door.hidden(await client.get(link), "read")}
    other = await make.mp("E14001459", "Salford", display_name="Sam Lark", full_title="Sam Lark MP")
    await db.execute(
        """UPDATE letter SET representative = $1,
           membership = (SELECT id FROM membership WHERE representative = $1)""",
        other.id,
    )
    assert (await client.post(f"{link}/send", data=read)).headers["location"] == f"{link}?changed=1"


async def test_how_to_post_a_letter_is_said_once_on_its_page(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await db.execute("UPDATE representative SET contact = 'post', email = ''")
    link = await front_door.queued(client, campaign)
    page = (await client.get(link)).text
    assert 'href="#print"' in page and 'id="print"' in page
    assert page.count("olded in three") == 1 and page.count("SW1A 0AA") == 1
    await db.execute("UPDATE letter SET state = 'failed', reason = 'It came back.', ended_at = now()")
    failed = (await client.get(link)).text
    assert failed.count("olded in three") == 1 and failed.count("SW1A 0AA") == 1
    await db.execute("UPDATE letter SET paragraphs = '[]'")
    assert 'href="#print"' not in (await client.get(link)).text, "there is nothing to print any more"


async def test_nothing_is_sent_unread(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await front_door.press_send(client, campaign, await front_door.write(client, campaign))
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    for typed in ({}, {"read": ""}, {"read": "nonsense"}):
        await client.post(f"{link}/send", data=typed)
        assert (await the_letter()).state == "waiting"


async def test_a_letter_is_not_printed_without_end(client: httpx.AsyncClient, campaign: Campaign) -> None:
    review = await front_door.write(client, campaign)
    paper = f"/letters/{front_door.hidden(review, 'token')}.pdf"
    answers = [(await client.get(paper)).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


async def test_many_who_print_at_once_leave_threads_for_everybody_else(
    client: httpx.AsyncClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = await front_door.write(client, campaign)
    paper = f"/letters/{front_door.hidden(review, 'token')}.pdf"
    inside, most = 0, 0
    render = pdf.render

    def counted(*about: Any) -> bytes:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        try:
            return render(*about)
        finally:
            inside -= 1

    monkeypatch.setattr(pdf, "render", counted)
    answers = await asyncio.gather(*(client.get(paper) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert most == 1
