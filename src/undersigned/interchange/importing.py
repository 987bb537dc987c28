"""Letters that came in folders: what they would change is shown first, and they are checked like any other."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from undersigned.editing import checking, differences, revising, samples
from undersigned.editing.checking import Draft
from undersigned.editing.differences import Line
from undersigned.editing.samples import Preview
from undersigned.interchange.folders import Packed
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.forms import Mistakes
from undersigned.letters import versions
from undersigned.letters.tables import LetterVersion

WORDS = {"new": "new", "changed": "changed", "same": "the same as ours", "refused": "cannot be taken"}


@dataclass(frozen=True)
class Coming:
    """One letter that came: new, changed, same or refused; ``base`` is the mark of the text it would follow."""

    name: str
    draft: Draft
    state: str
    base: str = ""
    mistakes: list[str] = field(default_factory=list)
    changes: list[Line] = field(default_factory=list)
    preview: Preview | None = None


async def look(letters: Iterable[Packed]) -> list[Coming]:
    """What each of them would change; nothing is taken yet."""
    return [await _look(packed) for packed in letters]


async def _look(packed: Packed) -> Coming:
    now = await _now(packed.name)
    draft = Draft(packed.source, packed.sample or (now.sample if now else ""))
    base = versions.mark(now) if now else ""
    if packed.name in revising.RESERVED or not versions.NAME.fullmatch(packed.name):
        return Coming(
            packed.name, draft, "refused", mistakes=["The desk uses this name itself. Rename the folder."]
        )
    try:
        await checking.check(packed.name, draft)
        preview = await samples.preview(packed.name, draft.source, draft.sample)
    except Mistakes as mistakes:
        return Coming(packed.name, draft, "refused", base, list(mistakes.form.errors.values()))
    if now is None:
        return Coming(packed.name, draft, "new", base, preview=preview)
    changes = differences.between(now.source, draft.source) + differences.between(now.sample, draft.sample)
    return Coming(packed.name, draft, "changed" if changes else "same", base, changes=changes, preview=preview)


async def _now(name: str) -> LetterVersion | None:
    try:
        return await versions.current(name)
    except Missing:
        return None


async def take(coming: Coming, base: str, staff_id: int | None) -> LetterVersion:
    """Let one letter that came hold from now on, if ``base`` is still what it would follow.

    Raises Mistakes, NameTaken or Overtaken.
    """
    if not base:
        return await revising.bring(coming.name, coming.draft, "imported", staff_id)
    return await revising.save(coming.name, coming.draft, base, staff_id, "imported")


async def take_all(letters: Iterable[Packed]) -> list[Coming]:
    """Take every letter at once, for the command line; none when one of them has a mistake. Raises Refused."""
    coming = await look(letters)
    wrong = [f"{one.name}: {' '.join(one.mistakes)}" for one in coming if one.state == "refused"]
    if wrong:
        raise Refused(f"Nothing was taken. {' '.join(wrong)}")
    for one in coming:
        await take(one, one.base, None)
    return coming
