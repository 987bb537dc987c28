"""A visit stays between the visitor and the site: nothing is fetched from elsewhere, and nothing is remembered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

from browser import places
from browser.places import Place
from installation import Site


@dataclass
class Witness:
    """What a page asked for and complained of."""

    page: Page
    base_url: str
    strayed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme != "data" and not request.url.startswith(f"{self.base_url}/"):
            self.strayed.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium complains of a page that is itself a 404 or 422; that answer is the right one.
        itself = message.location.get("url") == self.page.url and "Failed to load resource" in message.text
        if message.type in {"error", "warning"} and not itself:
            self.complaints.append(f"{self.page.url}: {message.text}")


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
