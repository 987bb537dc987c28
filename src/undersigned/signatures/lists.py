"""Whom staff let in always, and whom never: kept in the process for a few seconds."""

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Final

from undersigned.kit import database
from undersigned.kit.caching import Shelf
from undersigned.signatures.wishes import Wish
from undersigned.supporters import domains

ERASED: Final = "sha256:"
"""How a value begins that knows a mailbox and does not name it."""
shelf: "Shelf[Lists]" = Shelf(seconds=5)


@dataclass(frozen=True)
class Lists:
    """The verdict of every entry, by (campaign or None for all, kind, value).

    ``prefixes`` are the versions and lengths of the networks among them.
    """

    verdicts: dict[tuple[int | None, str, str], str]
    prefixes: frozenset[tuple[int, int]]

    def verdict(self, wish: Wish) -> str:
        """``block`` or ``allow``, or nothing; of several that fit, one that blocks beats all that allow."""
        if not self.verdicts:
            return ""
        names = self._names(wish)
        found = {self.verdicts.get((about, *name)) for about in (wish.campaign_id, None) for name in names}
        return next((verdict for verdict in ("block", "allow") if verdict in found), "")

    def _names(self, wish: Wish) -> list[tuple[str, str]]:
        """Everything that an entry for this wish may be called, as (kind, value)."""
        typed = wish.form.email.casefold().rpartition("@")[2]
        mail = {*domains.names_for(typed), *domains.names_for(wish.domain)}
        mailbox = [("email", wish.email_key), ("email", fingerprint(wish.email_key))]
        return [*mailbox, *(("domain", name) for name in mail), *self._networks(wish.visit.ip)]

    def _networks(self, ip: str) -> list[tuple[str, str]]:
        try:
            address = ipaddress.ip_address(ip)
        except ValueError:
            return []
        lengths = [length for version, length in self.prefixes if version == address.version]
        return [("ip", str(ipaddress.ip_network((int(address), length), strict=False))) for length in lengths]


def fingerprint(email_key: str) -> str:
    """What the list holds of a blocked mailbox whose owner has had everything erased."""
    return ERASED + hashlib.sha256(email_key.encode()).hexdigest()


async def current() -> Lists:
    """The lists as they were at most five seconds ago."""
    return await shelf.get("lists", _read)


async def _read() -> Lists:
    rows = await database.fetch("SELECT campaign, kind, value, verdict FROM listed")
    networks = {row["value"]: ipaddress.ip_network(row["value"]) for row in rows if row["kind"] == "ip"}
    verdicts = {
        (row["campaign"], row["kind"], str(networks.get(row["value"], row["value"]))): row["verdict"]
        for row in rows
    }
    return Lists(verdicts, frozenset((network.version, network.prefixlen) for network in networks.values()))
