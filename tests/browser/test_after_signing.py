"""Small kindnesses around signing that only a script can do; without it the pages ask the same."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from browser import places
from browser.looking import look_over

TAPPED = "navigator.clipboard.writeText = async (text) => { window.copied = text; };"


def test_a_slip_in_an_address_is_asked_about_beside_the_field_and_put_right_with_one_press(
    visit: Callable[..., Page],
) -> None:
    page = visit()
    page.goto(f"{places.CAMPAIGN}/sign")
    field, hint = page.get_by_label("E-mail address"), page.locator(".mail-hint")
    for real in ("amina@mail.com", "amina@hotmail.it", "amina@gmail.com", "amina@example.org", "amina"):
        field.fill(real)
        field.blur()
        expect(hint).to_be_empty()
    for slip in ("gmial.com", "gmai.com", "gmaill.com", "gnail.com", "gmail.con", "gmail.co"):
        field.fill(f"amina@{slip}")
        field.blur()
        expect(hint).to_contain_text("Use amina@gmail.com")
    hint.get_by_role("button").click()
    expect(field).to_have_value("amina@gmail.com")
    expect(field).to_be_focused()


def test_a_copied_link_says_that_it_was_copied_and_in_which_bucket(visit: Callable[..., Page]) -> None:
    page = visit()
    page.add_init_script(TAPPED)
    page.goto(f"{places.CAMPAIGN}?b=bury-choir&s=poster")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    assert parse_qs(urlsplit(page.evaluate("window.copied")).query) == {"b": ["bury-choir"], "s": ["link"]}


def test_a_name_that_cannot_be_is_said_beside_its_field_to_everybody(
    visit: Callable[..., Page], links: dict[str, str]
) -> None:
    page = visit()
    page.goto(links["you"])
    page.get_by_text("Put my name right").click()
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Put it right").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.get_by_label("Your name")).to_be_visible()
    look_over(page)
