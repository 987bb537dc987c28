"""Whose letter leaves next: at most so many an hour to one reader, in office hours, and campaigns by turns."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

import make
import work
from delivery.in_line import goes_on, passes, sent, waiting
from undersigned.delivery import office_hours, pacing, switch
from undersigned.delivery.jobs import OWED
from undersigned.kit import database as db
from undersigned.kit import leases
from undersigned.kit.redis_client import client as redis_client
from undersigned.letters.tables import Letter
from undersigned.settings import hours, settings

pytestmark = pytest.mark.usefixtures("live")
MONDAY = "2026-11-30T"
SALFORD = "E14001459"


@pytest.fixture(autouse=True)
def _paced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace of a new installation, at all hours."""
    monkeypatch.setattr(settings, "letters_an_hour", 30)
    monkeypatch.setattr(settings, "office_hours", "always")


async def the(letter_id: int) -> Letter:
    found = await Letter.whole(letter_id)
    assert found is not None
    return found


async def test_one_reader_gets_a_letter_every_two_minutes_or_so_and_at_most_thirty_an_hour() -> None:
    ids = await waiting(await make.campaign(), 40)
    await work.settle()
    assert await sent() == ids[:1], "The rest wait."
    left = await goes_on(60, every=0.5)
    assert 26 <= len(left) <= 31 and left == ids[: len(left)]
    moments = [row["started_at"] for row in await db.fetch("SELECT started_at FROM delivery ORDER BY id")]
    pauses = [after - before for before, after in itertools.pairwise(moments)]
    assert min(pauses) >= timedelta(seconds=89) and max(pauses) <= timedelta(seconds=190)
    assert len(set(pauses)) > 5, "They are not to the minute."
    assert all(sum(0 <= (moment - since).total_seconds() < 3600 for moment in moments) <= 30 for since in moments)


async def test_a_large_campaign_does_not_starve_a_small_one() -> None:
    large, small = await make.campaign(), await make.campaign()
    await waiting(large, 5_000)
    few = await waiting(small, 3)
    left = await goes_on(18)
    assert set(few) <= set(left[:6]), "They go by turns, though thousands were there before."


async def test_each_reader_has_a_pace_of_their_own() -> None:
    campaign = await make.campaign()
    sam = await make.mp(SALFORD, "Salford", display_name="Sam Lark", email="sam.lark.mp@example.org")
    ours = await waiting(campaign, 2)
    theirs = await waiting(campaign, 2, sam, constituency=SALFORD)
    await work.settle()
    assert sorted(await sent()) == sorted([ours[0], theirs[0]])


async def test_a_campaign_may_be_slower_than_the_installation_and_never_faster() -> None:
    slow = await make.campaign(letters_an_hour=4)
    fast = await make.campaign(letters_an_hour=2_000)
    slowly, quickly = await waiting(slow, 10), await waiting(fast, 60)
    left = await goes_on(60)
    assert 3 <= len(set(left) & set(slowly)) <= 5
    places = [place for place, letter_id in enumerate(left) if letter_id in slowly]
    assert all(after - before > 3 for before, after in itertools.pairwise(places)), "Not in a bunch either."
    assert 18 <= len(set(left) & set(quickly)) <= 27
    assert len(left) <= 31


async def test_thirty_in_an_hour_are_enough_however_short_the_pauses_were() -> None:
    campaign = await make.campaign()
    for _ in range(30):
        await make.letter(campaign=campaign)
    await db.execute(
        """INSERT INTO delivery (letter, channel, mode, recipient, started_at, outcome, answer)
           SELECT id, 'email', 'live', '', now() - interval '3 minutes' - id * interval '100 seconds',
               'accepted', '' FROM letter"""
    )
    (letter,) = await waiting(await make.campaign(), 1)
    await work.settle()
    assert letter not in await sent()
    await passes(timedelta(minutes=7))
    await work.settle()
    assert letter in await sent()


async def test_while_one_letter_is_on_its_way_an_older_one_of_another_campaign_waits_too() -> None:
    await waiting(await make.campaign(), 1)
    assert await leases.relay(OWED) == 1
    (older,) = await waiting(await make.campaign(), 1)
    await db.execute("UPDATE letter SET due_at = now() - interval '1 day' WHERE id = $1", older)
    assert await leases.relay(OWED) == 0


async def test_an_attempt_that_was_put_off_has_had_its_turn_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "mail_url", "smtp://127.0.0.1:1")
    await waiting(await make.campaign(), 5)
    await work.settle()
    assert len(await db.fetch("SELECT FROM delivery WHERE outcome = 'postponed'")) == 1


async def test_without_a_pace_and_in_rehearsal_everything_goes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "office_hours", "Mon 08:00-08:01")
    await switch.turn(switch.REHEARSAL)
    ids = await waiting(await make.campaign(), 4)
    await work.settle()
    assert sorted(await sent()) == ids
    more = await waiting(await make.campaign(), 4)
    await switch.turn(switch.LIVE)
    monkeypatch.setattr(settings, "letters_an_hour", 0)
    await work.settle()
    assert sorted(await sent()) == sorted(ids + more)


