"""Whether a text may be kept as a letter: it can be read by the generator, harms nobody, and renders."""

import re
from dataclasses import dataclass

from undersigned.editing import samples, voting
from undersigned.editing.samples import BadSample
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Form, Mistakes
from undersigned.letters import merging, template
from undersigned.letters.template import BadLetter

LONGEST_SOURCE, LONGEST_SAMPLE, LONGEST_NOTE = template.LONGEST, 10_000, 200
_UNSAFE = [
    (re.compile(r"<[/!?]?[A-Za-z]"), "a letter holds words and no HTML"),
    (re.compile(r"!\["), "a letter has no pictures"),
    (re.compile(r"\]\(\s*<?(?!https?://|mailto:)"), "a link begins with https:// or mailto:"),
]


@dataclass(frozen=True)
class Draft:
    """A text that is not saved: the letter, its sample, and what to say of the change."""

    source: str
    sample: str
    note: str = ""


async def check(name: str, draft: Draft) -> None:
    """Raises Mistakes, with a sentence for ``source``, ``sample`` or ``note``, unless the letter renders."""
    errors: dict[str, str] = {}
    try:
        _check_text("letter", draft.source, LONGEST_SOURCE)
        _check_safe(draft.source)
        voting.check(template.parse(name, draft.source), draft.source)
    except Refused as refusal:
        errors["source"] = str(refusal)
    try:
        _check_text("sample", draft.sample, LONGEST_SAMPLE)
        samples.read(draft.sample)
    except Refused as refusal:
        errors["sample"] = str(refusal)
    if len(draft.note) > LONGEST_NOTE or merging.clean(draft.note) != draft.note:
        errors["note"] = f"Say it in at most {LONGEST_NOTE} characters, on one line."
    if not errors:
        errors = await _renders(name, draft)
    if errors:
        raise Mistakes(Form({"source": draft.source, "sample": draft.sample, "note": draft.note}, errors))


async def _renders(name: str, draft: Draft) -> dict[str, str]:
    """What goes wrong when the letter is written for its sample."""
    try:
        await samples.preview(name, draft.source, draft.sample)
    except BadSample as refusal:
        return {"sample": str(refusal)}
    except Refused as refusal:
        return {"source": str(refusal)}
    return {}


def _check_text(what: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise BadLetter(f"The {what} has {len(text):,} characters. There may be at most {longest:,}.")
    for number, line in enumerate(text.split("\n"), 1):
        if merging.clean(line) != line:
            raise BadLetter(f"Line {number}: it holds a character that cannot be printed. Type the line again.")


def _check_safe(source: str) -> None:
    for number, line in enumerate(source.split("\n"), 1):
        for pattern, why in _UNSAFE:
            if pattern.search(line):
                raise BadLetter(f"Line {number}: {why}.")
