"""Many letters in one PDF to be handed in: whose, in which order, with which pages; and what is left out."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

import make
import paper
from undersigned.campaigns.tables import Campaign
from undersigned.delivery import holding
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.letters import bundling, states
from undersigned.letters.tables import Letter
from undersigned.representatives.corrections import NotOneMember
from undersigned.representatives.tables import Representative
from undersigned.settings import settings

pytestmark = pytest.mark.usefixtures("database")
SALFORD = "E14001459"
TO_PRINT: dict[str, Any] = {"channel": "post", "state": "ready", "sent_at": None}


@pytest.fixture
async def harriet() -> Representative:
    return await make.mp(contact="post", email="")


@pytest.fixture
async def sam() -> Representative:
    told = {"display_name": "Sam Lark", "full_title": "Rt Hon Sam Lark MP", "contact": "post", "email": ""}
    return await make.mp(SALFORD, "Salford", **told)


@pytest.fixture
async def campaign() -> Campaign:
    return await make.campaign(slug="light", title="A light", organiser="The Doorstep Alliance")


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    command = [sys.executable, "-m", "undersigned.commands", "letters", "bundle", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


async def write(campaign: Campaign, to: Representative, name: str, **told: Any) -> Letter:
    where = {"constituency": SALFORD} if to.display_name == "Sam Lark" else {}
    return await make.letter(campaign=campaign, representative=to, name=name, **(TO_PRINT | where | told))


def pages(file: Path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in paper.reader(file.read_bytes()).pages]


async def test_each_reader_has_a_cover_and_then_their_letters_and_pages_are_numbered_through(
    campaign: Campaign, harriet: Representative, sam: Representative, tmp_path: Path
) -> None:
    for name in ("Amina Rahman", "Nell Ashworth"):
        await write(campaign, harriet, name)
    await write(campaign, sam, "Huw Pryce")
    done = run("light", str(tmp_path / "letters.pdf"))
    assert done.returncode == 0, done.stderr
    assert f"3 letters to 2 members on 5 pages: {tmp_path / 'letters.pdf'}" in done.stdout.replace("\n", " ")
    assert "Laying out letters" in done.stdout and "3/3" in done.stdout
    found = pages(tmp_path / "letters.pdf")
    assert found[0].startswith("2 letters to Harriet Vale MP from constituents in Bury North About “A light”, a")
    assert "Dear Ms Vale," in found[1] and "Amina Rahman" in found[1]
    assert "Nell Ashworth" in found[2]
    assert found[3].startswith("One letter to Rt Hon Sam Lark MP from constituents in Salford")
    assert "Huw Pryce" in found[4]
    assert [page.split()[-1] for page in found] == ["1", "2", "3", "4", "5"]
    read = paper.reader((tmp_path / "letters.pdf").read_bytes())
    assert [entry.title for entry in read.outline] == [
        "Harriet Vale MP, Bury North",
        "Rt Hon Sam Lark MP, Salford",
    ]
    assert read.metadata is not None and read.metadata.title == "Letters about A light"
    (entry,) = await db.fetch("SELECT act, about, after FROM audit")
    assert (entry["act"], entry["about"]) == ("letters bundled", "light")
    assert json.loads(entry["after"]) == {"letters": 3, "readers": 2, "pages": 5}
    assert {letter.state for letter in await Letter.objects()} == {"ready"}, "to print a letter is not to send it"


async def test_letters_noted_as_posted_are_sent_and_do_not_come_again(
    client: httpx.AsyncClient, campaign: Campaign, harriet: Representative, tmp_path: Path
) -> None:
    ready = await write(campaign, harriet, "Amina Rahman")
    await write(campaign, harriet, "Nell Ashworth", state="held", reason=states.BY_POST)
    done = run("light", str(tmp_path / "letters.pdf"), "--posted")
    assert done.returncode == 0, done.stderr
    assert "They are noted as posted." in done.stdout
    sent = await Letter.objects()
    assert {(letter.state, letter.reason) for letter in sent} == {("sent", "")}
    assert all(letter.sent_at for letter in sent)
    page = await client.get(f"/letters/{tokens.issue('letter', ready.id)}")
    assert "Posted to Harriet Vale MP" in page.text
    assert run("light", str(tmp_path / "again.pdf"), "--posted").returncode == 1
    assert len(await db.fetch("SELECT FROM delivery")) == 2
    assert await holding.posted([ready.id]) == 0
    acts = [row["act"] for row in await db.fetch("SELECT act FROM audit ORDER BY id")]
    assert acts == ["letters bundled", "held letter: posted", "held letter: posted"]


async def test_a_pack_with_its_list_is_made_and_noted_as_handed_in_in_one_go(
    campaign: Campaign, harriet: Representative, tmp_path: Path
) -> None:
    await write(campaign, harriet, "Amina Rahman")
    listed = tmp_path / "letters.csv"
    done = run("light", str(tmp_path / "pack.pdf"), "--pack", "--manifest", str(listed), "--handed-in")
    assert done.returncode == 0, done.stderr
    assert "They are noted as handed in." in done.stdout
    assert "Who wrote" in pages(tmp_path / "pack.pdf")[1]
    assert listed.read_text().splitlines()[1].startswith("3,1,Harriet Vale,Bury North,Amina Rahman,BL9 0SW,")
    assert [row["channel"] for row in await db.fetch("SELECT channel FROM delivery")] == ["hand"]
    assert [row["kind"] for row in await db.fetch("SELECT kind FROM bundle")] == ["paper"]


async def test_one_reader_alone_can_be_asked_for(
    campaign: Campaign, harriet: Representative, sam: Representative, tmp_path: Path
) -> None:
    await write(campaign, harriet, "Amina Rahman")
    await write(campaign, sam, "Huw Pryce")
    made = await bundling.bundle(campaign, tmp_path / "one.pdf", "Salford")
    assert (len(made.letter_ids), made.readers, made.pages) == (1, 1, 2)
    assert "Amina" not in " ".join(pages(tmp_path / "one.pdf"))
    with pytest.raises(NotOneMember):
        await bundling.bundle(campaign, tmp_path / "none.pdf", "Bury South")


@pytest.mark.parametrize(
    "told",
    [
        {"channel": "email"},
        {"state": "draft", "confirmed_at": None},
        {"state": "waiting", "confirmed_at": None},
        {"state": "sent"},
        {"state": "failed"},
        {"state": "scrubbed", "paragraphs": "[]"},
        {"state": "held", "reason": "Another letter says the same."},
    ],
)
async def test_what_is_not_confirmed_or_not_for_paper_is_left_out(
    campaign: Campaign, harriet: Representative, told: dict[str, Any], tmp_path: Path
) -> None:
    await write(campaign, harriet, "Amina Rahman", **told)
    with pytest.raises(bundling.NothingToHandIn):
        await bundling.bundle(campaign, tmp_path / "none.pdf")
    await write(campaign, harriet, "Nell Ashworth", state="held", reason=states.BY_POST)
    made = await bundling.bundle(campaign, tmp_path / "some.pdf")
    assert len(made.letter_ids) == 1
    assert "Amina" not in " ".join(pages(tmp_path / "some.pdf"))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE representative SET contact = 'opted_out'",
        "UPDATE membership SET ended_on = current_date",
        "UPDATE constituency SET closed_reason = 'Parliament has been dissolved.'",
        "UPDATE letter SET campaign = (SELECT max(id) FROM campaign)",
    ],
)
async def test_a_letter_whose_reader_has_gone_is_not_handed_in(
    campaign: Campaign, harriet: Representative, change: str, tmp_path: Path
) -> None:
    await write(campaign, harriet, "Amina Rahman")
    await make.campaign()
    await db.execute(change)
    refused = run("light", str(tmp_path / "none.pdf"))
    assert refused.returncode == 1
    assert refused.stderr == "Error: No confirmed letter of “A light” waits to go on paper.\n"
    assert list(tmp_path.iterdir()) == []
    assert await db.fetch("SELECT FROM audit") == []


async def test_a_folder_or_a_campaign_that_is_not_there_is_refused_in_one_line(
    campaign: Campaign, tmp_path: Path
) -> None:
    for words in (("light", str(tmp_path / "no" / "x.pdf")), ("dark", str(tmp_path / "x.pdf"))):
        refused = run(*words)
        assert refused.returncode == 1
        assert refused.stderr.startswith("Error: There is no ") and refused.stderr.count("\n") == 1


async def test_more_letters_than_are_laid_out_at_once_keep_their_order_and_count(
    campaign: Campaign, harriet: Representative, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundling, "AT_ONCE", 3)
    for number in range(8):
        await write(campaign, harriet, f"Writer Number {'ABCDEFGH'[number]}")
    seen: list[tuple[int, int]] = []
    await bundling.bundle(
        campaign, tmp_path / "eight.pdf", progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(0, 8), (3, 8), (6, 8), (8, 8)]
    found = pages(tmp_path / "eight.pdf")
    assert len(found) == 9
    for number, page in enumerate(found[1:]):
        assert f"Writer Number {'ABCDEFGH'[number]}" in page
        assert page.endswith(f" {number + 2}")


@paper.needs_pdftotext
async def test_the_address_of_every_letter_sits_in_the_window(
    campaign: Campaign, harriet: Representative, tmp_path: Path
) -> None:
    for name in ("Amina Rahman", "Nell Ashworth"):
        await write(campaign, harriet, name)
    await bundling.bundle(campaign, tmp_path / "two.pdf")
    content = (tmp_path / "two.pdf").read_bytes()
    for page in (2, 3):
        shown = [line for line in paper.lines(content, tmp_path, page) if line.shows_in_the_window]
        assert [line.words for line in shown] == ["Harriet Vale MP", "House of Commons", "London", "SW1A 0AA"]
        assert all(line.is_inside_the_window for line in shown)


async def test_words_that_would_break_a_page_are_text_on_the_cover_too(
    harriet: Representative, tmp_path: Path
) -> None:
    campaign = await make.campaign(title="<b>{{ 7 * 7 }}</b>", organiser="</section><script>")
    await write(campaign, harriet, "Amina Rahman", subject="<h1>{{ x }}</h1>")
    await bundling.bundle(campaign, tmp_path / "odd.pdf")
    cover, letter = pages(tmp_path / "odd.pdf")
    assert "About “<b>{{ 7 * 7 }}</b>”, a campaign of </section><script>." in cover
    assert "<h1>{{ x }}</h1>" in letter
