"""Counting a signature, once its owner has pressed the button in the e-mail.

A GET never confirms: mail scanners follow links. Confirmations are batched like signatures: the names, the
campaign's count and every total move in one commit, so that the number a person is told is theirs alone.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.kit import database, days, outbox, tokens
from undersigned.kit.batching import Batcher
from undersigned.kit.errors import Missing
from undersigned.kit.outbox import Composed, composes
from undersigned.settings import settings
from undersigned.signatures import announcing, counting, pledging, storing
from undersigned.signatures.households import MOST_MAILS
from undersigned.signatures.signing import CampaignClosed
from undersigned.signatures.tables import Signature, waits
from undersigned.supporters import consents

LASTS = timedelta(days=30)
PURPOSE = "confirm"
OPENS = timedelta(hours=1)
"""How long a used link still opens what is its owner's: phones load pages again, and thumbs press twice."""


@dataclass(frozen=True)
class Counted:
    """A signature that is in the total; ``first_time`` is False when it already was.

    ``opens`` says whether the link is new enough to lead to what only its owner should see.
    """

    signature_id: int
    number: int
    first_time: bool
    opens: bool


async def confirm(token: str) -> Counted:
    """Count the signature that ``token`` was mailed for, exactly once however often it is pressed.

    Raises TokenUnknown, TokenExpired, Missing when the signature was erased or withdrawn, or CampaignClosed more
    than 24 hours after the campaign ended.
    """
    outcome = await _batches.put(tokens.read(PURPOSE, token))
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


async def of_token(token: str) -> Signature:
    """The signature, with its campaign, that ``token`` was mailed for; nothing is changed."""
    return await _signature(tokens.read(PURPOSE, token))


def still_opens(confirmed_at: datetime) -> bool:
    """Whether a link that was used then still leads to what only its owner should see."""
    return datetime.now(UTC) - confirmed_at < OPENS


async def ask_again(signature_id: int) -> None:
    """Owe a fresh link to confirm, or to one's own page once that is done; nothing for a name that is off."""
    async with database.transaction():
        await outbox.owe_all(await storing.send_again([{"id": signature_id}], MOST_MAILS))


async def _signature(signature_id: int) -> Signature:
    signature = await Signature.with_campaign(signature_id)
    if signature is None or (signature.withdrawn_at and not signature.waits):
        raise Missing("This signature has been removed.")
    return signature


async def _write(signature_ids: list[int]) -> list[Counted | Exception]:
    now = datetime.now(UTC)
    wordings = await consents.wordings()
    async with database.transaction():
        campaigns = await _lock_campaigns(signature_ids)
        rows = await _lock_signatures(signature_ids)
        fresh = [row for row in rows.values() if _waits(row) and _open(campaigns, row)]
        for row in fresh:
            _number(campaigns[row["campaign"]], row, now)
        await _store(fresh, campaigns)
        await pledging.reach(campaigns.values())
        await consents.remember(fresh, wordings)
    if fresh:
        await announcing.tell({campaign.id: campaign.signature_count for campaign in campaigns.values()})
    new_ids = {row["id"] for row in fresh}
    return [_outcome(rows.get(signature_id), signature_id in new_ids) for signature_id in signature_ids]


async def _lock_campaigns(signature_ids: list[int]) -> dict[int, Campaign]:
    """The campaigns concerned, locked in the order of their ids: one writer a campaign at a time."""
    rows = await database.fetch(
        """SELECT * FROM campaign WHERE id IN (SELECT campaign FROM signature WHERE id = ANY($1))
           ORDER BY id FOR NO KEY UPDATE""",
        signature_ids,
    )
    return {row["id"]: Campaign(**row, _exists_in_db=True) for row in rows}


