"""A signature without a place gets one when a new index arrives, and its total moves exactly once."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import front_door
import make
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.postcodes import packing
from undersigned.postcodes.index import Index
from undersigned.postcodes.packing import Packer, Spot
from undersigned.postcodes.postcode import Postcode
from undersigned.postcodes.seats import ENGLAND
from undersigned.signatures import resolving
from undersigned.signatures.tables import Tally

NEW = "ZE3 9ZZ"


def written(path: Path, *rows: tuple[str, str]) -> Index:
    """An index that holds these postcodes with these seats."""
    packer = Packer()
    for code, seat in rows:
        postcode = Postcode.parse(code)
        packer.add(postcode.outward, postcode.inward, packer.number(Spot(seat, ENGLAND, None)), False)
    packing.replace(path, packer.pack(path.name, []))
    return Index.open(path)


@pytest.fixture
def newer(tmp_path: Path) -> Index:
    return written(tmp_path / "newer", (NEW, make.BURY_NORTH))


async def unplaced(client: httpx.AsyncClient, campaign: Campaign, many: int, confirmed: bool = True) -> None:
    """So many people at a postcode that nobody knows yet."""
    for number in range(many):
        address = f"amina{number}@example.org"
        await front_door.sign(client, campaign, email=address, postcode=NEW)
        if confirmed:
            await front_door.confirm(client, address)


async def total(campaign: Campaign) -> int:
    return (await Tally.of(campaign.id, "constituency")).get(make.BURY_NORTH, 0)


async def test_each_is_placed_and_counted_once_however_often_it_is_done(
    client: httpx.AsyncClient, newer: Index
) -> None:
    campaign = await make.campaign()
    await unplaced(client, campaign, 3)
    assert await total(campaign) == 0
    assert await resolving.resolve(newer) == 3
    assert await total(campaign) == 3
    assert await resolving.resolve(newer) == 0
    assert await total(campaign) == 3
    rows = await db.fetch("SELECT constituency, match, data_release FROM signature")
    assert {tuple(row.values()) for row in rows} == {(make.BURY_NORTH, "exact", "newer")}
    assert (await Tally.of(campaign.id, "country")) == {"GB": 3}


async def test_two_workers_at_once_count_each_once(
    client: httpx.AsyncClient, newer: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "BATCH", 2)
    campaign = await make.campaign()
    await unplaced(client, campaign, 9)
    placed = await asyncio.gather(*(resolving.resolve(newer) for _ in range(4)))
    # Rows that another worker held at that moment are left for the clock's next look.
    assert sum(placed) + await resolving.resolve(newer) == 9
    assert await total(campaign) == 9


async def test_who_confirms_while_they_are_placed_is_counted_once(client: httpx.AsyncClient, newer: Index) -> None:
    campaign = await make.campaign()
    await unplaced(client, campaign, 8, confirmed=False)
    links = [await front_door.mailed_link(f"amina{number}@example.org") for number in range(8)]
    await asyncio.gather(*(client.post(link) for link in links), *(resolving.resolve(newer) for _ in range(4)))
    await resolving.resolve(newer)
    assert await total(campaign) == 8
    assert (await Campaign.objects().get(Campaign.id == campaign.id)).signature_count == 8  # type: ignore[union-attr]


async def test_only_what_counts_moves_a_total(client: httpx.AsyncClient, newer: Index) -> None:
    campaign = await make.campaign()
    await unplaced(client, campaign, 4)
    await unplaced(client, await make.campaign(), 1, confirmed=False)
    await db.execute("UPDATE signature SET withdrawn_at = now() WHERE id = 1")
    await db.execute("UPDATE signature SET discounted_at = now() WHERE id = 2")
    assert await resolving.resolve(newer) == 5
    assert await total(campaign) == 2


async def test_confirming_after_being_placed_counts_in_the_constituency(
    client: httpx.AsyncClient, newer: Index
) -> None:
    campaign = await make.campaign()
    await unplaced(client, campaign, 1, confirmed=False)
    await resolving.resolve(newer)
    assert await total(campaign) == 0
    await front_door.confirm(client, "amina0@example.org")
    assert await total(campaign) == 1


async def test_what_is_still_unknown_is_sought_once_an_edition(
    client: httpx.AsyncClient, newer: Index, tmp_path: Path
) -> None:
    campaign = await make.campaign()
    await unplaced(client, campaign, 1)
    other = written(tmp_path / "other", ("N1 1AA", make.BURY_NORTH))
    assert await resolving.resolve(other) == 0
    assert await resolving._resolve_batch(other) == (0, 0)
    assert await resolving.resolve(newer) == 1


async def test_the_clock_sees_that_rows_wait_only_until_they_have_been_sought(
    client: httpx.AsyncClient, current: Index
) -> None:
    campaign = await make.campaign()
    assert not await resolving.remind()
    await unplaced(client, campaign, 1)
    assert await resolving.remind()
    await resolving.resolve_places.fn.__wrapped__(current.edition)
    assert not await resolving.remind()


async def test_a_worker_with_another_index_than_the_clock_leaves_the_rows_alone(client: httpx.AsyncClient) -> None:
    await unplaced(client, await make.campaign(), 1)
    await resolving.resolve_places.fn.__wrapped__("00000000")
    assert await db.fetch("SELECT FROM signature WHERE looked_up_in IS NULL")


@pytest.fixture
def current() -> Iterator[Index]:
    """The index of the tests, as everybody has it."""
    from undersigned.postcodes import index

    index.look_again()
    yield index.current()


def test_an_edition_is_the_same_wherever_the_same_file_was_loaded_and_differs_when_an_answer_does(
    tmp_path: Path,
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = written(tmp_path / "one" / "list", (NEW, make.BURY_NORTH), ("N1 1AA", "E14001063"))
    same = written(tmp_path / "two" / "list", (NEW, make.BURY_NORTH), ("N1 1AA", "E14001063"))
    other = written(tmp_path / "two" / "list", (NEW, "E14001063"), ("N1 1AA", make.BURY_NORTH))
    assert one.edition == same.edition != other.edition
    assert len(Index.empty().edition) == 8
