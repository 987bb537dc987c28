"""Where signatures come from just now, and which of them are not counted or want a second look."""

from collections import Counter
from datetime import timedelta
from typing import Any

from undersigned.kit import database, limits
from undersigned.supporters import domains

MOST = 10
WINDOWS = {"hour": timedelta(hours=1), "day": timedelta(hours=24)}
_LATELY = "campaign = $1 AND created_at > now() - $2::interval"


async def trending(campaign_id: int, window: str) -> dict[str, list[dict[str, Any]]]:
    """The addresses and the domains with most signatures in the last ``window``: hour or day.

    ``everybodys`` is one that cannot be blocked, since too many people stand behind it.
    """
    addresses = await database.fetch(_ADDRESSES, campaign_id, WINDOWS[window])
    mail = await database.fetch(_DOMAINS, campaign_id, WINDOWS[window])
    return {
        "ip": [row | {"everybodys": limits.is_ours(row["value"])} for row in addresses],
        "domain": [row | {"everybodys": domains.is_everybodys(row["value"])} for row in mail],
    }


_TOTALS = "count(*) AS signed, count(confirmed_at) AS confirmed, count(discounted_at) AS discounted"
# A single IPv6 address means nothing: a household has 2⁶⁴ of them. What follows a % names a card of our machine.
_ADDRESSES = f"""
    SELECT CASE WHEN ip LIKE '%:%' THEN network(set_masklen(split_part(ip, '%', 1)::inet, 64))::text ELSE ip END
        AS value, {_TOTALS}
    FROM signature WHERE {_LATELY} AND ip <> '' GROUP BY value ORDER BY signed DESC, value LIMIT {MOST}
"""  # noqa: S608 - our own words.
_DOMAINS = f"""
    SELECT split_part(email_key, '@', 2) AS value, {_TOTALS}
    FROM signature WHERE {_LATELY} AND email <> '' GROUP BY value ORDER BY signed DESC, value LIMIT {MOST}
"""  # noqa: S608 - our own words.


async def not_counted(campaign_id: int) -> list[dict[str, Any]]:
    """How many were discounted in the last 24 hours, by the reason, the most frequent first."""
    return await database.fetch(
        """SELECT discounted_why AS why, count(*) AS number FROM signature
           WHERE campaign = $1 AND discounted_at > now() - interval '24 hours'
           GROUP BY why ORDER BY number DESC, why""",
        campaign_id,
    )


async def flagged(campaign_id: int) -> Counter[str]:
    """How many of the last 24 hours want a second look, by what made us look; one may have several."""
    rows = await database.fetch(
        f"SELECT flags, count(*) AS number FROM signature WHERE {_LATELY} AND flags <> '' GROUP BY flags",  # noqa: S608
        campaign_id,
        WINDOWS["day"],
    )
    totals: Counter[str] = Counter()
    for row in rows:
        totals.update(dict.fromkeys(row["flags"].split(), row["number"]))
    return totals
