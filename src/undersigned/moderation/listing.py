"""Whom to let in always and whom never: what may be put on the lists, and putting it there.

The audit says that an entry was made or taken off, and never whose address it holds.
"""

import ipaddress
import re
from datetime import UTC, datetime
from typing import Any

from undersigned.kit import database, limits
from undersigned.kit.errors import Missing, Refused
from undersigned.signatures import lists
from undersigned.staff import audit
from undersigned.supporters import addresses, domains

KINDS = {"ip": "Address or network", "domain": "E-mail domain", "email": "Mailbox"}
ERASED = "A mailbox that was erased"
VERDICTS = {"block": "Blocked", "allow": "Allowed"}
LARGEST = {4: 16, 6: 40}
"""The shortest prefix of a network that may be listed: a wider one holds all who have the same provider."""
_DOMAIN = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")


class NotListable(Refused):
    """Nothing of its kind, or so much at once that everybody would be listed."""


def parse(kind: str, typed: str, verdict: str) -> str:
    """What is typed as the list holds it: a network, a domain or the key of a mailbox. Raises NotListable."""
    match kind:
        case "ip":
            return _network(typed, verdict)
        case "domain":
            return _domain(typed, verdict)
    try:
        return addresses.key(addresses.parse(typed))
    except addresses.NotAnAddress as mistake:
        raise NotListable(str(mistake)) from mistake


def _network(typed: str, verdict: str) -> str:
    try:
        network = ipaddress.ip_network(typed.strip(), strict=False)
    except ValueError as mistake:
        raise NotListable("Enter an address such as 192.0.2.7, or a network such as 192.0.2.0/24.") from mistake
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped and network.prefixlen >= 96:  # A visitor who comes by IPv4 over IPv6 is known by the IPv4 address.
        network = ipaddress.ip_network(f"{mapped}/{network.prefixlen - 96}")
    if network.prefixlen < LARGEST[network.version]:
        raise NotListable(f"Enter a smaller network: /{LARGEST[network.version]} is the largest.")
    if verdict == "block" and limits.holds_ours(network):
        raise NotListable(
            "This is an address of our own network, and everybody may stand behind it. "
            "Name the proxy in TRUSTED_PROXIES first."
        )
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _domain(typed: str, verdict: str) -> str:
    domain = typed.strip().casefold().removeprefix("@")
    if not _DOMAIN.fullmatch(domain) or len(domain) > 253:
        raise NotListable("Enter a domain such as example.org, or *.example.org for all that is below it.")
    if verdict == "block" and domains.holds_everybodys(domain.removeprefix("*.")):
        raise NotListable(
            "Too many people write from this domain, or from below it, to block all of them. "
            "Block addresses instead."
        )
    return domain


async def add(kind: str, value: str, verdict: str, why: str, campaign_id: int | None, staff_id: int) -> None:
    """Put ``value`` on a list, for one campaign or for all; an entry that is there already changes its verdict."""
    async with database.transaction():
        row = await database.fetch_one(_ADD, campaign_id, kind, value, verdict, why, staff_id, datetime.now(UTC))
        assert row is not None
        entry = {"kind": kind, "verdict": verdict, "campaign": campaign_id}
        await audit.record("list entry made", f"list entry {row['id']}", after=entry, staff_id=staff_id)
    lists.shelf.forget()


_ADD = """
    INSERT INTO listed (campaign, kind, value, verdict, why, staff_id, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (coalesce(campaign, 0), kind, value) DO UPDATE
        SET verdict = excluded.verdict, why = excluded.why, staff_id = excluded.staff_id,
            created_at = excluded.created_at
    RETURNING id
"""


async def remove(entry_id: int, campaign_id: int, staff_id: int) -> None:
    """Take an entry of this campaign, or of all, off its list. Raises Missing."""
    async with database.transaction():
        row = await database.fetch_one(
            """DELETE FROM listed WHERE id = $1 AND (campaign = $2 OR campaign IS NULL)
               RETURNING kind, verdict, campaign""",
            entry_id,
            campaign_id,
        )
        if row is None:
            raise Missing("This entry is not on the list any more.")
        await audit.record("list entry removed", f"list entry {entry_id}", before=row, staff_id=staff_id)
    lists.shelf.forget()


async def entries(campaign_id: int) -> list[dict[str, Any]]:
    """What is listed for this campaign or for all of them, the newest first, each with who put it there.

    ``shown`` is its value in words: of a mailbox that was erased nobody can read the address any more.
    """
    rows = await database.fetch(
        """SELECT l.*, coalesce(nullif(s.name, ''), s.email) AS by_whom FROM listed l
           LEFT JOIN staff s ON s.id = l.staff_id
           WHERE l.campaign = $1 OR l.campaign IS NULL ORDER BY l.id DESC""",
        campaign_id,
    )
    return [row | {"shown": ERASED if row["value"].startswith(lists.ERASED) else row["value"]} for row in rows]
