"""What must be true after the measuring: nothing that was acknowledged is lost, and every total is exact."""

from bench.side_by_side.course import fetch
from undersigned.kit.errors import Missing

OURS = "confirmation"


async def nothing_is_lost(name: str, url: str, acknowledged: list[str]) -> None:
    """Raises Missing unless each acknowledged address has signed, and one mail is owed for each who has."""
    (row,) = await fetch(
        url,
        """SELECT count(*) AS lost FROM unnest($1::text[]) AS told (email)
           WHERE NOT EXISTS (SELECT FROM signature WHERE signature.email = told.email)""",
        acknowledged,
    )
    if row["lost"]:
        raise Missing(f"{name} acknowledged {len(acknowledged):,} signatures and lost {row['lost']:,} of them.")
    (row,) = await fetch(
        url,
        """SELECT count(*) AS signed, count(m.owed) AS owed, coalesce(sum(m.owed), 0) AS mails
           FROM signature s LEFT JOIN (
               SELECT about, count(*) AS owed FROM mail WHERE kind = 'confirmation' GROUP BY about
           ) m ON m.about = s.id WHERE s.email LIKE 'visitor%'""",
    )
    if not row["signed"] == row["owed"] == row["mails"]:
        raise Missing(f"{name} holds {row['signed']:,} signatures and owes {row['mails']:,} mails for them.")


async def counts_are_exact(name: str, url: str, slug: str, confirmed: int, counted: str) -> None:
    """Raises Missing unless the campaign's count, its rows, and its totals agree, and each has its own number.

    ``confirmed`` is how many were acknowledged; ``counted`` is the SQL for a row that is in the total.
    """
    (row,) = await fetch(
        url,
        f"""SELECT c.signature_count AS count,
                (SELECT count(*) FROM signature s WHERE s.campaign = c.id AND {counted}) AS rows,
                (SELECT count(DISTINCT number) FROM signature s WHERE s.campaign = c.id AND {counted}) AS numbers,
                (SELECT max(number) FROM signature s WHERE s.campaign = c.id AND {counted}) AS last,
                (SELECT sum(total) FROM tally WHERE campaign = c.id AND kind = 'country') AS countries,
                (SELECT sum(total) FROM tally WHERE campaign = c.id AND kind = 'confirmed') AS hours,
                (SELECT count(*) FROM signature s WHERE s.campaign = c.id AND s.confirmed_at IS NOT NULL
                    AND s.email LIKE 'visitor%') AS visitors
            FROM campaign c WHERE slug = $1""",
        slug,
    )
    figures = {what: int(row[what] or 0) for what in ("count", "rows", "numbers", "last", "countries", "hours")}
    if len(set(figures.values())) > 1:
        said = ", ".join(f"{what} {figure:,}" for what, figure in figures.items())
        raise Missing(f"{name}'s totals do not agree: {said}.")
    if row["visitors"] < confirmed:
        raise Missing(f"{name} acknowledged {confirmed:,} confirmations and holds {row['visitors']:,}.")
