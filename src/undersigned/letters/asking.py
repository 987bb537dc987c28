"""What an MP's office would stumble over, said to the writer before the letter goes.

Most of it is a question, for there are good reasons to write for somebody else or to have one name: yes is an
answer, and it is asked once. Only what nobody can mean is refused.
"""

import re
from dataclasses import dataclass
from typing import Any

from undersigned.kit import database, titles
from undersigned.kit.forms import Form, Mistakes
from undersigned.letters import own_words
from undersigned.letters.forms import WriteForm
from undersigned.postcodes.postcode import AREAS, NotAPostcode, Postcode
from undersigned.representatives.seats import Seat
from undersigned.representatives.tables import Representative
from undersigned.supporters import addresses

OPENING = 300
"""How many characters of what somebody wrote are its beginning, where one says to whom one writes."""
_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
_GREETING = re.compile(r"^(?:dear|annwyl) +([^,:;.!?\n]{1,60})", re.IGNORECASE | re.MULTILINE)
_TITLES = titles.TITLES | {"the", "right", "mp", "syr", "fonesig", "athro", "llefarydd"}
_ANYBODY_WORDS = (
    "member of parliament or and madam my representative friend to whom it may concern all "
    "as aelod seneddol neu a foneddiges gyfaill gynrychiolydd bawb"
)
_ANYBODY = _TITLES.union(_ANYBODY_WORDS.split())
_MP_FOR = r"\b(?:(?:mp|member(?: of parliament)?|constituent) (?:for|in|of)|(?:as|aelod seneddol) dros|etholaeth) "


@dataclass(frozen=True)
class Question:
    """Something to be sure of, and what the button says that answers it; the form remembers its ``name``."""

    name: str
    asks: str
    yes: str


def refuse(form: WriteForm, seat: Seat) -> None:
    """Raises Mistakes when the letter comes from the one it goes to, by its name or by its mailbox."""
    if seat.mp is None:
        return
    wrong = {}
    if _bare(form.name) in {_bare(seat.mp.display_name), _bare(seat.mp.full_title)}:
        wrong["name"] = (
            "That is the name of the MP you are writing to. Enter your own. "
            "If you share it, add a middle name or an initial, so that nobody takes the letter for theirs."
        )
    if is_readers_own(form.email, seat.mp):
        wrong["email"] = (
            "That is the address your letter goes to. Enter your own, so that we can write to you and the answer "
            "finds you."
        )
    if wrong:
        raise Mistakes(Form(errors=wrong))


def is_readers_own(email: str, mp: Representative) -> bool:
    """Whether ``email`` is the mailbox the letter goes to, however it is spelt."""
    return bool(mp.email) and addresses.key(email.strip()) == addresses.key(mp.email)


async def questions(form: WriteForm, seat: Seat) -> list[Question]:
    """What the writer has not been asked yet, or has not said yes to."""
    found = [_whole_name(form), _address(form), _elsewhere(form), await _meant_for(form, seat)]
    return [one for one in found if one and one.name not in form.sure]


def _whole_name(form: WriteForm) -> Question | None:
    if len(form.name.split()) > 1:
        return None
    asks = "MPs’ offices ask for a full name, and you have given one word. Is that the whole of your name?"
    return Question("name", asks, "Yes, that is my whole name")


def _address(form: WriteForm) -> Question | None:
    others = _postcodes(form.address) - {str(form.postcode)}
    if not others:
        return None
    asks = (
        f"Your address has the postcode {min(others)} in it, and below it you gave {form.postcode}. "
        f"Do you live at {form.postcode}?"
    )
    return Question("address", asks, f"Yes, I live at {form.postcode}")


def _elsewhere(form: WriteForm) -> Question | None:
    others = _postcodes("\n".join(_written(form))) - {str(form.postcode)}
    if not others:
        return None
    asks = (
        f"Your letter speaks of the postcode {min(others)}, which is not your own. "
        "Are you writing for somebody else? That is welcome, and it helps to say so in the letter: "
        "MPs act for the people they represent."
    )
    return Question("postcode", asks, "Yes, the letter says what I mean")


async def _meant_for(form: WriteForm, seat: Seat) -> Question | None:
    """Whether the first lines greet or name somebody other than the one it goes to."""
    assert seat.mp is not None
    openings = [text[:OPENING] for text in _written(form)]
    other = next(filter(None, (_greeted(text, seat.mp) for text in openings)), "")
    other = other or await _named(openings[:1], seat)
    if not other:
        return None
    asks = f"Your letter begins with {other}, and it goes to {seat.mp.named}. Is that what you want?"
    return Question("reader", asks, f"Yes, it is for {seat.mp.named}")


def _greeted(text: str, mp: Representative) -> str:
    """The greeting of somebody else, as it was written; the letter greets its reader by itself."""
    found = _GREETING.search(text)
    if found is None:
        return ""
    name = set(_plain(found[1]).split())
    ours = set(_plain(f"{mp.display_name} {mp.address_as}").split()) - _TITLES
    if name & ours or name <= _ANYBODY:
        return ""
    return f"“{found[0].strip()}”"


async def _named(openings: list[str], seat: Seat) -> str:
    """Another MP, or another constituency, in the first lines: its name as Parliament writes it."""
    text = f" {_plain(' '.join(openings))} "
    if not text.strip():
        return ""
    for row in await _sitting():
        if row["gss_code"] != seat.gss_code and (named := _which(row, text)):
            return f"the name {named}"
    return ""


def _which(row: dict[str, Any], text: str) -> str:
    """A place of one word is often only a town, so it counts as a seat only where it is called one."""
    if f" {_bare(row['display_name'])} " in text:
        return str(row["display_name"])
    place = _plain(row["constituency"])
    alone = f" {place} " in text and " " in place
    return str(row["constituency"]) if alone or re.search(f"{_MP_FOR}{re.escape(place)} ", text) else ""


async def _sitting() -> list[dict[str, Any]]:
    return await database.fetch(
        """SELECT c.gss_code, c.name AS constituency, r.display_name FROM membership m
           JOIN constituency c ON c.gss_code = m.constituency JOIN representative r ON r.id = m.representative
           WHERE m.ended_on IS NULL AND c.chamber = 'commons'"""
    )


def _written(form: WriteForm) -> list[str]:
    """Every text that the writer typed into the letter itself."""
    kept = [text for name, text in form.edits.items() if name in form.kept_blocks]
    return [text for text in (*form.answers.values(), *kept) if text.strip()]


def _postcodes(text: str) -> set[str]:
    found: set[str] = set()
    for typed in _POSTCODE.findall(text):
        try:
            postcode = Postcode.parse(typed)
        except NotAPostcode:
            continue
        if postcode.area in AREAS:
            found.add(str(postcode))
    return found


def _bare(name: str) -> str:
    """A name without titles, as it would be said."""
    return " ".join(word for word in _plain(name).split() if word not in _TITLES)


def _plain(text: str) -> str:
    return " ".join(own_words.words(text))
