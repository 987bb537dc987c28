"""An endorsement is sent, confirmed by its e-mail, read at the desk, and taken back by whoever it belongs to."""

import httpx
import pytest

import front_door
import make
import photos
import work
from endorsements import sending
from staff.visits import sign_in
from undersigned.endorsements import endorsing
from undersigned.endorsements.tables import Endorsement
from undersigned.kit import database as db
from undersigned.privacy import forgetting


async def test_it_is_shown_once_it_was_confirmed_and_read_and_not_before(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light")
    sent = await sending.send(client, campaign)
    assert "Now press the link" in (await client.get(sent.headers["location"])).text
    link = await front_door.mailed_link("amina@example.org", "/endorsements/")
    desk = "/staff/campaigns/light/endorsements"
    assert "Amina" not in (await client.get(desk)).text
    page = (await client.get(link)).text
    assert "Nobody has seen it yet" in page and "None" not in page
    assert (await front_door.row("SELECT state FROM endorsement"))["state"] == "waiting", "Looking is no yes."
    await client.post(link)
    await client.post(link)
    assert "reads it next" in (await client.get(link)).text
    assert "Amina" not in await sending.wall(client, campaign)
    page = (await client.get(desk)).text
    assert sending.QUOTE in page and "amina@example.org" in page
    await sending.press(client, campaign, "show")
    for shown in (await sending.wall(client, campaign), (await client.get("/campaigns/light")).text):
        assert sending.QUOTE in shown and "Bus driver, Bury" in shown
        assert "amina@example.org" not in shown
    await work.settle()
    told = work.inbox("amina@example.org")[-1]
    assert told["Subject"] == "You stand with us: " + campaign.title
    assert told["Auto-Submitted"] == "auto-generated"
    assert "/campaigns/light/endorsements\n" in work.text_of(told)


async def test_the_first_e_mail_holds_nothing_that_was_typed(client: httpx.AsyncClient) -> None:
    await sending.send(client, await make.campaign())
    await work.settle()
    (mail,) = work.inbox("amina@example.org")
    assert "Amina" not in work.text_of(mail) and "daughter" not in mail.as_string()


async def test_an_organisation_is_set_large_and_whoever_speaks_for_it_small(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    await sending.confirmed(client, campaign, kind="organisation", organisation="Clough Bank School", role="Head")
    await sending.press(client, campaign, "show")
    page = await sending.wall(client, campaign)
    assert sending.names(page) == ["Clough Bank School"] and "Amina Rahman, Head" in page


async def test_what_was_agreed_to_is_kept_in_the_words_that_were_shown(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(organiser="The Doorstep Alliance")
    page = (await client.get(f"/campaigns/{campaign.slug}/endorse")).text
    await sending.send(client, campaign)
    kept = await front_door.row("SELECT w.text FROM endorsement e JOIN wording w ON w.id = e.wording")
    assert kept["text"] in page and "The Doorstep Alliance shows my name" in kept["text"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": ""}, "Choose whether you speak"),
        ({"name": ""}, "Enter your full name"),
        ({"kind": "organisation", "organisation": ""}, "Enter the name of the organisation"),
        ({"quote": "Buy at www.example.org"}, "Leave web addresses out"),
        ({"role": "=1+1"}, "Begin with a letter"),
        ({"quote": "a" * 501}, "Use at most 500 characters"),
        ({"email": "amina"}, "in the form name@example.com"),
        ({"email": "amina@gmial.com"}, "Did you mean amina@gmail.com?"),
    ],
)
async def test_each_mistake_is_said_beside_its_field_and_what_was_typed_stays(
    client: httpx.AsyncClient, typed: dict[str, str], sentence: str
) -> None:
    campaign = await make.campaign()
    answer = await sending.send(client, campaign, photos.photo(), **typed)
    assert answer.status_code == 422 and sentence in answer.text
    assert "Bus driver" in answer.text or "role" in typed
    assert "Please choose it again" in answer.text
    assert await db.fetch("SELECT id FROM endorsement") == []
    assert await db.fetch("SELECT digest FROM picture") == []


async def test_an_address_that_looks_like_a_slip_is_asked_about_once(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    asked = await sending.send(client, campaign, email="amina@gmial.com")
    assert front_door.hidden(asked, "asked_about") == "amina@gmial.com"
    meant = await sending.send(client, campaign, email="amina@gmial.com", asked_about="amina@gmial.com")
    assert meant.status_code == 303


async def test_a_program_that_fills_in_the_trap_sees_the_same_and_writes_nothing(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    trapped = await sending.send(client, campaign, website="https://example.org")
    assert (trapped.status_code, await db.fetch("SELECT id FROM endorsement")) == (303, [])


async def test_nobody_is_sent_more_than_three_links_a_day_and_the_page_does_not_tell(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign()
    pages = [await sending.send(client, campaign, email=f"Amina+{n}@example.org") for n in range(5)]
    assert {page.headers["location"] for page in pages} == {f"/campaigns/{campaign.slug}/endorse/sent"}
    await work.settle()
    assert len(await db.fetch("SELECT id FROM mail WHERE kind = 'endorsement'")) == 3


@pytest.mark.parametrize("state", ["closed", "draft"])
async def test_only_an_open_campaign_takes_endorsements(client: httpx.AsyncClient, state: str) -> None:
    campaign = await make.campaign(state=state)
    for answer in (await client.get(f"/campaigns/{campaign.slug}/endorse"), await sending.send(client, campaign)):
        assert answer.status_code in {404, 422}
    assert await db.fetch("SELECT id FROM endorsement") == []


async def test_whoever_sends_another_keeps_their_place_until_it_is_read(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    for who in ("Amina", "Yusuf"):
        await sending.confirmed(client, campaign, name=f"{who} Rahman", email=f"{who.lower()}@example.org")
    for which in (1, 2):
        await sending.press(client, campaign, "show", which)
    await sending.confirmed(client, campaign, quote="Words that nobody needs.")
    await sending.confirmed(client, campaign, quote="Better words.")
    page = await sending.wall(client, campaign)
    assert page.count(sending.QUOTE) == 2 and "Better words." not in page
    desk = (await client.get(f"/staff/campaigns/{campaign.slug}/endorsements")).text
    assert "takes the place of one that is shown" in desk and "nobody needs" not in desk
    await sending.press(client, campaign, "show", 4)
    page = await sending.wall(client, campaign)
    assert sending.names(page) == ["Amina Rahman", "Yusuf Rahman"] and "Better words." in page
    assert len(await db.fetch("SELECT id FROM endorsement")) == 2


async def test_an_older_link_pressed_later_takes_nothing_newer_away(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    await sending.send(client, campaign, quote="First.")
    older = await front_door.mailed_link("amina@example.org", "/endorsements/")
    await sending.confirmed(client, campaign, quote="Second.")
    gone = await client.post(older)
    assert gone.status_code == 404 and "another of yours has taken its place" in gone.text
    assert (await front_door.row("SELECT quote FROM endorsement"))["quote"] == "Second."


async def test_whoever_takes_it_back_leaves_nothing_behind(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    link = await sending.confirmed(client, campaign, photos.photo())
    await sending.press(client, campaign, "show")
    assert "You stand with them" in (await client.get(link)).text
    gone = await client.post(f"{link}/take-back")
    assert "It is taken back" in gone.text
    for table in ("endorsement", "picture", "mail"):
        assert await db.fetch(f"SELECT * FROM {table}") == [], table
    assert "Amina" not in await sending.wall(client, campaign)
    for answer in (await client.get(link), await client.post(f"{link}/take-back")):
        assert answer.status_code == 404 and "taken back" in answer.text


async def test_a_refusal_is_told_with_its_reason_and_can_be_thought_over(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    link = await sending.confirmed(client, campaign)
    nothing_said = await sending.press(client, campaign, "refuse")
    assert nothing_said.status_code == 422 and "Say in a sentence why" in nothing_said.text
    await sending.press(client, campaign, "refuse", reason="Please write from your school’s address.")
    assert "from your school’s address" in (await client.get(link)).text
    await work.settle()
    mail = work.inbox("amina@example.org")[-1]
    assert "Your endorsement is not shown" in mail["Subject"]
    assert "from your school’s address" in work.text_of(mail)
    assert "Amina" not in await sending.wall(client, campaign)
    await sending.press(client, campaign, "show")
    assert "Amina Rahman" in await sending.wall(client, campaign)


async def test_a_chapter_has_endorsements_of_its_own(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign = await make.campaign(slug="light")
    await make.chapter(campaign)
    link = await sending.confirmed(client, campaign, chapter="bury")
    assert "in Bury" in (await client.get(link)).text
    await sending.press(client, campaign, "show")
    assert "Amina" not in await sending.wall(client, campaign)
    assert "Amina Rahman" in await sending.wall(client, campaign, "?in=bury")
    assert "/campaigns/light/endorse?in=bury" in (await client.get("/campaigns/light/in/bury")).text
    await work.settle()
    assert "/endorsements?in=bury" in work.text_of(work.inbox("amina@example.org")[-1])
    assert (await client.get("/campaigns/light/endorsements?in=nowhere")).status_code == 404


async def test_what_nobody_confirms_goes_after_a_week_and_what_was_refused_after_four(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    campaign = await make.campaign()
    await sending.send(client, campaign, photos.photo())
    await sending.confirmed(client, campaign, email="yusuf@example.org")
    await sending.press(client, campaign, "refuse", 2, reason="No.")
    assert await endorsing.forget() == 0
    await db.execute("UPDATE endorsement SET created_at = created_at - interval '6 days 23 hours'")
    await db.execute("UPDATE endorsement SET decided_at = decided_at - interval '27 days 23 hours'")
    assert await endorsing.forget() == 0
    await db.execute("UPDATE endorsement SET created_at = created_at - interval '2 hours'")
    await db.execute("UPDATE endorsement SET decided_at = decided_at - interval '2 hours'")
    assert await endorsing.forget() == 2
    assert await db.fetch("SELECT digest FROM picture") == []


async def test_when_a_campaigns_retention_ends_what_people_sent_goes_and_what_staff_put_in_stays(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    campaign = await make.campaign(retention_months=1)
    await sending.confirmed(client, campaign, photos.photo())
    await sending.press(client, campaign, "show")
    await Endorsement(campaign=campaign.id, name="The Clough Bank Choir").save()
    for ago, left in ((27, ["Amina Rahman", "The Clough Bank Choir"]), (32, ["The Clough Bank Choir"])):
        await db.execute("UPDATE campaign SET closes_at = now() - make_interval(days => $1)", ago)
        await forgetting.keep_promises()
        assert sorted(sending.names(await sending.wall(client, campaign))) == left
    assert await db.fetch("SELECT digest FROM picture") == []
