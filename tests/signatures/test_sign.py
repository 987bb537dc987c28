"""Putting a name to a campaign: what is taken, what is refused and why, and what nobody is told."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

import front_door
import make
import work
from undersigned.kit import database as db
from undersigned.signatures.tables import Signature


async def signatures() -> list[dict[str, Any]]:
    """Every signature there is."""
    return await db.fetch("SELECT * FROM signature ORDER BY id")


async def test_signing_keeps_what_was_typed_and_asks_for_confirmation(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="light")
    answer = await front_door.sign(
        client,
        campaign,
        postcode="bl90sw",
        words="It is dark there.",
        organisation="Clough Bank Residents",
        shows_name="yes",
        source="poster-7",
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/campaigns/light/check-your-inbox")
    assert (await client.get(answer.headers["location"])).status_code == 200
    (signed,) = await signatures()
    kept = {"name": "Amina Rahman", "email": "amina@example.org", "postcode": "BL9 0SW", "country": "GB"}
    kept |= {"constituency": make.BURY_NORTH, "match": "exact", "data_release": "demo", "source": "poster-7"}
    kept |= {"words": "It is dark there.", "organisation": "Clough Bank Residents"}
    kept |= {"shows_name": True, "wants_updates": False, "confirmed_at": None, "number": None}
    assert {name: signed[name] for name in kept} == kept
    wording = await front_door.row("SELECT text FROM wording WHERE id = $1", signed["wording"])
    assert wording["text"] == campaign.consent_wording


async def test_the_confirmation_is_one_message_in_plain_text_and_html(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign(title="A light"))
    await work.settle()
    (message,) = work.inbox()
    assert message["Delivered-To"] == message["To"] == "amina@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "A light" in message["Subject"]
    html = message.get_body(("html",))
    assert html is not None
    assert work.link_in(message, "/confirm/") in html.get_content()


async def test_every_mistake_stands_beside_its_field_and_everything_typed_is_kept(
    client: httpx.AsyncClient,
) -> None:
    typed = {
        "name": "www.spam.example",
        "email": "amina at example",
        "postcode": "M1 1",
        "words": "w" * 1_001,
        "organisation": "https://spam.example",
    }
    answer = await front_door.sign(client, await make.campaign(title="A light"), **typed)
    assert answer.status_code == 422
    assert "<title>Error: Sign: A light" in answer.text
    for field, value in typed.items():
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text
        assert value in answer.text
    assert await signatures() == []


async def test_an_empty_form_names_the_three_things_that_are_needed(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    answer = await client.post(f"/campaigns/{campaign.slug}/sign", data={"shows_name": "yes"})
    assert answer.status_code == 422
    assert answer.text.count("govuk-error-message") == 3
    for sentence in ("Enter your full name.", "Enter your e-mail address.", "Enter your postcode"):
        assert answer.text.count(sentence) == 2
    assert 'name="shows_name" type="checkbox" value="yes" checked' in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "http://spam.example",
        "Visit www.spam.example",
        "cheap-pills.com",
        "=1+1",
        "+44 Amina",
        "-Amina",
        "@amina",
        "amina@example.org",
        "12345",
        "A" * 101,
        "Am\x07ina",
        "Amina\u202eRahman",
    ],
)
async def test_a_name_is_a_name_and_no_address_or_formula(client: httpx.AsyncClient, name: str) -> None:
    answer = await front_door.sign(client, await make.campaign(), name=name)
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert await signatures() == []


@pytest.mark.parametrize("name", ["O’Brien", "Nguyễn Thị Ánh", "李小龍", "Anne-Marie d'Arc", "X", "ß" * 100])
async def test_real_names_of_every_kind_are_taken(client: httpx.AsyncClient, name: str) -> None:
    answer = await front_door.sign(client, await make.campaign(), name=name)
    assert answer.status_code == 303
    assert [signed["name"] for signed in await signatures()] == [name]


@pytest.mark.parametrize(
    "email", ["jösé@example.org", "Amina <amina@example.org>", "a" * 65 + "@example.org", "a@b"]
)
async def test_an_address_that_cannot_be_mailed_is_refused(client: httpx.AsyncClient, email: str) -> None:
    answer = await front_door.sign(client, await make.campaign(), email=email)
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text


async def test_a_domain_in_any_alphabet_is_mailed_by_its_name_on_the_wire(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign(), email="amina@bücher.example.org")
    await work.settle()
    (message,) = work.inbox()
    assert message["Delivered-To"] == "amina@xn--bcher-kva.example.org"


async def test_words_are_counted_as_the_page_counts_them(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    words = "\r\n".join(["a" * 49] * 20)
    assert (await front_door.sign(client, campaign, words=words)).status_code == 303
    assert (await front_door.sign(client, campaign, words=words + "\r\nab")).status_code == 422
    assert (await front_door.row("SELECT words FROM signature"))["words"] == words.replace("\r\n", "\n")


async def test_html_in_words_and_names_stays_text(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    danger = "<script>alert(1)</script>"
    refused = await front_door.sign(client, campaign, name=danger, words=danger, email="")
    taken = await front_door.sign(client, campaign, name="<b>Amina</b> & co")
    assert (refused.status_code, taken.status_code) == (422, 303)
    assert danger not in refused.text
    page = await client.get(await front_door.mailed_link("amina@example.org", "/you/"))
    assert "<b>Amina" not in page.text
    assert "&lt;b&gt;Amina&lt;/b&gt; &amp; co" in page.text
    html = work.inbox()[0].get_body(("html",))
    assert html is not None
    assert "<b>Amina" not in html.get_content()


async def test_somebody_abroad_signs_without_a_postcode(client: httpx.AsyncClient) -> None:
    answer = await front_door.sign(client, await make.campaign(), country="FR", postcode="")
    assert answer.status_code == 303
    (signed,) = await signatures()
    assert (signed["country"], signed["postcode"], signed["constituency"]) == ("FR", "", None)


async def test_somebody_abroad_may_leave_a_foreign_postcode_standing(client: httpx.AsyncClient) -> None:
    answer = await front_door.sign(client, await make.campaign(), country="FR", postcode="75001")
    assert answer.status_code == 303


async def test_a_country_that_is_none_is_refused(client: httpx.AsyncClient) -> None:
    answer = await front_door.sign(client, await make.campaign(), country="XX")
    assert answer.status_code == 422
    assert 'id="country-error"' in answer.text


@pytest.mark.parametrize(
    ("postcode", "match", "country"),
    [
        ("JE2 3XP", "crown_dependency", "JE"),
        ("GY1 1AA", "crown_dependency", "GG"),
        ("BFPO 61", "bfpo", "GB"),
        ("GX11 1AA", "overseas", "GI"),
        ("ZE3 9ZZ", "unknown", "GB"),
    ],
)
async def test_signing_succeeds_on_every_rung_of_the_ladder(
    client: httpx.AsyncClient, postcode: str, match: str, country: str
) -> None:
    answer = await front_door.sign(client, await make.campaign(), postcode=postcode)
    assert answer.status_code == 303
    (signed,) = await signatures()
    assert (signed["match"], signed["constituency"], signed["country"]) == (match, None, country)


async def test_signing_again_sends_at_most_five_mails_and_shows_the_same_bytes(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    first = await front_door.sign(client, campaign)
    inboxes = []
    for spelling in ("amina@example.org", "AMINA@example.org", "amina+news@EXAMPLE.org") * 3:
        again = await front_door.sign(client, campaign, email=spelling, words="Something else")
        assert (again.status_code, again.headers, again.content) == (303, first.headers, first.content)
        inboxes.append((await client.get(again.headers["location"])).content)
    await work.settle()
    assert len(set(inboxes)) == 1
    assert len(work.inbox()) == 5
    (signed,) = await signatures()
    assert (signed["mails"], signed["words"]) == (5, "")


async def test_signing_after_being_counted_tells_only_the_mailbox(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    stranger = await front_door.sign(client, campaign, email="owen@example.org", name="Owen Ellis")
    await front_door.counted(client, campaign)
    again = await front_door.sign(client, campaign)
    assert (again.status_code, again.headers, again.content) == (303, stranger.headers, stranger.content)
    await work.settle()
    newest = work.inbox("amina@example.org")[-1]
    assert "already" in newest["Subject"]
    assert (await client.get(work.link_in(newest, "/you/"))).status_code == 200
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1


async def test_who_took_their_name_off_may_sign_again(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await front_door.counted(client, campaign)
    await front_door.sign(client, campaign)
    you = await front_door.mailed_link("amina@example.org", "/you/")
    await client.post(f"{you}/withdraw", data={"signature": "1"})
    await front_door.sign(client, campaign)
    again = await front_door.confirm(client)
    assert "You are number 2" in again.text
    (signed,) = await signatures()
    assert (signed["withdrawn_at"], signed["number"]) == (None, 2)
    assert (await front_door.row("SELECT signature_count AS n FROM campaign"))["n"] == 1


async def test_a_closed_campaign_takes_no_names(client: httpx.AsyncClient) -> None:
    over = datetime.now(UTC) - timedelta(minutes=1)
    for campaign in (await make.campaign(closes_at=over), await make.campaign(state="closed")):
        form = await client.get(f"/campaigns/{campaign.slug}/sign")
        answer = await front_door.sign(client, campaign)
        assert (form.status_code, answer.status_code) == (410, 410)
        assert "closed" in answer.text.lower()
    assert await signatures() == []


async def test_a_campaign_that_opens_tomorrow_takes_no_names_yet(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(opens_at=datetime.now(UTC) + timedelta(days=1))
    answer = await front_door.sign(client, campaign)
    assert answer.status_code == 404
    assert "Opens on" in answer.text


@pytest.mark.parametrize("state", ["draft", "submitted", "rejected", "removed"])
async def test_a_campaign_that_is_not_public_is_not_there(client: httpx.AsyncClient, state: str) -> None:
    campaign = await make.campaign(state=state)
    for path in ("", "/sign", "/check-your-inbox", "/write", "/count.json"):
        assert (await client.get(f"/campaigns/{campaign.slug}{path}")).status_code == 404
    assert (await client.get(f"/campaigns/{campaign.slug}.json")).status_code == 404
    assert (await front_door.sign(client, campaign)).status_code == 404


async def test_a_chapter_is_remembered_and_a_wrong_one_costs_no_signature(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    chapter = await make.chapter(campaign)
    await front_door.sign(client, campaign, chapter="bury")
    await front_door.sign(client, campaign, chapter="nowhere", email="owen@example.org", name="Owen Ellis")
    assert [signed["chapter"] for signed in await signatures()] == [chapter.id, None]


async def test_a_source_that_is_no_word_is_dropped_without_complaint(client: httpx.AsyncClient) -> None:
    await front_door.sign(client, await make.campaign(), source="<img src=x>")
    assert [signed["source"] for signed in await signatures()] == [""]


async def test_two_requests_at_once_for_one_person_are_one_signature(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    answers = await asyncio.gather(*(front_door.sign(client, campaign) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {303}
    await work.settle()
    assert await Signature.count() == 1
    assert len(work.inbox()) <= 5
