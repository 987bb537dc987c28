"""A letter as a campaigner writes it: front matter, prompts, and blocks that one may drop."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from undersigned.kit.errors import Missing, Refused
from undersigned.letters import merging
from undersigned.settings import ROOT

FOLDER = ROOT / "letters"
OWN_WORDS = "own-words"
_HEADING = re.compile(r"^## +([a-z0-9-]+)( +\{essential\})? *$")


class BadLetter(Refused):
    """The file does not describe a letter; the message says where and why."""


@dataclass(frozen=True)
class Prompt:
    """A question that helps somebody to find their own words."""

    name: str
    question: str
    hint: str


@dataclass(frozen=True)
class Block:
    """Some paragraphs of the template; an essential one stays in."""

    name: str
    text: str
    essential: bool

    @property
    def paragraphs(self) -> list[str]:
        """The text, a paragraph at a time, each on one line."""
        parts = re.split(r"\n\s*\n", self.text)
        return [_plain(" ".join(part.split())) for part in parts if part.strip()]


@dataclass(frozen=True)
class LetterTemplate:
    """One ``letters/<name>/letter.md``, checked. ``version`` changes whenever its words do."""

    name: str
    title: str
    subject: str
    prompts: tuple[Prompt, ...]
    blocks: tuple[Block, ...]
    variants: dict[str, dict[str, str]]
    version: str
    min_own_words: int = 0

    def for_variant(self, variant: str) -> tuple[Block, ...]:
        """The blocks with this variant's words where it has its own."""
        own = self.variants.get(variant, {})
        return tuple(Block(b.name, own.get(b.name, b.text), b.essential) for b in self.blocks)


def _plain(text: str) -> str:
    """A letter has no bold type: the stars of Markdown go, the words stay."""
    return re.sub(r"(\*\*|\*)(?=\S)(.+?)(?<=\S)\1", r"\2", text)


def load(name: str) -> LetterTemplate:
    """The letter of that name. Raises Missing, or BadLetter when its file has a mistake."""
    path = FOLDER / name / "letter.md"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise Missing(f"There is no letter called {name}.")
    return _load(path, path.stat().st_mtime_ns)


@cache
def _load(path: Path, _changed: int) -> LetterTemplate:
    return parse(path.parent.name, path.read_text(encoding="utf-8"))


def parse(name: str, source: str) -> LetterTemplate:
    """A letter from the text of its file. Raises BadLetter or BadField with the line."""
    opening, front, body = _split(source)
    matter = _front_matter(front)
    blocks = _blocks(body, opening + front.count("\n") + 1)
    for text in (matter["subject"], *_variant_texts(matter)):
        merging.check(str(text))
    return LetterTemplate(
        name=name,
        title=str(matter["title"]),
        subject=str(matter["subject"]),
        prompts=tuple(Prompt(p["name"], p["question"], p.get("hint", "")) for p in matter.get("prompts", [])),
        blocks=blocks,
        variants=matter.get("variants", {}),
        version=hashlib.sha256(source.encode()).hexdigest()[:12],
        min_own_words=int(matter.get("min_own_words", 0)),
    )


def _split(source: str) -> tuple[int, str, str]:
    """The line on which the front matter begins, the front matter, and the body."""
    parts = source.split("+++\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise BadLetter("Line 1: a letter begins with its front matter between two lines of +++.")
    return parts[0].count("\n") + 2, parts[1], parts[2]


def _front_matter(front: str) -> dict[str, Any]:
    try:
        matter = tomllib.loads(front)
    except tomllib.TOMLDecodeError as mistake:
        raise BadLetter(f"The front matter is not TOML: {mistake}.") from mistake
    for wanted in ("title", "subject"):
        if not matter.get(wanted):
            raise BadLetter(f"The front matter lacks “{wanted}”.")
    return matter


def _variant_texts(matter: dict[str, Any]) -> list[str]:
    return [text for blocks in matter.get("variants", {}).values() for text in blocks.values()]


def _blocks(body: str, first_line: int) -> tuple[Block, ...]:
    blocks: list[tuple[str, bool, list[str]]] = []
    for line_number, line in enumerate(body.split("\n"), first_line):
        heading = _HEADING.match(line)
        if heading:
            blocks.append((heading[1], bool(heading[2]), []))
        elif blocks:
            blocks[-1][2].append(line)
            merging.check(line, line_number)
        elif line.strip():
            raise BadLetter(f"Line {line_number}: text before the first “## block” heading.")
    if OWN_WORDS not in {name for name, _, _ in blocks}:
        raise BadLetter(f"A letter needs a block “## {OWN_WORDS}”, where the writer's own words go.")
    return tuple(Block(name, "\n".join(lines).strip(), essential) for name, essential, lines in blocks)
