"""Every night: small changes are applied, large ones wait for staff, and a broken night changes nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

import make
import work
from representatives.parliament_server import Parliament, running
from undersigned.kit import database as db
from undersigned.postcodes.seats import SEATS
from undersigned.representatives import fetching, lists, loading, refreshing, seats
from undersigned.representatives.tables import Refresh
from undersigned.settings import settings

pytestmark = pytest.mark.usefixtures("database")
TITLES = "gss_code,constituency,name_display,name_full_title,party,email,member_id\n"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Source"]:
    """A list at an address, and the setting that says so."""
    monkeypatch.setattr(settings, "var", tmp_path / "var")
    monkeypatch.setattr(fetching, "PAUSE", 0.0)
    monkeypatch.setattr(fetching, "TRIES", 1)
    with running(tmp_path) as server:
        monkeypatch.setattr(settings, "members_url", f"{server.url}/members.csv")
        yield Source(tmp_path / "members.csv.json", server)


class Source:
    """A list of forty members that can be changed."""

    def __init__(self, path: Path, server: Parliament) -> None:
        self.path, self.server = path, server
        self.rows = [
            f"{code},Seat {number},Member {number},Member {number} MP,Party,,{number}"
            for number, code in enumerate(sorted(SEATS)[:40], 1)
        ]
        self.write()

    def write(self) -> None:
        self.path.write_text(TITLES + "\n".join(self.rows))

    def vacate(self, many: int) -> None:
        self.rows = [
            ",".join([*row.split(",")[:2], "Vacant", "", "", "", ""]) if number < many else row
            for number, row in enumerate(self.rows)
        ]
        self.write()

    async def load(self) -> None:
        plain = self.path.with_suffix(".csv")
        plain.write_text(self.path.read_text())
        await loading.store(lists.read(plain))


async def test_a_night_with_few_changes_applies_them(source: Source) -> None:
    await source.load()
    source.vacate(1)
    assert await refreshing.refresh(date(2026, 11, 21)) == "applied"
    assert (await loading.status())["vacant"] == 1
    assert await refreshing.refresh(date(2026, 11, 22)) == "unchanged"


async def test_a_day_is_done_once(source: Source) -> None:
    await source.load()
    assert await refreshing.refresh(date(2026, 11, 21)) == "unchanged"
    assert await refreshing.refresh(date(2026, 11, 21)) == ""


async def test_a_night_with_many_changes_waits_and_owners_are_told(source: Source) -> None:
    await make.staff()
    await make.staff("viewer@example.org", role="viewer")
    await source.load()
    source.vacate(6)
    assert await refreshing.refresh(date(2026, 11, 21)) == "waiting"
    assert (await loading.status())["vacant"] == 0
    await work.settle()
    told = work.inbox()
    assert [str(message["To"]) for message in told] == ["owen@example.org"]
    assert "Left: 6" in work.text_of(told[0])
    await refreshing.apply_waiting()
    assert (await loading.status())["vacant"] == 6
    with pytest.raises(refreshing.NothingWaits):
        await refreshing.apply_waiting()
    assert (await db.fetch("SELECT lines FROM refresh"))[0]["lines"] is None


async def test_a_list_that_waits_may_be_dropped(source: Source) -> None:
    await source.load()
    source.vacate(10)
    await refreshing.refresh(date(2026, 11, 21))
    held = await refreshing.waiting()
    assert held
    assert len(refreshing.review_of(held).left) == 10
    await refreshing.drop_waiting()
    assert await refreshing.waiting() is None
    assert (await loading.status())["sitting"] == 40


async def test_a_list_is_not_applied_unless_the_audit_says_who_did(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    await source.load()
    source.vacate(10)
    await refreshing.refresh(date(2026, 11, 21))

    async def full(*_: object, **__: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(refreshing.audit, "record", full)
    for deed in (refreshing.apply_waiting, refreshing.drop_waiting):
        with pytest.raises(OSError, match="no room"):
            await deed()
    monkeypatch.undo()
    assert await refreshing.waiting()
    assert (await loading.status())["sitting"] == 40


async def test_a_night_that_fails_changes_nothing_and_says_why(source: Source) -> None:
    await source.load()
    source.path.write_text("<!doctype html>")
    assert await refreshing.refresh(date(2026, 11, 21)) == "failed"
    row = await Refresh.objects().first()
    assert row
    assert "lacks the columns" in row.answer
    assert (await seats.of(sorted(SEATS)[0])).kind == "sitting"


async def test_the_clock_reminds_after_ten_past_three_in_london_and_only_if_an_address_is_set(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(datetime(2026, 7, 1, 2, 9, tzinfo=UTC), tick=False):
        assert not await refreshing.remind()
    with time_machine.travel(datetime(2026, 7, 1, 3, 0, tzinfo=UTC), tick=False):
        assert await refreshing.remind()
        await refreshing.refresh(date(2026, 7, 1))
        assert not await refreshing.remind()
        monkeypatch.setattr(settings, "members_url", "")
        assert not await refreshing.remind()
