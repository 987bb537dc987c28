"""Everybody's way in: axe objects to no page, light or dark; phones, keyboards and screen readers get there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser import places
from browser.looking import look_over
from browser.places import Place

CONTROLS = "summary, input:not([type=hidden], #website), select, textarea, button"


def named(place: Place) -> str:
    return place.name


@pytest.mark.parametrize("place", places.PUBLIC + places.GONE_WRONG, ids=named)
def test_a_page_is_open_to_everybody(place: Place, visit: Callable[..., Page], links: dict[str, str]) -> None:
    page = visit()
    place.show(page, links)
    look_over(page)


@pytest.mark.parametrize("place", places.DESK, ids=named)
def test_a_page_of_the_desk_is_open_to_everybody(place: Place, desk: Page, links: dict[str, str]) -> None:
    place.show(desk, links)
    look_over(desk)


def test_the_mistakes_are_what_a_screen_reader_reads_first(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto(places.CAMPAIGN)
    page.get_by_role("button", name="Sign the pledge").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: ")
    summary.get_by_role("link", name="Enter your full name").click()
    expect(page.get_by_label("Your name")).to_be_focused()


def test_the_keyboard_reaches_everything_in_the_sign_form_in_order(visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    page.goto(f"{places.CAMPAIGN}/sign")
    for summary in page.locator("form summary").all():
        summary.press("Enter")
    wanted = [control for control in page.locator("form").locator(CONTROLS).all() if control.is_visible()]
    assert len(wanted) >= 11
    wanted[0].focus()
    for control in wanted:
        expect(control).to_be_focused()
        expect(control).to_be_in_viewport()
        page.keyboard.press("Tab")


def test_a_form_can_be_signed_with_the_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto(f"{places.CAMPAIGN}/sign")
    page.get_by_label("Your name").focus()
    for typed in ("Keir Tabb", "keir@example.org", "BL9 0SW"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Sign the pledge").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Now press the link in your e-mail")
