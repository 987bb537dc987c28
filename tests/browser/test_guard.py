"""While the guard is raised a browser works out its sum as one types, under our own strict policy; without
JavaScript signing works all the same."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, expect

from browser.places import CAMPAIGN
from browser.witness import Witness
from installation import Site

GUARD = f"/staff{CAMPAIGN}/guard"
NO_PROOF = "Without proof of work while the guard was raised"


@pytest.fixture(scope="module")
def raised(desk: Page) -> Iterator[None]:
    """The guard of the campaign is up while these tests run."""
    _turn(desk, "Raised")
    yield
    _turn(desk, "Normal")


def _turn(desk: Page, how: str) -> None:
    desk.goto(GUARD)
    desk.get_by_label(how, exact=True).check()
    desk.get_by_role("button", name="Set the guard").click()
    desk.get_by_role("status").wait_for()


def unproven(desk: Page) -> int:
    """How many have signed without proof, as the desk tells."""
    desk.goto(GUARD)
    found = re.search(rf'{NO_PROOF}</th><td class="figure">(\d+)', desk.content())
    return int(found[1]) if found else 0


def fill_in(page: Page, email: str) -> None:
    """Type as Amina does, on the form by itself."""
    page.goto(f"{CAMPAIGN}/sign")
    page.get_by_label("Your name").fill("Amina Rahman")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Postcode").fill("BL9 0SW")


def sent_proof(page: Page) -> str:
    """Press the button, and answer what the form said of proof."""
    with page.expect_request(lambda request: request.method == "POST") as posted:
        page.get_by_role("button", name="Sign the pledge").click()
    page.get_by_role("heading", name="Now press the link in your e-mail").wait_for()
    asked: Request = posted.value
    return parse_qs(asked.post_data or "").get("proof", [""])[0]


@pytest.mark.usefixtures("raised")
def test_a_browser_proves_its_work_while_one_types(visit: Callable[..., Page], desk: Page, site: Site) -> None:
    before, page = unproven(desk), visit()
    witness = Witness(page, site.base_url)
    fill_in(page, "amina.proven@example.org")
    expect(page.locator("[data-proof]")).not_to_have_value("")
    assert len(sent_proof(page)) > 100
    assert unproven(desk) == before
    assert witness.complaints == [] and witness.strayed == []


@pytest.mark.usefixtures("raised")
def test_a_form_goes_without_proof_when_the_sum_is_not_ready(visit: Callable[..., Page], desk: Page) -> None:
    before, page = unproven(desk), visit()
    page.route("**/challenge.json", lambda route: route.abort())
    fill_in(page, "amina.hurried@example.org")
    assert sent_proof(page) == ""
    assert unproven(desk) == before + 1


@pytest.mark.usefixtures("raised")
def test_signing_works_without_javascript(visit: Callable[..., Page], desk: Page) -> None:
    before, page = unproven(desk), visit(java_script_enabled=False)
    fill_in(page, "amina.plain@example.org")
    assert sent_proof(page) == ""
    assert unproven(desk) == before + 1
