"""Looking over a page as axe, a small phone and a screen reader would."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS = EVERYTHING | {"runOnly": ["color-contrast"]}
LOOKS: tuple[tuple[int, Literal["light", "dark"], dict[str, Any]], ...] = (
    (390, "light", EVERYTHING),
    (390, "dark", COLOURS),
    (1280, "dark", EVERYTHING),
    (1280, "light", COLOURS),
)
axe = Axe()


def look_over(page: Page) -> None:
    """A title, one first heading, nothing off the side of a small phone, and nothing that axe objects to."""
    assert page.title().endswith("Undersigned")
    assert page.title().count("Error: ") <= 1
    expect(page.locator("h1")).to_have_count(1)
    ids = page.locator("[id]").evaluate_all("found => found.map(element => element.id)")
    assert len(set(ids)) == len(ids), f"Two things have one id: {sorted(ids)}"
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, "It scrolls sideways at 320 px."
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = axe.run(page, options=rules)
        assert found.violations_count == 0, f"At {width} px, {scheme}: {found.generate_report()}"
