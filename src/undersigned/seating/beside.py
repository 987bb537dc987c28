"""What is set for a member, beside what was there before and what the list that waits says."""

from typing import Final

from undersigned.kit import database
from undersigned.seating.listing import Row

CONTACTS: Final = {
    "email": "By e-mail",
    "post": "By post",
    "opted_out": "Opted out: not written to",
    "via": "Through somebody else",
    "unknown": "Not known yet",
}


async def of(member: Row, gss_code: str) -> list[tuple[str, str, str, str]]:
    """What is set for a member beside what was there before and what the list that waits says.

    Each entry is (what, now, before, list); “” where that is not known. The audit keeps no address, so
    “before” says only that there was one.
    """
    before, line = await _before(member["member"]), await _waiting_line(member, gss_code)
    reached = _reached(member["contact"], member["email"])
    was = CONTACTS[before["contact"]] if before else ""
    return [
        ("Reached", reached, was, _listed(line)),
        ("Note", _told(member, "note"), _told(before, "note"), _told(line, "note")),
        ("Votes", _votes(member), _votes(before), _votes(line)),
    ]


def _reached(contact: str, email: str) -> str:
    return f"{CONTACTS[contact]}: {email}" if contact == "email" else CONTACTS[contact]


def _listed(line: Row | None) -> str:
    """A list says an address, that there is none, or nothing at all."""
    if line is None or line["email"] is None:
        return ""
    return _reached("email", line["email"]) if line["email"] else CONTACTS["post"]


def _told(row: Row | None, name: str) -> str:
    return "" if row is None or row[name] is None else row[name] or "None"


def _votes(row: Row | None) -> str:
    part = row["takes_part_in_votes"] if row else None
    return "" if part is None else "Takes part" if part else "Takes no part"


async def _before(member_id: int) -> Row | None:
    """What there was when staff first set something, since lists were last let in."""
    return await database.fetch_one(
        """SELECT before->>'contact' AS contact, before->>'note' AS note,
                  (before->>'takes_part_in_votes')::boolean AS takes_part_in_votes
           FROM audit WHERE act = 'representative corrected' AND about = $1 AND id > coalesce(
               (SELECT max(id) FROM audit WHERE act = 'correction forgotten' AND about = $1), 0)
           ORDER BY id LIMIT 1""",
        f"representative {member_id}",
    )


async def _waiting_line(member: Row, gss_code: str) -> Row | None:
    """The member's line in the list that waits, by id where both have one, else by name within the seat."""
    return await database.fetch_one(
        """SELECT line->>'email' AS email, line->>'note' AS note,
                  (line->>'takes_part_in_votes')::boolean AS takes_part_in_votes
           FROM refresh, jsonb_array_elements(lines) AS line
           WHERE outcome = 'waiting' AND line->>'gss_code' = $1
             AND coalesce((line->>'member_id')::int = $2::int, line->>'name' = $3::text)
           ORDER BY id DESC LIMIT 1""",
        gss_code,
        member["member_id"],
        member["display_name"],
    )
