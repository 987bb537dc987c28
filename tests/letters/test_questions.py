"""What an office would stumble over is asked about once, kindly, and only what nobody can mean is refused."""

import httpx
import pytest

import front_door
import make
from letters.sheets import ALL, area, kept, press
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.letters.tables import Letter

ASKS = "Before you go on"


@pytest.fixture
async def others(campaign: Campaign) -> None:
    """Two more members: Sam Lark for Salford and Rowan Ó Briain for Bury South."""
    await make.mp("E14001459", "Salford", display_name="Sam Lark", full_title="Sam Lark MP", address_as="Mr Lark")
    await make.mp("E14001145", "Bury South", display_name="Rowan Ó Briain", full_title="Dr Rowan Ó Briain MP")


def answer(page: httpx.Response) -> str:
    """What the button says yes to."""
    found = page.text.partition('type="submit" name="sure" value="')[2].partition('"')[0]
    assert found, page.text
    return found


async def test_a_whole_address_is_asked_for_and_why(client: httpx.AsyncClient, campaign: Campaign) -> None:
    page = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "BL9 0SW"})
    assert "MPs act only for the people they represent" in page.text
    assert "Your full name" in page.text


async def test_one_name_is_asked_about_and_may_be_all_there_is(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    asked = await front_door.write(
        client, campaign, name="Amina", prompt_local="Here.", keep_reply="yes", kept="yes"
    )
    assert asked.status_code == 200
    assert ASKS in asked.text and "Is that the whole of your name?" in asked.text
    assert (area(asked, "prompt_local"), kept(asked, "reply"), kept(asked, "pledge")) == ("Here.", True, False)
    assert await Letter.count() == 0
    review = await front_door.write(client, campaign, name="Amina", sure=answer(asked))
    assert "Read it once more" in review.text and ASKS not in review.text
    page = await client.get(f"/campaigns/light/write?letter={front_door.hidden(review, 'token')}")
    again = await front_door.write(client, campaign, name="Amina", sure=front_door.hidden(page, "sure"))
    assert ASKS not in again.text, "yes is an answer, and it is asked once"


@pytest.mark.parametrize(
    "words", ["My mother lives at M1 1AA.", "my mother, m11aa, is afraid", "At BL9 0SX it is dark."]
)
async def test_another_postcode_is_a_question_and_never_a_wall(
    client: httpx.AsyncClient, campaign: Campaign, words: str
) -> None:
    asked = await front_door.write(client, campaign, prompt_why=words)
    assert "Are you writing for somebody else?" in asked.text
    assert area(asked, "prompt_why") == words
    review = await front_door.write(client, campaign, prompt_why=words, sure=answer(asked))
    assert review.status_code == 200 and "Dear Ms Vale" in review.text
    assert await Letter.count() == 1


@pytest.mark.parametrize("words", ["I live at BL9 0SW, or bl90sw.", "It is bus 98, at 10 21 PM.", "ISO 9001 1AB"])
async def test_the_writers_own_postcode_is_no_question(
    client: httpx.AsyncClient, campaign: Campaign, words: str
) -> None:
    assert ASKS not in (await front_door.write(client, campaign, prompt_why=words)).text


async def test_another_postcode_in_a_block_or_the_address_is_asked_about_too(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    block = await front_door.write(client, campaign, **ALL, edit_pledge="My mother lives at M1 1AA.")
    assert "Are you writing for somebody else?" in block.text
    address = await front_door.write(client, campaign, address="12 Clough Bank\nBury M1 1AA")
    assert "Do you live at BL9 0SW?" in address.text
    assert ASKS not in (await front_door.write(client, campaign, address="12 Clough Bank\nBury BL9 0SW")).text


@pytest.mark.parametrize("name", ["Harriet Vale", "HARRIET VALE MP", "Rt Hon Harriet Vale", "Dr. Harriet  Vale"])
async def test_a_letter_signed_as_the_mp_is_refused_with_a_way_on(
    client: httpx.AsyncClient, campaign: Campaign, name: str
) -> None:
    page = await front_door.write(client, campaign, name=name)
    assert page.status_code == 422
    assert 'id="name-error"' in page.text and "add a middle name or an initial" in page.text
    assert area(page, "prompt_why") == front_door.OWN_WORDS
    assert await Letter.count() == 0
    assert (await front_door.write(client, campaign, name="Harriet J Vale")).status_code == 200


@pytest.mark.parametrize("email", ["harriet.vale.mp@example.org", "Harriet.Vale.MP@Example.org "])
async def test_a_letter_from_the_mps_own_mailbox_is_refused_with_a_way_on(
    client: httpx.AsyncClient, campaign: Campaign, email: str
) -> None:
    page = await front_door.write(client, campaign, email=email)
    assert page.status_code == 422
    assert 'id="email-error"' in page.text and "That is the address your letter goes to." in page.text
    assert area(page, "prompt_why") == front_door.OWN_WORDS
    both = await front_door.write(client, campaign, email=email, name="Harriet Vale")
    assert 'id="email-error"' in both.text and 'id="name-error"' in both.text
    assert await Letter.count() == 0
    saved = await press(client, campaign, "save", email=email)
    assert "This page’s address is the link" in saved.text
    assert await db.fetch("SELECT 1 FROM mail") == [], "a half-written letter is no mail for its reader"
    await db.execute("UPDATE representative SET contact = 'post', email = ''")
    assert (await front_door.write(client, campaign)).status_code == 200


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Dear Sam Lark,\nPlease help.", "“Dear Sam Lark”"),
        ("Dear Mr Lark, please help.", "“Dear Mr Lark”"),
        ("Annwyl Mr Lark, please help.", "“Annwyl Mr Lark”"),
        ("Dear Prime Minister, please help.", "“Dear Prime Minister”"),
        ("You, Sam Lark, said that it would be mended.", "the name Sam Lark"),
        ("I write to Rowan O Briain about the light.", "the name Rowan Ó Briain"),
        ("I write as a constituent of Bury South.", "the name Bury South"),
        ("To the MP for Salford: please help.", "the name Salford"),
        ("At yr Aelod Seneddol dros Salford: helpwch ni.", "the name Salford"),
    ],
)
async def test_a_letter_that_greets_somebody_else_is_a_question(
    client: httpx.AsyncClient, campaign: Campaign, others: None, words: str, named: str
) -> None:
    asked = await front_door.write(client, campaign, prompt_why=words)
    assert asked.status_code == 200
    assert f"Your letter begins with {named}, and it goes to Harriet Vale MP." in asked.text
    review = await front_door.write(client, campaign, prompt_why=words, sure=answer(asked))
    assert ASKS not in review.text and "Read it once more" in review.text


