"""Leaving a page on reporting at once: by its button, by three presses of Shift, and without scripts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from browser import places
from browser.looking import look_over

WEATHER = "https://www.bbc.co.uk/weather"
PATHS = ("/centres", "/centres?campaign=our-street-too&postcode=Leicester", "/report")
LIST = 'name,address,postcode,website\nThe Old Hall,"1 Mill Lane, Ware",SG12 1AB,x\nOdd,,SG12,\n'


class Weather:
    """Stands in for the site that people leave for, and remembers what it was told."""

    def __init__(self, page: Page) -> None:
        self.asked: list[Request] = []
        page.route(f"{WEATHER}**", self._answer)

    def _answer(self, route: Route) -> None:
        self.asked.append(route.request)
        route.fulfill(body="<title>Weather</title><h1>Rain</h1>", content_type="text/html")


@pytest.fixture
def reader(visit: Callable[..., Page]) -> Iterator[tuple[Page, Weather]]:
    """Somebody on the campaign's page, who goes on from there."""
    page = visit()
    weather = Weather(page)
    page.goto(places.CAMPAIGN)
    yield page, weather


def press_shift(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


@pytest.mark.parametrize("path", PATHS)
def test_the_button_leaves_and_going_back_does_not_return(reader: tuple[Page, Weather], path: str) -> None:
    page, weather = reader
    page.goto(path)
    page.get_by_role("link", name="Exit this page").click()
    expect(page).to_have_title("Weather")
    assert [request.headers.get("referer") for request in weather.asked] == [None]
    page.go_back()
    assert page.url.endswith(places.CAMPAIGN)


@pytest.mark.parametrize("path", PATHS)
def test_three_presses_of_shift_leave(reader: tuple[Page, Weather], path: str) -> None:
    page, weather = reader
    page.goto(path)
    expect(page.get_by_text("press Shift three times")).to_be_visible()
    press_shift(page, 2)
    expect(page.get_by_role("status").filter(has_text="press 1 more time")).to_be_attached()
    assert weather.asked == []
    press_shift(page, 1)
    expect(page).to_have_title("Weather")
    page.go_back()
    assert page.url.endswith(places.CAMPAIGN)


def test_capitals_are_no_presses_and_two_are_forgotten_after_five_seconds(reader: tuple[Page, Weather]) -> None:
    page, weather = reader
    page.clock.install()
    page.goto("/centres")
    page.get_by_label("Your postcode, or a town").focus()
    for letter in "SGAB":
        page.keyboard.press(f"Shift+{letter}")
    press_shift(page, 2)
    page.clock.fast_forward(6_000)
    press_shift(page, 2)
    assert weather.asked == []
    expect(page.get_by_label("Your postcode, or a town")).to_have_value("SGAB")
    press_shift(page, 1)
    expect(page).to_have_title("Weather")


def test_the_page_is_covered_before_the_next_one_comes(reader: tuple[Page, Weather]) -> None:
    page, _ = reader
    page.goto("/centres")
    page.evaluate(
        """addEventListener("click", () => console.log(
            document.title, document.querySelector("h1").checkVisibility(), document.body.innerText))"""
    )
    with page.expect_console_message() as said:
        page.get_by_role("link", name="Exit this page").click()
    assert said.value.text == "Loading false Loading"


@pytest.mark.parametrize("path", PATHS)
def test_without_scripts_the_button_is_there_and_tells_nobody_where_one_was(
    visit: Callable[..., Page], path: str
) -> None:
    page = visit(java_script_enabled=False)
    weather = Weather(page)
    page.goto(path)
    assert page.title().startswith(("Places near you", "What you can do"))
    expect(page.get_by_text("press Shift three times")).to_be_hidden()
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url(f"{WEATHER}**")
    assert [request.headers.get("referer") for request in weather.asked] == [None]


def test_a_town_is_looked_for_without_scripts(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/centres?campaign=our-street-too&chapter=hertfordshire")
    page.get_by_label("Your postcode, or a town").fill("hitchin")
    page.get_by_role("button", name="Find the nearest").click()
    expect(page.get_by_role("heading", name="Nearest to Hitchin")).to_be_visible()
    expect(page.locator(".centre__name").first).to_have_text("Larkspur and Sons, Booksellers")
    assert page.title() == "Places near you – Undersigned"


def test_what_a_list_would_change_is_open_to_everybody_and_is_taken_by_one_button(
    desk: Page, tmp_path: Path
) -> None:
    (tmp_path / "centres.csv").write_text(LIST, encoding="utf-8")
    desk.goto(f"/staff{places.CAMPAIGN}/centres/import")
    desk.locator("#file").set_input_files(tmp_path / "centres.csv")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Show what would change").click()
    expect(desk.get_by_text("These columns are not taken: website.")).to_be_visible()
    look_over(desk)
    with desk.expect_navigation():
        desk.get_by_role("button", name="Take it over").click()
    expect(desk.get_by_role("link", name="The Old Hall")).to_be_visible()
    look_over(desk)
