"""Mail that comes back: no news is sent there until somebody confirms from that mailbox again."""

import httpx
import pytest

import front_door
import mail_server
import make
import work
from mail_server import MailServer
from news.readers import DESK, ask, counted, news, who_got_it
from responses import vendor_mails
from undersigned.campaigns.tables import Campaign
from undersigned.kit import outbox
from undersigned.responses import arrival
from undersigned.settings import settings


async def refused(server: MailServer, answer: str) -> list[str]:
    """Whom the server took the news for, when it answers so at Tom's mailbox."""
    server.at_rcpt, server.only_for = answer, "tom@example.org"
    await work.settle()
    return sorted(taken.recipients[0] for taken in server.taken)


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 Nobody here by that name", "550 No such user", "550 5.2.1 Disabled"]
)
async def test_news_ends_where_there_is_no_mailbox_and_the_desk_says_so(
    client: httpx.AsyncClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    await counted(client, campaign, "amina", "tom")
    async with mail_server.running() as server:
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(settings, "mail_url", server.url)
            await ask(client)
            assert await refused(server, answer) == ["amina@example.org"]
    await news(campaign, title="More of it")
    page = (await client.get(f"{DESK}/2")).text
    assert "E-mail it to 1 person" in page
    assert "1 more wants news and gets none" in page
    await ask(client, 2)
    await work.settle()
    assert who_got_it("More of it") == ["amina"]


@pytest.mark.parametrize("answer", ["550 5.7.1 Not from you", "554 5.7.26 Unauthenticated", "552 5.2.3 Too large"])
async def test_what_is_refused_for_another_reason_ends_no_news(
    client: httpx.AsyncClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    await counted(client, campaign, "amina", "tom")
    async with mail_server.running() as server:
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(settings, "mail_url", server.url)
            await ask(client)
            await refused(server, answer)
    await news(campaign, title="More of it")
    assert "E-mail it to 2 people" in (await client.get(f"{DESK}/2")).text


async def test_what_is_returned_later_ends_news_too_until_the_mailbox_has_proved_itself(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, "amina", "tom")
    await ask(client)
    await work.settle()
    (mail,) = [mail for mail in work.inbox("tom@example.org") if mail["Subject"].startswith("The council")]
    envelope = str(mail["Return-Path"]).strip("<>")
    assert outbox.mail_behind(envelope.upper())
    report = vendor_mails.exchange_bounce(envelope, "5.1.1")
    await arrival.arrive(report, "", [envelope])
    await work.settle()
    assert await front_door.row("SELECT outcome FROM inbound_mail") == {"outcome": "bounce"}
    await news(campaign, title="More of it")
    await ask(client, 2)
    await work.settle()
    assert who_got_it("More of it") == ["amina"]
    other = await make.campaign(slug="dark")
    await front_door.counted(client, other, name="Tom Ackroyd", email="tom@example.org")
    await news(campaign, title="Still more")
    await ask(client, 3)
    await work.settle()
    assert who_got_it("Still more") == ["amina", "tom"]