@pytest.mark.parametrize(
    "words",
    [
        "Dear Ms Vale, please help.",
        "Dear Harriet,\nPlease help.",
        "Dear MP, please help.",
        "Dear Sir or Madam, please help.",
        "Annwyl AS, helpwch ni.",
        "Annwyl Syr neu Fonesig, helpwch ni.",
        "Annwyl Ms Vale, helpwch ni.",
        "I work in Salford and come home in the dark.",
        "It is dark. " * 40 + "Sam Lark said that it would be mended.",
        "A dear friend of mine was hurt there.",
    ],
)
async def test_a_letter_to_the_right_reader_is_not_asked_about(
    client: httpx.AsyncClient, campaign: Campaign, others: None, words: str
) -> None:
    assert ASKS not in (await front_door.write(client, campaign, prompt_why=words)).text


async def test_several_questions_are_answered_with_one_press(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    asked = await front_door.write(client, campaign, name="Amina", prompt_why="Dear Sam, look at M1 1AA.")
    assert "some questions" in asked.text and asked.text.count("<p>") > 2
    sure = answer(asked)
    assert sorted(sure.split()) == ["name", "postcode", "reader"]
    forged = await front_door.write(
        client, campaign, name="Amina", prompt_why="Dear Sam, look.", sure="name'; DROP"
    )
    assert ASKS in forged.text
    review = await front_door.write(
        client, campaign, name="Amina", prompt_why="Dear Sam, look at M1 1AA.", sure=sure
    )
    assert ASKS not in review.text


async def test_how_much_is_too_much_is_said(client: httpx.AsyncClient, campaign: Campaign) -> None:
    page = await front_door.write(client, campaign, prompt_why="x" * 20_000, prompt_local="y")
    assert page.status_code == 422
    length = (await front_door.write(client, campaign, prompt_why="x" * 19_000)).status_code
    assert length == 200
    assert "at most 20,000 characters" in page.text and "too many." in page.text


async def test_a_letter_of_the_template_alone_is_welcome(client: httpx.AsyncClient, campaign: Campaign) -> None:
    review = await front_door.write(client, campaign, **ALL, prompt_why="")
    assert review.status_code == 200
    assert "Even one sentence helps it to be read." in review.text
    await front_door.press_send(client, campaign, review)
    assert (await front_door.row("SELECT state FROM letter"))["state"] == "waiting"


async def test_questions_of_every_sort_reach_nobody_by_their_address(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    answer = await client.post("/campaigns/light/write", data=front_door.writing(prompt_why="Think of Bury."))
    assert answer.status_code == 303
    for personal in ("amina", "BL9", "Clough", "Bury."):
        assert personal.lower() not in answer.headers["location"].lower()
    assert await db.fetch("SELECT 1 FROM mail") == []
