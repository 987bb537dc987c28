"""The public map: five or more in a place are told, fewer never are, and nothing on it lets them be worked out."""

import itertools
import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import httpx
import pytest

import make
from shared_data import shared
from undersigned.campaigns.tables import Campaign
from undersigned.dashboards import hexagons, mapping, scattering
from undersigned.postcodes import facts, index, places
from undersigned.representatives import hexmap, seat_lists
from undersigned.representatives.tables import Constituency
from undersigned.signatures import withholding
from undersigned.signatures.tables import Tally

BURY, MANCHESTER, GORTON, SALFORD, CARDIFF = (
    *("E14001144", "E14001352", "E14001251", "E14001459"),
    "W07000091",
)
NAMES = {BURY: "Bury North", MANCHESTER: "Manchester Central", GORTON: "Gorton and Denton"}
NAMES |= {SALFORD: "Salford", CARDIFF: "Cardiff South and Penarth"}


async def signed(totals: dict[str, int], electorate: int | None = None, **wanted: object) -> Campaign:
    """A campaign with so many signatures in each of our five constituencies; only its totals are written."""
    for code, name in NAMES.items():
        await Constituency(gss_code=code, name=name, electorate=electorate).save()
    campaign = await make.campaign(**({"slug": "light", "signature_count": sum(totals.values())} | wanted))
    for code, total in totals.items():
        await Tally(campaign=campaign.id, kind="constituency", key=code, total=total).save()
    return campaign


async def page_of(client: httpx.AsyncClient, query: str = "") -> str:
    answer = await client.get(f"/campaigns/light/map{query}")
    assert answer.status_code == 200
    return answer.text


