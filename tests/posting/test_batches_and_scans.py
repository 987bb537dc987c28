"""Letters on paper: printed in batches with a list of their pages, scanned, handed in, and taken back."""

import csv
import io
import re
from typing import Any

import httpx
import pytest

import make
import paper
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.letters import bundling, states

PAPER = "/staff/campaigns/light/paper"
SALFORD = "E14001459"


@pytest.fixture
async def campaign(client: httpx.AsyncClient) -> Campaign:
    """Three letters to Harriet that go on paper, and Owen at the desk."""
    campaign = await make.campaign(slug="light", title="A light")
    told: dict[str, Any] = {"campaign": campaign, "channel": "post", "sent_at": None}
    await make.letter(**told, name="Amina Rahman", state="ready")
    await make.letter(**told, name="Nell Ashworth", state="held", reason=states.BY_POST, email="nell@example.org")
    await make.letter(**told, name="=SUM(A1)", state="ready", email="sum@example.org", shows_qr=True)
    await sign_in(client)
    return campaign


async def post(client: httpx.AsyncClient, address: str, **typed: str) -> httpx.Response:
    return await client.post(address, data={"form_token": await token(client)} | typed, follow_redirects=True)


async def become() -> list[str]:
    return [row["state"] for row in await db.fetch("SELECT state FROM letter ORDER BY id")]


async def acts() -> list[str]:
    rows = await db.fetch("SELECT act FROM audit WHERE act LIKE 'held letter%' ORDER BY id")
    return [row["act"].removeprefix("held letter: ") for row in rows]


async def test_what_was_printed_is_a_batch_with_a_list_and_goes_as_one(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    assert (await post(client, f"{PAPER}/1", letters="1 2 3", act="print")).content.startswith(b"%PDF")
    await make.letter(campaign=campaign, channel="post", sent_at=None, state="ready", name="Huw Pryce")
    listed = (await client.get(PAPER)).text
    assert f'<a href="{PAPER}/batches/1">Batch 1</a>' in listed
    at = f"{PAPER}/batches/1"
    page = (await client.get(at)).text
    assert "Batch 1, to Harriet Vale" in page and "Nell Ashworth" in page and "Huw Pryce" not in page
    answer = await post(client, at, act="list")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["page", "letter", "to", "constituency", "writer", "postcode", "confirmed on"]
    assert [(row[0], row[1], row[4]) for row in rows[1:]] == [
        ("2", "1", "Amina Rahman"),
        ("3", "2", "Nell Ashworth"),
        ("4", "3", "'=SUM(A1)"),
    ]
    printed = paper.reader((await post(client, at, act="print")).content)
    for row in rows[1:]:
        assert row[4].lstrip("'") in printed.pages[int(row[0]) - 1].extract_text()
    assert "3 noted as posted" in (await post(client, at, act="posted")).text
    assert await become() == ["sent", "sent", "sent", "ready"]
    assert (await post(client, at, act="posted")).status_code == 404
    assert "All of this batch has gone." in (await client.get(at)).text
    assert "Batch 1" not in (await client.get(PAPER)).text
    assert await acts() == ["posted"] * 3


async def test_a_letter_scanned_is_gone_once_and_can_be_taken_back(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    scanned = await post(client, "/staff/scan", scanned=bundling.mark(1, campaign.id), how="posted")
    assert "Letter 1 is posted." in scanned.text and "Amina Rahman to Harriet Vale" in scanned.text
    again = await post(client, "/staff/scan", scanned=bundling.mark(1, campaign.id).upper(), how="posted")
    assert "Letter 1 has been noted before." in again.text
    assert "Letter 2 is handed in." in (await post(client, "/staff/scan", scanned="#2", how="handed")).text
    assert await become() == ["sent", "sent", "ready"]
    page = (await client.get("/staff/scan")).text
    assert re.search(r"<strong>2</strong>\s*letters", page)
    writer = await client.get(f"/letters/{tokens.issue('letter', 2)}")
    assert "Handed in to Harriet Vale MP" in writer.text
    back = await post(client, "/staff/scan", take_back="1", how="posted")
    assert "Letter 1 is taken back." in back.text
    assert await become() == ["held", "sent", "ready"]
    assert "Posted to" not in (await client.get(f"/letters/{tokens.issue('letter', 1)}")).text
    assert (await post(client, "/staff/scan", take_back="1")).status_code == 422
    await post(client, "/staff/scan", scanned="1", how="posted")
    assert await become() == ["sent", "sent", "ready"]
    assert await acts() == ["posted", "handed in", "taken back", "posted"]
    assert len(await db.fetch("SELECT FROM delivery WHERE letter = 1 AND outcome = 'accepted'")) == 1


@pytest.mark.parametrize(
    "what", ["", "99", "http://test.example.org/c/1", "http://x/c/1?l=aaaaaaaaaaaaaaaaaaaaaaaa"]
)
async def test_what_is_no_mark_of_ours_changes_nothing(
    client: httpx.AsyncClient, campaign: Campaign, what: str
) -> None:
    answer = await post(client, "/staff/scan", scanned=what)
    assert answer.status_code == 422 and "not the square of a letter of ours" in answer.text
    assert await become() == ["ready", "held", "ready"]


async def test_a_letter_that_does_not_go_on_paper_is_not_noted_and_not_taken_back(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await make.letter(campaign=campaign, email="ruth@example.org")
    answer = await post(client, "/staff/scan", scanned=bundling.mark(4, campaign.id))
    assert answer.status_code == 422 and "does not wait to go on paper: sent." in answer.text
    assert (await post(client, "/staff/scan", take_back="4")).status_code == 422
    assert await become() == ["ready", "held", "ready", "sent"]


async def test_the_square_on_paper_says_which_letter_it_is_and_opens_the_campaign_for_everybody_else(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    mark = bundling.mark(3, campaign.id)
    assert bundling.marked(mark) == 3 and bundling.marked(mark.rpartition("=")[2]) == 3
    opened = await client.get(mark)
    assert opened.headers["location"] == "/campaigns/light?s=qr"


async def test_a_pack_to_hand_in_says_who_wrote_and_what_they_agreed_to(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    made = await post(client, f"{PAPER}/1", letters="1 2 3", act="pack")
    pages = [" ".join(page.extract_text().split()) for page in paper.reader(made.content).pages]
    assert len(pages) == 5 and pages[0].startswith("3 letters to Harriet Vale MP")
    assert pages[1].startswith("Who wrote") and "Nell Ashworth BL9 0SW" in pages[1]
    assert "What they agreed to I agree to this letter." in pages[1]
    assert "3 noted as handed in" in (await post(client, f"{PAPER}/batches/1", act="handed")).text
    assert {row["channel"] for row in await db.fetch("SELECT channel FROM delivery")} == {"hand"}


@pytest.mark.parametrize("role", ["viewer", "moderator"])
async def test_only_owners_and_editors_scan(client: httpx.AsyncClient, role: str) -> None:
    await sign_in(client, role)
    for path in ("/staff/scan", "/staff/campaigns/light/pace"):
        assert (await client.get(path)).status_code == 403


async def test_a_batch_of_another_campaign_is_not_found(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await post(client, f"{PAPER}/1", letters="1", act="print")
    await make.campaign(slug="bench")
    assert (await client.get("/staff/campaigns/bench/paper/batches/1")).status_code == 404
