"""Names looked up in a table, and nothing else."""

import httpx
import pytest

import front_door
import make
from undersigned.kit import database as db
from undersigned.letters import merging
from undersigned.letters.tables import Letter
from undersigned.signatures import counting

JINJA = "{{ supporter.name }} {% for x in ().__class__.__mro__ %}{{ 7 * 7 }}{% endfor %} {# gone #} ${7*7}"


async def the_text() -> str:
    """The words of the one letter, a paragraph a line."""
    letter = await Letter.whole(1)
    assert letter is not None
    return "\n".join(part["text"] for part in letter.parts)


def test_a_fact_is_put_in_once_and_never_merged_again() -> None:
    facts = {"supporter.name": "{{ date }}", "date": "today"}
    assert merging.merge("{{supporter.name}} {{  date }}", facts) == "{{ date }} today"


def test_a_missing_fact_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        merging.merge("Dear {{ representative.name }}", {})


async def test_what_a_supporter_types_stays_text_in_every_field(client: httpx.AsyncClient) -> None:
    await make.mp()
    campaign = await make.campaign()
    typed = {"prompt_why": JINJA, "name": "{{ campaign.title }} Rahman", "address": "{{ date }}\nBury"}
    review = await front_door.write(client, campaign, **typed)
    assert review.status_code == 200
    letter = await Letter.whole(1)
    assert letter is not None
    assert letter.parts[1] == {"text": JINJA, "own": True}
    assert (letter.name, letter.address) == (typed["name"], typed["address"])
    assert "49" not in review.text.partition('class="own"')[2].partition("</mark>")[0].replace("&#39;", "")


async def test_what_a_campaigner_typed_is_never_run(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(title="{{ 7 * 7 }}{% raw %}", ask="{{ site.name }}")
    page = await client.get(f"/campaigns/{campaign.slug}")
    assert page.status_code == 200
    assert "{{ 7 * 7 }}{% raw %}" in page.text
    assert "{{ site.name }}" in page.text


async def test_the_facts_are_those_of_the_day(client: httpx.AsyncClient) -> None:
    await make.mp()
    campaign = await make.campaign(signature_count=4_183)
    await counting.add(counting.Totals({(campaign.id, "constituency", make.BURY_NORTH): 1_012}))
    await front_door.write(client, campaign, keep_pledge="yes")
    assert "it had 4,183 names under it, and 1,012 of those were from Bury North." in await the_text()


@pytest.mark.parametrize(("total", "said"), [(0, "fewer than five"), (4, "fewer than five"), (5, "5")])
async def test_a_number_that_could_name_somebody_is_not_given(
    client: httpx.AsyncClient, total: int, said: str
) -> None:
    await make.mp()
    campaign = await make.campaign(signature_count=4_183)
    await counting.add(counting.Totals({(campaign.id, "constituency", make.BURY_NORTH): total}))
    await front_door.write(client, campaign, keep_pledge="yes")
    assert f"and {said} of those were from Bury North." in await the_text()


async def test_essential_paragraphs_stay_and_dropped_ones_are_gone(client: httpx.AsyncClient) -> None:
    await make.mp()
    await front_door.write(client, await make.campaign(), keep_reporting="yes", keep_nonsense="yes")
    text = await the_text()
    assert "I live in Bury North" in text
    assert "I have one request." in text
    assert "Many people who are targeted tell nobody official." in text
    assert "Our Street Too" not in text
    assert "I would welcome a reply" not in text
    assert "*" not in text
    assert "{{" not in text


async def test_the_speaker_gets_the_letter_for_those_who_do_not_vote(client: httpx.AsyncClient) -> None:
    await make.mp(takes_part_in_votes=False)
    sheets = await client.post(
        f"/campaigns/{(await make.campaign(slug='light')).slug}/write",
        data={"stage": "postcode", "postcode": "BL9 0SW"},
    )
    assert "I understand that you do not take part in votes" in sheets.text
    campaign = await make.campaign()
    await front_door.write(client, campaign)
    text = await the_text()
    assert "I understand that you do not take part in votes" in text
    assert "put your own name to the pledge" not in text


async def test_a_prompt_that_the_letter_does_not_have_is_ignored(client: httpx.AsyncClient) -> None:
    await make.mp()
    await front_door.write(client, await make.campaign(), prompt_invented="Buy my pills.")
    assert "pills" not in await the_text()
    assert (await db.fetch("SELECT count(*) AS n FROM letter"))[0]["n"] == 1