async def test_nothing_leaves_outside_office_hours_and_paper_is_set_aside_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "office_hours", "Mon-Fri 08:00-18:00")
    campaign = await make.campaign()
    (letter,) = await waiting(campaign, 1)
    (paper,) = await waiting(campaign, 1, channel="post")
    with time_machine.travel(datetime.fromisoformat("2026-11-28T12:00:00+00:00")):
        await work.settle()
        assert await sent() == []
        assert (await the(paper)).state == "held"
        moment = await pacing.expected(await the(letter))
        assert moment == datetime.fromisoformat("2026-11-30T08:00:00+00:00")
        assert pacing.roughly(moment) == "on Monday morning"
    with time_machine.travel(datetime.fromisoformat("2026-11-30T08:00:00+00:00")):
        await work.settle()
        assert await sent() == [letter]


async def test_many_clocks_and_workers_at_once_let_one_letter_go(monkeypatch: pytest.MonkeyPatch) -> None:
    await waiting(await make.campaign(), 8)
    assert sum(await asyncio.gather(*(leases.relay(OWED) for _ in range(6)))) == 1
    assert await leases.relay(OWED) == 0, "While one is on its way no other follows."


async def test_a_redis_that_forgets_everything_in_mid_flight_loses_no_letter_and_breaks_no_pace() -> None:
    ids = await waiting(await make.campaign(), 3)
    for _ in ids:
        assert await leases.relay(OWED) == 1
        redis_client().flushall()
        await db.execute("UPDATE letter SET leased_until = now() - interval '1 second' WHERE lease IS NOT NULL")
        await work.settle()
        assert await leases.relay(OWED) == 0
        await passes(timedelta(minutes=3))
    assert await sent() == ids
    ids_sent = await db.fetch("SELECT letter FROM delivery GROUP BY letter HAVING count(*) > 1")
    assert ids_sent == []


async def test_what_is_expected_is_what_happens() -> None:
    here, there = await make.campaign(), await make.campaign()
    ours, theirs = await waiting(here, 6), await waiting(there, 2)
    await work.settle()
    expected = {}
    for letter_id in (ours + theirs)[1:]:
        moment = await pacing.expected(await the(letter_id))
        assert moment is not None
        expected[letter_id] = (moment - datetime.now(UTC)).total_seconds() / 60
    assert await pacing.expected(await the(ours[0])) is None, "It has left."
    left: dict[int, float] = {}
    for third in range(1, 66):
        await passes(timedelta(minutes=1 / 3))
        await work.settle()
        left |= {letter_id: third / 3 for letter_id in await sent() if letter_id not in left}
    assert all(abs(expected[letter_id] - left[letter_id]) <= 5 for letter_id in expected), (expected, left)
    await switch.turn(switch.STOP)
    (more,) = await waiting(here, 1)
    assert await pacing.expected(await the(more)) is None


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-27T07:59:59+00:00", "2026-11-27T08:00:00+00:00"),
        ("2026-11-27T17:59:59+00:00", "2026-11-27T17:59:59+00:00"),
        ("2026-11-27T18:00:00+00:00", "2026-11-30T08:00:00+00:00"),
        ("2026-03-27T18:30:00+00:00", "2026-03-30T07:00:00+00:00"),
        ("2026-10-23T17:00:00+00:00", "2026-10-26T08:00:00+00:00"),
        ("2026-07-01T06:59:00+00:00", "2026-07-01T07:00:00+00:00"),
    ],
    ids=["before", "the last second", "friday evening", "clocks go on", "clocks go back", "summer"],
)
def test_office_hours_are_those_of_london(monkeypatch: pytest.MonkeyPatch, moment: str, opens: str) -> None:
    monkeypatch.setattr(settings, "office_hours", "Mon-Fri 08:00-18:00")
    assert office_hours.next_open(datetime.fromisoformat(moment)) == datetime.fromisoformat(opens)


def test_work_goes_on_the_next_day_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "office_hours", "Mon-Fri 08:00-18:00")
    friday = datetime.fromisoformat("2026-03-27T17:00:00+00:00")
    assert office_hours.after(friday, timedelta(hours=10.5)).isoformat() == "2026-03-30T16:30:00+00:00"
    assert office_hours.after(friday, timedelta(hours=12)).isoformat() == "2026-03-31T08:00:00+00:00"


@pytest.mark.parametrize("text", ["", "Mon-Fri", "Fri-Mon 08:00-18:00", "Mon 18:00-08:00", "Xyz 08:00-09:00"])
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="should"):
        hours(text)


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ("2026-11-27T10:05:00+00:00", "within a few minutes"),
        ("2026-11-27T11:05:00+00:00", "this morning"),
        ("2026-11-27T15:05:00+00:00", "this afternoon"),
        ("2026-11-28T09:05:00+00:00", "tomorrow morning"),
        ("2026-12-01T14:05:00+00:00", "on Tuesday afternoon"),
        ("2026-12-14T14:05:00+00:00", "on 14 December 2026"),
    ],
)
def test_a_moment_to_come_is_said_as_one_would_say_it(later: str, words: str) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-27T10:00:00+00:00"), tick=False):
        assert pacing.roughly(datetime.fromisoformat(later)) == words
