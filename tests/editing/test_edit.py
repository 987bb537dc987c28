"""Staff change what a letter says, see what comes of it first, and never lose or overwrite a text unseen."""

import asyncio
import json
import re

import httpx
import pytest

import front_door
import make
from editing.desk import LETTER, opened, page, plain, press, settle, typed_in
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit.outbox import Mail
from undersigned.letters.tables import LetterVersion

pytestmark = pytest.mark.usefixtures("folder")
OLD, NEW = "I live in {{ constituency.name }},", "My home is in {{ constituency.name }},"
TITLE = "Ask your MP what is done about hate crime here"


@pytest.fixture
async def campaign(client: httpx.AsyncClient) -> Campaign:
    """A campaign with the hate-crime letter, Harriet Vale MP, and Owen at the desk."""
    await make.mp()
    await sign_in(client)
    return await make.campaign(slug="light", title="A light")


def changed(fields: dict[str, str], old: str = OLD, new: str = NEW) -> dict[str, str]:
    assert old in fields["source"]
    return fields | {"source": fields["source"].replace(old, new)}


async def audited(act: str) -> list[dict[str, object]]:
    rows = await db.fetch("SELECT about, before, after, staff_id FROM audit WHERE act = $1 ORDER BY id", act)
    return [row | {"after": json.loads(row["after"]) if row["after"] else None} for row in rows]


async def test_a_saved_text_is_what_the_next_writer_begins_with(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    saved = await press(client, changed(await opened(client)) | {"note": "Warmer."})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{LETTER}?saved=1")
    assert "Saved." in await page(client, f"{LETTER}?saved=1")
    sheets = await client.post("/campaigns/light/write", data={"stage": "postcode", "postcode": "BL9 0SW"})
    assert "My home is in Bury North" in sheets.text
    await front_door.write(client, campaign)
    row = await front_door.row("SELECT template_version FROM letter")
    version = await front_door.row("SELECT version, note, staff FROM letter_version WHERE is_current")
    assert version == {"version": row["template_version"], "note": "Warmer.", "staff": 1}
    (told,) = await audited("letter edited")
    assert told["about"] == "template hate-crime" and told["staff_id"] == "1"
    history = plain(await page(client, f"{LETTER}/versions"))
    assert "EditedWarmer. Owen 1" in history and "Shipped with Undersigned" in history


async def test_the_text_comes_back_from_a_browser_as_it_was(client: httpx.AsyncClient, campaign: Campaign) -> None:
    fields = await opened(client)
    assert (await press(client, fields)).status_code == 303
    assert await LetterVersion.count() == 0
    await press(client, changed(fields, OLD, OLD + "  \n  "))
    kept = await front_door.row("SELECT source FROM letter_version WHERE is_current")
    assert kept["source"] == changed(fields, OLD, OLD + "  \n  ")["source"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (OLD, "I live in {{ constituency.nmae }},", r"Line \d+: there is no field “constituency.nmae”"),
        (OLD, "I live in {{ constituency.name,", r"Line \d+: a field is not closed"),
        ("## own-words {essential}", "## theirs", ".*own-words"),
        (OLD, "<script>alert(1)</script>", r"Line \d+: a letter holds words and no HTML"),
        (OLD, "![a picture](https://example.org/x.png)", r"Line \d+: a letter has no pictures"),
        (OLD, "[here](javascript:alert)", r"Line \d+: a link begins with https"),
        (OLD, "A mark that turns the line round \u202e here", r"Line \d+: .* character"),
        ('name = "hate-crime"', 'name = "hate crime\\n"', r"Line 2: “name” has small letters and digits"),
        ('subject = "', 'subject = "\\n', r"Line 4: “subject” stands on one line"),
        (OLD, "\0", r"Line \d+: .* character"),
        (OLD, "x " * 10_001, "at most"),
    ],
)
async def test_a_text_that_is_no_letter_is_refused_with_its_line_and_stays_in_the_form(
    client: httpx.AsyncClient, campaign: Campaign, old: str, new: str, said: str
) -> None:
    fields = changed(await opened(client), old, new)
    answer = await press(client, fields)
    assert answer.status_code == 422
    assert re.search(said, plain(answer.text))
    assert 'id="source-error"' in answer.text
    if said.startswith("Line"):
        assert "The line reads:" in answer.text
    assert typed_in(answer.text, "source").replace("\ufffd", "\0") == fields["source"]
    assert await LetterVersion.count() == 0


