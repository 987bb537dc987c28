"""A letter as a campaigner writes it: what is understood, and what is refused with its line."""

import re

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
PROMPTS = """
[[prompts]]
name = "why"
question = "Why does it matter?"

[[prompts]]
name = "where"
question = "Where is it?"
hint = "A street."
"""
VARIANTS = '''
[variants.no_votes]
thanks = "Ta."

[variants.agrees]
opening = """
You agree already
with {{ supporter.name }}."""
'''


def front(more: str) -> str:
    """The front matter with some more lines, of which the first is line 4."""
    return FRONT.removesuffix("+++\n") + more.lstrip("\n") + "+++\n"


def refusal(source: str) -> str:
    """The sentence with which a letter is refused."""
    with pytest.raises((template.BadLetter, BadField)) as refused:
        template.parse("light", source)
    return str(refused.value)


def test_blocks_are_read_with_their_paragraphs_each_on_one_line() -> None:
    letter = template.parse("light", FRONT + BODY)
    assert [(b.name, b.essential) for b in letter.blocks] == [
        ("opening", True),
        ("own-words", False),
        ("thanks", False),
    ]
    assert letter.blocks[0].paragraphs == ["I live in {{ constituency.name }}.", "It is dark."]
    assert letter.blocks[0].wording[1].runs == (("It is ", ""), ("dark", "i"), (".", ""))


def test_everything_that_the_front_matter_may_say_is_understood() -> None:
    more = f'to = "mp"\nlanguage = "cy"\nqr = true\nmin_own_words = 20\n{PROMPTS}{VARIANTS}'
    letter = template.parse("light", front(more) + BODY)
    assert (letter.to, letter.language, letter.shows_qr, letter.min_own_words) == ("mp", "cy", True, 20)
    assert [prompt.name for prompt in letter.prompts] == ["why", "where"]
    assert [prompt.hint for prompt in letter.prompts] == ["", "A street."]


def test_its_version_changes_with_its_words_and_not_with_the_ends_of_its_lines() -> None:
    first = template.parse("light", FRONT + BODY)
    posted = template.parse("light", (FRONT + BODY).replace("\n", "\r\n"))
    other = template.parse("light", FRONT + BODY.replace("Thanks", "Thank you"))
    assert first == posted
    assert first.version != other.version


def test_a_variant_replaces_only_the_blocks_it_names_and_the_first_that_fits_has_the_word() -> None:
    both = '[variants.no_votes]\nthanks = "Ta."\n[variants.agrees]\nthanks = "Thank you."\nopening = "Yes."\n'
    letter = template.parse("light", front(both) + BODY)
    assert [b.text for b in letter.for_variant("no_votes")][2] == "Ta."
    assert letter.for_variant("no_votes")[0] == letter.blocks[0]
    assert [b.text for b in letter.for_variant("no_votes", "agrees")] == ["Yes.", "", "Ta."]
    assert letter.for_variant() == letter.for_variant("post") == letter.blocks


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("Dear MP", "Line 1: a letter begins with its front matter between two lines of +++."),
        ("+++\n" + BODY, "Line 1: a letter begins with its front matter"),
        ("Dear MP\n" + FRONT + BODY, "Line 1: a letter begins with its front matter"),
        ("+++\ntitle = \n+++\n" + BODY, "Line 2: the front matter is not TOML: Invalid value."),
        (front('title = "Twice"\n') + BODY, "Line 4: the front matter is not TOML: Cannot overwrite a value."),
        (front('to = "mp\n') + BODY, "Line 4: the front matter is not TOML: "),
        ('+++\ntitle = "A light"\n+++\n' + BODY, "Line 1: the front matter lacks “subject”."),
        ('+++\ntitle = ""\nsubject = "x"\n+++\n' + BODY, "Line 2: the front matter lacks “title”."),
        ('+++\ntitle = 7\nsubject = "x"\n+++\n' + BODY, "Line 2: “title” is a text in quotation marks."),
        (front('subtitle = "x"\n') + BODY, "Line 4: “subtitle” is not known here. There are language, "),
        (front('to = "king"\n') + BODY, "Line 4: “to” is one of mp."),
        (front("to = 7\n") + BODY, "Line 4: “to” is one of mp."),
        (front('language = "fr"\n') + BODY, "Line 4: “language” is one of cy, en-GB."),
        (front('qr = "yes"\n') + BODY, "Line 4: “qr” is true or false."),
        (front("min_own_words = -1\n") + BODY, "Line 4: “min_own_words” is a number of words from 0 to 300."),
        (front("min_own_words = 301\n") + BODY, "Line 4: “min_own_words” is a number of words from 0 to 300."),
        (front("min_own_words = true\n") + BODY, "Line 4: “min_own_words” is a number of words from 0 to 300."),
        (front('min_own_words = "x"\n') + BODY, "Line 4: “min_own_words” is a number of words from 0 to 300."),
        (front("min_own_words = 9\n") + BODY, "Line 4: own words are asked for, but no prompt asks."),
        (FRONT.replace("One light", "x" * 100) + BODY, "Line 3: “subject” has 128 characters, and may have 120."),
        (FRONT.replace("A light", "x" * 121) + BODY, "Line 2: “title” has 121 characters, and may have 120."),
        (FRONT.replace("One light", "One\\nlight") + BODY, "Line 3: “subject” stands on one line."),
        (FRONT.replace("One light", "One\\r\\nBcc: x") + BODY, "Line 3: “subject” stands on one line."),
        (FRONT.replace("One light", "One \\u0007light") + BODY, "Line 3: “subject” holds a character that cannot"),
        (FRONT.replace("A light", "  ") + BODY, "Line 2: “title” is empty."),
        (front('name = ""\n') + BODY, "Line 4: “name” has small letters and digits with single dashes between"),
        (front('name = "a light"\n') + BODY, "Line 4: “name” has small letters and digits"),
        (front('name = "light\\n"\n') + BODY, "Line 4: “name” has small letters and digits"),
        (front('name = "../light"\n') + BODY, "Line 4: “name” has small letters and digits"),
        (front(f'name = "{"x" * 61}"\n') + BODY, "Line 4: “name” has small letters and digits"),
        (front("name = 7\n") + BODY, "Line 4: “name” has small letters and digits"),
        (
            FRONT.replace("constituency.name", "constituency.nome") + BODY,
            "Line 3: there is no field “constituency.",
        ),
        (FRONT.replace(" }}", "") + BODY, "Line 3: a field is not closed"),
    ],
)
def test_a_mistake_in_the_front_matter_is_named_with_its_line(source: str, sentence: str) -> None:
    assert refusal(source).startswith(sentence)