def table(page: str) -> list[list[str]]:
    """The lines of the table, a word for each cell; a line's region under its name is left out."""
    body = re.sub(r'<span class="map__where">.*?</span>', "", page.split("<tbody>")[1].split("</tbody>")[0])
    rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return [[re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def drawn(page: str) -> dict[str, str]:
    """What each hexagon is: its name and words, and its class."""
    found = re.findall(r'<a class="hex hex--(\w+)" href="#\w+" tabindex="-1"><title>(.*?)</title>', page)
    return {words: step for step, words in found}


async def test_five_are_told_fewer_are_not_and_none_is_neither(client: httpx.AsyncClient) -> None:
    await signed({BURY: 1204, MANCHESTER: 5, GORTON: 4, SALFORD: 2})
    page = await page_of(client)
    assert table(page) == [
        ["Bury North", "England", "1,204"],
        ["Manchester Central", "England", "5"],
        ["Gorton and Denton", "England", "fewer than five"],
        ["Salford", "England", "fewer than five"],
        ["Cardiff South and Penarth", "Wales", "none yet"],
    ]
    assert drawn(page) == {
        "Bury North: 1,204 signatures": "5",
        "Manchester Central: 5 signatures": "4",
        "Gorton and Denton: fewer than five": "hidden",
        "Salford: fewer than five": "hidden",
        "Cardiff South and Penarth: none yet": "none",
    }


async def test_one_small_place_is_hidden_among_those_with_none(client: httpx.AsyncClient) -> None:
    await signed({BURY: 9, MANCHESTER: 8, GORTON: 3})
    page = await page_of(client)
    assert [row[2] for row in table(page)] == ["9", "8", *["fewer than five"] * 3]
    assert "none yet" not in page.lower()


async def test_where_no_place_is_empty_a_larger_one_is_held_back_everywhere(client: httpx.AsyncClient) -> None:
    await signed({BURY: 90, MANCHESTER: 80, GORTON: 70, SALFORD: 60, CARDIFF: 3})
    page = await page_of(client)
    assert [row[2] for row in table(page)] == ["90", "80", "70", "not told", "not told"]
    assert [row[0] for row in table(page)][3:] == ["Cardiff South and Penarth", "Salford"]
    told = (await client.get("/campaigns/light.json")).json()["data"]["attributes"]["signatures_by_constituency"]
    assert {one["name"] for one in told} == {"Bury North", "Manchester Central", "Gorton and Denton"}
    figures = (await client.get("/campaigns/light/dashboard")).text
    assert "Gorton and Denton" in figures and "Salford" not in figures


@pytest.mark.parametrize("places", [2, 3, 4])
def test_nobody_can_work_out_a_small_number_even_who_knows_the_rule(places: int) -> None:
    """Whatever is told, and whatever the whole, more than one world tells the same of each hidden place."""
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for world in itertools.product(range(9), repeat=places):
        told = withholding.of(dict(enumerate(world)), range(places))  # type: ignore[arg-type]
        assert all(total >= Tally.FEWEST_SHOWN for total in told.totals.values())
        alike[*told.totals.items(), told.none, told.hidden, told.larger, sum(world)].append(world)
    given_away = {
        worlds[0]
        for worlds in alike.values()
        for numbers in zip(*worlds, strict=True)
        if set(numbers) <= {1, 2, 3, 4} and len(set(numbers)) == 1
    }
    # Where every place has four and nothing else is there to hide among, the whole says it, and we cannot.
    assert given_away == {(4,) * places}


async def test_the_table_is_sorted_by_link_and_no_order_gives_a_hidden_number_away(
    client: httpx.AsyncClient,
) -> None:
    await signed({BURY: 6, MANCHESTER: 12, GORTON: 1, SALFORD: 4})
    largest = [row[0] for row in table(await page_of(client))]
    assert largest == [NAMES[code] for code in (MANCHESTER, BURY, GORTON, SALFORD, CARDIFF)]
    page = await page_of(client, "?sort=signatures")
    assert [row[0] for row in table(page)] == [
        NAMES[code] for code in (CARDIFF, GORTON, SALFORD, BURY, MANCHESTER)
    ]
    assert 'aria-sort="ascending"' in page and 'href="/campaigns/light/map#table"' in page
    assert table(await page_of(client, "?sort=-name"))[0][0] == "Salford"
    assert [row[0] for row in table(await page_of(client, "?sort=nonsense&country=Atlantis"))] == largest


async def test_one_country_is_shown_alone(client: httpx.AsyncClient) -> None:
    await signed({BURY: 6, CARDIFF: 12})
    page = await page_of(client, "?country=Wales&sort=name")
    assert table(page) == [["Cardiff South and Penarth", "12"]]
    assert list(drawn(page)) == ["Cardiff South and Penarth: 12 signatures"]
    assert 'href="/campaigns/light/map?sort=name&amp;country=England"' in page


async def test_sizes_are_allowed_for_when_they_are_known(client: httpx.AsyncClient) -> None:
    await signed({BURY: 60, MANCHESTER: 90}, electorate=70_000)
    await Constituency.update({Constituency.electorate: 140_000}).where(Constituency.gss_code == MANCHESTER)
    page = await page_of(client, "?sort=-rate")
    assert table(page)[:2] == [
        ["Bury North", "England", "60", "0.86"],
        ["Manchester Central", "England", "90", "0.64"],
    ]
    assert drawn(page)["Bury North: 60 signatures, 0.86 for every 1,000 electors"] == "5"
    assert "Signatures for every 1,000 electors" in page and "Bury North the most for its size" in page


async def test_the_same_map_is_not_sent_twice_nor_made_twice(client: httpx.AsyncClient) -> None:
    await signed({BURY: 60})
    first = await client.get("/campaigns/light/map")
    assert {"public", "max-age=5"} <= set(first.headers["cache-control"].split(", "))
    await Tally.update({Tally.total: 61}).where(Tally.key == BURY)
    again = await client.get("/campaigns/light/map", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")


async def test_a_map_of_nothing_says_so(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="light")
    assert "has not been told which constituencies there are" in await page_of(client)


async def test_before_the_first_signature_every_place_is_empty(client: httpx.AsyncClient) -> None:
    await signed({})
    page = await page_of(client)
    assert "Nobody has signed yet." in page and set(drawn(page).values()) == {"none"}


async def test_who_may_see_the_page_may_see_the_map(client: httpx.AsyncClient) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await signed({BURY: 60}, state="closed", closes_at=yesterday)
    assert "Bury North: 60 signatures" in await page_of(client)
    assert 'href="/campaigns/light/map"' in (await client.get("/campaigns/light")).text
    assert 'href="/campaigns/light/map"' in (await client.get("/campaigns/light/dashboard")).text
    await make.campaign(slug="draft", state="draft")
    await make.campaign(slug="march", kind="action")
    for slug in ("draft", "march", "nothing"):
        assert (await client.get(f"/campaigns/{slug}/map")).status_code == 404


async def test_a_seat_that_was_redrawn_keeps_its_line_in_the_table(client: httpx.AsyncClient) -> None:
    await signed({BURY: 60, "E14000640": 7})
    await Constituency(gss_code="E14000640", name="Old Sarum", ends_on=datetime(2024, 7, 3, tzinfo=UTC)).save()
    page = await page_of(client)
    assert ["Old Sarum", "England", "7"] in table(page) and "Old Sarum: 7 signatures" not in drawn(page)


async def test_a_map_that_was_brought_is_drawn_as_its_layout_says(client: httpx.AsyncClient) -> None:
    await signed({BURY: 60})
    for layout, one, other in (
        ("odd-r", (10, -17.3), (20, 0)),
        ("even-r", (0, -17.3), (30, 0)),
        ("odd-q", (0, -20), (17.3, 10)),
        ("even-q", (0, -10), (17.3, 0)),
    ):
        await hexmap.store(hexmap.HexMap(layout, {BURY: (0, 1), CARDIFF: (1, 0)}))
        found = await hexagons.drawing(NAMES)
        assert (found.middles, found.pointed) == ({BURY: one, CARDIFF: other}, layout.endswith("r"))
    assert await hexmap.forget()
    assert (await hexagons.drawing(NAMES)).kind == hexagons.DRAWN


@pytest.mark.usefixtures("database")
async def test_our_own_map_lies_as_the_country_does_and_leaves_nobody_out() -> None:
    names = {one.gss_code: one.constituency for one in facts.BUILDINGS} | {"N05000009": "Lagan Valley"}
    found = await hexagons.drawing(names)
    assert found.middles.keys() == names.keys() and found.apart == 1
    assert len(set(found.middles.values())) == len(names)
    shetland, manchester, cardiff, belfast, lewes = (
        found.middles[code] for code in ("S14000051", MANCHESTER, CARDIFF, "N05000003", "E14001330")
    )
    assert shetland[1] < manchester[1] < lewes[1] < found.middles["N05000009"][1]
    assert belfast[0] < cardiff[0] < manchester[0] < lewes[0]


def test_without_postcodes_the_seats_stand_in_rows_by_country_and_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "current", index.Index.empty)
    found = hexagons._of_our_own(tuple(NAMES.items()), "", "nothing")
    english = [found.middles[code] for code in (BURY, GORTON, MANCHESTER, SALFORD)]
    assert found.kind == hexagons.LISTED
    assert [x for x, _ in english] == sorted(x for x, _ in english) and len({y for _, y in english}) == 1
    assert found.middles[CARDIFF][1] > english[0][1]


@pytest.mark.usefixtures("database")
async def test_all_650_are_drawn_by_a_real_hexjson_and_by_what_is_known_of_where_they_lie() -> None:
    lines = seat_lists.read(shared("constituencies.csv"))
    brought = hexmap.read(shared("constituencies_2024.hexjson"))
    await seat_lists.store(lines)
    await hexmap.store(brought)
    campaign = await make.campaign()
    found = await mapping.of(campaign.id)
    assert len(found.areas) == len(found.drawing.middles) == len(set(found.drawing.middles.values())) == 650
    points = {code: (50 + at % 26 / 3, -5 + at // 26 / 4) for at, code in enumerate(sorted(brought.cells))}
    cells = scattering.scatter(points)
    assert len(set(cells.values())) == 650 and cells == scattering.scatter(points)


def test_a_seat_lies_among_its_outward_codes() -> None:
    facts.write_index(index.path())
    index.look_again()
    latitude, longitude = places.seats_now(index.current())[BURY]
    assert (round(latitude, 1), round(longitude, 1)) == (53.6, -2.3)