ASKS = [
    "**Please would you speak and vote for the bill?**",
    "I hope that you\nwill be there to vote on Friday.",
    "Vote against it.",
    "Please sign the early day motion.",
    "**A wnewch chi siarad dros y bil a phleidleisio drosto?**",
    "Gofynnaf i chi fod yno\ni bleidleisio ddydd Gwener.",
    "Pleidleisiwch yn ei erbyn.",
]


@pytest.mark.parametrize("words", ASKS)
async def test_a_letter_that_asks_for_a_vote_has_words_for_those_who_do_not_vote(
    client: httpx.AsyncClient, campaign: Campaign, words: str
) -> None:
    old = "Many people who are targeted tell nobody official."
    fields = changed(await opened(client), old, words)
    answer = await press(client, fields)
    assert answer.status_code == 422
    said = re.search(r"Line (\d+): the block “reporting” asks for a vote", plain(answer.text))
    assert said and fields["source"].split("\n")[int(said[1]) - 1].startswith(words.split("\n")[0])
    heading = "[variants.no_votes]\n"
    told = changed(fields, heading, f'{heading}reporting = "Please would you raise it?"\n')
    assert (await press(client, told)).status_code == 303


async def test_a_letter_that_speaks_of_votes_and_asks_for_none_is_taken(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    old = "Many people who are targeted tell nobody official."
    for words in (
        "I voted, and I know how you voted. Few here vote at all.",
        "Pleidleisiais, a gwn sut y gwnaethoch chi bleidleisio. Ychydig yma sy’n pleidleisio.",
    ):
        told = changed(await opened(client), old, words)
        assert (await press(client, told)).status_code == 303
        old = words


async def test_the_list_says_whom_each_letter_is_for(client: httpx.AsyncClient, campaign: Campaign) -> None:
    assert "hate-crime A light Shipped with Undersigned Never An MP" in plain(
        await page(client, "/staff/templates")
    )


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        ("date = ", "Line 1: the sample is not TOML"),
        ("", "The sample lacks “name” under [supporter]"),
        (None, "The postcode of the supporter in the sample"),
        ("x" * 10_001, "at most 10,000"),
    ],
)
async def test_a_sample_that_proves_nothing_is_refused_beside_its_field(
    client: httpx.AsyncClient, campaign: Campaign, sample: str | None, said: str
) -> None:
    fields = await opened(client)
    fields["sample"] = fields["sample"].replace("BL9 0SW", "nowhere") if sample is None else sample
    answer = await press(client, fields)
    assert answer.status_code == 422
    assert said in plain(answer.text)
    assert 'id="sample-error"' in answer.text


