"""Changing what a template letter says: nothing is lost, and nothing is overwritten unseen."""

import json
import re
from datetime import UTC, datetime

from undersigned.editing import samples
from undersigned.editing.checking import LONGEST_NOTE, Draft, check
from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.letters import template, versions
from undersigned.letters.tables import LetterVersion
from undersigned.letters.template import BadLetter
from undersigned.staff import audit

RESERVED = {"new", "import", "export", "shared", "all"}
STARTER = samples.HERE / "starter.md", samples.HERE / "starter.toml"


class Overtaken(Refused):
    """Somebody else saved another text, ``theirs``, since this one was opened."""

    def __init__(self, theirs: LetterVersion) -> None:
        super().__init__(
            "Somebody has saved another text since you opened this one. Yours is still here and is not saved. "
            "Read what is different, bring over what you want, and save once more."
        )
        self.theirs = theirs


class NameTaken(Refused):
    """There is a letter of that name."""


class InUse(Refused):
    """A campaign uses the letter, so it cannot be put away."""


async def save(name: str, draft: Draft, base: str, staff_id: int | None, origin: str = "edited") -> LetterVersion:
    """Let a letter say something else from now on; the same text again changes nothing.

    ``base`` is the mark of the text that was opened. Raises Mistakes, Missing, or Overtaken when it holds no more.
    """
    await check(name, draft)
    async with database.transaction():
        now = await _locked(name)
        if versions.mark(now) != base:
            raise Overtaken(now)
        if (now.source, now.sample) == (draft.source, draft.sample):
            return now
        await versions.keep(now)
        return await _put(name, draft, origin, staff_id, now)


async def _locked(name: str) -> LetterVersion:
    """The text that holds now, which nobody else can change until this transaction ends. Raises Missing."""
    await database.execute("SELECT pg_advisory_xact_lock(hashtext($1))", f"letter {name}")
    return await versions.current(name)


async def _put(
    name: str, draft: Draft, origin: str, staff_id: int | None, before: LetterVersion | None = None
) -> LetterVersion:
    await LetterVersion.update({LetterVersion.is_current: False}).where(
        LetterVersion.name == name, LetterVersion.is_current.eq(True)
    )
    version = LetterVersion(
        name=name,
        version=template.fingerprint(draft.source),
        source=draft.source,
        sample=draft.sample,
        note=draft.note,
        origin=origin,
        staff=staff_id,
        is_current=True,
        created_at=datetime.now(UTC),
        archived_at=before.archived_at if before else None,
    )
    await version.save()
    was = {"version": before.version, "row": before.id} if before else None
    now = {"version": version.version, "row": version.id}
    await audit.record(f"letter {origin}", f"template {name}", was, now, staff_id)
    return version


async def begin(name: str, title: str, copy_of: str, staff_id: int | None) -> LetterVersion:
    """A new letter, from nothing or as a copy of another. Raises NameTaken, Mistakes or Missing."""
    if copy_of:
        model = await versions.current(copy_of)
        source, sample = _set(_set(model.source, "name", name), "title", title), model.sample
    else:
        source, sample = (file.read_text(encoding="utf-8") for file in STARTER)
        source = source.replace("[name]", name).replace("[title]", _quoted(title))
    draft = Draft(source, sample, f"A copy of {copy_of}" if copy_of else "")
    return await bring(name, draft, "copied" if copy_of else "written", staff_id)


async def bring(name: str, draft: Draft, origin: str, staff_id: int | None) -> LetterVersion:
    """A letter that was not there before. Raises NameTaken or Mistakes."""
    if name in RESERVED or not versions.NAME.fullmatch(name):
        raise NameTaken("A short name has small letters, digits and dashes, and is not a word of the desk's own.")
    await check(name, draft)
    async with database.transaction():
        try:
            await _locked(name)
        except Missing:
            return await _put(name, draft, origin, staff_id)
    raise NameTaken(f"There is a letter called {name} already. Choose another short name.")


async def rename(name: str, title: str, base: str, staff_id: int) -> LetterVersion:
    """Give a letter another title; that is a new text. Raises Mistakes or Overtaken."""
    now = await versions.current(name)
    draft = Draft(_set(now.source, "title", title), now.sample, f"Now called “{title}”"[:LONGEST_NOTE])
    return await save(name, draft, base, staff_id, "titled")


async def restore(name: str, key: str, base: str, staff_id: int) -> LetterVersion:
    """Let an old text hold again, as a new one. Raises Mistakes, Missing or Overtaken."""
    old = await versions.find(name, key)
    when = f"{old.created_at:%d %B %Y}".lstrip("0")
    return await save(name, Draft(old.source, old.sample, f"As it was on {when}"), base, staff_id, "restored")


def _quoted(text: str) -> str:
    """``text`` as a basic string of TOML, which escapes as JSON does."""
    return json.dumps(text, ensure_ascii=False)


def _set(source: str, key: str, value: str) -> str:
    """``source`` with another value for a key at the top of its front matter. Raises BadLetter."""
    lines = source.split("\n")
    opening = next((n for n, line in enumerate(lines) if line.rstrip() == "+++"), None)
    if opening is None:
        raise BadLetter("This letter has no front matter to change. Put its text right first.")
    told = f"{key} = {_quoted(value)}"
    for number, line in enumerate(lines[opening + 1 :], opening + 1):
        if re.match(rf"{key}\s*=", line) and line.count('"""') != 1 and line.count("'''") != 1:
            return "\n".join([*lines[:number], told, *lines[number + 1 :]])
        if line.startswith(("[", "+++")):
            break
    return "\n".join([*lines[: opening + 1], told, *lines[opening + 1 :]])


async def put_away(name: str, staff_id: int) -> None:
    """Let no campaign choose a letter any more. Raises InUse while one uses it; twice changes nothing."""
    async with database.transaction():
        now = await _locked(name)
        if now.archived_at is not None:
            return
        using = await database.fetch_one(
            """SELECT title FROM campaign WHERE letter = $1 AND state NOT IN ('archived', 'rejected', 'removed')
               ORDER BY id LIMIT 1""",
            name,
        )
        if using:
            raise InUse(f"“{using['title']}” uses this letter. Give that campaign another letter first.")
        await versions.keep(now)
        newest = LetterVersion.name == name, LetterVersion.version == now.version
        row = (
            now if now.id else await LetterVersion.objects().where(*newest).order_by("id", ascending=False).first()
        )
        assert row is not None
        await LetterVersion.update(
            {LetterVersion.is_current: True, LetterVersion.archived_at: datetime.now(UTC)}
        ).where(LetterVersion.id == row.id)
        await audit.record("letter put away", f"template {name}", staff_id=staff_id)


async def take_out(name: str, staff_id: int) -> None:
    """Let campaigns choose a letter again; a shipped one follows its file again. Twice changes nothing."""
    async with database.transaction():
        now = await _locked(name)
        if now.archived_at is None:
            return
        await LetterVersion.update(
            {LetterVersion.is_current: now.origin != "shipped", LetterVersion.archived_at: None}
        ).where(LetterVersion.id == now.id)
        await audit.record("letter taken out again", f"template {name}", staff_id=staff_id)
