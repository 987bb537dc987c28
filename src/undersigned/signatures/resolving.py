"""Finding a place for signatures that had none, when a new index of postcodes has arrived.

A signature never waits for its place: it is stored with what was known. When the index changes, the clock
sees rows that were last sought in another edition and tells the worker; each row is then sought once an
edition, and the total of its constituency moves in the transaction that gives the row its place.
"""

import logging
from collections import Counter
from typing import Any, Final

import redis

from undersigned.kit import database
from undersigned.kit.broker import job
from undersigned.postcodes import index, ladder
from undersigned.postcodes.ladder import Match, Place
from undersigned.postcodes.postcode import NotAPostcode
from undersigned.signatures import counting

BATCH: Final = 500
_UNPLACED: Final = "constituency IS NULL AND match IN ('unknown', 'choose') AND postcode <> ''"
log = logging.getLogger(__name__)


async def remind() -> bool:
    """Tell the worker when rows wait for the index in use; answers whether any do.

    Redis being away costs a minute: the rows still wait at the next look.
    """
    now = index.current()
    if not now.release or not await _any_waits(now.edition):
        return False
    try:
        resolve_places.send(now.edition)
    except redis.RedisError:
        log.warning("Redis is away; signatures without a place wait.")
    return True


@job(queue="places")
async def resolve_places(edition: str) -> None:
    """Seek every unplaced signature in the index, if ours is the edition that the clock has seen."""
    now = index.current()
    if now.edition != edition:
        index.look_again()
        now = index.current()
    if now.edition == edition:
        await resolve(now)


async def resolve(now: index.Index) -> int:
    """Place what can be placed, 500 at a time, and say how many were; twice or at once is the same as once."""
    placed = 0
    while True:
        sought, found = await _resolve_batch(now)
        placed += found
        if not sought:
            return placed


async def _any_waits(edition: str) -> bool:
    # Two ranges and not "<>", so that the partial index answers without reading rows that are done.
    row = await database.fetch_one(
        f"""SELECT EXISTS (SELECT FROM signature WHERE {_UNPLACED} AND coalesce(looked_up_in, '') < $1)
                OR EXISTS (SELECT FROM signature WHERE {_UNPLACED} AND coalesce(looked_up_in, '') > $1)
            AS waits""",  # noqa: S608 - our own words.
        edition,
    )
    return bool(row and row["waits"])


async def _resolve_batch(now: index.Index) -> tuple[int, int]:
    """How many rows were sought and how many of them were found, in one commit.

    Rows that another transaction holds are skipped: they are left for the next look of the clock.
    """
    async with database.transaction():
        rows = await database.fetch(
            f"""SELECT id, campaign, postcode, country, confirmed_at, withdrawn_at, discounted_at
                FROM signature
                WHERE {_UNPLACED} AND (coalesce(looked_up_in, '') < $1 OR coalesce(looked_up_in, '') > $1)
                ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED""",  # noqa: S608 - our own words.
            now.edition,
            BATCH,
        )
        places = {row["id"]: _seek(row, now) for row in rows}
        found = {row_id: place for row_id, place in places.items() if place and place.gss_code}
        await _mark_sought(list(places), now.edition)
        await _store(found)
        counted = [row for row in rows if row["id"] in found and _counts(row)]
        await counting.add(
            Counter((row["campaign"], "constituency", found[row["id"]].gss_code or "") for row in counted)
        )
    return len(rows), len(found)


def _seek(row: dict[str, Any], now: index.Index) -> Place | None:
    try:
        return ladder.place(row["postcode"], row["country"], now)
    except NotAPostcode:
        return None


def _counts(row: dict[str, Any]) -> bool:
    return bool(row["confirmed_at"]) and not (row["withdrawn_at"] or row["discounted_at"])


async def _mark_sought(row_ids: list[int], edition: str) -> None:
    if row_ids:
        await database.execute("UPDATE signature SET looked_up_in = $2 WHERE id = ANY($1)", row_ids, edition)


async def _store(found: dict[int, Place]) -> None:
    if found:
        await database.execute(
            """UPDATE signature SET constituency = given.seat, match = given.match, data_release = given.release
               FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS given (id, seat, match, release)
               WHERE signature.id = given.id""",
            list(found),
            [place.gss_code for place in found.values()],
            [Match(place.match).value for place in found.values()],
            [place.release for place in found.values()],
        )
