"""What comes by itself after a while: a page that changes, and a message in the demonstration's inbox."""

import time

from playwright.sync_api import Locator, Page


def open_mail(page: Page, to: str, subject: str) -> None:
    """Wait in the inbox for a message, and open the newest one."""
    line = page.locator(".inbox > li", has_text=subject).filter(has_text=f"To {to}")
    until(page, line.first)
    line.first.get_by_role("link").click()


def until(page: Page, wanted: Locator, seconds: float = 30) -> None:
    """Load the page again, as a person does, until it shows ``wanted``."""
    deadline = time.monotonic() + seconds
    while not wanted.is_visible():
        assert time.monotonic() < deadline, f"Not there after {seconds} seconds: {page.inner_text('main')}"
        time.sleep(0.3)
        page.reload()
