"""The front matter of a letter: TOML between two lines of +++, checked with the line of each mistake."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from undersigned.kit.errors import Refused
from undersigned.letters import merging
from undersigned.letters.toml_lines import Lines, Path

KEYS = frozenset({"name", "title", "subject", "to", "language", "qr", "min_own_words", "prompts", "variants"})
PROMPT_KEYS = frozenset({"name", "question", "hint"})
OFFICES = frozenset({"mp"})
LANGUAGES = frozenset({"en-GB", "cy"})
VARIANTS = ("speaker", "abstains", "no_votes", "agrees", "opposes", "post")
"""Every variant there is. Where several fit one reader, the earlier has the word: whoever does not vote is not
asked to, whatever they think."""
LONGEST_TITLE, LONGEST_SUBJECT, LONGEST_QUESTION, LONGEST_HINT, MOST_PROMPTS = 120, 120, 150, 300, 6
MOST_OWN_WORDS = 300
NAME = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")
"""The short name by which a letter goes; as a folder's name it must be harmless."""
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class BadLetter(Refused):
    """The file does not describe a letter; the message says on which line, and why."""


@dataclass(frozen=True)
class Prompt:
    """A question that helps somebody to find their own words."""

    name: str
    question: str
    hint: str


@dataclass(frozen=True)
class FrontMatter:
    """What stands before the blocks, checked but for what needs the blocks to be known.

    A ``name`` may stand there for people to read; the folder's name is the letter's.
    """

    title: str
    subject: str
    prompts: tuple[Prompt, ...]
    variants: dict[str, dict[str, str]]
    to: str
    language: str
    min_own_words: int
    shows_qr: bool
    lines: Lines


def read(front: str, first_line: int) -> FrontMatter:
    """The front matter, whose first line is ``first_line`` of the file. Raises BadLetter or BadField."""
    matter = _toml(front, first_line)
    lines = Lines(front, first_line)
    _check_keys(matter, KEYS, lines, ())
    _check_name(matter, lines)
    title = _text(matter, lines, ("title",), LONGEST_TITLE)
    subject = _text(matter, lines, ("subject",), LONGEST_SUBJECT)
    merging.check(subject, lines.of("subject"))
    prompts = _prompts(matter.get("prompts", []), lines)
    own_words = _own_words(matter, lines)
    if own_words and not prompts:
        raise BadLetter(f"Line {lines.of('min_own_words')}: own words are asked for, but no prompt asks.")
    return FrontMatter(
        title=title,
        subject=subject,
        prompts=prompts,
        variants=_variants(matter.get("variants", {}), lines),
        to=_one_of(matter, lines, "to", OFFICES, "mp"),
        language=_one_of(matter, lines, "language", LANGUAGES, ""),
        min_own_words=own_words,
        shows_qr=_yes_or_no(matter, lines, "qr"),
        lines=lines,
    )


def _toml(front: str, first_line: int) -> dict[str, Any]:
    try:
        return tomllib.loads(front)
    except tomllib.TOMLDecodeError as mistake:
        at = _AT.search(str(mistake))
        line = first_line + (int(at[1]) if at and at[1] else front.count("\n")) - 1
        reason = _AT.sub("", str(mistake))
        raise BadLetter(f"Line {line}: the front matter is not TOML: {reason}.") from mistake


def _check_keys(told: dict[str, Any], known: frozenset[str], lines: Lines, where: Path) -> None:
    for key in told:
        if key not in known:
            line = lines.of(*where, key)
            raise BadLetter(f"Line {line}: “{key}” is not known here. There are {', '.join(sorted(known))}.")


def _check_name(matter: dict[str, Any], lines: Lines) -> None:
    """Raises BadLetter for a name that is there and is none."""
    name = matter.get("name", "a-name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BadLetter(
            f"Line {lines.of('name')}: “name” has small letters and digits with single dashes between them, "
            "at most 60 in all, such as safer-streets."
        )


