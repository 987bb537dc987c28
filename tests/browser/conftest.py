"""One Chromium and one running site for the whole folder, walked through once so that every page can be shown."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from browser import walk
from installation import Site
from journey.visitor import Visitor

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# Playwright keeps an event loop of its own running in this thread, where the tests of other folders have
# theirs. So both fixtures end with the folder, not with the session.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The Chromium or Chrome on the PATH."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip("There is no Chromium on this machine: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demonstration like any newcomer's."""
    made = Site(tmp_path_factory.mktemp("site") / "var")
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="package")
def links(site: Site) -> dict[str, str]:
    """What a few people left behind there: the addresses of pages in every state, by name."""
    with Visitor(site.base_url, site.var, site.mailroom_port) as visitor:
        return walk.through(site, visitor)


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser of one's own; the words are Playwright's for a context."""
    opened: list[BrowserContext] = []

    def arrive(**how: object) -> Page:
        opened.append(chromium.new_context(base_url=site.base_url, locale="en-GB", **how))  # type: ignore[arg-type]
        opened[-1].set_default_timeout(10_000)
        return opened[-1].new_page()

    yield arrive
    for context in opened:
        context.close()


@pytest.fixture(scope="package")
def desk(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page where the first member of staff has signed in, by the link that was printed."""
    context = chromium.new_context(base_url=site.base_url, locale="en-GB")
    page = context.new_page()
    page.goto(site.sign_in_link())
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Campaigns").wait_for()
    yield page
    context.close()
