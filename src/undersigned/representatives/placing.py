"""From Parliament's numbering of constituencies to GSS codes.

Parliament's list has no GSS codes. A seat is placed by Parliament's number for it once we have learned that.
Until then it is placed by its name, if that is one of ours to the letter (but for case and punctuation); else
by the member who sits there, if the names are spellings of one; else by asking Parliament for a postcode that
we know to lie in it. Whatever is in doubt is not placed at all.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

from undersigned.kit import database
from undersigned.postcodes.index import Index
from undersigned.postcodes.seats import SEATS
from undersigned.representatives.lists import NotAMemberList
from undersigned.representatives.members_api import ApiSeat

Ask = Callable[[str], ApiSeat | None]
"""Parliament's answer to a postcode."""


async def place(seats: list[ApiSeat]) -> dict[int, str]:
    """GSS codes by Parliament's number, for the seats that our own rows can place."""
    rows = await database.fetch(
        """SELECT c.gss_code, c.name, c.parliament_id, r.member_id FROM constituency c
           LEFT JOIN membership m ON m.constituency = c.gss_code AND m.ended_on IS NULL
           LEFT JOIN representative r ON r.id = m.representative
           WHERE c.chamber = 'commons' AND (c.ends_on IS NULL OR c.ends_on >= current_date)"""
    )
    placed = _pairs((row["parliament_id"], row["gss_code"]) for row in rows)
    found = {seat.id: placed[seat.id] for seat in seats if seat.id in placed}
    by_name = _by_name(rows, seats)
    by_member = {row["member_id"]: row["gss_code"] for row in rows if row["member_id"]}
    names = {row["gss_code"]: name_key(row["name"]) for row in rows}
    guesses = [(seat, by_name.get(name_key(seat.name))) for seat in seats]
    guesses += [(seat, _of_member(seat, by_member, names)) for seat in seats]
    for seat, code in guesses:
        if code and seat.id not in found and code not in found.values():
            found[seat.id] = code
    return found


def by_postcode(seats: list[ApiSeat], placed: dict[int, str], index: Index, ask: Ask) -> dict[int, str]:
    """What is still open, by asking for one live postcode of each seat that nobody has been given yet."""
    wanted = {seat.id for seat in seats} - placed.keys()
    codes = SEATS - set(placed.values())
    found = dict(placed)
    for code, postcode in _a_postcode_each(index, codes) if wanted else ():
        answer = ask(postcode)
        if answer and answer.id in wanted and answer.id not in found:
            found[answer.id] = code
    return found


def check(seats: list[ApiSeat], placed: dict[int, str]) -> None:
    """Raises NotAMemberList unless every seat has a code of its own."""
    if lost := [seat.name for seat in seats if seat.id not in placed]:
        raise NotAMemberList(
            f"{len(lost)} of {len(seats)} constituencies cannot be matched to a GSS code, {lost[0]} first. "
            "Load their codes and names (undersigned representatives seats FILE) or the postcodes, then try again."
        )
    twice = [code for code, many in Counter(placed.values()).items() if many > 1]
    if twice:
        raise NotAMemberList(f"Two of Parliament's constituencies seem to be {twice[0]}. Nothing was changed.")


def name_key(name: str) -> str:
    """A name without case, accents or punctuation: “Ynys Môn” and “YNYS MON” are one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", plain.replace("&", " and ")).strip()


def _pairs(rows: Iterable[tuple[int | None, str]]) -> dict[int, str]:
    return {number: code for number, code in rows if number is not None}


def _by_name(rows: list[dict[str, str]], seats: list[ApiSeat]) -> dict[str, str]:
    """Codes by name, without the names that two constituencies share on either side."""
    codes: dict[str, set[str]] = {}
    for row in rows:
        codes.setdefault(name_key(row["name"]), set()).add(row["gss_code"])
    asked = Counter(name_key(seat.name) for seat in seats)
    return {name: next(iter(known)) for name, known in codes.items() if len(known) == 1 and asked[name] == 1}


def _of_member(seat: ApiSeat, by_member: dict[int, str], names: dict[str, str]) -> str | None:
    """The seat that we hold for its member, unless its name is quite another: members do move."""
    code = by_member.get(int(seat.member["id"])) if seat.member else None
    return code if code and _alike(names[code], name_key(seat.name)) else None


def _alike(ours: str, theirs: str) -> bool:
    """Whether two spellings share two words in three."""
    one, other = set(ours.split()) - {"and", "the"}, set(theirs.split()) - {"and", "the"}
    return len(one & other) * 3 >= 2 * max(len(one), len(other))


def _a_postcode_each(index: Index, codes: frozenset[str]) -> Iterable[tuple[str, str]]:
    wanted = set(codes) & set(index.seats)
    if not wanted:
        return
    for postcode, found in index:
        if found.gss_code in wanted and found.exact and not found.terminated:
            wanted.discard(found.gss_code)
            yield found.gss_code, str(postcode)
            if not wanted:
                return
