"""What must be true after the measuring: nothing that was acknowledged is lost, and every total is exact."""

from bench.side_by_side.course import fetch
from bench.side_by_side.sites import Site
from undersigned.kit.errors import Missing

OURS = "s.confirmed_at IS NOT NULL AND s.withdrawn_at IS NULL AND s.discounted_at IS NULL"
THEIRS = "s.confirmed_at IS NOT NULL"
"""SQL for a row that is in the total."""


async def nothing_is_lost(site: Site, acknowledged: list[str]) -> None:
    """Raises Missing unless each acknowledged address has signed, and one mail is owed for each who has."""
    (row,) = await fetch(
        site.database_url,
        """SELECT count(*) AS lost FROM unnest($1::text[]) AS told (email)
           LEFT JOIN signature s ON s.email = told.email WHERE s.id IS NULL""",
        acknowledged,
    )
    if row["lost"]:
        raise Missing(
            f"{site.name} acknowledged {len(acknowledged):,} signatures and lost {row['lost']:,} of them."
        )
    (row,) = await fetch(site.database_url, _OWED)
    if not row["signed"] == row["owed"] == row["mails"]:
        raise Missing(f"{site.name} holds {row['signed']:,} signatures and owes {row['mails']:,} mails for them.")


# Those who signed in a round are visitor1, visitor2 and so on; those whom we loaded have a dot.
_OWED = """
    SELECT count(*) AS signed, count(m.mails) AS owed, coalesce(sum(m.mails), 0) AS mails
    FROM signature s LEFT JOIN (
        SELECT about, count(*) AS mails FROM mail WHERE kind = 'confirmation' GROUP BY about
    ) m ON m.about = s.id WHERE s.email ~ '^visitor[0-9]'
"""


async def counts_are_exact(site: Site, slug: str, least: int, counted: str) -> None:
    """Raises Missing unless count, rows and totals are one number, not below ``least``, and no two share one."""
    (row,) = await fetch(
        site.database_url,
        f"""SELECT c.signature_count AS campaign, count(*) AS rows, count(DISTINCT s.number) AS numbers,
                max(s.number) AS last,
                (SELECT sum(total) FROM tally WHERE campaign = c.id AND kind = 'country') AS countries,
                (SELECT sum(total) FROM tally WHERE campaign = c.id AND kind = 'confirmed') AS hours
            FROM campaign c JOIN signature s ON s.campaign = c.id AND {counted}
            WHERE slug = $1 GROUP BY c.id""",
        slug,
    )
    if len(set(row.values())) > 1:
        said = ", ".join(f"{what} {figure:,}" for what, figure in row.items())
        raise Missing(f"The totals of {site.name} do not agree: {said}.")
    if row["campaign"] < least:
        raise Missing(f"{site.name} acknowledged up to {least:,} confirmations and counts {row['campaign']:,}.")
