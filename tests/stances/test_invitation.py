"""MPs invited to make a pledge: nothing reaches them but live, and only their own link speaks for them."""

from datetime import date, timedelta

import httpx
import pytest

import make
import work
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.delivery import switch
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.representatives.tables import Membership, Representative
from undersigned.stances import inviting, showing

HARRIET = "harriet.vale.mp@example.org"


async def pledge() -> tuple[Campaign, Representative]:
    return await make.campaign(slug="pledge", kind="pledge", ask="I will report hate crime."), await make.mp()


async def invite(client: httpx.AsyncClient, whom: str = "Bury North") -> httpx.Response:
    told = {"form_token": await token(client), "invite": whom}
    return await client.post("/staff/stances/invite?campaign=pledge", data=told)


async def test_in_rehearsal_the_operator_has_the_link_and_nothing_is_noted(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign, mp = await pledge()
    done = await invite(client)
    assert "The invitation is on its way" in (await client.get(done.headers["location"])).text
    await work.settle()
    assert work.inbox(HARRIET) == []
    (mail,) = work.inbox("operator@example.org")
    assert mail["Subject"].startswith("[Rehearsal]")
    link = work.link_in(mail, "/pledges/")
    assert "This is a rehearsal" in (await client.get(link)).text
    await client.post(link, data={"answer": "committed"})
    assert await showing.now(campaign.id, mp.id) is None
    await work.settle()
    assert "[Rehearsal] Harriet Vale MP has made the pledge" in work.inbox("operator@example.org")[-1]["Subject"]


async def test_live_it_goes_to_the_parliamentary_address_and_the_answer_counts(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client)
    campaign, mp = await pledge()
    await switch.turn(switch.LIVE)
    await invite(client)
    await work.settle()
    (mail,) = work.inbox(HARRIET)
    assert mail["Subject"] == f"Will you make this pledge? {campaign.title}"
    assert "of your constituents" not in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = work.link_in(mail, "/pledges/")
    page = await client.get(link)
    assert "I will report hate crime." in page.text
    assert await showing.now(campaign.id, mp.id) is None
    answered = await client.post(link, data={"answer": "committed"})
    assert "has made this pledge" in (await client.get(answered.headers["location"])).text
    shown = await showing.now(campaign.id, mp.id)
    assert shown is not None and shown.position == "committed"
    assert shown.source.startswith("The link sent to their parliamentary address, ")
    await client.post(link, data={"answer": "refused"})
    shown = await showing.now(campaign.id, mp.id)
    assert shown is not None and shown.position == "refused"
    assert (await client.post(link, data={"answer": "perhaps"})).status_code == 422
    await work.settle()
    assert {mail["Subject"] for mail in work.inbox("operator@example.org")} == {
        "Harriet Vale MP will not make the pledge"
    }


async def test_how_many_constituents_made_it_is_said_from_five_on(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    campaign, _ = await pledge()
    await db.execute(
        "INSERT INTO tally (campaign, kind, key, total) VALUES ($1, 'constituency', $2, 212)",
        campaign.id,
        make.BURY_NORTH,
    )
    await invite(client)
    await work.settle()
    (mail,) = work.inbox("operator@example.org")
    said = mail.get_body(("plain",))
    assert said is not None
    assert "212 of your constituents in Bury North have made it." in " ".join(said.get_content().split())


async def test_a_switch_turned_after_the_invitation_holds_it_back(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    await pledge()
    await switch.turn(switch.LIVE)
    await invite(client)
    await switch.turn(switch.STOP)
    await work.settle()
    assert work.inbox(HARRIET) == []


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ("UPDATE campaign SET kind = 'petition'", "Only a pledge can be made"),
        ("UPDATE campaign SET state = 'closed'", "This pledge is not open"),
        ("UPDATE representative SET contact = 'opted_out'", "has no e-mail address that we may write to"),
        ("UPDATE representative SET failing_since = now()", "has no e-mail address that we may write to"),
        ("UPDATE membership SET ended_on = '2026-01-01'", "Nobody sits under"),
        ("INSERT INTO switch (mode, reason, switched_at) VALUES ('stop', '', now())", "delivery is stopped"),
    ],
)
async def test_who_cannot_be_invited_is_said(client: httpx.AsyncClient, trouble: str, sentence: str) -> None:
    await sign_in(client)
    await pledge()
    await db.execute(trouble)
    refused = await invite(client)
    assert refused.status_code == 422 and sentence in refused.text
    assert await db.fetch("SELECT id FROM invitation") == []


async def test_nobody_is_asked_twice_in_thirty_days(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    await pledge()
    await invite(client)
    refused = await invite(client)
    assert refused.status_code == 422 and "Wait thirty days" in refused.text
    await db.execute("UPDATE invitation SET invited_at = now() - interval '31 days'")
    assert (await invite(client)).status_code == 303


async def test_whoever_has_left_the_seat_cannot_answer(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    _, mp = await pledge()
    await invite(client)
    await work.settle()
    link = work.link_in(work.inbox("operator@example.org")[0], "/pledges/")
    await Membership.update({Membership.ended_on: date.today()}).where(Membership.representative == mp.id)
    gone = await client.post(link, data={"answer": "committed"})
    assert gone.status_code >= 400 and "has left the seat" in gone.text


async def test_an_old_or_foreign_link_opens_nothing(client: httpx.AsyncClient) -> None:
    campaign, mp = await pledge()
    await switch.turn(switch.LIVE)
    await inviting.invite(campaign, "Bury North")
    for link in (
        tokens.issue("invitation", 1, timedelta(seconds=-1)),
        tokens.issue("quotation", 1),
        "nonsense",
    ):
        assert (await client.post(f"/pledges/{link}", data={"answer": "committed"})).status_code in {404, 410}
    assert await showing.now(campaign.id, mp.id) is None


@pytest.mark.parametrize("role", ["moderator", "viewer"])
async def test_only_who_may_release_letters_may_invite(client: httpx.AsyncClient, role: str) -> None:
    await pledge()
    await sign_in(client, role)
    assert (await invite(client)).status_code == 403
