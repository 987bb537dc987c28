"""A text that is being typed, tried on somebody: the letter that comes of it, or what must be put right first."""

import re

from undersigned.editing import checking, samples
from undersigned.editing.checking import Draft
from undersigned.kit.errors import Refused
from undersigned.kit.forms import Mistakes
from undersigned.letters import versions
from undersigned.letters.tables import LetterVersion


async def on(name: str, values: dict[str, str]) -> tuple[samples.Preview | None, dict[str, str]]:
    """The letter for the person who was chosen; or what must be put right first, by field."""
    draft = Draft(values["source"], values["sample"])
    try:
        await checking.check(name, draft)
        return await samples.preview(name, draft.source, draft.sample, values.get("person", "")), {}
    except Mistakes as mistakes:
        return None, mistakes.form.errors
    except Refused as refusal:
        return None, {"source": str(refusal)}


def at_fault(source: str, said: str) -> str:
    """The line that a mistake is in, to be read beside it."""
    line = re.match(r"Line (\d+):", said)
    lines = source.split("\n")
    return lines[int(line[1]) - 1].strip()[:300] if line and int(line[1]) <= len(lines) else ""


def people(name: str, values: dict[str, str]) -> list[tuple[str, str]]:
    """Whom the letter can be tried on, as a select wants them."""
    try:
        chosen = versions.parsed(LetterVersion(name=name, source=values["source"]))
        known = samples.people(samples.read(values["sample"]), chosen)
    except Refused:
        return [(samples.OWN, "The one of its sample")]
    return [(person.key, person.says) for person in known.values()]
