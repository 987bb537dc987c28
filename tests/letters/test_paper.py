"""The letter on paper: its type, its marks, its window, and whatever somebody writes into it."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

import front_door
import heard
import make
import paper
from undersigned.kit import fonts, pdf
from undersigned.letters import languages, sheet, template, wording
from undersigned.letters.sheet import Sheet
from undersigned.letters.tables import Letter
from undersigned.letters.wording import Paragraph

pytestmark = pytest.mark.usefixtures("migrated")
MARKED = """I live in **Bury North**, and *Our Street Too* is ***ours***.

- how many; and
- where.

3. third
4. fourth

See [the briefing](https://example.org/briefing)."""
NO_TYPE = "\U0010fffd"
SCRIPTS = {
    "Polish": "Łukasz Żółć",
    "Welsh": "Llŷr Ŵyn",
    "Greek": "Ελένη Παππά",
    "Cyrillic": "Олена Шевченко",
    "Arabic": "محمد",
    "Hebrew": "דוד",
    "Chinese": "王小明",
    "Hindi": "किरण",
    "emoji": "😀👩\u200d👧",
}
WELSH_LETTER = """+++
title = "Llythyr"
subject = "Golau wrth yr arhosfan"
language = "cy"
qr = true

[[prompts]]
name = "why"
question = "Pam mae hyn yn bwysig i chi?"
+++

## agoriad {essential}

Rwy'n byw yn etholaeth {{ constituency.name }}. Ar {{ date }}, {{ constituency.figure }}.

## own-words
"""


def own(text: str) -> tuple[Paragraph, ...]:
    """A paragraph of the writer's."""
    return (Paragraph(((text, ""),), own=True),)


def a_sheet(**told: Any) -> Sheet:
    """A letter of Amina's, or as told."""
    usual: dict[str, Any] = {
        "sender": ("12 Clough Bank", "Bury", "BL9 0SW"),
        "recipient": ("Harriet Vale MP", *sheet.COMMONS),
        "dated": date(2026, 3, 12),
        "subject": "A light at the bus stop",
        "salutation": "Ms Vale",
        "paragraphs": wording.read(MARKED),
        "signed": "Amina Rahman",
        "foot": "Written by Amina Rahman and sent through Undersigned.",
    }
    return Sheet(**(usual | told))


async def test_the_marks_are_in_the_page_the_email_and_the_paper() -> None:
    letter = a_sheet()
    assert "<strong>Bury North</strong>" in letter.as_html()
    assert "<strong><em>ours</em></strong>" in letter.as_html()
    assert '<ul><li>how many; and</li><li>where.</li></ul><ol start="3"><li>third</li>' in letter.as_html()
    assert "\n\n• how many; and\n• where.\n\n3. third\n4. fourth\n\nSee the briefing (https" in letter.as_text()
    content = await letter.as_pdf()
    assert {"Letter", "Letter-Semi-Bold", "Letter-Italic"} <= set(paper.fonts(content))
    kinds = [kind for kind, _ in paper.tags(content)]
    assert kinds.count("/L") == 2
    assert kinds.count("/LI") == 4
    assert kinds.count("/H1") == 1
    words = paper.plain(paper.text(content))
    assert all(paper.plain(one.text) in words for one in letter.paragraphs)


@pytest.mark.parametrize("script", SCRIPTS)
async def test_a_name_in_any_script_is_printed_or_said_to_be_missing(script: str) -> None:
    name = SCRIPTS[script]
    letter = a_sheet(signed=name, paragraphs=own(f"I am {name}."))
    content = await letter.as_pdf()
    assert all(paper.fonts(content).values()), "every font is embedded"
    missing = fonts.unprintable(name, sheet.SHARED / "fonts")
    words = paper.plain(paper.text(content))
    for character in missing:
        assert character not in words
        assert f"U+{ord(character):04X}" in words
    printed = [character for character in name if character not in missing and fonts.has_shape(character)]
    assert all(paper.plain(character) in words for character in printed)
    assert name in letter.as_text(), "the e-mail loses nothing"
    if script in {"Polish", "Welsh"}:
        assert not missing


async def test_what_no_font_has_is_never_an_empty_box_without_a_word() -> None:
    letter = a_sheet(signed=f"Amina {NO_TYPE}", subject=f"A {NO_TYPE}", foot=f"By {NO_TYPE}.")
    words = paper.text(await letter.as_pdf())
    assert NO_TYPE not in words
    mark = fonts.stand_in(NO_TYPE, [NO_TYPE])
    assert words.count(mark) >= 4
    assert "This printer has no type for U+10FFFD" in " ".join(words.split())
    assert "no type" not in paper.text(await a_sheet().as_pdf())


@paper.needs_pdftotext
@pytest.mark.parametrize(
    "told",
    [
        {},
        {"recipient": ("Rt Hon Sir Kit Stark KCB KC MP", *sheet.COMMONS)},
        {"recipient": ("Rt Hon " + "Wilhelmina " * 13 + "MP", *sheet.COMMONS)},
        {
            "sender": (
                "Flat 3",
                "The Old Chapel",
                "40 Moss Terrace",
                "Llanfairpwllgwyngyll",
                "Ynys Môn",
                "LL61 5UJ",
            )
        },
        {"sender": ("x" * 299, "SW1A 0AA"), "signed": "W" * 100},
        {"sender": (*("12 Clough Bank",) * 20, "SW1A 0AA"), "signed": "Amina Rahman " * 7},
        {"subject": "Q" * 200, "salutation": "Wilhelmina " * 10, "paragraphs": own("a" * 20_000)},
        {"paragraphs": own("😀" * 3_000)},
        {"foot": "W" * 160},
    ],
)
async def test_nothing_stands_in_the_window_but_the_reader_and_nothing_over_anything(
    told: dict[str, Any], tmp_path: Path
) -> None:
    letter = a_sheet(**told)
    lines = paper.lines(await letter.as_pdf(), tmp_path)
    shown = [line for line in lines if line.shows_in_the_window]
    assert " ".join(line.words for line in shown) == " ".join(" ".join(letter.recipient).split())
    assert all(line.is_inside_the_window for line in shown), shown
    assert all(line.left >= 23 and line.right <= 187.5 and line.bottom <= 294 for line in lines), lines
    over = [(a, b) for place, a in enumerate(lines) for b in lines[place + 1 :] if a.overlaps(b)]
    assert not over


async def test_twenty_thousand_characters_without_a_space_stay_on_the_page_and_are_all_there() -> None:
    content = await a_sheet(paragraphs=own("ab" * 10_000)).as_pdf()
    assert paper.plain(paper.text(content)).count("ab") >= 10_000 - 200, "a line may end between a and b"
    letters = paper.plain("".join(part for part in paper.text(content).split() if set(part) <= {"a", "b"}))
    assert len(letters) == 20_000


async def test_a_square_to_scan_says_in_words_where_it_leads() -> None:
    content = await a_sheet(qr="https://example.org/campaigns/light").as_pdf()
    assert ("/Figure", "The campaign: example.org/campaigns/light") in paper.tags(content)
    assert "example.org/campaigns/light" in paper.plain(paper.text(content))
    assert "/Figure" not in [kind for kind, _ in paper.tags(await a_sheet().as_pdf())]


async def test_a_welsh_letter_is_welsh_all_round(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "llythyr").mkdir()
    (tmp_path / "llythyr" / "letter.md").write_text(WELSH_LETTER, encoding="utf-8")
    monkeypatch.setattr(template, "FOLDER", tmp_path)
    await make.mp()
    campaign = await make.campaign(slug="golau", letter="llythyr")
    review = await front_door.write(client, campaign, prompt_why="Mae'n dywyll yno.")
    assert review.status_code == 200
    letter = await Letter.whole(1)
    assert letter is not None
    page = sheet.of(letter)
    assert page.layout is languages.WELSH
    today = languages.WELSH.day(page.dated)
    for words in (page.as_html(), page.as_text(), paper.text(await page.as_pdf())):
        assert "Annwyl Ms Vale," in words
        assert "Yr eiddoch yn gywir," in words
        assert today in words
        assert "Dear" not in words and "Yours" not in words
    content = await page.as_pdf()
    assert paper.reader(content).root_object["/Lang"] == "cy"
    words = paper.plain(paper.text(content))
    for said in ("1 o 1", "Ysgrifennwyd gan Amina Rahman", "Yr ymgyrch: test.example.org/c/1"):
        assert paper.plain(said) in words


@pytest.mark.parametrize(
    ("day", "english", "welsh"),
    [
        (date(2026, 3, 1), "1 March 2026", "1 Mawrth 2026"),
        (date(2026, 11, 27), "27 November 2026", "27 Tachwedd 2026"),
        (date(2027, 1, 31), "31 January 2027", "31 Ionawr 2027"),
    ],
)
def test_days_are_said_in_the_language_of_the_letter(day: date, english: str, welsh: str) -> None:
    assert languages.of("en-GB").day(day) == languages.of("en").day(day) == languages.of("").day(day) == english
    assert languages.of("cy").day(day) == languages.of("cy-GB").day(day) == welsh


async def test_a_letter_in_english_stays_english_in_a_welsh_campaign(
    client: httpx.AsyncClient,
) -> None:
    await make.mp()
    await front_door.write(client, await make.campaign(language="cy"))
    letter = await Letter.whole(1)
    assert letter is not None
    assert sheet.of(letter).as_text().startswith("Dear Ms Vale,")


async def test_title_author_and_language_are_set_for_those_who_hear_it() -> None:
    read = paper.reader(await a_sheet().as_pdf())
    assert read.metadata is not None
    assert (read.metadata.title, read.metadata.author) == ("A light at the bus stop", "Amina Rahman")
    assert read.root_object["/Lang"] == "en-GB"
    assert b"pdfuaid:part" in read.root_object["/Metadata"].get_object().get_data()


async def test_the_stylesheet_is_read_once_for_many_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    await a_sheet().as_pdf()
    before = pdf._styled.cache_info().misses
    for _ in range(3):
        await a_sheet().as_pdf()
    assert pdf._styled.cache_info().misses == before


async def test_every_letter_on_paper_meets_what_a_program_can_check_of_pdf_ua() -> None:
    long = wording.read(MARKED) * 12
    for told in ({}, {"qr": "https://example.org/c/1"}, {"paragraphs": long}, {"layout": languages.WELSH}):
        assert heard.lacks(await a_sheet(**told).as_pdf()) == []


async def test_a_pdf_that_cannot_be_heard_is_told_from_one_that_can() -> None:
    html = a_sheet(qr="https://example.org/c/1").as_paper_html()
    deaf = heard.lacks(await pdf.rendered(html, sheet.SHARED, "letter.css", tagged=False))
    assert {"it is not marked as tagged", "it has no tags", "page 1 is not tied to the tags"} <= set(deaf)
    assert any(fault.startswith("page 1 paints") for fault in deaf)
    bare = re.sub(r' alt="[^"]*"| lang="[^"]*"|<title>.*?</title>', "", html).replace("h1", "h3")
    faults = heard.lacks(await pdf.rendered(bare, sheet.SHARED, "letter.css"))
    assert {"it has no language", "it has no title", "its headings skip a level"} <= set(faults)
    assert "a figure has no words" in faults
