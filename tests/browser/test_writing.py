"""Writing a letter in Chromium, with JavaScript and without: begun, left, gone on with, asked about and sent."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from browser import places
from browser.looking import look_over
from browser.waiting import open_mail

WRITE = f"{places.CAMPAIGN}/write"
MINE = "I have kept a list of what is shouted at my stop."
Look = Callable[[Page], None]
BOTH = pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])


@BOTH
def test_a_letter_is_written_left_gone_on_with_and_sent(visit: Callable[..., Page], javascript: bool) -> None:
    email = f"llinos.{'with' if javascript else 'without'}@example.org"
    page = visit(java_script_enabled=javascript, viewport={"width": 390, "height": 844})
    look = look_over if javascript else look_plainly
    begin(page)
    look(page)
    arrange(page)
    look(page)
    leave_and_come_back(page, email, look)
    answer_what_is_asked(page, look)
    read_edit_and_send(page, email, look)


def begin(page: Page) -> None:
    """From the postcode to the sheets."""
    page.goto(WRITE)
    page.get_by_label("Your postcode").fill("BL9 0SW")
    page.get_by_role("button", name="Find my MP").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write to Harriet Vale MP")


def arrange(page: Page) -> None:
    """Drop one paragraph, say another in one's own way, and move it down."""
    page.get_by_label("Why does this matter to you?").fill("My mother lives at M1 1AA, in the dark.")
    block(page, "reply").get_by_label("Keep this paragraph").uncheck()
    block(page, "pledge").locator("summary").click()
    block(page, "pledge").get_by_label("Your version of this paragraph").fill(MINE)
    assert order(page)[2] == "pledge"
    block(page, "pledge").get_by_role("button", name="Move down").click()
    expect(page.locator("[data-block]").nth(3)).to_have_attribute("data-block", "pledge")
    expect(block(page, "pledge").get_by_label("Your version of this paragraph")).to_have_value(MINE)
    expect(block(page, "reply").get_by_label("Keep this paragraph")).not_to_be_checked()


