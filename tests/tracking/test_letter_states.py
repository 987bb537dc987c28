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
        assert f"{states.in_words(state)}.</strong> {states.explained(state)}" in page


@pytest.mark.parametrize("state", states.WORDS)
async def test_my_page_and_the_desk_name_it(client: httpx.AsyncClient, state: str) -> None:
    letter = await make.letter(state=state, **GONE.get(state, {}))
    await client.post(f"/campaigns/{(await make.campaign()).slug}/sign", data=make.signing())
    signature = await Signature.objects().first()
    assert signature is not None
    mine = html.unescape((await client.get(f"/you/{tokens.issue('you', signature.id)}")).text)
    assert f"{states.in_words(state)}.</strong> {states.explained(state)}" in mine
    await sign_in(client)
    desk = html.unescape((await client.get(f"/staff/letters/{letter.id}")).text)
    assert states.WORDS[state] in desk and states.SENTENCES[state] in desk
