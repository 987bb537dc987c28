"""Parliament's Members API, replayed by a local server: politely, resumably, and never guessing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import make
from representatives.parliament_server import Parliament, member, office, running, seat, write
from shared_data import shared
from undersigned.postcodes.seats import SEATS
from undersigned.representatives import fetching, lists, loading, members_api, placing, sources
from undersigned.representatives.fetching import SourceAway, SourceStrange
from undersigned.representatives.lists import NotAMemberList
from undersigned.representatives.tables import Constituency, Representative
from undersigned.settings import settings

pytestmark = pytest.mark.usefixtures("database")
BURY_NORTH, SALFORD = "E14001144", "E14001459"
CONTACTS = {
    1: [office(" Harriet.Vale.MP@parliament.uk ")],
    2: [office(None), office("home@example.org", "Constituency office")],
}


@pytest.fixture
def parliament(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parliament]:
    """Two seats, with a var of our own so that nothing fetched before is in the way."""
    monkeypatch.setattr(settings, "var", tmp_path / "var")
    seats = (seat(101, "Bury North", member(1, "Harriet Vale")), seat(102, "SALFORD", member(2, "Sam Lark")))
    with running(write(tmp_path / "api", *seats, contacts=CONTACTS)) as server:
        yield server


async def two_seats() -> None:
    for code, name in ((BURY_NORTH, "Bury North"), (SALFORD, "Salford")):
        await Constituency(gss_code=code, name=name).save()


async def read(server: Parliament) -> list[lists.Line]:
    return await sources.read(server.url, pause=0)


async def test_seats_and_members_come_with_their_contacts(parliament: Parliament) -> None:
    await two_seats()
    review = await loading.store(await read(parliament))
    assert sorted(review.new) == ["Harriet Vale (Bury North)", "Sam Lark (SALFORD)"]
    members = {one.display_name: one for one in await Representative.objects()}
    assert (members["Harriet Vale"].email, members["Harriet Vale"].contact) == (
        "harriet.vale.mp@parliament.uk",
        "email",
    )
    assert (members["Sam Lark"].email, members["Sam Lark"].contact) == ("", "post")


async def test_one_connection_with_our_name_on_it_is_used(parliament: Parliament) -> None:
    await two_seats()
    await read(parliament)
    assert len(parliament.connections) == 1
    assert all(agent.startswith("Undersigned/") for agent in parliament.agents)
    assert "http" in next(iter(parliament.agents))


async def test_a_broken_run_goes_on_where_it_stopped(
    parliament: Parliament, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two_seats()
    monkeypatch.setattr(fetching, "TRIES", 1)
    parliament.troubles["Members/2/Contact"] = [503]
    with pytest.raises(SourceAway, match="is kept"):
        await read(parliament)
    before = list(parliament.asked)
    assert len(await read(parliament)) == 2
    assert parliament.asked[len(before) :] == ["Members/2/Contact"]
    sources.forget()
    assert not members_api.folder().exists()


async def test_a_server_that_is_busy_is_asked_again(parliament: Parliament) -> None:
    parliament.troubles["Members/1/Contact"] = [429, 503]
    with fetching.Fetcher(pause=0, first_wait=0.001) as fetcher:
        assert fetcher.get_json(f"{parliament.url}/Members/1/Contact")["value"]
    assert parliament.asked == ["Members/1/Contact"] * 3


async def test_what_was_fetched_from_another_server_is_not_used(parliament: Parliament, tmp_path: Path) -> None:
    await two_seats()
    await read(parliament)
    with running(
        write(tmp_path / "other", seat(101, "Bury North"), seat(102, "Salford", member(3, "Una Reed")))
    ) as other:
        lines = await read(other)
    assert sorted(line.name for line in lines) == ["", "Una Reed"]


async def test_a_seat_without_representation_is_vacant(parliament: Parliament, tmp_path: Path) -> None:
    await two_seats()
    await loading.store(await read(parliament))
    with running(
        write(tmp_path / "later", seat(101, "Bury North"), seat(102, "Salford", member(2, "Sam Lark")))
    ) as later:
        review = await loading.look_over(await read(later))
    assert (review.left, review.vacant, review.new) == (["Harriet Vale (Bury North)"], ["Bury North"], [])


async def test_once_learned_a_seat_is_known_by_parliaments_number_and_not_by_its_name(
    parliament: Parliament, tmp_path: Path
) -> None:
    await two_seats()
    await loading.store(await read(parliament))
    # Somebody gives each seat the other's name.
    renamed = (seat(101, "Salford", member(1, "Harriet Vale")), seat(102, "Bury North", member(2, "Sam Lark")))
    with running(write(tmp_path / "renamed", *renamed)) as server:
        lines = await read(server)
    assert {line.member_id: line.gss_code for line in lines} == {1: BURY_NORTH, 2: SALFORD}


async def test_a_name_that_two_seats_share_places_neither(parliament: Parliament, tmp_path: Path) -> None:
    await two_seats()
    folder = write(tmp_path / "twins", seat(101, "Bury North"), seat(103, "bury north"))
    with running(folder) as server, pytest.raises(NotAMemberList, match="2 of 2 constituencies cannot be matched"):
        await read(server)


async def test_a_seat_of_another_spelling_is_found_by_its_member(parliament: Parliament, tmp_path: Path) -> None:
    await make.mp(member_id=1)
    with running(write(tmp_path / "spelt", seat(101, "Bury North Borough", member(1, "Harriet Vale")))) as server:
        assert [line.gss_code for line in await read(server)] == [BURY_NORTH]


async def test_a_member_who_has_moved_does_not_take_the_old_seats_code_along(
    parliament: Parliament, tmp_path: Path
) -> None:
    await make.mp(member_id=1)
    folder = write(tmp_path / "moved", seat(105, "Sheffield Central", member(1, "Harriet Vale")))
    with running(folder) as server, pytest.raises(NotAMemberList, match="Sheffield Central"):
        await read(server)


async def test_an_installation_that_knows_no_names_asks_parliament_for_a_postcode_of_each_seat(
    parliament: Parliament,
) -> None:
    from undersigned.postcodes import facts, index

    facts.write_index(index.path())
    index.look_again()
    building = next(one for one in facts.BUILDINGS if one.gss_code == BURY_NORTH)
    other = next(one for one in facts.BUILDINGS if one.constituency == "Salford")
    parliament.by_postcode = {
        str(building.postcode): seat(101, "Bury North"),
        str(other.postcode): seat(102, "Salford"),
    }
    try:
        lines = await read(parliament)
    finally:
        index.look_again()
    assert {line.parliament_id: line.gss_code for line in lines} == {101: BURY_NORTH, 102: other.gss_code}


async def test_an_answer_in_another_shape_is_refused_in_one_line(parliament: Parliament, tmp_path: Path) -> None:
    folder = write(tmp_path / "strange", seat(101, "Bury North"))
    for content in ("<!doctype html>", "[]", '{"items": [{"value": {}}], "totalResults": 1}', '{"items": null}'):
        (folder / "Location/Constituency/Search/skip=0.json").write_text(content)
        sources.forget()
        with running(folder) as server, pytest.raises(SourceStrange) as refusal:
            await read(server)
        assert "\n" not in str(refusal.value)


async def test_a_list_that_changes_while_it_is_read_is_refused_and_read_anew(
    parliament: Parliament, tmp_path: Path
) -> None:
    folder = write(tmp_path / "short", seat(101, "Bury North"))
    page = folder / "Location/Constituency/Search/skip=0.json"
    whole = page.read_text()
    page.write_text(whole.replace('"totalResults": 1', '"totalResults": 2'))
    page.with_name("skip=1.json").write_text('{"items": [], "totalResults": 2}')
    await two_seats()
    with running(folder) as server:
        with pytest.raises(SourceStrange, match="promised 2 and gave 1"):
            await read(server)
        page.write_text(whole)
        assert [line.name for line in await read(server)] == [""]


def test_an_address_is_taken_from_the_parliamentary_office_or_from_parliament_alone() -> None:
    own = office("own.domain@example.org")
    home = office("home@example.org", "Constituency office")
    filed_wrongly = office("harriet.vale.mp@parliament.uk", "Constituency office")
    assert members_api.email_of([home, filed_wrongly, own]) == "own.domain@example.org"
    assert members_api.email_of([home, filed_wrongly, office(None)]) == "harriet.vale.mp@parliament.uk"
    assert members_api.email_of([home]) == ""
    assert (
        members_api.email_of([office("not an address"), office("a@b@c"), office("a@example.org, b@example.org")])
        == ""
    )
    assert members_api.email_of([]) == ""
    assert members_api.email_of(None) is None


@pytest.mark.parametrize(("party", "number"), [("Speaker", 7), ("Sinn Féin", 8), ("Labour", 4460)])
def test_members_who_do_not_vote_are_flagged_with_a_note(party: str, number: int) -> None:
    line = members_api.line_of(
        members_api.ApiSeat(1, "Chorley", member(number, "Una Reed", party)), "E14001170", {}
    )
    assert line.takes_part_in_votes is False
    assert line.note


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert placing.name_key("Ynys Môn") == placing.name_key("YNYS MON")
    assert placing.name_key("Bridlington and The Wolds") == placing.name_key("Bridlington & the Wolds")


# The real list, replayed


async def test_the_whole_list_beside_the_csv_of_the_same_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, csv = shared("members_api"), shared("mps.csv")
    monkeypatch.setattr(settings, "var", tmp_path)
    monkeypatch.setattr(fetching, "TRIES", 1)
    first = await loading.store(lists.read(csv))
    assert (first.seats, len(first.new), first.without_email) == (650, 650, 4)
    with running(folder) as server:
        lines = await read(server)
        assert len(server.connections) == 1
    assert {line.gss_code for line in lines} == SEATS
    review = await loading.look_over(lines)
    assert sorted(review.vacant) == ["Aberdeen South", "Gorton and Denton"]
    assert len(review.left) == 2
    assert review.new == []
    # Hers is the empty list. A member whose address is filed under the constituency office is found all the
    # same, and 618 members have no contact file here: what is known of them stays.
    assert review.email_changed == ["Carla Denyer (Bristol Central)"]
    review.guard()
    await loading.store(lines)
    assert (await loading.look_over(lines)).groups == {}
    found = {one.member_id: one for one in await Representative.objects()}
    assert found[185].email == "jeremy.corbyn.mp@parliament.uk"
    assert found[473].contact == "post"
    assert found[172].salutation == "Ms Abbott"
    assert [found[number].takes_part_in_votes for number in (467, 4460, 4697, 5173)] == [False, False, False, True]
