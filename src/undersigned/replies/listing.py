"""What came back, as the desk lists it: filtered, in order, and what stands before and after one of them."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from undersigned.dashboards.paging import PER_PAGE, Page
from undersigned.kit import database
from undersigned.responses import sorting
from undersigned.responses.wording import KIND_HEADINGS

EVERYTHING: Final = "all"
FROM_PEOPLE: Final = "people"
UNSURE: Final = "unsure"
SHOWS: Final = {
    FROM_PEOPLE: "Answers, standard replies and acknowledgements",
    UNSURE: "What we are not sure of",
    EVERYTHING: "Everything that came back",
    **KIND_HEADINGS,
}
SORTS: Final = {"newest": "Newest first", "oldest": "Oldest first", "office": "By representative"}
_KINDS: Final = {
    FROM_PEOPLE: [sorting.ANSWER, sorting.FORM_REPLY, sorting.ACKNOWLEDGEMENT],
    UNSURE: list(sorting.KINDS),
    EVERYTHING: list(sorting.KINDS),
}
# Each order ends with the number of the reply, so that every reply has one place in it.
_KEY: Final = {
    "newest": "(-extract(epoch FROM r.received_at), ''::text, -r.id)",
    "oldest": "(extract(epoch FROM r.received_at), ''::text, r.id)",
    "office": "(0::numeric, lower(m.display_name), -r.id)",
}
_FROM: Final = f"""
    FROM response r JOIN letter l ON l.id = r.letter JOIN campaign c ON c.id = l.campaign
    JOIN representative m ON m.id = l.representative LEFT JOIN constituency k ON k.gss_code = l.constituency
    WHERE r.kind = ANY($1) AND ($2 = '' OR c.slug = $2) AND (NOT $3 OR r.confidence < {sorting.SURE})
        AND ($4 = '' OR m.display_name ILIKE $4 OR k.name ILIKE $4)
"""


@dataclass(frozen=True)
class Wanted:
    """Which replies, and in which order. What makes no sense is taken for the usual."""

    campaign: str = ""
    show: str = FROM_PEOPLE
    sort: str = "newest"
    of: str = ""

    @classmethod
    def asked(cls, query: Any) -> "Wanted":
        """As the query string of a page says."""
        show, sort = query.get("show", ""), query.get("sort", "")
        return cls(
            campaign=query.get("campaign", "")[:100],
            show=show if show in SHOWS else FROM_PEOPLE,
            sort=sort if sort in SORTS else "newest",
            of=" ".join(query.get("of", "").replace("\0", "").split())[:80],
        )

    @property
    def query(self) -> str:
        """The same as a query string, without what is usual."""
        said = {"campaign": self.campaign, "show": self.show, "sort": self.sort, "of": self.of}
        usual = {"campaign": "", "show": FROM_PEOPLE, "sort": "newest", "of": ""}
        return urlencode({name: value for name, value in said.items() if value != usual[name]})

    @property
    def values(self) -> tuple[Any, ...]:
        """The four values that the statements here begin with."""
        escaped = self.of.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        kinds = _KINDS.get(self.show, [self.show])
        return kinds, self.campaign, self.show == UNSURE, f"%{escaped}%" if self.of else ""


@dataclass(frozen=True)
class Beside:
    """The replies before and after one of them, where there are any, and its place among them all."""

    before: int | None
    after: int | None
    place: int
    of: int


async def listed(wanted: Wanted, number: int = 1) -> Page:
    """One page of them. The words are left out where the writer wanted the answer for themselves alone."""
    rows = await database.fetch(
        f"""SELECT r.id, r.letter, r.kind, r.detail, r.confidence, r.subject, r.from_name, r.received_at,
                l.name AS writer, c.title AS campaign, m.display_name AS mp, k.name AS constituency,
                l.reply_to = 'me' AS is_private,
                CASE WHEN l.reply_to = 'tracked' THEN left(r.text, 240) ELSE '' END AS text,
                (SELECT count(*) FROM attachment a WHERE a.response = r.id) AS files
            {_FROM} ORDER BY {_KEY[wanted.sort]} LIMIT $5 OFFSET $6""",  # noqa: S608 - our own words.
        *wanted.values,
        PER_PAGE + 1,
        (number - 1) * PER_PAGE,
    )
    return Page(rows[:PER_PAGE], number, len(rows) > PER_PAGE)


async def beside(wanted: Wanted, response_id: int) -> Beside:
    """Where a reply stands in the list. One that is not in it, because it was sorted just now, keeps its place."""
    key = _KEY[wanted.sort]
    row = await database.fetch_one(
        f"""WITH here AS (
                SELECT {key} AS key FROM response r JOIN letter l ON l.id = r.letter
                JOIN representative m ON m.id = l.representative WHERE r.id = $5
            ), found AS (SELECT r.id, {key} AS key {_FROM})
            SELECT (SELECT f.id FROM found f, here WHERE f.key < here.key ORDER BY f.key DESC LIMIT 1) AS before,
                (SELECT f.id FROM found f, here WHERE f.key > here.key ORDER BY f.key LIMIT 1) AS after,
                (SELECT count(*) FROM found f, here WHERE f.key <= here.key) AS place,
                (SELECT count(*) FROM found) AS many""",  # noqa: S608 - our own words.
        *wanted.values,
        response_id,
    )
    assert row is not None
    return Beside(row["before"], row["after"], max(row["place"], 1), row["many"])


async def campaigns() -> list[dict[str, Any]]:
    """The campaigns whose letters anything came back to, by title: ``slug``, ``title`` and ``replies``."""
    return await database.fetch(
        """SELECT c.slug, c.title, count(*)::int AS replies
           FROM response r JOIN letter l ON l.id = r.letter JOIN campaign c ON c.id = l.campaign
           GROUP BY c.id ORDER BY c.title"""
    )


async def reply(response_id: int) -> dict[str, Any] | None:
    """One reply with the letter it answers, without its words where the writer wanted them for themselves."""
    return await database.fetch_one(
        """SELECT r.id, r.letter, r.kind, r.detail, r.confidence, r.by_person, r.from_name, r.received_at,
                  CASE WHEN l.reply_to = 'tracked' THEN r.from_address ELSE '' END AS from_address,
                  CASE WHEN l.reply_to = 'tracked' THEN r.subject ELSE '' END AS subject,
                  CASE WHEN l.reply_to = 'tracked' THEN r.text ELSE '' END AS text,
                  CASE WHEN l.reply_to = 'tracked' THEN r.quoted ELSE '' END AS quoted,
                  l.reply_to = 'me' AS is_private, l.name AS writer, l.sent_at, l.state,
                  l.representative, m.display_name AS mp, k.name AS constituency,
                  c.id AS campaign_id, c.slug, c.title AS campaign, c.kind AS campaign_kind
           FROM response r JOIN letter l ON l.id = r.letter JOIN campaign c ON c.id = l.campaign
           JOIN representative m ON m.id = l.representative LEFT JOIN constituency k ON k.gss_code = l.constituency
           WHERE r.id = $1""",
        response_id,
    )
