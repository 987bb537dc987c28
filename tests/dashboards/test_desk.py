"""The campaigner's desk: counts, letters, the holding pen and the delivery switch."""

from datetime import UTC, datetime

import httpx
import pytest

import make
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.delivery import switch
from undersigned.delivery.tables import Delivery
from undersigned.kit import database as db
from undersigned.responses.tables import HeldMail, InboundMail, Response
from undersigned.signatures.tables import Tally, hour_of
from undersigned.staff import audit, members

RAW = (
    b"From: Office of Harriet Vale <harriet.vale.mp@example.org>\r\nSubject: Your letter\r\n"
    b"Message-ID: <one@example.org>\r\n\r\nMs Vale is looking into the bus stop.\r\n"
)


async def held() -> HeldMail:
    now = datetime.now(UTC)
    inbound = InboundMail(raw=RAW, digest="a digest", envelope_from="harriet.vale.mp@example.org", received_at=now)
    await inbound.save()
    made = HeldMail(inbound=inbound.id, reason="No letter was named.", created_at=now)
    await made.save()
    return made


async def test_the_campaigns_with_their_counts(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(title="A light", slug="light", signature_count=4183)
    await Tally(campaign=campaign.id, kind="confirmed", key=hour_of(datetime.now(UTC)), total=17).save()
    await make.letter(campaign=campaign)
    page = await client.get("/staff")
    assert "A light" in page.text and "4,183" in page.text and "+17" in page.text
    assert "Rehearsal." in page.text


async def test_a_campaign_with_everything_and_with_nothing(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light", signature_count=6)
    await make.chapter(campaign, name="Bury, too")
    await Tally(campaign=campaign.id, kind="constituency", key=make.BURY_NORTH, total=6).save()
    letter = await make.letter(campaign=campaign, own_share=64)
    await reply(letter.id)
    page = (await client.get("/staff/campaigns/light")).text
    for words in ("/campaigns/light/count.json", "Bury North", "Bury, too", "64%", "A reply", "Answers"):
        assert words in page, words
    assert f"/staff/letters/{letter.id}" in page
    await make.campaign(slug="draft", state="draft")
    empty = await client.get("/staff/campaigns/draft")
    assert empty.status_code == 200 and "Nobody has written a letter yet." in empty.text
    assert (await client.get("/staff/campaigns/nothing")).status_code == 404


async def reply(letter_id: int) -> None:
    await Response(
        letter=letter_id,
        message_id="<two@example.org>",
        kind="answer",
        confidence=90,
        matched_by="token",
        from_name="Harriet Vale",
        text="I agree about the light.",
        received_at=datetime.now(UTC),
    ).save()


async def test_letters_fifty_to_a_page_and_by_state(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light")
    for _ in range(51):
        await make.letter(campaign=campaign)
    failed = await make.letter(state="failed", reason="The MP's mail server refused the letter.")
    first = (await client.get("/staff/letters?campaign=light")).text
    assert first.count("/staff/letters/") == 50 and "Older letters" in first
    second = (await client.get("/staff/letters?campaign=light&page=2")).text
    assert second.count("/staff/letters/") == 1 and "Newer letters" in second
    only = (await client.get("/staff/letters?state=failed")).text
    assert f"/staff/letters/{failed.id}" in only and only.count("/staff/letters/") == 1
    assert "no letters like that" in (await client.get("/staff/letters?state=held")).text


async def test_an_answer_that_was_asked_for_in_private_is_counted_and_not_read(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter(reply_to="me")
    await reply(letter.id)
    campaign = await Campaign.objects().where(Campaign.id == letter.campaign).first()
    assert campaign is not None
    for path in (f"/staff/letters/{letter.id}", f"/staff/campaigns/{campaign.slug}"):
        page = (await client.get(path)).text
        assert "Harriet Vale" in page, path
        assert "I agree about the light." not in page, path


async def test_reading_a_letter_is_written_in_the_audit(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter(reply_to="tracked")
    await reply(letter.id)
    now = datetime.now(UTC)
    await Delivery(
        letter=letter.id, channel="email", mode="rehearsal", recipient="operator@example.org",
        started_at=now, finished_at=now, outcome="accepted", code=250, answer="Stored.",
    ).save()  # fmt: skip
    page = (await client.get(f"/staff/letters/{letter.id}")).text
    for words in ("It is dark there.", "operator@example.org", "Stored.", "I agree about the light."):
        assert words in page, words
    rows = await db.fetch("SELECT staff_id, about FROM audit WHERE act = 'letter read'")
    assert rows == [{"staff_id": "1", "about": f"letter {letter.id}"}]
    assert (await client.get("/staff/letters/999")).status_code == 404
    assert (await client.get(f"/staff/letters/{'9' * 30}")).status_code == 400


async def test_a_scrubbed_letter_says_that_its_text_is_gone(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter(state="scrubbed", paragraphs="[]")
    assert "deleted on time" in (await client.get(f"/staff/letters/{letter.id}")).text


async def test_held_mail_is_placed_with_its_letter(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter, mail = await make.letter(), await held()
    assert "Your letter" in (await client.get("/staff/held")).text
    page = (await client.get(f"/staff/held/{mail.id}")).text
    assert "looking into the bus stop" in page and f"Letter {letter.id}" in page
    form = {"form_token": await token(client), "letter": str(letter.id)}
    placed = await client.post(f"/staff/held/{mail.id}", data=form)
    assert placed.headers["location"] == f"/staff/held?placed={letter.id}"
    assert "Nothing is held" in (await client.get(placed.headers["location"])).text
    assert await db.fetch("SELECT kind FROM response") == [{"kind": "answer"}]
    again = await client.post(f"/staff/held/{mail.id}", data=form)
    assert again.status_code == 422 and "placed this mail already" in again.text


async def test_held_mail_placed_with_no_letter_is_said_so(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    mail = await held()
    form = {"form_token": await token(client)}
    for number, words in (("", "Enter the number"), ("x", "Enter the number"), ("77", "no such letter"),
                          ("9" * 30, "Enter the number")):  # fmt: skip
        answer = await client.post(f"/staff/held/{mail.id}", data=form | {"letter": number})
        assert answer.status_code == 422 and words in answer.text, number
    assert (await client.get("/staff/held/999")).status_code == 404


async def test_going_live_asks_for_the_word(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    form = {"form_token": await token(client), "mode": "live"}
    refused = await client.post("/staff/delivery", data=form)
    assert refused.status_code == 422 and "Type the word live" in refused.text
    assert await switch.mode() == switch.REHEARSAL
    turned = await client.post("/staff/delivery", data=form | {"word": "Live", "reason": "We are ready"})
    assert turned.status_code == 303
    assert await switch.mode() == switch.LIVE
    page = (await client.get("/staff/delivery")).text
    assert "Letters go to representatives." in page and "We are ready" in page and "owen@example.org" in page


async def test_stop_works_at_once_and_no_choice_is_a_mistake(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    form = {"form_token": await token(client)}
    assert (await client.post("/staff/delivery", data=form)).status_code == 422
    assert (await client.post("/staff/delivery", data=form | {"mode": "stop"})).status_code == 303
    assert await switch.mode() == switch.STOP
    assert "No letter leaves" in (await client.get("/staff")).text


async def test_failures_are_shown_by_domain(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    letter = await make.letter()
    for outcome, recipient in (("accepted", "a@Parl.example.org"), ("rejected", "b@parl.example.org")):
        await Delivery(
            letter=letter.id, channel="email", mode="live", recipient=recipient,
            started_at=datetime.now(UTC), outcome=outcome,
        ).save()  # fmt: skip
    page = (await client.get("/staff/delivery")).text
    assert page.count("parl.example.org") == 1


async def test_a_viewer_sees_figures_and_neither_names_nor_words(client: httpx.AsyncClient) -> None:
    await sign_in(client, role="viewer")
    campaign = await make.campaign(slug="light")
    letter, mail = await make.letter(campaign=campaign), await held()
    await reply(letter.id)
    page = (await client.get("/staff/campaigns/light")).text
    assert "Answers" in page
    for words in ("Harriet Vale", "I agree about the light.", letter.name, "/staff/letters", "/staff/held"):
        assert words not in page, words
    for path in ("/staff/letters", f"/staff/letters/{letter.id}", "/staff/held", f"/staff/held/{mail.id}"):
        assert (await client.get(path)).status_code == 403, path


async def test_opening_held_mail_is_written_in_the_audit(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    mail = await held()
    await client.get(f"/staff/held/{mail.id}")
    await client.get("/staff/held/999")
    rows = await db.fetch("SELECT staff_id, about FROM audit WHERE act = 'held mail read'")
    assert rows == [{"staff_id": "1", "about": f"held mail {mail.id}"}]


async def test_mail_is_not_placed_unless_the_audit_says_who_did(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(client)
    letter, mail = await make.letter(), await held()

    async def full(*_: object, **__: object) -> None:
        raise OSError("no room")

    form = {"form_token": await token(client), "letter": str(letter.id)}
    monkeypatch.setattr(audit, "record", full)
    assert (await client.post(f"/staff/held/{mail.id}", data=form)).status_code >= 500
    monkeypatch.undo()
    assert await db.fetch("SELECT 1 FROM response") == []
    assert (await client.post(f"/staff/held/{mail.id}", data=form)).status_code == 303
    rows = await db.fetch("SELECT staff_id, about FROM audit WHERE act = 'mail placed'")
    assert rows == [{"staff_id": "1", "about": f"letter {letter.id}"}]


async def test_whoever_registered_an_interest_is_shown_to_those_who_may_read(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await db.execute(
        """INSERT INTO interest (campaign, name, email, email_key, region, wording, created_at)
           VALUES ($1, 'Amina Rahman', 'amina@example.org', 'amina@example.org', 'North West', '', now())""",
        campaign.id,
    )
    await sign_in(client)
    assert "amina@example.org" in (await client.get(f"/staff/campaigns/{campaign.slug}")).text
    await client.post("/staff/sign-out", data={"form_token": await token(client)})
    await db.execute("UPDATE staff SET role = 'viewer'")
    owen = await db.fetch_one("SELECT email FROM staff")
    assert owen is not None
    link = (await members.invite(owen["email"])).link
    await client.post(link.removeprefix("http://test.example.org"))
    assert "amina@example.org" not in (await client.get(f"/staff/campaigns/{campaign.slug}")).text