@pytest.mark.parametrize(
    ("told", "by", "sentence"),
    [
        ('question = "Where is it?"\n', "", "Line 8: the prompt 2 lacks “question”."),
        ('name = "where"\n', "", "Line 8: the prompt 2 lacks “name”."),
        ('question = "Where is it?"', "question = 7", "Line 10: “question” is a text in quotation marks."),
        ('"where"', '"why"', "Line 9: there is a prompt “why” already."),
        ('"where"', '"Where?"', "Line 9: a prompt's name has small letters, digits and dashes."),
        ("Where is it?", "Where? " * 22, "Line 10: “question” has 153 characters, and may have 150."),
        ("A street.", "A street. " * 31, "Line 11: “hint” has 309 characters, and may have 300."),
        ("hint =", "hind =", "Line 11: “hind” is not known here. There are hint, name, question."),
    ],
)
def test_a_mistake_in_a_prompt_is_named_with_its_line(told: str, by: str, sentence: str) -> None:
    assert PROMPTS.count(told) == 1
    assert refusal(front(PROMPTS.replace(told, by)) + BODY) == sentence


def test_prompts_are_tables_and_not_too_many() -> None:
    assert refusal(front('prompts = ["Why?"]\n') + BODY) == (
        "Line 4: each prompt stands under a line [[prompts]]."
    )
    many = "".join(f'[[prompts]]\nname = "p{n}"\nquestion = "Why?"\n' for n in range(7))
    assert refusal(front(many) + BODY) == "Line 22: 6 prompts are the most that anybody answers."


@pytest.mark.parametrize(
    ("told", "by", "sentence"),
    [
        (
            "no_votes",
            "novotes",
            "Line 4: there is no variant “novotes”. There are speaker, abstains, no_votes, agrees, opposes, post.",
        ),
        (
            "thanks",
            "thank",
            "Line 5: there is no block “thank” for “no_votes” to change. There are opening, thanks.",
        ),
        ("thanks", "own-words", "Line 5: a variant has no words for “own-words”: they are the writer's."),
        ('"Ta."', '""', "Line 5: “thanks” is a text for that block, in quotation marks."),
        ('"Ta."', "7", "Line 5: “thanks” is a text for that block, in quotation marks."),
        ('thanks = "Ta."', "", "Line 4: the variant “no_votes” changes no block."),
        ('"Ta."', '"{{ nobody }}"', "Line 5: there is no field “nobody”. "),
        ("supporter.name", "supporter.mane", "Line 10: there is no field “supporter.mane”. "),
        ('"Ta."', r"'\{\{ foo \}\}'", "Line 5: there is no field “foo”. "),
        ('"""\nYou', '"""You', ""),
    ],
)
def test_a_mistake_in_a_variant_is_named_with_its_line(told: str, by: str, sentence: str) -> None:
    assert VARIANTS.count(told) == 1
    source = front(VARIANTS.replace(told, by)) + BODY
    if sentence:
        assert refusal(source).startswith(sentence)
    else:
        other = refusal(source.replace("supporter.name", "supporter.mane"))
        assert other.startswith("Line 9: "), "a text that begins beside its key has its lines counted from there"


