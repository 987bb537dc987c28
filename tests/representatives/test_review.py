"""What a list would change is shown first; what staff have set stays; a list that empties the House is refused."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import make
from undersigned.kit import database as db
from undersigned.postcodes.seats import SEATS
from undersigned.representatives import corrections, lists, loading, seats
from undersigned.representatives.lists import Line, NotAMemberList
from undersigned.representatives.review import TooManyUnseated
from undersigned.representatives.tables import Representative
from undersigned.staff.tables import Audit

pytestmark = pytest.mark.usefixtures("database")

HARRIET = Line(
    gss_code=make.BURY_NORTH,
    constituency="Bury North",
    country="England",
    region="North West",
    member_id=9001,
    name="Harriet Vale",
    full_title="Harriet Vale MP",
    address_as="",
    party="Commonwealth Party",
    email="harriet.vale.mp@example.org",
    started_on=date(2024, 7, 4),
    takes_part_in_votes=True,
    note="",
)


def house(size: int) -> list[Line]:
    """So many seats, each with a member of its own, none of them at an invented address."""
    codes = sorted(SEATS)[:size]
    return [
        replace(HARRIET, gss_code=code, constituency=code, member_id=number, name=f"Member {number}", email="")
        for number, code in enumerate(codes, 1)
    ]


async def test_each_kind_of_change_is_listed_and_nothing_is_written() -> None:
    await loading.store([HARRIET])
    changed = replace(HARRIET, party="Independent", email="hv@example.org")
    review = await loading.look_over([changed])
    assert review.party_changed == ["Harriet Vale (Bury North): Commonwealth Party → Independent"]
    assert review.email_changed == ["Harriet Vale (Bury North)"]
    review = await loading.look_over([replace(HARRIET, name="", member_id=None)])
    assert (review.left, review.vacant) == (["Harriet Vale (Bury North)"], ["Bury North"])
    review = await loading.look_over([replace(HARRIET, name="Una Reed", member_id=9002)])
    assert (review.new, review.left, review.vacant) == (
        ["Una Reed (Bury North)"],
        ["Harriet Vale (Bury North)"],
        [],
    )
    member = await Representative.objects().first()
    assert member
    assert (member.party, member.email) == ("Commonwealth Party", "harriet.vale.mp@example.org")


async def test_what_a_source_does_not_say_stays_as_it_is() -> None:
    await loading.store([replace(HARRIET, takes_part_in_votes=False, note="The Speaker.")])
    await loading.store([replace(HARRIET, email=None, takes_part_in_votes=None, note=None, address_as="")])
    member = await Representative.objects().first()
    assert member
    assert (member.email, member.contact) == ("harriet.vale.mp@example.org", "email")
    assert (member.takes_part_in_votes, member.note) == (False, "The Speaker.")


async def test_a_list_that_unseats_more_than_a_fifth_is_refused_unless_forced() -> None:
    await loading.store(house(40))
    wrong = [
        replace(line, name="", member_id=None) if number < 9 else line for number, line in enumerate(house(40))
    ]
    with pytest.raises(TooManyUnseated, match="9 of 40"):
        await loading.store(wrong, force=False)
    assert (await loading.status())["sitting"] == 40
    few = [replace(line, name="", member_id=None) if number < 8 else line for number, line in enumerate(house(40))]
    await loading.store(few, force=False)
    await loading.store(wrong, force=True)
    assert (await loading.status())["vacant"] == 9


async def test_the_invented_members_of_the_demonstration_may_all_go_at_once() -> None:
    invented = [replace(line, name=f"{line.name} the Invented", member_id=None) for line in house(40)]
    await loading.store([replace(line, email="mp@example.org") for line in invented])
    review = await loading.store(house(40), force=False)
    assert (len(review.left), len(review.new), review.unseated) == (40, 40, 0)


async def test_columns_may_be_called_anything(tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text(
        "PCON24CD,Member,Constituency name\nE14001144,Harriet Vale,Bury North\nS14000006,Una Reed,Una\n"
    )
    columns = {"gss_code": "PCON24CD", "name": "Member", "constituency": "Constituency name"}
    lines = lists.read(path, columns)
    assert [(line.gss_code, line.name, line.constituency) for line in lines] == [
        ("E14001144", "Harriet Vale", "Bury North"),
        ("S14000107", "Una Reed", "Una"),
    ]
    assert lines[0].email is None
    with pytest.raises(NotAMemberList, match="Nobody"):
        lists.read(path, {**columns, "party": "Nobody"})
    with pytest.raises(NotAMemberList, match="no place for 'shoe_size'"):
        lists.read(path, {**columns, "shoe_size": "Member"})


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("E14000530,Aldershot,A,A MP,Party,,1", "do not exist"),
        ("E14001144,Bury North,A,A MP,Party,,1\nE14001144,Bury North,B,B MP,Party,,2", "2 times"),
        ("E14001144,Bury North,A,A MP,Party,,1\nE14001145,Bury South,A,A MP,Party,,1", "member 1"),
        (f"E14001144,Bury North,{'A' * 121},A MP,Party,,1", "Line 2"),
    ],
)
def test_a_list_that_cannot_be_right_is_refused_in_one_line(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "members.csv"
    path.write_text(f"gss_code,constituency,name_display,name_full_title,party,email,member_id\n{row}\n")
    with pytest.raises(NotAMemberList, match=said) as refusal:
        lists.read(path)
    assert "\n" not in str(refusal.value)


def test_a_date_that_is_none_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text(
        "gss_code,constituency,name_display,name_full_title,party,email,start_date\nE14001144,B,A,A MP,P,,4 July\n"
    )
    with pytest.raises(NotAMemberList, match="Line 2"):
        lists.read(path)


# What staff know better


async def test_a_correction_outlives_every_list_until_it_is_forgotten() -> None:
    await loading.store([HARRIET])
    await corrections.correct("bury north", corrections.Correction("email", "Office@example.org", "Ask for Sam."))
    await loading.store([replace(HARRIET, email="new@example.org", party="Independent")])
    member = await Representative.objects().first()
    assert member
    assert (member.email, member.note, member.party) == ("office@example.org", "Ask for Sam.", "Independent")
    review = await loading.look_over([replace(HARRIET, party="Independent", email="new@example.org")])
    assert review.kept == ["Harriet Vale (Bury North): the contact"]
    await corrections.forget("Harriet Vale")
    await loading.store([replace(HARRIET, email="new@example.org")])
    member = await Representative.objects().first()
    assert member
    assert member.email == "new@example.org"


async def test_every_correction_is_in_the_audit_without_the_address() -> None:
    await loading.store([HARRIET])
    await corrections.correct(make.BURY_NORTH, corrections.Correction("email", "office@example.org"))
    await corrections.correct(make.BURY_NORTH, corrections.Correction("opted_out"))
    acts = await Audit.objects().order_by(Audit.id)
    assert [act.act for act in acts] == ["representative corrected"] * 2
    assert "example.org" not in str([act.to_dict() for act in acts])


async def test_an_address_that_is_none_and_a_name_that_fits_nobody_or_two_are_refused() -> None:
    await loading.store(
        [HARRIET, replace(HARRIET, gss_code="E14001145", constituency="Bury South", member_id=9002)]
    )
    with pytest.raises(corrections.NotACorrection):
        await corrections.correct("Bury North", corrections.Correction("email", "not an address"))
    with pytest.raises(corrections.NotOneMember, match="Bury South"):
        await corrections.correct("Harriet Vale", corrections.Correction("post"))
    with pytest.raises(corrections.NotOneMember, match="Nobody sits"):
        await corrections.correct("Atlantis", corrections.Correction("post"))


async def test_a_member_whom_staff_have_taken_off_a_seat_does_not_return_from_a_list_that_is_behind() -> None:
    await loading.store([HARRIET])
    await corrections.vacate("Bury North", "died", date(2026, 11, 1))
    review = await loading.store([HARRIET])
    assert review.kept == ["Harriet Vale (Bury North) no longer sits"]
    seat = await seats.of(make.BURY_NORTH)
    assert (seat.kind, seat.since, seat.note) == (
        "vacant",
        date(2026, 11, 1),
        "Empty since 1 November 2026 (died).",
    )
    review = await loading.store([replace(HARRIET, name="Una Reed", member_id=9002)])
    assert review.new == ["Una Reed (Bury North)"]
    assert (await seats.of(make.BURY_NORTH)).kind == "sitting"


async def test_between_dissolution_and_poll_every_seat_is_closed_and_then_open_again() -> None:
    await loading.store(house(3))
    assert await corrections.close(None, "Parliament has been dissolved.") == 3
    assert await corrections.close(None, "Parliament has been dissolved.") == 0
    seat = await seats.of(house(1)[0].gss_code)
    assert (seat.kind, seat.note, seat.can_be_written_to) == ("dissolved", "Parliament has been dissolved.", False)
    assert await corrections.reopen(house(1)[0].gss_code) == 1
    assert await corrections.reopen(None) == 2
    assert (await seats.of(house(1)[0].gss_code)).kind == "sitting"


async def test_a_seat_whose_boundaries_were_redrawn_has_an_end_and_is_not_offered() -> None:
    await loading.store(house(2))
    gone, stays = (line.gss_code for line in house(2))
    await db.execute("UPDATE constituency SET ends_on = date '2024-05-30' WHERE gss_code = $1", gone)
    assert (await seats.of(gone)).note == "Its boundaries were redrawn, and it ended on 30 May 2024."
    assert [seat["gss_code"] for seat in await seats.all_seats()] == [stays]
    assert set(await seats.names()) == {gone, stays}