async def test_saving_over_a_newer_text_is_refused_and_shows_both(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    mine, theirs = await opened(client), await opened(client)
    await press(client, changed(theirs, "## pledge", "## the-pledge"))
    answer = await press(client, changed(mine))
    assert answer.status_code == 409
    assert "Somebody has saved another text" in answer.text
    assert "<ins>My home is " in answer.text and "<del>the-pledge" in answer.text
    assert typed_in(answer.text, "source") == changed(mine)["source"]
    assert "## the-pledge" in (await opened(client))["source"]
    again = re.search(r'name="base" value="(\d+)"', answer.text)
    assert again
    assert (await press(client, changed(mine) | {"base": again[1]})).status_code == 303
    assert (await opened(client))["source"] == changed(mine)["source"]


async def test_of_two_who_save_at_once_one_is_told_of_the_other(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    fields = await opened(client)
    texts = [changed(fields, OLD, f"My home is {place} {{{{ constituency.name }}}},") for place in ("in", "near")]
    answers = await asyncio.gather(*(press(client, text) for text in texts))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(await db.fetch("SELECT id FROM letter_version WHERE is_current")) == 1


async def test_the_preview_button_shows_the_letter_and_saves_nothing(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    answer = await press(client, changed(await opened(client)), "preview")
    assert answer.status_code == 200
    shown = plain(answer.text)
    assert "My home is in Bury North, and I am writing to you" in shown
    assert "Dear Ms Vale" in shown and "My daughter is nine." in shown and "61 of those were" in shown
    assert await LetterVersion.count() == 0 and await Mail.count() == 0
    assert await db.fetch("SELECT id FROM letter") == []


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("own", ["To Harriet Vale MP, by e-mail", "I have one request."]),
        ("post", ["To Anwar Lathom MP, on paper", "I live in Bury South"]),
        ("speaker", ["Dear Mr Speaker", "you do not take part in votes"]),
        ("abstentionist", ["Dear Ciarán Mac Aoidh", "you do not take"]),
        ("welsh", ["Siân Ŵyn Llŷr-Prydderch", "I live in Ynys Môn"]),
        ("long", ["Wilhelmina Featherstonehaugh-Cholmondeley"]),
        ("variant-agrees", ["Thank you for standing beside the people who are targeted"]),
        ("nobody we know", ["To Harriet Vale MP, by e-mail"]),
    ],
)
async def test_a_letter_is_tried_on_people_of_every_kind(
    client: httpx.AsyncClient, campaign: Campaign, person: str, words: list[str]
) -> None:
    fields = await opened(client) | {"person": person}
    piece = await client.post(f"{LETTER}/preview", data=fields)
    assert piece.status_code == 200
    assert [sentence for sentence in words if sentence not in plain(piece.text)] == []
    assert "<html" not in piece.text
    paper = await client.post(f"{LETTER}/paper", data=fields)
    assert paper.headers["content-type"] == "application/pdf" and paper.content.startswith(b"%PDF")


async def test_a_preview_of_a_mistake_names_its_field_and_line(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    fields = changed(await opened(client), OLD, "{{ nothing }}")
    answer = await client.post(f"{LETTER}/preview", data=fields)
    assert answer.status_code == 422
    assert re.match(r"Line \d+: there is no field “nothing”", answer.json()["errors"]["source"])


async def test_an_old_text_is_brought_back_as_a_new_one(client: httpx.AsyncClient, campaign: Campaign) -> None:
    shipped = await opened(client)
    await press(client, changed(shipped))
    (first,) = await db.fetch("SELECT id FROM letter_version WHERE origin = 'shipped'")
    old = await page(client, f"{LETTER}/versions/{first['id']}")
    assert "I live in Bury North" in old and "Bring this text back" in old
    base = (await opened(client))["base"]
    data = {"form_token": shipped["form_token"], "base": base}
    answer = await client.post(f"{LETTER}/versions/{first['id']}", data=data)
    assert answer.status_code == 303
    assert (await opened(client))["source"] == shipped["source"]
    assert await LetterVersion.count() == 3
    stale = await client.post(f"{LETTER}/versions/{first['id']}", data=data)
    assert stale.status_code == 422 and "Somebody has saved another text" in stale.text


async def test_any_two_texts_can_be_compared(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await press(client, changed(await opened(client)))
    rows = await db.fetch("SELECT id FROM letter_version ORDER BY id")
    old, new = (row["id"] for row in rows)
    shown = await page(client, f"{LETTER}/differences?old={old}&new={new}")
    assert "<ins>My home is " in shown and "lines are the same" in shown
    assert "The two texts are the same." in await page(client, f"{LETTER}/differences?old={new}")


async def test_a_new_letter_begins_from_nothing_or_as_a_copy(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    typed = {"form_token": await token(client), "title": 'A "light" at the stop: ŵ'}
    answer = await client.post("/staff/templates/new", data=typed)
    assert answer.headers["location"] == "/staff/templates/a-light-at-the-stop-w"
    assert "A &#34;light&#34; at the stop: ŵ</h1>" in await page(client, answer.headers["location"])
    twice = await client.post("/staff/templates/new", data=typed)
    assert twice.status_code == 422 and "There is a letter called a-light-at-the-stop-w already" in twice.text
    copy = typed | {"title": "Ours", "name": "ours", "copy_of": "hate-crime"}
    answer = await client.post("/staff/templates/new", data=copy)
    fields = await opened(client, answer.headers["location"])
    assert 'name = "ours"\ntitle = "Ours"\n' in fields["source"]
    assert changed(fields)["source"].count("[[prompts]]") == 3
    assert [row["about"] for row in await audited("letter copied")] == ["template ours"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "Good", "name": "../etc"}, "name"),
        ({"title": "Good", "name": "import"}, "name"),
        ({"title": "你好"}, "name"),
        ({"title": "Good", "copy_of": "nothing"}, "copy_of"),
    ],
)
async def test_a_new_letter_needs_a_title_and_a_short_name(
    client: httpx.AsyncClient, campaign: Campaign, typed: dict[str, str], field: str
) -> None:
    answer = await client.post("/staff/templates/new", data={"form_token": await token(client)} | typed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


async def test_a_letter_gets_another_title_and_nothing_else_changes(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    before = await opened(client)
    answer = await settle(client, "title", title="Ask about hate crime", base=before["base"])
    assert answer.headers["location"] == f"{LETTER}/settings?done=title"
    after = await opened(client)
    assert after["source"] == before["source"].replace(TITLE, "Ask about hate crime")
    stale = await settle(client, "title", title="Another", base=before["base"])
    assert stale.status_code == 422 and "Somebody has saved another text" in stale.text


async def test_a_campaign_takes_a_letter_and_goes_without_it(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    general = "/staff/templates/general"
    assert (await settle(client, "choose", general, campaign="light")).status_code == 303
    assert "A light" in plain(await page(client, f"{general}/settings"))
    assert await front_door.row("SELECT letter FROM campaign") == {"letter": "general"}
    await settle(client, "drop", LETTER, campaign="light")
    assert await front_door.row("SELECT letter FROM campaign") == {"letter": "general"}
    await settle(client, "drop", general, campaign="light")
    assert await front_door.row("SELECT letter FROM campaign") == {"letter": ""}
    assert len(await audited("letter chosen")) == 2
    unknown = await settle(client, "choose", general, campaign="nowhere")
    assert unknown.status_code == 422 and 'id="campaign-error"' in unknown.text


async def test_a_letter_in_use_cannot_be_put_away(client: httpx.AsyncClient, campaign: Campaign) -> None:
    refused = await settle(client, "put-away")
    assert refused.status_code == 422
    assert "“A light” uses this letter. Give that campaign another letter first." in plain(refused.text)
    await settle(client, "drop", campaign="light")
    assert (await settle(client, "put-away")).status_code == 303
    assert (await settle(client, "put-away")).status_code == 303
    assert f"{TITLE}hate-crime Put away" in plain(await page(client, "/staff/templates"))
    chosen = await settle(client, "choose", campaign="light")
    assert chosen.status_code == 422 and "Take it out again first" in chosen.text
    await settle(client, "take-out")
    assert (await settle(client, "choose", campaign="light")).status_code == 303
    assert len(await audited("letter put away")) == len(await audited("letter taken out again")) == 1


@pytest.mark.parametrize("role", ["moderator", "viewer"])
async def test_who_may_not_edit_letters_reads_them(client: httpx.AsyncClient, role: str) -> None:
    await make.campaign(letter="hate-crime")
    await sign_in(client, role)
    listed = await page(client, "/staff/templates")
    assert f'href="{LETTER}/versions"' in listed and "Begin a new letter" not in listed
    shown = await page(client, f"{LETTER}/versions")
    (version,) = re.findall(rf'href="{LETTER}/versions/([0-9a-f]+)"', shown)
    assert "Bring this text back" not in await page(client, f"{LETTER}/versions/{version}")
    form_token = {"form_token": await token(client)}
    for address in (LETTER, f"{LETTER}/settings", "/staff/templates/new"):
        assert (await client.get(address)).status_code == 403
        assert (await client.post(address, data=form_token)).status_code == 403
    for address in (f"{LETTER}/preview", f"{LETTER}/paper", f"{LETTER}/versions/{version}"):
        assert (await client.post(address, data=form_token)).status_code == 403


async def test_a_form_from_elsewhere_changes_nothing(client: httpx.AsyncClient, campaign: Campaign) -> None:
    answer = await press(client, changed(await opened(client)) | {"form_token": "another"})
    assert answer.status_code == 403
    assert await LetterVersion.count() == 0
