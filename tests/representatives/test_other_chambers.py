"""Another chamber is data: a list with its own areas and several members a seat, and no code."""

from pathlib import Path

import pytest

import make
from undersigned.kit import database as db
from undersigned.representatives import lists, loading, seats

pytestmark = pytest.mark.usefixtures("database")

SENEDD = """gss_code,constituency,name_display,name_full_title,party,email,member_id,chamber,area_kind
W09000501,Afon Wen,Una Reed,Una Reed MS,Reed Party,una.reed@example.org,1,senedd,WAC
W09000501,Afon Wen,Gwil Morgan,Gwil Morgan MS,Lark Party,gwil.morgan@example.org,2,senedd,WAC
W09000501,Afon Wen,Tegan Rowe,Tegan Rowe MS,Lark Party,,3,senedd,WAC
W09000502,Afon Ddu,Vacant,Vacant,Vacant,Vacant,,senedd,WAC
"""


@pytest.fixture
def senedd(tmp_path: Path) -> Path:
    path = tmp_path / "senedd.csv"
    path.write_text(SENEDD)
    return path


async def test_a_made_up_senedd_is_loaded_with_several_members_a_seat(senedd: Path) -> None:
    # Parliament and the Senedd may well give two people one number.
    await make.mp(member_id=1)
    review = await loading.store(lists.read(senedd))
    assert (review.seats, len(review.new), review.without_email) == (2, 3, 1)
    rows = await db.fetch(
        """SELECT m.place, r.display_name, r.chamber, c.area_kind, c.country FROM membership m
           JOIN representative r ON r.id = m.representative JOIN constituency c ON c.gss_code = m.constituency
           WHERE c.chamber = 'senedd' ORDER BY m.place"""
    )
    assert [(row["place"], row["display_name"]) for row in rows] == [
        (1, "Una Reed"),
        (2, "Gwil Morgan"),
        (3, "Tegan Rowe"),
    ]
    assert {(row["chamber"], row["area_kind"], row["country"]) for row in rows} == {("senedd", "WAC", "")}
    assert (await loading.look_over(lists.read(senedd))).groups == {}


async def test_one_of_several_may_leave_and_another_takes_the_place(senedd: Path) -> None:
    await loading.store(lists.read(senedd))
    senedd.write_text(SENEDD.replace("Gwil Morgan", "Mair Vaughan").replace(",2,senedd", ",4,senedd"))
    review = await loading.store(lists.read(senedd))
    assert (review.left, review.new, review.vacant) == (
        ["Gwil Morgan (Afon Wen)"],
        ["Mair Vaughan (Afon Wen)"],
        [],
    )


async def test_westminster_knows_nothing_of_them(senedd: Path) -> None:
    await make.mp()
    await loading.store(lists.read(senedd))
    assert [seat["gss_code"] for seat in await seats.all_seats()] == [make.BURY_NORTH]
    assert (await loading.status())["seats"] == 1
    una = await db.fetch("SELECT * FROM representative WHERE display_name = 'Una Reed'")
    assert una[0]["full_title"] == "Una Reed MS"


async def test_the_commons_has_one_member_a_seat(senedd: Path) -> None:
    senedd.write_text(SENEDD.replace("senedd,WAC", "commons,WMC").replace("W09000501", "W07000081"))
    with pytest.raises(lists.NotAMemberList):
        lists.read(senedd)
