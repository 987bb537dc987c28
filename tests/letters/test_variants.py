"""Which words a reader gets: by stance, by seat, and by how they are reached."""

import os
import subprocess
import sys

import httpx
import pytest

import front_door
import make
from undersigned.kit import database as db
from undersigned.letters import commands, stances, variants
from undersigned.letters.tables import Letter
from undersigned.representatives import seats
from undersigned.settings import settings

pytestmark = pytest.mark.usefixtures("database")
SPEAKER = {"party": "Speaker", "takes_part_in_votes": False}
SINN_FEIN = {"party": "Sinn Féin", "takes_part_in_votes": False}


async def words() -> str:
    """The words of the one letter."""
    letter = await Letter.whole(1)
    assert letter is not None
    return "\n".join(part["text"] for part in letter.parts)


@pytest.mark.parametrize(
    ("told", "fitting"),
    [
        ({}, ()),
        (SPEAKER, ("speaker", "no_votes")),
        (SPEAKER | {"takes_part_in_votes": True}, ("speaker", "no_votes")),
        (SINN_FEIN, ("abstains", "no_votes")),
        (SINN_FEIN | {"party": "Sinn Fein", "contact": "post"}, ("abstains", "no_votes", "post")),
        ({"party": "Northern Abstention League"}, ("abstains", "no_votes")),
        ({"party": "Labour", "takes_part_in_votes": False}, ("no_votes",)),
        ({"contact": "post", "email": ""}, ("post",)),
        ({"contact": "unknown", "email": ""}, ("post",)),
    ],
)
async def test_the_seat_and_the_way_choose_the_words(told: dict[str, object], fitting: tuple[str, ...]) -> None:
    await make.mp(**told)
    campaign = await make.campaign()
    assert await variants.of(campaign.id, await seats.of(make.BURY_NORTH)) == fitting


async def test_a_stance_on_one_campaign_says_nothing_of_another() -> None:
    await make.mp(**SPEAKER)
    campaign, other = await make.campaign(), await make.campaign()
    await stances.record(campaign, "Bury North", "opposes", "A speech of 3 March 2026.")
    seat = await seats.of(make.BURY_NORTH)
    assert await variants.of(campaign.id, seat) == ("speaker", "no_votes", "opposes")
    assert await variants.of(other.id, seat) == ("speaker", "no_votes")


@pytest.mark.parametrize("kind", ["vacant", "dissolved", "none", "unknown"])
async def test_an_empty_seat_has_no_variant_and_says_why(kind: str) -> None:
    seat = seats.Seat(kind, "Bury North", make.BURY_NORTH, note="Empty since 3 March 2026 (died).")
    assert await variants.of(1, seat) == ()
    (why,) = seat.explained
    assert why.endswith(".") and "  " not in why


async def test_the_writer_is_told_what_is_special_about_the_reader() -> None:
    said = {}
    for number, told in enumerate([{}, SPEAKER, SINN_FEIN, {"takes_part_in_votes": False}, {"contact": "post"}]):
        code = f"E1400114{number}"
        await make.mp(code, f"Seat {number}", **told)
        said[number] = " ".join((await seats.of(code)).explained)
    assert said[0] == ""
    assert "is the Speaker" in said[1]
    assert "not to take the seat" in said[2]
    assert "does not take part in votes" in said[3]
    assert "Harriet Vale MP, House of Commons, London SW1A 0AA" in said[4] and "DL envelope" in said[4]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (SPEAKER, "is the Speaker"),
        (SINN_FEIN, "not to take the seat"),
        ({"contact": "post"}, "DL envelope with a window, and post it to Harriet Vale MP, House of Commons"),
        ({"contact": "opted_out"}, "has asked not to be written to through this site"),
    ],
)
async def test_the_page_says_it_before_anything_is_written(
    client: httpx.AsyncClient, told: dict[str, object], said: str
) -> None:
    await make.mp(**told)
    await make.campaign(slug="light")
    page = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "BL9 0SW"})
    assert said in page.text


async def test_whoever_has_opted_out_cannot_be_written_to() -> None:
    await make.mp(contact="opted_out")
    seat = await seats.of(make.BURY_NORTH)
    assert seat.explained == ["The MP for Bury North has asked not to be written to through this site."]


