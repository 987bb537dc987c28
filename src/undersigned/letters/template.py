"""A letter as a campaigner writes it: front matter, prompts, and blocks that one may drop."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from undersigned.kit.errors import Missing
from undersigned.letters import front_matter, merging, wording
from undersigned.letters.front_matter import BadLetter, Prompt
from undersigned.settings import ROOT

__all__ = ["BadLetter", "Block", "LetterTemplate", "Prompt", "load", "parse"]

FOLDER = ROOT / "letters"
OWN_WORDS = "own-words"
LONGEST_LINE = 1_000
LONGEST = 20_000
"""Characters: of a template, and of the letter that a writer makes of it."""
_HEADING = re.compile(r"^## +([a-z0-9-]{1,60})( +\{essential\})? *$")


@dataclass(frozen=True)
class Block:
    """Some paragraphs of the template; an essential one stays in."""

    name: str
    text: str
    essential: bool

    @property
    def wording(self) -> tuple[wording.Paragraph, ...]:
        """The text as paragraphs, with its bold, its italic and its lists; nothing is merged yet."""
        return wording.read(self.text)

    @property
    def paragraphs(self) -> list[str]:
        """The words alone, a paragraph at a time, each on one line."""
        return [paragraph.text for paragraph in self.wording]


@dataclass(frozen=True)
class LetterTemplate:
    """One ``letters/<name>/letter.md``, checked. ``version`` changes whenever its words do.

    ``to`` is the office that it is for, and ``language`` en-GB, cy, or nothing: the campaign's.
    """

    name: str
    title: str
    subject: str
    prompts: tuple[Prompt, ...]
    blocks: tuple[Block, ...]
    variants: dict[str, dict[str, str]]
    version: str
    to: str = "mp"
    min_own_words: int = 0
    language: str = ""
    shows_qr: bool = False

    def for_variant(self, *words: str) -> tuple[Block, ...]:
        """The blocks, each in the words of the first of these variants that has its own for it."""
        if not any(word in self.variants for word in words):
            return self.blocks
        return tuple(replace(block, text=self._words_of(block, words)) for block in self.blocks)

    def _words_of(self, block: Block, words: tuple[str, ...]) -> str:
        own = (self.variants[word].get(block.name) for word in words if word in self.variants)
        return next((text for text in own if text is not None), block.text)


def load(name: str) -> LetterTemplate:
    """The letter of that name. Raises Missing, or BadLetter when its file has a mistake."""
    path = FOLDER / name / "letter.md"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise Missing(f"There is no letter called {name}.")
    return _load(path, path.stat().st_mtime_ns)


@cache
def _load(path: Path, _changed: int) -> LetterTemplate:
    return parse(path.parent.name, path.read_text(encoding="utf-8"))


def fingerprint(source: str) -> str:
    """What tells one text from the next, and what a letter remembers of the text it was written with."""
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def parse(name: str, source: str) -> LetterTemplate:
    """A letter from the text of its file. Raises BadLetter or BadField with the line and the reason."""
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    _check_lines(source)
    opening, front, body = _split(source)
    matter = front_matter.read(front, opening)
    blocks = tuple(_blocks(body, opening + front.count("\n") + 1))
    _check_variants(matter, {block.name for block in blocks})
    return LetterTemplate(
        name=name,
        title=matter.title,
        subject=matter.subject,
        prompts=matter.prompts,
        blocks=blocks,
        variants=matter.variants,
        version=fingerprint(source),
        to=matter.to,
        min_own_words=matter.min_own_words,
        language=matter.language,
        shows_qr=matter.shows_qr,
    )


def _check_lines(source: str) -> None:
    """What no letter may hold, wherever it stands."""
    for number, line in enumerate(source.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            raise BadLetter(
                f"Line {number}: it has {len(line):,} characters, and a line has at most {LONGEST_LINE:,}. "
                "Break the line; a paragraph ends only at an empty one."
            )
        if merging.clean(line) != line:
            raise BadLetter(f"Line {number}: it holds a character that cannot be printed. Type the line again.")
    if len(source) > LONGEST:
        raise BadLetter(f"Line {number}: the letter has more than {LONGEST:,} characters. Nobody would read it.")


def _split(source: str) -> tuple[int, str, str]:
    """The line on which the front matter begins, the front matter, and the body."""
    parts = re.split(r"^\+\+\+[ \t]*\n", source, maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0].strip():
        raise BadLetter("Line 1: a letter begins with its front matter between two lines of +++.")
    return parts[0].count("\n") + 2, parts[1], parts[2]


def _blocks(body: str, first_line: int) -> Iterator[Block]:
    """The blocks of the body. Raises BadLetter for one that is wrong, or twice there, or missing."""
    seen: set[str] = set()
    for heading, lines in _by_heading(body, first_line):
        number, name, essential = heading
        if name in seen:
            raise BadLetter(f"Line {number}: there is a block “{name}” already.")
        seen.add(name)
        text = "\n".join(lines).strip()
        if name == OWN_WORDS and text:
            raise BadLetter(f"Line {number}: “{OWN_WORDS}” is for the writer's own words, so it holds no text.")
        if name != OWN_WORDS and not text:
            raise BadLetter(f"Line {number}: the block “{name}” has no text.")
        _check_as_read(text, number)
        yield Block(name, text, essential)
    if OWN_WORDS not in seen:
        last = first_line + body.rstrip("\n").count("\n")
        raise BadLetter(
            f"Line {last}: the letter ends without a block “## {OWN_WORDS}”, where the writer's own words go."
        )


def _check_as_read(text: str, number: int) -> None:
    """The fields once more as they are merged: an escape such as ``\\{`` is a brace by then."""
    for paragraph in wording.read(text):
        merging.check(paragraph.text, number)


def _by_heading(body: str, first_line: int) -> list[tuple[tuple[int, str, bool], list[str]]]:
    found: list[tuple[tuple[int, str, bool], list[str]]] = []
    for number, line in enumerate(body.split("\n"), first_line):
        heading = _HEADING.match(line)
        if heading:
            found.append(((number, heading[1], bool(heading[2])), []))
        elif re.match(r" {0,3}#{1,6}(\s|$)", line):
            raise BadLetter(
                f"Line {number}: a heading begins a block: “## ”, a name of small letters, digits and dashes, "
                "and {essential} if it must stay."
            )
        elif found:
            merging.check(line, number)
            found[-1][1].append(line)
        elif line.strip():
            raise BadLetter(f"Line {number}: text before the first “## block” heading.")
    return found


def _check_variants(matter: front_matter.FrontMatter, names: set[str]) -> None:
    for word, blocks in matter.variants.items():
        for name, text in blocks.items():
            line = matter.lines.of("variants", word, name)
            if name == OWN_WORDS:
                raise BadLetter(f"Line {line}: a variant has no words for “{OWN_WORDS}”: they are the writer's.")
            if name not in names:
                known = ", ".join(sorted(names - {OWN_WORDS}))
                raise BadLetter(
                    f"Line {line}: there is no block “{name}” for “{word}” to change. There are {known}."
                )
            _check_as_read(text, line)
