"""Reading what signers wrote before anybody else does: their own words, and the organisations they sign for.

Only of signatures that count: what somebody wrote who has not confirmed is nobody's business yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from undersigned.kit import database
from undersigned.kit.errors import Refused
from undersigned.signatures.tables import Signature
from undersigned.staff import audit

A_PAGE: Final = 25
COUNTED_TO: Final = 1_000
STATES: Final = {"waiting": "Waiting to be read", "shown": "Shown", "refused": "Not shown"}
ACTS: Final = {"show": "shown", "refuse": "refused"}

# What the form sends back of each, so that nobody passes words which they have not read.
_READ: Final = r"left(md5(words || E'\n' || organisation), 12)"


class NothingChosen(Refused):
    """A button was pressed with no box ticked, or something else was asked."""


@dataclass(frozen=True)
class Page:
    """Some of those in one state, the oldest first; ``counts`` goes to a thousand and stops there."""

    rows: list[dict[str, Any]]
    number: int
    more: bool
    counts: dict[str, int]


async def page(campaign_id: int, state: str, number: int) -> Page:
    """25 signatures with words or an organisation in one state: id, name, shows_name, words, read and so on."""
    rows = await database.fetch(
        f"""SELECT id, name, words, organisation, shows_name, confirmed_at, {_READ} AS read FROM signature
            WHERE campaign = $1 AND words_state = $2 AND {Signature.COUNTS} ORDER BY id LIMIT $3 OFFSET $4""",  # noqa: S608
        campaign_id,
        state,
        A_PAGE + 1,
        (number - 1) * A_PAGE,
    )
    return Page(rows[:A_PAGE], number, len(rows) > A_PAGE, await counts(campaign_id))


async def counts(campaign_id: int) -> dict[str, int]:
    """How many are in each state; 1,000 stands for that many or more, so that no page counts them all."""
    rows = await database.fetch(
        f"""SELECT state, (SELECT count(*) FROM (
                SELECT FROM signature WHERE campaign = $1 AND words_state = state AND {Signature.COUNTS} LIMIT $3
            ) AS few)::int AS total FROM unnest($2::text[]) AS state""",  # noqa: S608 - our own condition.
        campaign_id,
        list(STATES),
        COUNTED_TO,
    )
    return {row["state"]: row["total"] for row in rows}


def ticked(values: Mapping[str, str]) -> dict[int, str]:
    """The boxes of a form that were ticked, ``chosen-12=…``: signatures, each with the sign of what was read."""
    boxes = {name.removeprefix("chosen-"): value for name, value in values.items() if name.startswith("chosen-")}
    return {int(one): value for one, value in boxes.items() if one.isascii() and one.isdigit() and len(one) < 19}


async def decide(campaign_id: int, slug: str, act: str, chosen: dict[int, str], staff_id: int) -> int:
    """Show or refuse those that are ``chosen``: by id, with the sign of what was read. How many were changed.

    Whoever has written something else since keeps waiting. The audit names ids alone. Raises NothingChosen.
    """
    state = ACTS.get(act, "")
    if not (state and chosen):
        raise NothingChosen("Tick what you have read, and press a button.")
    async with database.transaction():
        rows = await database.fetch(
            f"""UPDATE signature SET words_state = $1
                FROM unnest($2::bigint[], $3::text[]) AS given (id, read)
                WHERE signature.id = given.id AND campaign = $4 AND {Signature.COUNTS} AND {_READ} = given.read
                  AND words_state <> '' AND words_state <> $1
                RETURNING signature.id""",  # noqa: S608 - our own condition.
            state,
            list(chosen),
            list(chosen.values()),
            campaign_id,
        )
        ids = sorted(row["id"] for row in rows)
        if ids:
            await audit.record(f"words {state}", f"campaign {slug}", after={"signatures": ids}, staff_id=staff_id)
    return len(ids)