def _text(told: dict[str, Any], lines: Lines, path: Path, longest: int) -> str:
    """A text that must be there, on one line and not too long; a hint may be broken over several."""
    key, line = path[-1], lines.of(*path)
    value = told.get(str(key))
    if value is None or value == "":
        what = f"prompt {int(path[1]) + 1}" if path[0] == "prompts" else "front matter"
        raise BadLetter(f"Line {line}: the {what} lacks “{key}”.")
    if not isinstance(value, str):
        raise BadLetter(f"Line {line}: “{key}” is a text in quotation marks.")
    if key != "hint":
        _check_one_line(value, key, line)
    text = merging.one_line(value)
    if len(text) > longest:
        raise BadLetter(f"Line {line}: “{key}” has {len(text)} characters, and may have {longest}.")
    return text


def _check_one_line(value: str, key: str | int, line: int) -> None:
    """Raises BadLetter for what would be put right in silence: a header or a title holds one line of text."""
    if "\n" in merging.clean(value):
        raise BadLetter(f"Line {line}: “{key}” stands on one line.")
    if merging.clean(value) != value:
        raise BadLetter(f"Line {line}: “{key}” holds a character that cannot be printed. Type it again.")
    if not value.strip():
        raise BadLetter(f"Line {line}: “{key}” is empty.")


def _one_of(told: dict[str, Any], lines: Lines, key: str, known: frozenset[str], default: str) -> str:
    value = told.get(key, default)
    if not isinstance(value, str) or value not in known | {default}:
        raise BadLetter(f"Line {lines.of(key)}: “{key}” is one of {', '.join(sorted(known))}.")
    return value


def _yes_or_no(told: dict[str, Any], lines: Lines, key: str) -> bool:
    value = told.get(key, False)
    if not isinstance(value, bool):
        raise BadLetter(f"Line {lines.of(key)}: “{key}” is true or false.")
    return value


def _own_words(matter: dict[str, Any], lines: Lines) -> int:
    value = matter.get("min_own_words", 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_OWN_WORDS:
        line = lines.of("min_own_words")
        raise BadLetter(f"Line {line}: “min_own_words” is a number of words from 0 to {MOST_OWN_WORDS}.")
    return value


def _prompts(told: Any, lines: Lines) -> tuple[Prompt, ...]:
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise BadLetter(f"Line {lines.of('prompts')}: each prompt stands under a line [[prompts]].")
    found: dict[str, Prompt] = {}
    for at, one in enumerate(told):
        where: Path = ("prompts", at)
        _check_keys(one, PROMPT_KEYS, lines, where)
        name = _text(one, lines, (*where, "name"), 40)
        if not re.fullmatch(r"[a-z0-9-]+", name):
            line = lines.of(*where, "name")
            raise BadLetter(f"Line {line}: a prompt's name has small letters, digits and dashes.")
        if name in found:
            raise BadLetter(f"Line {lines.of(*where, 'name')}: there is a prompt “{name}” already.")
        question = _text(one, lines, (*where, "question"), LONGEST_QUESTION)
        hint = _text(one, lines, (*where, "hint"), LONGEST_HINT) if one.get("hint") else ""
        found[name] = Prompt(name, question, hint)
    if len(found) > MOST_PROMPTS:
        line = lines.of("prompts", MOST_PROMPTS)
        raise BadLetter(f"Line {line}: {MOST_PROMPTS} prompts are the most that anybody answers.")
    return tuple(found.values())


def _variants(told: Any, lines: Lines) -> dict[str, dict[str, str]]:
    """The words of each variant, checked for their fields; whether their blocks exist is seen later."""
    if not isinstance(told, dict):
        raise BadLetter(f"Line {lines.of('variants')}: each variant stands under a line [variants.agrees].")
    for word, blocks in told.items():
        line = lines.of("variants", word)
        if word not in VARIANTS:
            raise BadLetter(f"Line {line}: there is no variant “{word}”. There are {', '.join(VARIANTS)}.")
        if not isinstance(blocks, dict) or not blocks:
            raise BadLetter(f"Line {line}: the variant “{word}” changes no block.")
        for name, text in blocks.items():
            line = lines.of("variants", word, name)
            if not isinstance(text, str) or not text.strip():
                raise BadLetter(f"Line {line}: “{name}” is a text for that block, in quotation marks.")
            merging.check(text, lines.of_text("variants", word, name))
    return {word: {name: text.strip() for name, text in blocks.items()} for word, blocks in told.items()}
