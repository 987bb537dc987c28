"""A visit stays between the visitor and the site: nothing is fetched from elsewhere, and nothing is remembered."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from browser import places
from browser.places import Place
from browser.witness import Witness
from installation import Site


def test_nothing_is_fetched_from_elsewhere_and_no_visitor_gets_a_cookie(
    visit: Callable[..., Page], site: Site, links: dict[str, str]
) -> None:
    page = visit()
    witness = Witness(page, site.base_url)
    for place in places.PUBLIC + places.GONE_WRONG:
        answer = place.show(page, links)
        assert "set-cookie" not in answer.headers, place.name
    assert witness.strayed == []
    assert witness.complaints == []
    assert page.context.cookies() == []


def test_the_desk_fetches_nothing_from_elsewhere_either(desk: Page, site: Site, links: dict[str, str]) -> None:
    witness = Witness(desk, site.base_url)
    for place in places.DESK:
        place.show(desk, links)
    assert witness.strayed == []
    assert witness.complaints == []


@pytest.mark.parametrize(
    "place", [Place("home", "/"), Place("your page", "{you}"), Place("lost", "/lost", status=404)]
)
def test_the_browser_is_told_to_run_nothing_but_our_own_files(
    place: Place, visit: Callable[..., Page], links: dict[str, str]
) -> None:
    page = visit()
    answer = place.show(page, links)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    assert page.evaluate("window.ran") is None
