"""Who sits for a constituency today, in words that a page can show."""

import pytest

import make
from undersigned.kit import database as db
from undersigned.representatives import seats

pytestmark = pytest.mark.usefixtures("database")


async def test_a_sitting_member_can_be_written_to() -> None:
    await make.mp()
    seat = await seats.of(make.BURY_NORTH)
    assert (seat.kind, seat.constituency, seat.can_be_written_to) == ("sitting", "Bury North", True)
    assert seat.mp is not None and seat.mp.named == "Harriet Vale MP"


@pytest.mark.parametrize("contact", ["email", "post", "via", "unknown"])
async def test_any_way_but_opting_out_leaves_the_door_open(contact: str) -> None:
    await make.mp(contact=contact)
    assert (await seats.of(make.BURY_NORTH)).can_be_written_to


async def test_whoever_has_opted_out_cannot_be_written_to() -> None:
    await make.mp(contact="opted_out")
    assert not (await seats.of(make.BURY_NORTH)).can_be_written_to


async def test_a_seat_whose_member_left_is_vacant_and_one_that_is_closed_is_dissolved() -> None:
    await make.mp()
    await db.execute("UPDATE membership SET ended_on = current_date")
    seat = await seats.of(make.BURY_NORTH)
    assert (seat.kind, seat.mp, seat.can_be_written_to) == ("vacant", None, False)
    await db.execute("UPDATE constituency SET closed_reason = 'Parliament was dissolved.'")
    seat = await seats.of(make.BURY_NORTH)
    assert (seat.kind, seat.note) == ("dissolved", "Parliament was dissolved.")


@pytest.mark.parametrize("gss_code", [None, "", "E14999999", "x" * 50])
async def test_what_we_do_not_know_is_unknown(gss_code: str | None) -> None:
    assert await seats.of(gss_code) == seats.UNKNOWN


async def test_a_list_to_choose_from_is_by_name_with_empty_seats_marked() -> None:
    await make.mp("E14001459", "Salford", display_name="Sam Lark", full_title="Sam Lark MP")
    await make.mp()
    await db.execute("UPDATE membership SET ended_on = current_date WHERE constituency = 'E14001459'")
    everything = await seats.all_seats()
    assert [(row["constituency"], row["mp"] is None) for row in everything] == [
        ("Bury North", False),
        ("Salford", True),
    ]
    some = await seats.some_seats(("E14001459", "E14999999", make.BURY_NORTH))
    assert [row["constituency"] for row in some] == ["Salford", "Bury North"]


@pytest.mark.parametrize(
    ("told", "named", "salutation"),
    [
        ({}, "Harriet Vale MP", "Ms Vale"),
        ({"full_title": "Rt Hon Harriet Vale"}, "Rt Hon Harriet Vale MP", "Ms Vale"),
        ({"address_as": ""}, "Harriet Vale MP", "Harriet Vale"),
    ],
)
async def test_a_member_is_named_with_the_letters_mp_once(
    told: dict[str, str], named: str, salutation: str
) -> None:
    made = await make.mp(**told)
    assert (made.named, made.salutation) == (named, salutation)
