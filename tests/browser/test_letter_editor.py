"""The letter editor in a browser: the preview follows what is typed, and without JavaScript a button does it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.witness import Witness
from installation import Site

HATE_CRIME = "/staff/templates/hate-crime"
OPENING = "I live in {{ constituency.name }}"


def retype(page: Page, old: str, new: str) -> None:
    """Put other words in the place of some, as one does by hand: the last piece key by key."""
    area = page.get_by_role("textbox", name="The letter", exact=True)
    text = area.input_value()
    assert old in text
    start = text.index(old)
    area.evaluate(
        "(area, [from, to]) => { area.focus(); area.setSelectionRange(from, to); }", [start, start + len(old)]
    )
    page.keyboard.type(new)


def test_the_preview_follows_what_is_typed_and_names_a_mistake_with_its_line(desk: Page, site: Site) -> None:
    witness = Witness(desk, site.base_url)
    desk.goto(HATE_CRIME)
    preview = desk.get_by_role("region", name="Preview")
    expect(preview).to_contain_text("I live in Bury North")
    retype(desk, OPENING, "My home is in {{ constituency.name }}")
    expect(preview).to_contain_text("My home is in Bury North")
    desk.get_by_label("Written for").select_option(label="An MP who takes letters on paper only")
    expect(preview).to_contain_text("To Anwar Lathom MP, on paper")
    retype(desk, "My home is in {{ constituency.name }}", "My home is in {{ constituency.nmae }}")
    said = desk.locator("[data-live=source]")
    expect(said).to_contain_text("there is no field “constituency.nmae”")
    expect(preview).to_contain_text("My home is in Bury South")
    desk.get_by_role("button", name="Go to line").click()
    chosen = "area => area.value.slice(area.selectionStart, area.selectionEnd)"
    assert "constituency.nmae" in desk.get_by_role("textbox", name="The letter", exact=True).evaluate(chosen)
    retype(desk, "{{ constituency.nmae }}", "{{ constituency.name }}")
    expect(said).to_be_empty()
    refused = [complaint for complaint in witness.complaints if "422" not in complaint]
    assert (refused, witness.strayed) == ([], [])
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.goto("/staff/templates")


@pytest.fixture
def plain_desk(visit: Callable[..., Page], site: Site) -> Page:
    """The desk without JavaScript."""
    page = visit(java_script_enabled=False)
    page.goto(site.invite("plain@example.org"))
    page.get_by_role("button", name="Sign in").click()
    return page


def test_a_letter_is_previewed_and_saved_without_javascript(plain_desk: Page) -> None:
    page = plain_desk
    page.goto("/staff/templates/thank-you")
    area = page.get_by_role("textbox", name="The letter", exact=True)
    before = area.input_value()
    area.fill(before.replace("## closing", "## ending"))
    page.get_by_label("Written for").select_option(label="Long names and a long address")
    page.get_by_role("button", name="Preview it").click()
    expect(page.get_by_role("region", name="Preview")).to_contain_text("Dear Dame Persephone")
    page.get_by_role("button", name="Save the letter").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    page.get_by_role("link", name="Versions", exact=True).click()
    page.get_by_role("button", name="Compare the two").click()
    expect(page.locator(".differences ins")).to_have_text("ending")
    expect(page.locator(".differences del")).to_have_text("closing")