async def _lock_signatures(signature_ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = await database.fetch(
        """SELECT id, campaign, chapter, number, email, email_key, country, constituency, wants_updates,
                  shows_name, wording, source, bucket, created_at, confirmed_at, withdrawn_at, signed_again_at,
                  discounted_at
           FROM signature WHERE id = ANY($1) ORDER BY id FOR UPDATE""",
        signature_ids,
    )
    return {row["id"]: row for row in rows}


def _waits(row: dict[str, Any]) -> bool:
    return waits(row["confirmed_at"], row["withdrawn_at"], row["signed_again_at"])


def _open(campaigns: dict[int, Campaign], row: dict[str, Any]) -> bool:
    return campaigns[row["campaign"]].counts_confirmations


def _number(campaign: Campaign, row: dict[str, Any], now: datetime) -> None:
    """Give out the next number. A discounted signature sees one too, but is in no total and does not use it up.

    It is confirmed later than it was discounted, whatever the clocks of our machines say, so that uncounting can
    tell whose number is their own.
    """
    if row["discounted_at"]:
        now = max(now, row["discounted_at"] + timedelta(microseconds=1))
    row |= {"confirmed_at": now, "withdrawn_at": None, "signed_again_at": None}
    row["number"] = campaign.last_number + 1
    if not row["discounted_at"]:
        campaign.last_number += 1
        campaign.signature_count += 1


async def _store(fresh: list[dict[str, Any]], campaigns: dict[int, Campaign]) -> None:
    if not fresh:
        return
    await database.execute(
        """UPDATE signature SET confirmed_at = given.confirmed_at, number = given.number, withdrawn_at = NULL,
               signed_again_at = NULL
           FROM unnest($1::bigint[], $2::timestamptz[], $3::int[]) AS given (id, confirmed_at, number)
           WHERE signature.id = given.id""",
        [row["id"] for row in fresh],
        [row["confirmed_at"] for row in fresh],
        [row["number"] for row in fresh],
    )
    await database.execute(
        """UPDATE campaign SET signature_count = now_at.signature_count, last_number = now_at.last_number
           FROM unnest($1::int[], $2::int[], $3::int[]) AS now_at (id, signature_count, last_number)
           WHERE campaign.id = now_at.id""",
        [campaign.id for campaign in campaigns.values()],
        [campaign.signature_count for campaign in campaigns.values()],
        [campaign.last_number for campaign in campaigns.values()],
    )
    counted = [row for row in fresh if not row["discounted_at"]]
    await counting.add(Counter(place for row in counted for place in counting.places_of(row)))
    await _count_chapters(counted)


async def _count_chapters(counted: list[dict[str, Any]]) -> None:
    for chapter, total in sorted(Counter(row["chapter"] for row in counted if row["chapter"]).items()):
        await Chapter.update({Chapter.signature_count: Chapter.signature_count + total}).where(
            Chapter.id == chapter
        )


def _outcome(row: dict[str, Any] | None, first_time: bool) -> Counted | Exception:
    if row is None or (row["withdrawn_at"] and not _waits(row)):
        return Missing("This signature has been removed.")
    if _waits(row):
        return CampaignClosed("This campaign closed more than a day ago, so the signature cannot be counted.")
    return Counted(row["id"], row["number"], first_time, still_opens(row["confirmed_at"]))


@composes("confirmation")
async def write_confirmation(signature_id: int) -> Composed | None:
    """The e-mail that asks for the press of a button."""
    signature = await Signature.with_campaign(signature_id)
    if signature is None or not signature.waits:
        return None
    return Composed("signatures/emails/confirmation", asked(signature))


def asked(signature: Signature) -> dict[str, object]:
    """What an e-mail that asks for the press of the button says, with a link that was made just now."""
    token = tokens.issue(PURPOSE, signature.id, LASTS)
    return {
        "campaign": signature.campaign,
        "name": signature.name,
        "signed_on": signature.created_at,
        "url": f"{settings.base_url}/confirm/{token}",
        "you_url": f"{settings.base_url}/you/{tokens.issue('you', signature.id)}",
        "expires_on": _last_day(signature.campaign),
    }


def _last_day(campaign: Campaign) -> date:
    """The last day on which a link that is mailed now still counts."""
    expires = datetime.now(UTC) + LASTS
    return days.last_before(min(expires, campaign.links_count_until or expires))


@composes("signed_already")
async def write_signed_already(signature_id: int) -> Composed | None:
    """The e-mail for somebody who signs again: it goes to the address, so it tells nobody else."""
    signature = await Signature.with_campaign(signature_id)
    if signature is None or signature.withdrawn_at:
        return None
    token = tokens.issue("you", signature_id)
    return Composed(
        "signatures/emails/signed_already",
        {"campaign": signature.campaign, "you_url": f"{settings.base_url}/you/{token}"},
    )


_batches: "Batcher[int, Counted | Exception]" = Batcher(_write)
drain = _batches.drain
