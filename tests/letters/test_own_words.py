"""How much of a letter is the writer's own."""

import httpx
import pytest

import front_door
import make
from undersigned.letters import own_words
from undersigned.letters.tables import Letter

TEMPLATE = "I live in Bury North and I ask you to put up a light at the bus stop."


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
    assert own_words.share(letter, TEMPLATE) == share


def test_a_paragraph_pasted_from_the_template_is_still_the_templates() -> None:
    mine = "My daughter waits there alone every single evening when it rains and snows and blows at us."
    assert 45 <= own_words.share(f"{mine}\n\n{TEMPLATE}", TEMPLATE) <= 55
    assert 45 <= own_words.share(f"{TEMPLATE}\n\n{mine}", TEMPLATE) <= 55


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
