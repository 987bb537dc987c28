"""Every letter renders with its sample, and its reader's address shows in the window of a DL envelope."""

import io
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

import make
import paper
from house.tree import ROOT
from undersigned.letters import front_matter, merging, sheet, stances, template, wording, writing
from undersigned.letters.forms import WriteForm
from undersigned.representatives import seats
from undersigned.signatures import counting

LETTERS = sorted(path.parent.name for path in (ROOT / "letters").glob("*/letter.md"))
DEMO = ROOT / "src" / "undersigned" / "demo" / "content"
MARKDOWN = re.compile(r"\*|\{\{|\}\}|\{essential\}|^#", re.MULTILINE)


def _sample(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "letters" / name / "sample.toml").read_text(encoding="utf-8"))


def _form(sample: dict[str, Any], chosen: template.LetterTemplate) -> WriteForm:
    """What the supporter of a sample types; they keep every paragraph."""
    *address, postcode = sample["supporter"]["address"].strip().split("\n")
    return WriteForm(
        name=sample["supporter"]["name"],
        email="amina@example.org",
        address="\n".join(address),
        postcode=postcode,
        answers=sample["prompts"],
        kept_blocks=[block.name for block in chosen.blocks],
    )


READERS: dict[str, dict[str, Any]] = {
    "speaker": {"party": "Speaker", "takes_part_in_votes": False},
    "abstains": {"party": "Sinn Féin", "takes_part_in_votes": False},
    "no_votes": {"takes_part_in_votes": False},
    "post": {"contact": "post", "email": ""},
}


async def _letter(name: str, variant: str = "") -> sheet.Sheet:
    """The letter of a sample, through the same steps as any other, to a reader of that kind."""
    sample, chosen = _sample(name), template.load(name)
    full_title = sample["representative"]["name"]
    await make.mp(
        constituency=sample["constituency"]["name"],
        display_name=full_title.removesuffix(" MP"),
        full_title=full_title,
        address_as=sample["representative"]["salutation"].removeprefix("Dear "),
        **READERS.get(variant, {}),
    )
    told = sample["campaign"]
    campaign = await make.campaign(title=told["title"], signature_count=told["signatures"], letter=name)
    local = (campaign.id, "constituency", make.BURY_NORTH)
    await counting.add(counting.Totals({local: sample["constituency"]["signatures"]}))
    if variant in {"agrees", "opposes"}:
        await stances.record(campaign, make.BURY_NORTH, variant, "A speech.")
    letter = await writing.draft(campaign, _form(sample, chosen), await seats.of(make.BURY_NORTH))
    whole = await writing.Letter.whole(letter.id)
    assert whole is not None
    return sheet.of(whole)


def test_every_folder_of_letters_has_a_letter_and_a_sample() -> None:
    folders = {path.name for path in (ROOT / "letters").iterdir() if path.is_dir()} - {"shared"}
    assert folders == set(LETTERS)
    assert all((ROOT / "letters" / name / "sample.toml").is_file() for name in LETTERS)


@paper.needs_pdftotext
@pytest.mark.parametrize("name", LETTERS)
async def test_the_address_sits_alone_in_the_window(name: str, database: None, tmp_path: Path) -> None:
    letter = await _letter(name)
    lines = paper.lines(await letter.as_pdf(), tmp_path)
    shown = [line for line in lines if line.shows_in_the_window]
    assert [line.words for line in shown] == list(letter.recipient), lines
    assert all(line.is_inside_the_window for line in shown), shown


@pytest.mark.parametrize("name", LETTERS)
async def test_the_pdf_has_the_words_of_the_letter_and_is_tagged(name: str, database: None) -> None:
    letter = await _letter(name)
    pdf = PdfReader(io.BytesIO(await letter.as_pdf()))
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in pdf.pages))
    for words in (
        letter.subject,
        letter.salutation,
        letter.signed,
        *(paragraph.text for paragraph in letter.paragraphs),
    ):
        assert re.sub(r"\s+", "", words) in text
    for answer in _sample(name)["prompts"].values():
        assert re.sub(r"\s+", "", answer) in text
    root = pdf.trailer["/Root"]
    assert isinstance(root, DictionaryObject)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"]


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_asks_says_and_has_words_for_each_reader(name: str) -> None:
    chosen = template.load(name)
    assert 2 <= len(chosen.prompts) <= 4
    assert chosen.min_own_words >= 15
    assert set(_sample(name)["prompts"]) == {prompt.name for prompt in chosen.prompts}
    assert {"agrees", "opposes", "no_votes"} <= set(chosen.variants)
    whole = " ".join(text for block in chosen.blocks for text in block.paragraphs)
    assert len(whole.split()) < 300, "an office stops reading there"


@pytest.mark.parametrize("name", LETTERS)
def test_no_letter_speaks_for_one_campaign_by_name(name: str) -> None:
    source = (ROOT / "letters" / name / "letter.md").read_text(encoding="utf-8")
    told = [tomllib.loads(path.read_text(encoding="utf-8"))["title"] for path in DEMO.glob("*/campaign.toml")]
    assert "Our Street Too" in told
    assert [title for title in told if title in source] == []


@pytest.mark.parametrize("variant", ["", *front_matter.VARIANTS])
@pytest.mark.parametrize("name", LETTERS)
async def test_every_variant_renders_to_text_page_and_pdf(name: str, variant: str, database: None) -> None:
    letter = await _letter(name, variant)
    chosen = template.load(name)
    text, page = letter.as_text(), letter.as_html()
    words_on_paper = paper.plain(paper.text(await letter.as_pdf()))
    assert not MARKDOWN.search(letter.subject + "\n" + text)
    words = " ".join(chosen.variants.get(variant, {}).values())
    first = wording.read(words.strip() or chosen.blocks[0].text)[0].text.partition("{{")[0]
    assert first.strip() in text
    for paragraph in letter.paragraphs:
        assert paragraph.text in text
        assert all(escape(piece) in page for piece, _ in paragraph.runs)
        assert paper.plain(paragraph.text) in words_on_paper


WELSH = [name for name in LETTERS if template.load(name).language == "cy"]


@pytest.mark.parametrize("name", WELSH or [""])
async def test_a_letter_in_welsh_is_welsh_from_its_greeting_to_its_foot(name: str, database: None) -> None:
    assert name, "A Welsh letter is shipped."
    letter = await _letter(name)
    assert letter.greeting.startswith("Annwyl ") and letter.layout.closing == "Yr eiddoch yn gywir,"
    pdf = PdfReader(io.BytesIO(await letter.as_pdf()))
    assert str(pdf.root_object["/Lang"]).startswith("cy")
    english = {"the", "and", "you", "your", "with", "that", "please", "would", "from", "people"}
    assert english.isdisjoint(re.findall(r"[a-z]+", letter.as_text().lower()))


def test_the_letter_in_the_instructions_is_a_letter_and_they_name_every_field_and_variant() -> None:
    told = (ROOT / "letters" / "README.md").read_text(encoding="utf-8")
    source = told.split("```\n")[1]
    letter = template.parse("light", source)
    assert [block.name for block in letter.blocks] == ["opening", "own-words", "ask", "count"]
    assert all(f"`{name}`" in told for name in (*merging.FIELDS, *front_matter.VARIANTS))
    assert all(
        f"{key} = " in source or f"[[{key}]]" in source or f"[{key}." in source
        for key in front_matter.KEYS - {"name"}
    )