@pytest.mark.parametrize(
    ("position", "said"),
    [
        ("agrees", "Thank you for standing beside the people who are targeted"),
        ("opposes", "I know that you have not supported this campaign"),
    ],
)
async def test_a_letter_has_the_words_for_the_stance(client: httpx.AsyncClient, position: str, said: str) -> None:
    await make.mp()
    campaign = await make.campaign()
    await stances.record(campaign, "Harriet Vale", position, "https://example.org/speech")
    await front_door.write(client, campaign)
    assert said in await words()


async def test_a_new_stance_takes_the_place_of_the_old_which_stays_on_record() -> None:
    await make.mp()
    campaign = await make.campaign()
    await stances.record(campaign, make.BURY_NORTH, "supports", "A letter.")
    await stances.record(campaign, make.BURY_NORTH, "opposes", "A vote.")
    await stances.record(campaign, make.BURY_NORTH, "undecided", "A speech.")
    now = "SELECT position FROM stance WHERE ended_at IS NULL"
    assert [row["position"] for row in await db.fetch(now)] == ["undecided"]
    await stances.record(campaign, make.BURY_NORTH, "unknown")
    assert await db.fetch(now) == []
    kept = await db.fetch("SELECT position FROM stance ORDER BY id")
    assert [row["position"] for row in kept] == ["supports", "opposes", "undecided"]
    assert len(await db.fetch("SELECT id FROM audit WHERE act = 'stance recorded'")) == 4


def test_the_command_line_knows_every_position() -> None:
    assert set(commands.POSITIONS) == {*stances.WORDS, stances.UNKNOWN, "agrees"}


async def test_only_who_has_made_a_pledge_can_go_back_on_it() -> None:
    mp = await make.mp()
    campaign = await make.campaign(kind="pledge")
    with pytest.raises(stances.NotAStance, match="Only who has made a pledge"):
        await stances.record(campaign, "Bury North", "went_back", "A vote.")
    await stances.record(campaign, "Bury North", "committed", "Her reply of 3 March.")
    assert await variants.stance(campaign.id, mp.id) == "agrees"
    await stances.record(campaign, "Bury North", "went_back", "A vote of 9 May.")
    assert await variants.stance(campaign.id, mp.id) == "opposes"
    petition = await make.campaign(slug="petition")
    with pytest.raises(stances.NotAStance, match="one of supports, opposes, undecided, no_answer, unknown"):
        await stances.record(petition, "Bury North", "committed", "A letter.")


@pytest.mark.parametrize(
    ("which", "position", "source", "sentence"),
    [
        ("Bury North", "likes", "A speech.", "A stance here is one of"),
        ("Bury North", "agrees", " ", "Say how you know"),
        ("Bury South", "agrees", "A speech.", "Nobody sits under"),
    ],
)
async def test_a_stance_that_says_nothing_is_refused(
    which: str, position: str, source: str, sentence: str
) -> None:
    await make.mp()
    with pytest.raises(Exception, match=sentence) as refused:
        await stances.record(await make.campaign(), which, position, source)
    assert type(refused.value).__name__ in {"NotAStance", "NotOneMember"}
    assert await db.fetch("SELECT id FROM stance") == []


async def test_the_command_line_notes_a_stance() -> None:
    await make.mp()
    await make.campaign(slug="light")
    environment = os.environ | {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    command = [
        sys.executable,
        "-m",
        "undersigned.commands",
        "letters",
        "stance",
        "light",
        "Harriet Vale",
        "agrees",
    ]
    told = {"env": environment, "capture_output": True, "text": True, "timeout": 60, "check": False}
    refused = subprocess.run(command, **told)  # type: ignore[call-overload]
    assert refused.returncode == 1 and refused.stderr.startswith("Error: Say how you know")
    done = subprocess.run([*command, "--source", "A speech."], **told)  # type: ignore[call-overload]
    assert done.stdout == "Harriet Vale MP: agrees.\n"
    assert len(await db.fetch("SELECT id FROM stance")) == 1
