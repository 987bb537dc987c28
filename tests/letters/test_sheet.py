"""One description of the letter makes the page, the e-mail and the paper, so all three say the same."""

import io
import re
import unicodedata

import httpx
import pypdf
import pytest

import front_door
import make
import work
from undersigned.kit import tokens
from undersigned.letters import sheet
from undersigned.letters.tables import Letter

WORDS = (
    "Ünïcödé “quotes”, £5 & a <tag> – and a long line that has to be broken somewhere on the way down the page."
)


def plain(text: str) -> str:
    """Words alone: ligatures undone, white space and hyphens at the ends of lines forgotten."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).replace("\u00ad", ""))


def text_of_pdf(content: bytes) -> str:
    """All the text that a reader of the PDF finds."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


async def written(client: httpx.AsyncClient) -> httpx.Response:
    """A letter of Amina's with difficult characters; its page to read once more."""
    await make.mp()
    typed = {"prompt_why": WORDS, "keep_pledge": "yes", "keep_reply": "yes"}
    return await front_door.write(client, await make.campaign(), **typed)


async def test_the_paper_has_the_words_of_the_email(client: httpx.AsyncClient) -> None:
    await written(client)
    letter = await Letter.whole(1)
    assert letter is not None
    page = sheet.of(letter)
    paper = plain(text_of_pdf(await page.as_pdf()))
    for paragraph in page.as_text().split("\n\n"):
        for line in paragraph.splitlines():
            assert plain(line.removeprefix("• ")) in paper
    for line in (*page.recipient, page.subject, page.foot):
        assert plain(line) in paper


async def test_the_paper_is_tagged_for_those_who_hear_it(client: httpx.AsyncClient) -> None:
    await written(client)
    answer = await client.get(f"/letters/{tokens.issue('letter', 1)}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    catalogue = pypdf.PdfReader(io.BytesIO(answer.content)).root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in catalogue["/Metadata"].get_object().get_data()


async def test_what_is_reviewed_is_what_is_sent(client: httpx.AsyncClient) -> None:
    review = await written(client)
    draft = await client.get(f"/letters/{front_door.hidden(review, 'token')}.pdf")
    assert plain(WORDS) in plain(text_of_pdf(draft.content))
    letter = await Letter.whole(1)
    assert letter is not None
    await front_door.press_send(client, letter.campaign, review)
    link = await front_door.mailed_link("amina@example.org", "/letters/")
    await front_door.say_yes(client, link)
    await work.settle()
    (sent,) = work.inbox("operator@example.org")
    for part in letter.parts:
        assert part["text"] in work.text_of(sent)
    assert plain(work.text_of(sent).partition("-" * 72)[2]) in plain(sheet.of(letter).as_text())


async def test_a_long_letter_runs_over_several_pages_and_loses_nothing(client: httpx.AsyncClient) -> None:
    await make.mp()
    lines = "\n".join(f"This is line number {n} of what I have to say." for n in range(200))
    await front_door.write(client, await make.campaign(), prompt_why=lines)
    answer = await client.get(f"/letters/{tokens.issue('letter', 1)}.pdf")
    assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) > 2
    text = plain(text_of_pdf(answer.content))
    assert all(plain(f"This is line number {n} of") in text for n in range(200))


@pytest.mark.parametrize(
    ("language", "told", "greeting"),
    [
        ("en-GB", {}, "Dear Ms Vale,"),
        ("en-GB", {"address_as": ""}, "Dear Harriet Vale,"),
        ("cy", {}, "Annwyl Ms Vale,"),
        ("cy", {"address_as": "Sir Harri Vale"}, "Annwyl Syr Harri,"),
        ("cy", {"address_as": "Dame Harriet Vale"}, "Annwyl Fonesig Harriet,"),
        ("cy", {"address_as": "Mr Speaker"}, "Annwyl Mr Llefarydd,"),
        ("cy", {"address_as": "Siriol Vale"}, "Annwyl Siriol Vale,"),
    ],
)
async def test_the_greeting_is_parliaments_own_or_the_display_name(
    client: httpx.AsyncClient, language: str, told: dict[str, str], greeting: str
) -> None:
    await make.mp(**told)
    await front_door.write(client, await make.campaign())
    letter = await Letter.whole(1)
    assert letter is not None
    letter.language = language
    assert sheet.of(letter).as_text().startswith(greeting)
    assert sheet.of(letter).recipient[0] == "Harriet Vale MP"
