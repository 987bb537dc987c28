"""How much of a letter is the writer's own."""

import re
import shutil
from pathlib import Path

import httpx
import pytest

import front_door
import make
from undersigned.kit import database as db
from undersigned.letters import own_words, template
from undersigned.letters.tables import Letter

TEMPLATE = "I live in Bury North and I ask you to put up a light at the bus stop."


def share_of(letter: str, lent: str) -> int:
    """How much of a text is the writer's, in per cent, as a letter is measured."""
    return own_words.percent(len(own_words.own(letter, [lent])), len(own_words.words(letter)))


@pytest.mark.parametrize(
    ("letter", "share"),
    [
        (TEMPLATE, 0),
        (TEMPLATE.upper().replace(" ", "\n"), 0),
        (f"“{TEMPLATE}”", 0),
        ("My daughter waits there every evening after school.", 100),
        ("", 0),
        ("…!?", 0),
    ],
)
def test_the_share_is_of_words_whatever_their_case_and_stops(letter: str, share: int) -> None:
    assert share_of(letter, TEMPLATE) == share


@pytest.mark.parametrize(
    ("template", "same"),
    [
        ("Mae’r tŷ yn oer, a does dim golau.", "Mae'r ty yn oer, a does dim golau"),
        ("Mae’r tŷ yn oer, a does dim golau.", "MAE`R TY\u0302 YN OER: A DOES DIM GOLAU!"),
        ("We don’t know the café there.", "we don't know the cafe there"),
    ],
)
def test_accents_apostrophes_and_case_make_no_word_a_new_one(template: str, same: str) -> None:
    assert share_of(same, template) == 0


def test_welsh_words_are_words() -> None:
    assert own_words.words("Dw i’n byw ym Mhenarth; mae’r ŵyn yn dŵad.") == [
        "dw", "i'n", "byw", "ym", "mhenarth", "mae'r", "wyn", "yn", "dwad"]  # fmt: skip
    welsh = "Bob nos mae fy merch yn aros yno ar ei phen ei hun."
    assert share_of(welsh, "Rwy’n byw yng Nghaerdydd ac yn gofyn am olau wrth y safle bws.") == 100


def test_two_paragraphs_that_changed_places_earn_nothing() -> None:
    first, second = "There are no lights at the stop.", "Please would you ask the council for one."
    assert own_words.own(f"{second} {first}", [first, second]) == []


def test_words_that_only_happen_to_stand_in_both_are_ones_own() -> None:
    mine = "I live with my mother, and I would like a light."
    theirs = ["I live in Bury North", "you would like to see"]
    assert own_words.own(mine, theirs) == own_words.words(mine)


def test_a_paragraph_pasted_from_the_template_is_still_the_templates() -> None:
    mine = "My daughter waits there alone every single evening when it rains and snows and blows at us."
    assert 45 <= share_of(f"{mine}\n\n{TEMPLATE}", TEMPLATE) <= 55
    assert 45 <= share_of(f"{TEMPLATE}\n\n{mine}", TEMPLATE) <= 55


async def shares(client: httpx.AsyncClient, **typed: str) -> int:
    """The share of a letter that was written at the front door."""
    await make.mp()
    review = await front_door.write(client, await make.campaign(), **typed)
    letter = await Letter.whole(1)
    assert letter is not None
    if letter.own_share:
        assert f"{letter.own_share}% of it is in your own words." in review.text
    else:
        assert "None of it is in your own words yet." in review.text
    return int(letter.own_share)


async def test_a_letter_without_own_words_has_none(client: httpx.AsyncClient) -> None:
    assert await shares(client, prompt_why="", keep_pledge="yes", keep_reply="yes") == 0


async def test_own_words_are_measured_against_the_whole_letter(client: httpx.AsyncClient) -> None:
    words = " ".join(f"wort{n}" for n in range(120))
    assert 45 <= await shares(client, prompt_why=words) <= 65


async def test_copying_the_template_into_the_own_words_earns_nothing(client: httpx.AsyncClient) -> None:
    copied = "I would welcome a reply, and I will share the figures with the people who have signed near me."
    assert await shares(client, prompt_why=copied) < 15


def suggest(monkeypatch: pytest.MonkeyPatch, folder: Path, words: int) -> None:
    """The letter about hate crime suggests so many words of one's own."""
    shutil.copytree(template.FOLDER / "hate-crime", folder / "hate-crime")
    letter = folder / "hate-crime" / "letter.md"
    letter.write_text(re.sub("min_own_words = [0-9]+", f"min_own_words = {words}", letter.read_text()))
    monkeypatch.setattr(template, "FOLDER", folder)


async def test_a_campaign_may_suggest_how_many_and_never_insists(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    suggest(monkeypatch, tmp_path, 40)
    await make.mp()
    campaign = await make.campaign(slug="light")
    sheets = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "BL9 0SW"})
    assert "About 40 words of your own make a letter that gets read. Fewer are welcome too." in sheets.text
    review = await front_door.write(client, campaign)
    assert "about 40 words of your own. You have 9. You can send it as it is." in review.text
    sent = await front_door.press_send(client, campaign, review)
    assert sent.status_code == 303


async def test_the_sheets_say_how_many_there_are_so_far(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    suggest(monkeypatch, tmp_path, 0)
    await make.mp()
    campaign = await make.campaign(slug="light")
    first = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "BL9 0SW"})
    assert "Even one sentence of your own helps the letter to be read." in first.text
    asked = await front_door.write(client, campaign, address="")
    assert "You have 9 words of your own so far." in asked.text


@pytest.mark.parametrize(
    ("share", "count", "worth"), [(20, 30, True), (70, 30, True), (70, 29, False), (49, 29, False), (0, 0, False)]
)
async def test_a_letter_is_called_worth_reading_or_too_short_and_never_both(
    client: httpx.AsyncClient, share: int, count: int, worth: bool
) -> None:
    await make.mp()
    review = await front_door.write(client, await make.campaign(slug="light"))
    await db.execute("UPDATE letter SET own_share = $1, own_words = $2", share, " ".join(["word"] * count))
    page = (await client.get(f"/campaigns/light/write?review={front_door.hidden(review, 'token')}")).text
    assert ("worth reading" in page, "suggests about 30 words" in page) == (worth, not worth)
    assert ("A line or two more" in page) == (0 < share < 50 and not worth)
