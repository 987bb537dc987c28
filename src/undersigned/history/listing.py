"""Every text that a letter has had, with who saved it, when, and what they said of it."""

from typing import Any

from undersigned.kit import database
from undersigned.letters import versions
from undersigned.letters.tables import LetterVersion


async def everything(name: str) -> list[dict[str, Any]]:
    """Every text of a letter, the newest first: with ``staff`` who saved it and ``letters`` written with it."""
    rows = await database.fetch(
        """SELECT v.id, v.version, v.note, v.origin, v.is_current, v.created_at,
                  coalesce(nullif(s.name, ''), s.email) AS staff,
                  (SELECT count(*) FROM letter l WHERE l.template = v.name AND l.template_version = v.version)
                      AS letters
           FROM letter_version v LEFT JOIN staff s ON s.id = v.staff WHERE v.name = $1 ORDER BY v.id DESC""",
        name,
    )
    now = await versions.current(name)
    if now.id is None:
        kept = next((row for row in rows if row["version"] == now.version and row["origin"] == "shipped"), None)
        rows = [kept or now.to_dict() | {"staff": None, "letters": 0}, *(row for row in rows if row is not kept)]
        rows[0]["is_current"] = True
    return [row | {"key": str(row["id"] or row["version"])} for row in rows]


async def by_whom(version: LetterVersion) -> str:
    """Who saved a text, as staff know one another; empty for one that was shipped, or when they are gone."""
    row = await database.fetch_one(
        "SELECT coalesce(nullif(name, ''), email) AS who FROM staff WHERE id = $1", version.staff
    )
    return str(row["who"]) if row else ""