def test_variants_are_tables() -> None:
    assert refusal(front('variants = "agrees"\n') + BODY) == (
        "Line 4: each variant stands under a line [variants.agrees]."
    )
    assert refusal(front('variants.agrees = "yes"\n') + BODY) == "Line 4: the variant “agrees” changes no block."


@pytest.mark.parametrize(
    ("told", "by", "sentence"),
    [
        ("## opening", "Before.\n\n## opening", "Line 6: text before the first “## block” heading."),
        ("## thanks", "## opening", "Line 15: there is a block “opening” already."),
        ("Thanks.\n", "", "Line 15: the block “thanks” has no text."),
        ("## own-words\n", "## own-words\n\nMine.\n", "Line 13: “own-words” is for the writer's own words, so it"),
        ("## own-words\n", "", "Line 16: the letter ends without a block “## own-words”, where the writer's own"),
        ("## thanks", "## Thanks!", "Line 15: a heading begins a block: “## ”, a name of small letters, digits"),
        ("## thanks", "## thanks {esential}", "Line 15: a heading begins a block: "),
        ("Thanks.", "# Thanks.", "Line 17: a heading begins a block: "),
        ("Thanks.", "x" * 1_001, "Line 17: it has 1,001 characters, and a line has at most 1,000. Break the line"),
        ("Thanks.", ("x" * 999 + "\n") * 20, "Line 38: the letter has more than 20,000 characters."),
        ("Thanks.", "Tha\0nks.", "Line 17: it holds a character that cannot be printed. Type the line again."),
        ("Thanks.", "Tha\u202enks.", "Line 17: it holds a character that cannot be printed."),
        ("Thanks.", "{{ supporter.salary }}", "Line 17: there is no field “supporter.salary”. The fields are "),
        ("Thanks.", "{{ supporter.name", "Line 17: a field is not closed; write it as {{ supporter.name }}."),
        ("Thanks.", "supporter.name }}", "Line 17: a field is not closed"),
        ("Thanks.", "{{ 7 * 7 }}", "Line 17: a field is not closed"),
        ("Thanks.", "{{ supporter.name | upper }}", "Line 17: a field is not closed"),
        ("Thanks.", "{{}}", "Line 17: there is no field “”."),
        ("Thanks.", r"\{\{ foo \}\}", "Line 15: there is no field “foo”."),
        ("Thanks.", r"\{\{ Foo \}\}", "Line 15: a field is not closed"),
    ],
)
def test_a_mistake_in_a_block_is_named_with_its_line(told: str, by: str, sentence: str) -> None:
    assert BODY.count(told) == 1
    assert refusal(FRONT + BODY.replace(told, by)).startswith(sentence)
    assert re.match(r"Line \d+: .+\.$", refusal(FRONT + BODY.replace(told, by)), re.DOTALL)


@pytest.mark.parametrize(
    "text",
    [
        "<b>Now</b> & <script>alert(1)</script>",
        "{% for x in y %}",
        "{# gone #}",
        "`code`",
        "&amp; &lt;",
        "a | b",
        "> x",
    ],
)
def test_what_is_not_our_markdown_is_the_text_that_it_is(text: str) -> None:
    letter = template.parse("light", FRONT + BODY.replace("Thanks.", text))
    assert letter.blocks[2].paragraphs == [text]


def test_bold_italic_lists_and_links_are_understood() -> None:
    text = (
        "A **b *c*** [here](https://example.org/a_b) and [https://example.org](https://example.org).\n\n"
        "- one\n- two\n\n3. three\n4. four"
    )
    letter = template.parse("light", FRONT + BODY.replace("Thanks.", text))
    first, *items = letter.blocks[2].wording
    assert first.text == "A b c here (https://example.org/a_b) and https://example.org."
    assert first.runs[1:3] == (("b ", "b"), ("c", "bi"))
    assert [(item.mark, item.text) for item in items] == [
        ("•", "one"),
        ("•", "two"),
        ("3.", "three"),
        ("4.", "four"),
    ]


@pytest.mark.parametrize("name", ["no-such-letter", "../letters/hate-crime", "Hate-Crime", ""])
def test_a_letter_that_is_not_there_is_missing(name: str) -> None:
    with pytest.raises(Missing):
        template.load(name)
