"""A letter that would be e-mailed is posted instead when staff choose so: one way or the other, and never both."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

import make
import paper
import work
from command_line import Run, refused
from staff.visits import sign_in, token
from undersigned.campaigns.tables import Campaign
from undersigned.delivery import by_email, holding, sending
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.letters import likeness, states
from undersigned.letters.tables import Letter

PAPER = "/staff/campaigns/light/paper"


@pytest.fixture
async def campaign(client: httpx.AsyncClient) -> Campaign:
    return await make.campaign(slug="light", title="A light")


async def waits(campaign: Campaign, **told: Any) -> Letter:
    return await make.letter(campaign=campaign, **({"state": "ready", "sent_at": None} | told))


async def now(letter: Letter) -> tuple[str, str]:
    row = await db.fetch_one("SELECT state, channel FROM letter WHERE id = $1", letter.id)
    assert row is not None
    return row["state"], row["channel"]


def to_the_reader() -> list[Any]:
    return [message for message in work.inbox() if message["X-Undersigned-Rehearsal"]]


def buttons(page: str) -> list[tuple[str, bool]]:
    """The buttons that decide, and whether each is a quiet one."""
    found = re.findall(r'<button class="govuk-button( govuk-button--secondary)?"[^>]*>([^<]+)</button>', page)
    return [(words, bool(quiet)) for quiet, words in found]


async def decide(client: httpx.AsyncClient, letter: Letter, act: str) -> httpx.Response:
    form = {"form_token": await token(client), "act": act}
    return await client.post(f"/staff/letters/{letter.id}", data=form)


async def test_the_main_thing_to_say_of_a_paper_letter_is_that_it_was_posted(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await sign_in(client)
    letter = await waits(campaign, state="held", reason=states.BY_POST, channel="post")
    offered = buttons((await client.get(f"/staff/letters/{letter.id}")).text)
    assert [words for words, quiet in offered if not quiet] == ["We have posted it"]
    assert "Try again to send it" not in dict(offered)
    other = await waits(campaign, state="held", reason="The seat is vacant at the moment.")
    offered = buttons((await client.get(f"/staff/letters/{other.id}")).text)
    assert [words for words, quiet in offered if not quiet] == ["Try again to send it"]


async def test_a_letter_with_an_address_is_put_on_paper_after_a_warning_and_goes_no_other_way(
    client: httpx.AsyncClient, campaign: Campaign
) -> None:
    await sign_in(client)
    letter = await waits(campaign)
    listed = (await client.get(PAPER)).text
    at = f"{PAPER}/{letter.representative}/instead"
    assert f'<a href="{at}">Harriet Vale</a>' in listed
    shown = (await client.get(at)).text
    assert "A letter goes one way only." in shown and "Amina Rahman" in shown
    form = {"form_token": await token(client)}
    assert "Tick the letters" in (await client.post(at, data=form)).text
    done = await client.post(at, data=form | {f"letter_{letter.id}": "yes"}, follow_redirects=True)
    assert "One letter is on paper now, and will not be e-mailed." in done.text
    assert await now(letter) == ("held", "post")
    await decide(client, letter, "again")
    await work.settle()
    assert (await now(letter), to_the_reader()) == (("held", "post"), [])
    hers = (await client.get(f"/letters/{tokens.issue('letter', letter.id)}")).text
    assert "instead of e-mailing it" in hers and "We know of no e-mail address" not in hers
    page = (await client.get(f"{PAPER}/{letter.representative}")).text
    shown_letters = re.search(r'name="letters" value="([^"]+)"', page)
    assert shown_letters and shown_letters[1] == str(letter.id)
    pressed = form | {"letters": str(letter.id)}
    made = await client.post(f"{PAPER}/{letter.representative}", data=pressed | {"act": "print"})
    assert "Amina Rahman" in paper.text(made.content)
    await client.post(f"{PAPER}/{letter.representative}", data=pressed | {"act": "posted"})
    assert await now(letter) == ("sent", "post")
    acts = {row["act"]: row["staff_id"] for row in await db.fetch("SELECT act, staff_id FROM audit")}
    assert acts["letter put on paper"] == acts["held letter: posted"] != "command"


async def test_one_letter_is_put_on_paper_from_its_own_page(client: httpx.AsyncClient, campaign: Campaign) -> None:
    await sign_in(client)
    letter = await waits(campaign, state="held", reason=likeness.REASON, resembles=1)
    page = (await client.get(f"/staff/letters/{letter.id}")).text
    assert "Then it is never e-mailed" in page
    assert (await decide(client, letter, "paper")).status_code == 303
    assert await now(letter) == ("held", "post")
    offered = dict(buttons((await client.get(f"/staff/letters/{letter.id}")).text))
    assert offered["We have posted it"] is False and "Put it on paper" not in offered
    assert (await decide(client, letter, "paper")).status_code == 422


async def test_whichever_comes_first_an_attempt_or_the_choice_of_paper_the_other_comes_to_nothing(
    client: httpx.AsyncClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await waits(campaign), await waits(campaign, name="Owen Pugh")
    whose = by_email.recipient_of

    async def choose_paper_just_before_the_claim(letter: Letter, mode: str) -> str:
        await holding.put_on_paper(letter.id)
        await db.execute("UPDATE letter SET state = 'ready' WHERE id = $1", letter.id)
        return await whose(letter, mode)

    monkeypatch.setattr(by_email, "recipient_of", choose_paper_just_before_the_claim)
    await sending.deliver(first.id)
    assert (await now(first), to_the_reader()) == (("ready", "post"), [])
    monkeypatch.setattr(by_email, "recipient_of", whose)
    await db.execute("UPDATE letter SET state = 'sending' WHERE id = $1", second.id)
    with pytest.raises(holding.NotForPaper):
        await holding.put_on_paper(second.id)
    assert await now(second) == ("sending", "email")


@pytest.mark.parametrize(
    ("told", "change"),
    [
        ({"state": "waiting", "confirmed_at": None}, ""),
        ({"state": "sent"}, ""),
        ({"state": "failed"}, ""),
        ({}, "UPDATE representative SET contact = 'opted_out'"),
        ({}, "UPDATE membership SET ended_on = current_date"),
        ({}, "UPDATE constituency SET closed_reason = 'Parliament has been dissolved.'"),
        ({}, "UPDATE campaign SET state = 'removed'"),
    ],
)
async def test_what_is_not_confirmed_or_has_gone_or_has_no_reader_is_not_put_on_paper(
    campaign: Campaign, told: dict[str, Any], change: str
) -> None:
    letter = await waits(campaign, **told)
    if change:
        await db.execute(change)
    before = await now(letter)
    with pytest.raises(holding.NotForPaper):
        await holding.put_on_paper(letter.id)
    assert await now(letter) == before


async def test_a_bundle_takes_letters_with_an_address_only_when_it_is_said_and_agreed(
    campaign: Campaign, run: Run, tmp_path: Path
) -> None:
    letter, alike = await waits(campaign), await waits(campaign, state="held", reason="Alike.", resembles=1)
    file = tmp_path / "letters.pdf"
    assert "No confirmed letter" in refused(run("letters", "bundle", "light", str(file)))
    words = ("letters", "bundle", "light", str(file), "--instead-of-email")
    assert "--yes" in refused(run(*words))
    assert await now(letter) == ("ready", "email")
    done = run(*words, "--yes", "--posted")
    assert done.returncode == 0, done.stderr
    assert "Put on paper instead of e-mailing: 1." in done.stdout and "1 letter to 1 member" in done.stdout
    assert await now(letter) == ("sent", "post")
    assert await now(alike) == ("held", "email"), "what resembles another is read by a person first"
