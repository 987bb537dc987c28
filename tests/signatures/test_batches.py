"""Many who sign at once share a statement, and a batch that fails costs nobody anything."""

from collections import Counter
from typing import Any

import httpx
import pytest

import front_door
import make
from signatures import guarded
from undersigned.kit import database as db
from undersigned.kit.errors import Unavailable
from undersigned.signatures import judging, storing

pytestmark = pytest.mark.usefixtures("behind_a_proxy")


async def test_a_batch_that_is_tried_again_takes_from_each_bucket_once(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await make.campaign()
    judge, insert, judged, failures = judging.judge, storing.insert, Counter[str](), iter(range(3))

    async def noting(wishes: list[Any]) -> list[Any]:
        judged.update(wish.email_key for wish in wishes)
        return await judge(wishes)

    async def failing(*given: Any, **named: Any) -> Any:
        if next(failures, None) is not None:
            raise Unavailable("PostgreSQL starts again.")
        return await insert(*given, **named)

    monkeypatch.setattr(judging, "judge", noting)
    monkeypatch.setattr(storing, "insert", failing)
    answers = await guarded.crowd(client, campaign, 40)
    # The first trouble meets a batch; each of the other two may meet one person who is tried alone.
    assert sum(answer.status_code == 303 for answer in answers) >= 38
    assert len(judged) == 40 and set(judged.values()) == {1}
    assert (await guarded.became())[""] >= 38


async def test_who_is_written_before_the_rest_of_a_batch_fails_gets_one_mail(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await make.campaign()
    await guarded.sign(client, campaign, "203.0.113.1", email="s0@gmail.com", name="Person 0x")
    send_again, failures = storing.send_again, iter(range(2))

    async def failing(*given: Any) -> Any:
        if next(failures, None) is not None:
            raise Unavailable("PostgreSQL starts again.")
        return await send_again(*given)

    monkeypatch.setattr(storing, "send_again", failing)
    await guarded.crowd(client, campaign, 12, "203.0.113.{}")
    rows = await db.fetch(
        "SELECT email, mails, (SELECT count(*)::int FROM mail WHERE about = signature.id) AS owed FROM signature"
    )
    assert len(rows) == 12
    assert {row["email"]: (row["mails"], row["owed"]) for row in rows if row["email"] != "s0@gmail.com"} == {
        f"s{n}@gmail.com": (1, 1) for n in range(1, 12)
    }


async def test_who_was_written_is_not_told_that_the_campaign_had_closed(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await make.campaign()
    await guarded.sign(client, campaign, "203.0.113.1", email="s0@gmail.com", name="Person 0x")

    async def just_now(campaign_ids: set[int]) -> set[int]:
        return campaign_ids

    monkeypatch.setattr(storing, "closed", just_now)
    answers = await guarded.crowd(client, campaign, 4, "203.0.113.{}")
    assert [answer.status_code for answer in answers] == [410, 303, 303, 303]
    assert (await front_door.row("SELECT count(*)::int AS n FROM signature"))["n"] == 4
