"""Who has left gets no news, and to how many it went stays true."""

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from datetime import timedelta
from typing import Any

import httpx
import pytest

import front_door
import work
from news.readers import DESK, PEOPLE, ask, counted, who_got_it
from staff.visits import token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.privacy import forgetting, holdings
from undersigned.signatures import mailing


async def test_whoever_leaves_between_asking_and_sending_gets_nothing(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, *PEOPLE)
    await ask(client)
    await mailing.go_on(1)
    assert (await front_door.row("SELECT count(*) AS n FROM mail WHERE mailing = 1"))["n"] == 4
    await client.post(f"/unsubscribe/{tokens.issue('unsubscribe', 1)}")
    await client.post(f"/you/{tokens.issue('you', 2)}/withdraw", data={"signature": "2"})
    await holdings.erase("bronwen@example.org")
    act = {"act": "discount", "signature": "4", "form_token": await token(client)}
    await client.post("/staff/campaigns/light/discounting/one", data=act)
    await work.settle()
    assert who_got_it() == []
    assert await db.fetch("SELECT * FROM mail WHERE recipient LIKE 'bronwen%'") == []
    page = (await client.get(f"{DESK}/1")).text
    assert "E-mailed to 0 people" in page and "4 were not sent" in page


async def test_to_how_many_it_went_stays_the_same_when_the_mail_is_forgotten_and_when_one_is_erased(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, *PEOPLE)
    await ask(client)
    await mailing.go_on(1)
    await client.post(f"/unsubscribe/{tokens.issue('unsubscribe', 1)}")
    await holdings.erase("bronwen@example.org")
    await work.settle()
    await holdings.erase("tom@example.org")
    for _ in range(3):
        page = (await client.get(f"{DESK}/1")).text
        assert "E-mailed to 2 people" in page and "2 were not sent" in page
        await db.execute(
            "UPDATE mail SET sent_at = sent_at - $1::interval, dead_at = dead_at - $1::interval", timedelta(29)
        )
        await forgetting.drop_old_mail()
    assert await db.fetch("SELECT id FROM mail WHERE mailing = 1") == []


async def test_whoever_has_left_before_it_is_asked_for_is_owed_nothing(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await counted(client, campaign, *PEOPLE)
    await client.post(f"/unsubscribe/{tokens.issue('unsubscribe', 1)}")
    await client.post(f"/you/{tokens.issue('you', 2)}/withdraw", data={"signature": "2"})
    await holdings.erase("bronwen@example.org")
    await ask(client)
    await work.settle()
    assert who_got_it() == ["tom"]


async def test_whoever_is_erased_at_the_moment_their_mail_is_owed_leaves_no_address_behind(
    client: httpx.AsyncClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counted(client, campaign, "amina", "yusuf")
    await ask(client)
    erasing: list[asyncio.Task[None]] = []
    owe = mailing._owe

    async def owe_and_linger(*step: Any) -> None:
        """The chunk is written and not committed yet; an erasure begins, and ends or waits for us."""
        await owe(*step)
        if not erasing:
            erasing.append(beside(holdings.erase("amina@example.org")))
            async with asyncio.timeout(20):
                while not (erasing[0].done() or await beside(db.fetch(_SOMEBODY_WAITS))):
                    await asyncio.sleep(0.01)

    monkeypatch.setattr(mailing, "_owe", owe_and_linger)
    await mailing.go_on(1)
    await erasing[0]
    left = await db.fetch("SELECT recipient FROM mail WHERE mailing = 1 ORDER BY recipient")
    assert [row["recipient"] for row in left] == ["", "yusuf@example.org"]


def beside(deed: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
    """Do it on a connection of its own, outside the transaction that is open here."""
    return asyncio.create_task(deed, context=Context())


_SOMEBODY_WAITS = """
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
