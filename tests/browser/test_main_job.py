"""The main job as Amina, Harriet Vale's office and Owen do it, in Chromium, with JavaScript and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.waiting import open_mail, until
from installation import Site

CAMPAIGN = "/campaigns/our-street-too"
OWN_WORDS = "My daughter waits at that stop in the dark."
ANSWERS = {
    False: "I have asked the council for a light at that stop, and will write again when I hear.",
    True: "Yesterday my caseworker rang Highways, who promise a light at that stop before Easter.",
}
"""Each in words of its own: the same to two writers would be a standard reply."""


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_a_signature_becomes_a_letter_and_the_letter_gets_an_answer(
    site: Site, visit: Callable[..., Page], javascript: bool
) -> None:
    amina = f"amina.{'with' if javascript else 'without'}@example.org"
    page = visit(java_script_enabled=javascript)
    before = sign(page, amina)
    confirm(page, amina, before)
    review(page, amina)
    letter = send_at_once(page, amina) if javascript else send(page, amina)
    answer = ANSWERS[javascript]
    reply_as_the_mp(page, amina, letter, answer)
    owen = visit(java_script_enabled=javascript)
    owen.goto(site.invite(f"owen.{'with' if javascript else 'without'}@example.org"))
    what_the_campaigner_sees(owen, before + 1, answer)


def sign(page: Page, email: str) -> int:
    """Sign the pledge; answers the count as the page showed it before."""
    page.goto(CAMPAIGN)
    before = int(page.locator("[data-count-number]").inner_text().replace(",", ""))
    page.get_by_label("Your name").first.fill("Amina Rahman")
    page.get_by_label("E-mail address").first.fill(email)
    page.get_by_label("Postcode").fill("bl9 0sw")
    page.get_by_role("button", name="Sign the pledge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Now press the link in your e-mail")
    return before


def confirm(page: Page, email: str, before: int) -> None:
    """Press the link in the e-mail and the button behind it: counted, a number, and an MP."""
    page.get_by_role("link", name="the demonstration inbox").click()
    open_mail(page, email, "One press and your name is counted")
    page.locator(".mailed a[href*='/confirm/']").click()
    page.get_by_role("button", name="Count my signature").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{before + 1:,}")
    expect(page.get_by_text("Harriet Vale MP speaks for Bury North")).to_be_visible()


def review(page: Page, email: str) -> None:
    """Write in one's own words and read the whole letter, on the page and as a PDF."""
    page.get_by_role("link", name="Write to Harriet Vale MP").click()
    expect(page.get_by_label("E-mail address")).to_have_value(email)
    page.locator("#prompt_why").fill(OWN_WORDS)
    page.get_by_label("Your address").fill("12 Clough Bank\nBury")
    page.get_by_label("To me and the campaign").check()
    page.get_by_role("button", name="Read it once more").click()
    letter = page.get_by_role("article", name="The letter")
    expect(letter).to_contain_text("Dear Ms Vale")
    expect(letter.locator("mark.own")).to_contain_text(OWN_WORDS)
    pdf = page.get_by_role("link", name="See it as a PDF").get_attribute("href")
    answer = page.request.get(str(pdf))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def send(page: Page, email: str) -> str:
    """Send it, say yes once more from the e-mail, and follow it to its delivery; answers its page's address."""
    page.get_by_role("button", name="Send to Harriet Vale MP").click()
    page.get_by_role("link", name="the demonstration inbox").click()
    open_mail(page, email, "Your letter to Harriet Vale MP is ready")
    page.locator(".mailed a[href*='/letters/']").first.click()
    page.get_by_role("button", name="Send to Harriet Vale MP").click()
    page.get_by_role("link", name="See where it is").click()
    until(page, page.get_by_text("Sent to"))
    return page.url


def send_at_once(page: Page, email: str) -> str:
    """As :func:`send`, with the proof of a moment ago for a yes; its e-mail leads to the page."""
    page.get_by_role("button", name="Send to Harriet Vale MP").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letter is on its way to Harriet Vale MP")
    page.goto("/demo/inbox")
    open_mail(page, email, "Your letter to Harriet Vale MP is in the queue")
    page.locator(".mailed a[href*='/letters/']").first.click()
    until(page, page.get_by_text("Sent to"))
    return page.url


def reply_as_the_mp(page: Page, email: str, letter: str, answer: str) -> None:
    """Reply in the demo's inbox; the answer is on the letter's page and in Amina's mail."""
    page.goto("/demo/inbox")
    page.locator(".inbox__letter", has_text="Amina Rahman").first.get_by_role("link").click()
    page.get_by_label("In whose words").fill(answer)
    page.get_by_role("button", name="Send it to the mailroom").click()
    expect(page.get_by_role("status")).to_contain_text("Your reply is on its way")
    page.goto(letter)
    until(page, page.locator(".reply__text", has_text=answer))
    page.goto("/demo/inbox")
    open_mail(page, email, "A reply from Harriet Vale MP")
    expect(page.locator(".mailed")).to_contain_text("a light at that stop")


def what_the_campaigner_sees(page: Page, count: int, answer: str) -> None:
    """Sign in with the link that was printed: the count, signatures by day, letters by state, and the answer."""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Our street too").click()
    expect(page.locator(".count__number strong")).to_have_text(f"{count:,}")
    days = page.locator("figure", has_text="Signatures by day")
    days.locator("summary").click()
    today = days.locator("tbody tr").first
    expect(today).to_be_visible()
    assert int(today.locator("td").inner_text()) >= 1
    sent = page.get_by_role("table", name="Letters by state").get_by_role("row", name="Sent")
    assert int(sent.first.get_by_role("cell").inner_text()) >= 1
    expect(page.locator(".latest")).to_contain_text(answer[:60])
    page.locator(".latest a").first.click()
    expect(page.locator(".came__text").first).to_contain_text(answer)