def leave_and_come_back(page: Page, email: str, look: Look) -> None:
    """Save it, and go on from the link in the mailbox with everything there."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("To me and the campaign").check()
    page.get_by_role("button", name="Save it and go on later").click()
    expect(page.get_by_role("status").filter(has_text="Your letter is saved.")).to_be_visible()
    look(page)
    page.goto("/demo/inbox")
    open_mail(page, email, "The letter you have begun")
    page.locator(f".mailed a[href*='{WRITE}']").first.click()
    expect(page.get_by_label("Why does this matter to you?")).to_have_value(re.compile("M1 1AA"))
    expect(page.get_by_label("To me and the campaign")).to_be_checked()
    assert order(page)[3] == "pledge"


def answer_what_is_asked(page: Page, look: Look) -> None:
    """One name and another postcode are asked about, and yes is an answer."""
    page.get_by_label("Your full name").fill("Llinos")
    page.get_by_label("Your address").fill("12 Clough Bank\nBury")
    page.get_by_role("button", name="Read it once more").click()
    expect(page.get_by_role("alert")).to_contain_text("Is that the whole of your name?")
    expect(page.get_by_role("alert")).to_contain_text("Are you writing for somebody else?")
    look(page)
    page.get_by_role("button", name="Yes, all of that is right").click()


def read_edit_and_send(page: Page, email: str, look: Look) -> None:
    """It reads as it was written; one more change; then off, after a yes from the mailbox."""
    letter = page.get_by_role("article", name="The letter")
    expect(letter.locator("mark.own")).to_have_count(2)
    expect(letter).to_contain_text(MINE)
    expect(letter).not_to_contain_text("I would welcome a reply")
    look(page)
    page.get_by_role("link", name="Edit the letter").click()
    expect(block(page, "pledge").get_by_label("Your version of this paragraph")).to_have_value(MINE)
    page.get_by_label("Where near you should things be better?").fill("The light at the stop is broken.")
    page.get_by_role("button", name="Read it once more").click()
    expect(letter.locator("mark.own")).to_have_count(3)
    page.get_by_role("button", name="Send to Harriet Vale MP").click()
    page.goto("/demo/inbox")
    open_mail(page, email, "is ready")
    expect(page.locator(".mailed")).to_contain_text("The light at the stop is broken.")
    page.locator(".mailed a[href*='/letters/']").first.click()
    look(page)
    page.get_by_role("button", name="Send to Harriet Vale MP").click()
    expect(page.get_by_role("heading", name="Write about something else")).to_be_visible()
    look(page)
    page.get_by_role("link", name="See where it is").click()
    expect(page.get_by_role("heading", name="Print it yourself")).to_be_visible()
    look(page)


def test_what_is_typed_is_kept_without_a_press_and_is_there_after_a_reload(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page)
    why = page.get_by_label("Why does this matter to you?")
    why.fill("It is dark there, and I have")
    expect(page.locator("[data-own-words]")).to_contain_text("7 words of your own so far. About ")
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved at", timeout=15_000)
    assert page.url.endswith("/write"), "the link to a letter stands in no address unannounced"
    expect(page.get_by_role("link", name="The link to this letter")).to_be_visible()
    why.fill("It is dark there, and I have a daughter of nine.")
    expect(page.locator("[data-own-words]")).to_contain_text("11 words of your own so far.")
    with page.expect_response(lambda answer: is_kept(answer.request), timeout=15_000) as kept:
        page.get_by_label("Where near you should things be better?").fill("The stop.")
    assert kept.value.ok
    page.reload()
    go_on = page.get_by_role("button", name="Go on with it")
    expect(go_on).to_be_visible()
    look_over(page)
    page.goto(WRITE)
    go_on.click()
    expect(why).to_have_value("It is dark there, and I have a daughter of nine.")
    assert page.url.endswith("/write")
    expect(go_on).to_be_hidden()
    page.get_by_role("button", name="Throw this letter away").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letter is gone")
    look_over(page)


def test_a_letter_that_is_open_in_two_tabs_is_never_written_over_unseen(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page)
    why = "Why does this matter to you?"
    page.get_by_label(why).fill("It is dark there.")
    link = page.get_by_role("link", name="The link to this letter")
    expect(link).to_be_visible(timeout=15_000)
    other = page.context.new_page()
    other.goto(str(link.get_attribute("href")))
    expect(other.get_by_label(why)).to_have_value("It is dark there.")
    page.get_by_label(why).fill("It is dark there, and far.")
    with page.expect_response(lambda answer: is_kept(answer.request), timeout=15_000) as kept:
        pass
    assert kept.value.ok
    other.get_by_label(why).fill("It is dark, and I am tired.")
    expect(other.locator("[data-draft-status]")).to_contain_text("in another tab", timeout=15_000)
    other.get_by_role("button", name="Save it and go on later").click()
    expect(other.get_by_role("alert")).to_contain_text("This letter was changed somewhere else")
    expect(other.get_by_label(why)).to_have_value("It is dark, and I am tired.")
    expect(other.locator(".other")).to_contain_text("It is dark there, and far.")
    look_over(other)
    other.get_by_role("button", name="Save it and go on later").click()
    expect(other.get_by_role("status").filter(has_text="Your letter is saved.")).to_be_visible()
    expect(other.get_by_label(why)).to_have_value("It is dark, and I am tired.")


@BOTH
def test_beside_the_form_a_wide_page_shows_the_letter_as_it_grows(
    visit: Callable[..., Page], javascript: bool
) -> None:
    page = visit(java_script_enabled=javascript, viewport={"width": 1280, "height": 900})
    begin(page)
    beside = page.get_by_role("article", name="Your letter so far")
    expect(beside).to_contain_text("Your own words will stand here.")
    words = "It is dark there, and I have a daughter."
    page.get_by_label("Why does this matter to you?").fill(words)
    block(page, "reply").get_by_label("Keep this paragraph").uncheck()
    show = page.get_by_role("button", name="Show my letter")
    if javascript:
        expect(show).to_be_hidden()
    else:
        show.click()
    expect(beside.locator("mark.own")).to_have_text(words)
    expect(beside).not_to_contain_text("I would welcome a reply")
    (look_over if javascript else look_plainly)(page)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(beside).to_be_hidden()


def test_what_is_being_kept_never_overtakes_what_is_sent(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page)
    page.get_by_label("Your full name").fill("Meg Akhtar")
    page.get_by_label("E-mail address").fill("meg@example.org")
    page.get_by_label("Your address").fill("12 Clough Bank\nBury")
    why = page.get_by_label("Why does this matter to you?")
    why.fill("It is dark there.")
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved at", timeout=15_000)
    held: list[Route] = []
    dropped: list[Request] = []
    dropped_by_then: list[int] = []
    page.on("requestfailed", lambda request: dropped.append(request) if is_kept(request) else None)

    def hold(route: Route) -> None:
        if is_kept(route.request):
            held.append(route)
        elif "stage=look" in (route.request.post_data or ""):
            route.continue_()
        else:
            dropped_by_then.append(len(dropped))
            route.continue_()

    page.route(f"**{WRITE}", hold)
    with page.expect_request(is_kept, timeout=15_000):
        why.fill("It is dark there, and far.")
    page.get_by_role("button", name="Read it once more").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Read it once more")
    expect(page.get_by_role("article", name="The letter")).to_contain_text("and far.")
    assert (len(held), dropped_by_then) == (1, [1])


def test_when_it_cannot_be_saved_the_words_stay_and_it_says_so(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page)
    page.route(f"**{WRITE}", lambda route: route.abort())
    page.get_by_label("Why does this matter to you?").fill("It is dark there.")
    expect(page.locator("[data-draft-status]")).to_contain_text("Not saved just now.", timeout=15_000)
    expect(page.get_by_label("Why does this matter to you?")).to_have_value("It is dark there.")


def test_paragraphs_move_with_the_keyboard_and_say_where_they_are(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page)
    first = order(page)
    down = block(page, "reporting").get_by_role("button", name="Move down")
    down.focus()
    page.keyboard.press("Enter")
    place = order(page).index("reporting")
    assert place == first.index("reporting") + 1
    expect(page.locator("[data-moved]")).to_have_text(f"Now paragraph {place + 1} of {len(first)}.")
    expect(down).to_be_focused()
    for _ in range(len(first) - place - 1):
        page.keyboard.press("Enter")
    expect(down).to_be_hidden()
    expect(block(page, "reporting").get_by_role("button", name="Move up")).to_be_focused()
    assert order(page)[-1] == "reporting"
    assert [name for name in order(page) if name in {"opening", "own-words", "ask"}] == [
        "opening",
        "own-words",
        "ask",
    ]
    assert page.locator("input[name=order]").input_value() == " ".join(order(page))


def test_enter_in_a_field_goes_on_and_moves_nothing(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    begin(page)
    before = order(page)
    page.get_by_label("Your full name").fill("Llinos")
    page.get_by_label("Your full name").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert order(page) == before


def is_kept(request: Request) -> bool:
    """Whether this is what a page keeps by itself."""
    return "stage=keep" in (request.post_data or "")


def block(page: Page, name: str) -> Locator:
    """One paragraph of the campaign's letter, with its buttons."""
    return page.locator(f"[data-block='{name}']")


def order(page: Page) -> list[str]:
    """The paragraphs as they stand."""
    return page.locator("[data-block]").evaluate_all("found => found.map(one => one.dataset.block)")


def look_plainly(page: Page) -> None:
    """What can be seen of a page where axe, a script itself, does not run."""
    expect(page.locator("h1")).to_have_count(1)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})
