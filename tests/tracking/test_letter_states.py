"""Every state of a letter has its name and one sentence, wherever its writer or the desk meets it."""

import html

import httpx
import pytest

import make
from staff.visits import sign_in
from undersigned.kit import tokens
from undersigned.letters import states
from undersigned.signatures.tables import Signature

GONE = {"scrubbed": {"paragraphs": "[]", "subject": "", "address": ""}}
WITH_A_NOTE = {"held": "A person looks at it first.", "failed": "It was not sent."}
"""What the page says where it also says why."""


def test_every_state_has_a_name_and_a_sentence_for_both() -> None:
    assert (
        set(states.WORDS)
        == set(states.SENTENCES)
        == set(states.SENTENCES_TO_THE_WRITER)
        == set(states.TO_THE_WRITER)
    )


@pytest.mark.parametrize("state", [state for state in states.WORDS if state not in {"draft", "waiting"}])
async def test_its_own_page_names_it(client: httpx.AsyncClient, state: str) -> None:
    letter = await make.letter(state=state, reason="Why." if state in WITH_A_NOTE else "", **GONE.get(state, {}))
    answer = await client.get(f"/letters/{tokens.issue('letter', letter.id)}")
    page = html.unescape(answer.text)
    assert answer.status_code == 200
    if state in WITH_A_NOTE:
        assert f"{WITH_A_NOTE[state]}</strong> Why." in page
    else:
        assert "{}.</strong> {}".format(*states.told(state)) in page


@pytest.mark.parametrize("state", states.WORDS)
async def test_my_page_and_the_desk_name_it(client: httpx.AsyncClient, state: str) -> None:
    letter = await make.letter(state=state, **GONE.get(state, {}))
    await client.post(f"/campaigns/{(await make.campaign()).slug}/sign", data=make.signing())
    signature = await Signature.objects().first()
    assert signature is not None
    mine = html.unescape((await client.get(f"/you/{tokens.issue('you', signature.id)}")).text)
    assert "{}.</strong> {}".format(*states.told(state)) in mine
    await sign_in(client)
    desk = html.unescape((await client.get(f"/staff/letters/{letter.id}")).text)
    for words in states.told_at_the_desk(state):
        assert words in desk


DELIVERED = "ould not be delivered"
NOT_SENT = [
    (states.TAKEN_BACK, "You took this letter back", "Taken back", "Taken back by its writer"),
    (states.REFUSED.format(reason="It names a child."), "This letter was not sent", "Not sent", "Not sent by us"),
]


@pytest.mark.parametrize(("reason", "title", "to_writer", "at_desk"), NOT_SENT)
async def test_what_nobody_tried_to_deliver_is_not_said_to_have_been_undeliverable(
    client: httpx.AsyncClient, reason: str, title: str, to_writer: str, at_desk: str
) -> None:
    campaign = await make.campaign()
    letter = await make.letter(campaign=campaign, state="failed", reason=reason)
    closed = await client.get(f"/campaigns/{campaign.slug}/write?review={tokens.issue('draft', letter.id)}")
    assert title in closed.text and DELIVERED not in closed.text
    await client.post(f"/campaigns/{campaign.slug}/sign", data=make.signing())
    signature = await Signature.objects().first()
    assert signature is not None
    mine = (await client.get(f"/you/{tokens.issue('you', signature.id)}")).text
    assert f"<strong>{to_writer}.</strong>" in mine and DELIVERED not in mine
    await sign_in(client)
    for page in (f"/staff/letters/{letter.id}", "/staff/letters", "/staff/letters?state=failed"):
        desk = (await client.get(page)).text
        assert at_desk in desk and DELIVERED not in desk, page


async def test_what_came_back_could_not_be_delivered(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign()
    why = "The mail server of your MP refused it."
    letter = await make.letter(campaign=campaign, state="failed", reason=why)
    closed = await client.get(f"/campaigns/{campaign.slug}/write?review={tokens.issue('draft', letter.id)}")
    assert "This letter could not be delivered" in closed.text
    await sign_in(client)
    assert "Could not be delivered" in (await client.get(f"/staff/letters/{letter.id}")).text
