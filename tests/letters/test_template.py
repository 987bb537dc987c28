"""A letter as a campaigner writes it: what is understood, and what is refused with its line."""

import pytest

from undersigned.kit.errors import Missing
from undersigned.letters import template
from undersigned.letters.merging import BadField

FRONT = '+++\ntitle = "A light"\nsubject = "One light for {{ constituency.name }}"\n+++\n'
BODY = """
## opening {essential}

I live in
{{ constituency.name }}.

It is *dark*.

## own-words

## thanks

Thanks.
"""


def test_blocks_are_read_with_their_paragraphs_each_on_one_line() -> None:
    letter = template.parse("light", FRONT + BODY)
    assert [(b.name, b.essential) for b in letter.blocks] == [
        ("opening", True),
        ("own-words", False),
        ("thanks", False),
    ]
    assert letter.blocks[0].paragraphs == ["I live in {{ constituency.name }}.", "It is dark."]


def test_its_version_changes_with_its_words() -> None:
    first = template.parse("light", FRONT + BODY)
    same = template.parse("light", FRONT + BODY)
    other = template.parse("light", FRONT + BODY.replace("Thanks", "Thank you"))
    assert first.version == same.version != other.version


def test_a_variant_replaces_only_the_blocks_it_names() -> None:
    front = FRONT.replace("+++\n\n", "").removesuffix("+++\n") + '[variants.no_votes]\nthanks = "Ta."\n+++\n'
    letter = template.parse("light", front + BODY)
    assert [b.text for b in letter.for_variant("no_votes")][2] == "Ta."
    assert letter.for_variant("no_votes")[0] == letter.blocks[0]
    assert letter.for_variant("") == letter.blocks


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("Dear MP", "front matter"),
        ("+++\ntitle = \n+++\n" + BODY, "not TOML"),
        ('+++\ntitle = "A light"\n+++\n' + BODY, "lacks “subject”"),
        (FRONT + "\nBefore.\n" + BODY, "Line 6: text before"),
        (FRONT + "\n## opening\n\nHello.\n", "own-words"),
    ],
)
def test_a_mistake_is_named_with_its_place(source: str, sentence: str) -> None:
    with pytest.raises(template.BadLetter, match=sentence):
        template.parse("light", source)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ supporter.salary }}", "Line 13: there is no field “supporter.salary”"),
        ("{{ supporter.name", "Line 13: a field is not closed"),
        ("{{ 7 * 7 }}", "Line 13: a field is not closed"),
        ("{{ supporter.name | upper }}", "Line 13: a field is not closed"),
    ],
)
def test_an_unknown_field_is_named_with_its_line(text: str, sentence: str) -> None:
    body = BODY.replace("## own-words", f"{text}\n\n## own-words")
    assert (FRONT + body).split("\n")[12] == text
    with pytest.raises(BadField, match=sentence.replace("{", r"\{")):
        template.parse("light", FRONT + body)


def test_the_subject_and_the_variants_are_checked_too() -> None:
    with pytest.raises(BadField):
        template.parse("light", FRONT.replace("constituency.name", "constituency.nome") + BODY)
    with pytest.raises(BadField):
        template.parse(
            "light", FRONT.removesuffix("+++\n") + '[variants.x]\nthanks = "{{ nobody }}"\n+++\n' + BODY
        )


@pytest.mark.parametrize("name", ["no-such-letter", "../letters/hate-crime", "Hate-Crime", ""])
def test_a_letter_that_is_not_there_is_missing(name: str) -> None:
    with pytest.raises(Missing):
        template.load(name)
