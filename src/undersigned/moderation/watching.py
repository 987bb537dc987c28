"""Where signatures come from just now, and which of them are not counted or want a second look."""

from collections import Counter
from datetime import timedelta
from typing import Any

from undersigned.kit import database, limits
from undersigned.supporters import domains

MOST = 10
WINDOWS = {"day": timedelta(hours=24)}
_LATELY = "campaign = $1 AND created_at > now() - $2::interval"


async def trending(campaign_id: int, window: str) -> dict[str, list[dict[str, Any]]]:
    """The addresses and the domains with most signatures in the last hour, or in the last ``window``: a day.

    Those of the hour come first; ``lately`` is how many they signed in it, and the other figures are the window's.
    ``everybodys`` is one that cannot be blocked, since too many people stand behind it.
    """
    addresses = await database.fetch(_ADDRESSES, campaign_id, WINDOWS[window])
    mail = await database.fetch(_DOMAINS, campaign_id, WINDOWS[window])
    return {
        "ip": [row | {"everybodys": limits.is_ours(row["value"])} for row in addresses],
        "domain": [row | {"everybodys": domains.is_everybodys(row["value"])} for row in mail],
    }


def _most(value: str, condition: str) -> str:
    """The ten with most in the window, and the ten with most in the hour, which need not be among them."""
    return f"""
        SELECT * FROM (
            SELECT *, row_number() OVER (ORDER BY signed DESC, value) AS in_window,
                row_number() OVER (ORDER BY lately DESC, value) AS in_hour
            FROM (
                SELECT {value} AS value, count(*) AS signed, count(confirmed_at) AS confirmed,
                    count(discounted_at) AS discounted,
                    count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS lately
                FROM signature WHERE {_LATELY} AND {condition} GROUP BY 1
            ) AS them
        ) AS ranked WHERE in_window <= {MOST} OR (in_hour <= {MOST} AND lately > 0)
        ORDER BY lately DESC, signed DESC, value"""  # noqa: S608 - our own words.


# A single IPv6 address means nothing: a household has 2⁶⁴ of them. What follows a % names a card of our machine.
_ADDRESSES = _most(
    "CASE WHEN ip LIKE '%:%' THEN network(set_masklen(split_part(ip, '%', 1)::inet, 64))::text ELSE ip END",
    "ip <> ''",
)
_DOMAINS = _most("split_part(email_key, '@', 2)", "email <> ''")


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
