"""The members of the House of Commons as Parliament's own API has them, with a contact for each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from undersigned.representatives import lists
from undersigned.representatives.fetching import Fetcher, Kept, SourceStrange
from undersigned.representatives.lists import Line
from undersigned.settings import settings

PAGE: Final = 20
MOST_PAGES: Final = 200
MEMBERS: Final = "Members/Search"
SEATS: Final = "Location/Constituency/Search"
PARLIAMENTARY: Final = re.compile(r"parliament", re.IGNORECASE)
OURS: Final = "@parliament.uk"
_STRANGE: Final = "The Members API did not answer in the shape that we know."

Progress = Callable[[str, int, int], None]
"""Called with what is being fetched, how many are done, and how many there are."""

SPEAKER_NOTE: Final = "The Speaker takes no side and does not vote, but helps constituents like any MP."
DEPUTY_NOTE: Final = "A Deputy Speaker takes no side and does not vote, but helps constituents like any MP."
ABSENT_NOTE: Final = "Sinn Féin’s MPs do not take their seats or vote, but they do help constituents."
DEPUTY_SPEAKERS: Final = frozenset({4460, 4391, 4048})
"""Members elected Deputy Speaker in July 2024; Parliament's list does not tell them apart."""


@dataclass(frozen=True)
class ApiSeat:
    """A constituency in Parliament's own numbering, and the member who sits for it, if any."""

    id: int
    name: str
    member: dict[str, Any] | None


@dataclass(frozen=True)
class Answers:
    """What the API holds: every seat, and the contacts by member id (None where it had no answer)."""

    seats: list[ApiSeat]
    contacts: dict[int, list[dict[str, Any]] | None]


def folder() -> Path:
    """Where answers are kept until they have been applied."""
    return settings.var / "members_api"


def base(url: str) -> str:
    """The address under which the API's paths lie, whatever part of it was given."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path or '/api'}"


def fetch(url: str, kept: Kept, fetcher: Fetcher, progress: Progress | None = None) -> Answers:
    """Everything, a page of twenty at a time and then a contact for each member; it takes minutes.

    What was fetched before the last run broke is not asked for again. Raises SourceAway or SourceStrange.
    """
    report = progress or _quietly
    seats = [_seat(item) for item in _pages(url, SEATS, "", kept, fetcher, report)]
    members = _pages(url, MEMBERS, "House=1&IsCurrentMember=true&", kept, fetcher, report)
    known = {int(one["id"]): one for one in members}
    sitting = {int(seat.member["id"]): seat.member for seat in seats if seat.member}
    if lost := known.keys() - sitting.keys():
        kept.forget()
        raise SourceStrange(f"Member {min(lost)} has no seat there; the list may be changing. Try again later.")
    contacts = {}
    for done, member_id in enumerate(sorted(sitting), 1):
        contacts[member_id] = _contacts(url, member_id, kept, fetcher)
        report("Contacts", done, len(sitting))
    return Answers(seats, contacts)


def seat_of_postcode(url: str, postcode: str, fetcher: Fetcher) -> ApiSeat | None:
    """The constituency that Parliament gives for a postcode, or None unless there is exactly one."""
    answer = fetcher.get_json(f"{url}/{SEATS}?searchText={quote(postcode)}&skip=0&take=2")
    items = answer.get("items") if isinstance(answer, dict) else None
    return _seat(items[0]["value"]) if isinstance(items, list) and len(items) == 1 else None


def line_of(seat: ApiSeat, gss_code: str, contacts: dict[int, list[dict[str, Any]] | None]) -> Line:
    """One seat as a line of a list; a seat without a member is vacant."""
    member = seat.member or {}
    member_id = int(member["id"]) if member else None
    party = str((member.get("latestParty") or {}).get("name") or "")
    votes, note = _votes(member_id, party)
    name = _text(member.get("nameDisplayAs"))
    return Line(
        gss_code=gss_code,
        constituency=seat.name,
        country="",
        region="",
        member_id=member_id,
        name=name,
        full_title=_text(member.get("nameFullTitle")) or name,
        address_as=_text(member.get("nameAddressAs")),
        party=party,
        email=email_of(contacts.get(member_id or 0)) if member else None,
        started_on=_day((member.get("latestHouseMembership") or {}).get("membershipStartDate")),
        takes_part_in_votes=votes,
        note=note,
        parliament_id=seat.id,
    )


def email_of(contacts: list[dict[str, Any]] | None) -> str | None:
    """The address of the Parliamentary office, else any at parliament.uk; “” if there is none.

    A constituency office may be somebody's home, so its own address is never used. None when the API had
    no answer at all.
    """
    if contacts is None:
        return None
    given = [(_text(entry.get("type")), lists.address(_text(entry.get("email")))) for entry in contacts]
    office = [address for kind, address in given if address and PARLIAMENTARY.match(kind)]
    anywhere = [address for _, address in given if address.endswith(OURS)]
    return next(iter(office + anywhere), "")


def _pages(
    url: str, path: str, query: str, kept: Kept, fetcher: Fetcher, report: Progress
) -> list[dict[str, Any]]:
    """Every item, by ``skip`` and not by the links, whose last “next” leads to itself."""
    found: dict[int, dict[str, Any]] = {}
    skip = total = 0
    for _ in range(MOST_PAGES):
        address = f"{url}/{path}?{query}skip={skip}&take={PAGE}"
        items, total = _page(fetcher.get_json(address, kept, f"{path}/skip={skip}.json"))
        found |= {int(item["value"]["id"]): item["value"] for item in items}
        skip += len(items)
        report("Seats" if path == SEATS else "Members", skip, total)
        if not items or skip >= total:
            break
    # After a dissolution there are no members, but there are always seats.
    if len(found) != total or (path == SEATS and not found):
        kept.forget()
        raise SourceStrange(f"{path} promised {total} and gave {len(found)}: it may be changing. Try again later.")
    return list(found.values())


def _page(answer: Any) -> tuple[list[dict[str, Any]], int]:
    try:
        items, total = answer["items"], int(answer["totalResults"])
        if all(int(item["value"]["id"]) for item in items):
            return items, total
    except (KeyError, TypeError, ValueError):
        pass
    raise SourceStrange(_STRANGE)


def _seat(value: dict[str, Any]) -> ApiSeat:
    try:
        now = value.get("currentRepresentation") or {}
        member = (now.get("member") or {}).get("value")
        if member is not None and not (int(member["id"]) and _text(member["nameDisplayAs"])):
            raise SourceStrange(_STRANGE)
        return ApiSeat(int(value["id"]), _text(value["name"]), member)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise SourceStrange(_STRANGE) from None


def _contacts(url: str, member_id: int, kept: Kept, fetcher: Fetcher) -> list[dict[str, Any]] | None:
    path = f"Members/{member_id}/Contact"
    answer = fetcher.get_json(f"{url}/{path}", kept, f"{path}.json")
    if answer is None:
        return None
    entries = answer.get("value") if isinstance(answer, dict) else answer
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SourceStrange(_STRANGE)
    return entries


def _votes(member_id: int | None, party: str) -> tuple[bool | None, str | None]:
    """Whether a member votes, as far as the list can tell; None leaves what is known."""
    if party == "Speaker":
        return False, SPEAKER_NOTE
    if party == "Sinn Féin":
        return False, ABSENT_NOTE
    if member_id in DEPUTY_SPEAKERS:
        return False, DEPUTY_NOTE
    return None, None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _quietly(what: str, done: int, total: int) -> None:
    """For whoever does not want to know how far we are."""
