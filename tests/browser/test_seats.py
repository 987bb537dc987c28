"""Writing where a seat is out of the ordinary: the Speaker's, one that is not taken, and an empty one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser import places
from browser.looking import look_over

WRITE = f"{places.CAMPAIGN}/write"


def find(page: Page, postcode: str) -> None:
    """Say where one lives."""
    page.goto(WRITE)
    page.get_by_label("Your postcode").fill(postcode)
    page.get_by_role("button", name="Find my MP").click()


@pytest.mark.parametrize(
    ("postcode", "mp", "explained", "asked"),
    [
        ("PO19 1RQ", "Sir Ambrose Selsey MP", "is the Speaker, who takes no side", "do not take part in votes"),
        ("BT48 6DQ", "Dónal Ó Creggan MP", "a promise not to take the seat", "do not take your seat"),
    ],
    ids=["Speaker", "abstentionist"],
)
def test_whoever_does_not_vote_is_explained_and_asked_for_something_else(
    visit: Callable[..., Page], postcode: str, mp: str, explained: str, asked: str
) -> None:
    page = visit()
    find(page, postcode)
    expect(page.get_by_role("heading", level=1)).to_contain_text(mp)
    expect(page.get_by_role("main")).to_contain_text(explained)
    page.get_by_label("Your full name").fill("Meg Akhtar")
    page.get_by_label("E-mail address").fill("meg.seats@example.org")
    page.get_by_label("Your address").fill("12 Clough Bank")
    page.get_by_role("button", name="Read it once more").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Read it once more")
    expect(page.get_by_role("article", name="The letter")).to_contain_text(asked)
    look_over(page)


def test_an_empty_seat_says_so_and_offers_no_sheets(visit: Callable[..., Page]) -> None:
    page = visit()
    find(page, "G2 1DU")
    expect(page.get_by_role("main")).to_contain_text("empty until its by-election")
    expect(page.get_by_role("main")).to_contain_text("Glasgow North East")
    expect(page.get_by_label("Your full name")).to_have_count(0)
    look_over(page)
