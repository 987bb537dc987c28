"""Names looked up in a table, and nothing else."""

import html
import json
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import front_door
import make
from undersigned.kit import database as db
from undersigned.letters import facts, merging, wording
from undersigned.letters.tables import Letter
from undersigned.representatives import seats
from undersigned.signatures import counting

JINJA = "{{ supporter.name }} {% for x in ().__class__.__mro__ %}{{ 7 * 7 }}{% endfor %} {# gone #} ${7*7}"


FIELDS = sorted(merging.FIELDS)
NASTY = st.sampled_from(
    [
        "{{ date }}",
        "{{",
        "}}",
        "{% raw %}",
        "**b**",
        "*",
        "_i_",
        "- ",
        "1. ",
        "<b>",
        "&amp;",
        "\\",
        "[a](b)",
        "\n\n",
    ]
)
NOT_TEXT = st.sampled_from(["\0", "\r\n", "\r", "\u202e", "\u2066", "\x1b", "\ud800", "\u2028"])
VALUES = st.lists(NASTY | st.text(max_size=8), max_size=6).map("".join)
FACTS = st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUES))
LITERALS = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=12)
TAGS = re.compile(r"</?(p|ul|ol|li|strong|em|mark)( start=\"\d+\"| class=\"own\")?>")


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


@given(st.lists(st.tuples(LITERALS, st.sampled_from(FIELDS)), max_size=8), FACTS)
def test_merging_loses_nothing_doubles_nothing_and_runs_nothing(
    pieces: list[tuple[str, str]], facts: dict[str, str]
) -> None:
    text = "".join(f"{literal}{{{{ {field} }}}}" for literal, field in pieces)
    merging.check(text)
    assert merging.merge(text, facts) == "".join(literal + facts[field] for literal, field in pieces)


@given(FACTS)
def test_no_value_is_ever_read_as_markdown_or_html(facts: dict[str, str]) -> None:
    source = "A **{{ supporter.name }}** and *{{ date }}*\n\n"
    source += "- {{ campaign.title }}\n- two\n\n3. {{ constituency.name }}"
    merged = [paragraph.merged(lambda text: merging.merge(text, facts)) for paragraph in wording.read(source)]
    assert [paragraph.text for paragraph in merged] == [
        f"A {facts['supporter.name']} and {facts['date']}",
        facts["campaign.title"],
        "two",
        facts["constituency.name"],
    ]
    page = wording.as_html(merged)
    assert TAGS.findall(page) == TAGS.findall(wording.as_html(wording.read(source)))
    assert html.unescape(TAGS.sub("", page)) == "".join(paragraph.text for paragraph in merged)
    assert [wording.of_part(paragraph.as_part()) for paragraph in merged if paragraph.text] == [
        paragraph for paragraph in merged if paragraph.text
    ]


@given(st.lists(NASTY | NOT_TEXT | st.text(max_size=5)).map("".join))
def test_what_is_not_text_is_taken_out_and_all_else_stays(text: str) -> None:
    cleaned = merging.clean(text)
    assert cleaned == merging.clean(cleaned)
    cleaned.encode()
    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", cleaned)
    assert re.sub(r"\s", "", cleaned) == re.sub(r"\s", "", "".join(c for c in text if merging.clean(c).strip()))
    assert "\n" not in merging.one_line(text)


@given(VALUES.map(lambda text: text * 9))
def test_a_subject_is_one_line_that_fits(value: str) -> None:
    facts = dict.fromkeys(FIELDS, value)
    subject = merging.subject("About {{ campaign.title }}", facts)
    assert subject.startswith("About")
    assert "\n" not in subject
    assert len(subject) <= 200


def test_a_long_subject_ends_after_a_word() -> None:
    facts = dict.fromkeys(FIELDS, "a light " * 40)
    assert merging.subject("About {{ campaign.title }}", facts).endswith("a light a light…")


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


@pytest.mark.parametrize(
    ("total", "language", "said"),
    [
        (212, "en-GB", "212 people in Bury North have signed"),
        (1_212, "en-GB", "1,212 people in Bury North have signed"),
        (4, "en-GB", "fewer than five people in Bury North have signed"),
        (0, "en-GB", "fewer than five people in Bury North have signed"),
        (212, "cy", "mae 212 o bobl yn etholaeth Bury North wedi llofnodi"),
        (3, "cy", "mae llai na phump o bobl yn etholaeth Bury North wedi llofnodi"),
    ],
)
async def test_the_local_figure_is_a_clause_that_hides_small_numbers(
    client: httpx.AsyncClient, total: int, language: str, said: str
) -> None:
    await make.mp()
    campaign = await make.campaign()
    await counting.add(counting.Totals({(campaign.id, "constituency", make.BURY_NORTH): total}))
    seat = await seats.of(make.BURY_NORTH)
    known = await facts.of(campaign, "Amina", "1 Road\nBury", "BL9 0SW", seat, language)
    assert known["constituency.figure"] == said
    assert set(known) == merging.FIELDS


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


async def test_an_answer_to_no_question_is_the_writers_own_and_what_is_no_name_is_ignored(
    client: httpx.AsyncClient,
) -> None:
    await make.mp()
    typed = {"prompt_renamed": "I miss the light.", "prompt_In Vented!": "Buy my pills."}
    await front_door.write(client, await make.campaign(), **typed)
    assert "pills" not in await the_text()
    parts = json.loads((await db.fetch("SELECT paragraphs FROM letter"))[0]["paragraphs"])
    assert [part["own"] for part in parts if part["text"] == "I miss the light."] == [True]
