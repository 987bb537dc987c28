"""Between news and those it goes to stands a look at the e-mail, and a trial for one's own mailbox."""

from datetime import UTC, datetime

import httpx

import front_door
import make
import work
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign, Update
from undersigned.kit import database as db

HERE = "/staff/campaigns/light/news/1"
BODY = "**Next in line:** the council.\n\n- One lamp\n- One bench, see [the plan](https://example.org/plan)"


async def told(client: httpx.AsyncClient) -> Campaign:
    """A campaign with news that Amina wants; Owen is signed in."""
    campaign = await make.campaign(slug="light")
    await Update(campaign=campaign.id, title="An answer", body=BODY, published_at=datetime.now(UTC)).save()
    await front_door.counted(client, campaign, wants_updates="yes")
    await sign_in(client)
    return campaign


def got(address: str) -> list[str]:
    """The news in a mailbox, as text."""
    return [work.text_of(one) for one in work.inbox(address) if str(one["Subject"]).startswith("An answer")]


async def test_the_desk_leads_to_the_mail_before_it_can_be_sent(client: httpx.AsyncClient) -> None:
    await told(client)
    page = (await client.get(HERE)).text
    assert f'href="{HERE}/mail"' in page and f'action="{HERE}"' not in page
    mail = (await client.get(f"{HERE}/mail")).text
    assert "Next in line: the council." in mail and "• One lamp" in mail and "**" not in mail
    assert "Dear (the name of the signer)," in mail
    assert "1 person who signed" in mail and f'action="{HERE}"' in mail


async def test_a_trial_goes_to_whoever_asks_and_to_nobody_else(client: httpx.AsyncClient) -> None:
    await told(client)
    answer = await client.post(f"{HERE}/trial", data={"form_token": await token(client)}, follow_redirects=True)
    assert "on its way to owen@example.org" in answer.text
    await work.settle()
    assert "Next in line: the council." in got("owen@example.org")[0]
    assert got("amina@example.org") == []
    assert await db.fetch("SELECT * FROM mailing") == []


async def test_what_signers_get_is_readable_as_text_and_the_look_at_it_ends_there(
    client: httpx.AsyncClient,
) -> None:
    await told(client)
    await client.post(HERE, data={"form_token": await token(client)})
    await work.settle()
    (text,) = got("amina@example.org")
    assert "Next in line: the council.\n\n• One lamp\n• One bench, see the plan (https://example.org/plan)" in text
    assert (await client.get(f"{HERE}/mail")).headers["location"] == HERE


async def test_only_those_who_mail_news_can_look_at_it_or_try_it(client: httpx.AsyncClient) -> None:
    await told(client)
    await db.execute("UPDATE staff SET role = 'moderator'")
    assert (await client.get(f"{HERE}/mail")).status_code == 403
    typed = {"form_token": await token(client)}
    assert (await client.post(f"{HERE}/trial", data=typed)).status_code == 403
