"""Members of Parliament from a file: joined on codes and ids, never on names."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from undersigned.kit import database as db
from undersigned.kit.errors import Refused
from undersigned.representatives import loading, seats
from undersigned.representatives.tables import Representative

pytestmark = pytest.mark.usefixtures("database")
BURY_NORTH, SALFORD, SPEAKERS = "E14001144", "E14001459", "E14001166"

HARRIET = {
    "gss_code": BURY_NORTH,
    "constituency": "Bury North",
    "member_id": "9001",
    "name_display": "Harriet Vale",
    "name_full_title": "Rt Hon Harriet Vale MP",
    "address_as": "Ms Vale",
    "party": "Commonwealth Party",
    "email": " Harriet.Vale.MP@example.org ",
    "start_date": "2024-07-04",
    "takes_part_in_votes": "true",
}
SAM = HARRIET | {
    "gss_code": SALFORD,
    "constituency": "Salford",
    "member_id": "9002",
    "name_display": "Sam Lark",
    "name_full_title": "Sam Lark MP",
    "address_as": "",
    "email": "sam.lark.mp@example.org",
}


def written(folder: Path, *rows: dict[str, str]) -> Path:
    """A list of members."""
    path = folder / "members.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(HARRIET), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


async def load(folder: Path, *rows: dict[str, str]) -> loading.Review:
    """Read and store."""
    return await loading.store(loading.read(written(folder, *rows)))


async def mp(gss_code: str) -> Representative | None:
    """Who sits there."""
    return (await seats.of(gss_code)).mp


async def memberships() -> list[dict[str, Any]]:
    """Who sat where, from when to when."""
    return await db.fetch(
        """SELECT r.display_name, m.constituency, m.started_on, m.ended_on IS NULL AS sits FROM membership m
           JOIN representative r ON r.id = m.representative ORDER BY m.id"""
    )


async def test_a_list_fills_the_seats(tmp_path: Path) -> None:
    review = await load(tmp_path, HARRIET, SAM)
    assert (review.seats, len(review.new), review.left) == (2, 2, [])
    harriet = await mp(BURY_NORTH)
    assert harriet is not None
    assert (harriet.display_name, harriet.named) == ("Harriet Vale", "Rt Hon Harriet Vale MP")
    assert (harriet.salutation, harriet.email) == ("Ms Vale", "harriet.vale.mp@example.org")
    assert (harriet.contact, harriet.member_id, harriet.takes_part_in_votes) == ("email", 9001, True)
    assert (await memberships())[0]["started_on"] == date(2024, 7, 4)


async def test_the_same_list_twice_changes_nothing(tmp_path: Path) -> None:
    await load(tmp_path, HARRIET, SAM)
    before = await memberships()
    review = await load(tmp_path, HARRIET, SAM)
    assert (review.new, review.left, review.email_changed) == ([], [], [])
    assert await memberships() == before


async def test_a_new_name_with_the_same_id_is_the_same_person(tmp_path: Path) -> None:
    await load(tmp_path, HARRIET)
    married = HARRIET | {"name_display": "Harriet Moss", "name_full_title": "Harriet Moss MP"}
    review = await load(tmp_path, married)
    assert (review.new, review.left) == ([], [])
    assert [row["display_name"] for row in await memberships()] == ["Harriet Moss"]


async def test_a_namesake_with_another_id_is_another_person(tmp_path: Path) -> None:
    await load(tmp_path, HARRIET)
    review = await load(tmp_path, HARRIET | {"member_id": "9009", "email": "other@example.org"})
    assert (len(review.new), len(review.left)) == (1, 1)
    assert [(row["display_name"], row["sits"]) for row in await memberships()] == [
        ("Harriet Vale", False),
        ("Harriet Vale", True),
    ]


async def test_a_by_election_ends_one_membership_and_begins_another(tmp_path: Path) -> None:
    await load(tmp_path, HARRIET)
    await load(tmp_path, HARRIET | SAM | {"gss_code": BURY_NORTH, "constituency": "Bury North"})
    assert [(row["display_name"], row["sits"]) for row in await memberships()] == [
        ("Harriet Vale", False),
        ("Sam Lark", True),
    ]


async def test_members_who_swap_seats_keep_their_rows(tmp_path: Path) -> None:
    await load(tmp_path, HARRIET, SAM)
    where = ("gss_code", "constituency")
    await load(
        tmp_path,
        HARRIET | {name: SAM[name] for name in where},
        SAM | {name: HARRIET[name] for name in where},
    )
    harriet, sam = await mp(SALFORD), await mp(BURY_NORTH)
    assert harriet is not None and sam is not None
    assert (harriet.display_name, sam.display_name) == ("Harriet Vale", "Sam Lark")
    assert await Representative.count() == 2


@pytest.mark.parametrize("nobody", ["", "Vacant", "VACANT"])
async def test_a_seat_without_a_member_is_vacant(tmp_path: Path, nobody: str) -> None:
    await load(tmp_path, HARRIET)
    empty = HARRIET | {"name_display": nobody, "name_full_title": "", "member_id": "", "email": "", "party": ""}
    review = await load(tmp_path, empty)
    assert len(review.left) == 1
    assert (await seats.of(BURY_NORTH)).kind == "vacant"


async def test_without_an_address_none_is_guessed_and_paper_is_the_way(tmp_path: Path) -> None:
    review = await load(tmp_path, HARRIET | {"email": "No email found"})
    harriet = await mp(BURY_NORTH)
    assert harriet is not None
    assert (harriet.email, harriet.contact, review.without_email) == ("", "post", 1)


async def test_what_the_operator_has_set_outlives_a_list(tmp_path: Path) -> None:
    await load(tmp_path, HARRIET)
    await db.execute(
        "UPDATE representative SET email = 'ask@example.org', contact = 'opted_out', overridden_at = now()"
    )
    await load(tmp_path, HARRIET | {"party": "Another Party"})
    harriet = await mp(BURY_NORTH)
    assert harriet is not None
    assert (harriet.email, harriet.contact, harriet.party) == ("ask@example.org", "opted_out", "Another Party")


async def test_a_new_address_has_not_failed_yet(tmp_path: Path) -> None:
    await load(tmp_path, HARRIET)
    await db.execute("UPDATE representative SET failing_since = now()")
    await load(tmp_path, HARRIET)
    harriet = await mp(BURY_NORTH)
    assert harriet is not None and harriet.failing_since is not None
    review = await load(tmp_path, HARRIET | {"email": "h.vale@example.org"})
    harriet = await mp(BURY_NORTH)
    assert harriet is not None and harriet.failing_since is None
    assert len(review.email_changed) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [HARRIET | {"gss_code": "E14999999"}],
        [HARRIET | {"gss_code": ""}],
        [HARRIET | {"start_date": "04/07/2024"}],
        [HARRIET, HARRIET | {"member_id": "9003", "name_display": "Somebody Else"}],
    ],
)
async def test_a_list_that_cannot_be_right_is_refused_whole(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    with pytest.raises(Refused) as refusal:
        await load(tmp_path, SAM, *rows) if rows else await load(tmp_path)
    assert "\n" not in str(refusal.value)
    assert await Representative.count() == 0


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"gss_code\nE14001144\n", b"PK\x03\x04"])
def test_what_is_no_list_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes(content)
    with pytest.raises(loading.NotAMemberList) as refusal:
        loading.read(path)
    assert "\n" not in str(refusal.value)


async def test_a_row_that_is_cut_off_is_read_as_empty_or_refused_and_never_breaks_us(tmp_path: Path) -> None:
    path = written(tmp_path, SAM)
    path.write_text(path.read_text(encoding="utf-8-sig") + f"{BURY_NORTH},Bury North\n", encoding="utf-8")
    try:
        await loading.store(loading.read(path))
    except Refused:
        return
    assert (await seats.of(BURY_NORTH)).kind == "vacant"


async def test_the_speaker_does_not_vote(tmp_path: Path) -> None:
    await load(tmp_path, HARRIET | {"takes_part_in_votes": "false"})
    harriet = await mp(BURY_NORTH)
    assert harriet is not None and not harriet.takes_part_in_votes


async def test_status_counts_seats_members_and_addresses(tmp_path: Path) -> None:
    await load(tmp_path, HARRIET, SAM | {"name_display": "", "member_id": ""})
    found = await loading.status()
    assert (found["seats"], found["sitting"], found["vacant"], found["with_email"]) == (2, 1, 1, 1)
