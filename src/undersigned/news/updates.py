"""E-mailing one update, once: to whoever is counted and wants news, each by name and with a link that ends it."""

from dataclasses import dataclass
from typing import Any, Final

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, pages, tokens
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.settings import settings
from undersigned.signatures import bouncing, mailing, uncounting
from undersigned.signatures.tables import Signature
from undersigned.staff import audit

KIND: Final = "update"
TRIAL: Final = "update_trial"
UNSUBSCRIBE: Final = "unsubscribe"


class NotToBeMailed(Refused):
    """There is nobody to mail it to, or it has been asked for already."""


@dataclass(frozen=True)
class Told:
    """An update, with how far its mailing has gone; ``row`` has no ``mailing`` while nobody has asked for one."""

    row: dict[str, Any]

    @property
    def state(self) -> str:
        """One of STATES."""
        if self.row["mailing"] is None:
            return "unasked"
        return "sent" if self.row["done_at"] and not self.row["waiting"] else "sending"

    @property
    def total(self) -> int:
        """How many it is for; some may have left since it was asked for."""
        return int(self.row["owed"] if self.row["done_at"] else max(self.row["total"], self.row["owed"]))

    @property
    def gone(self) -> int:
        """How many of them it has gone to, or need not go to any more."""
        return int(self.row["owed"] - self.row["waiting"])

    @property
    def sent(self) -> int:
        return self.gone - int(self.row["unsent"])


STATES: Final = {"unasked": "Not e-mailed", "sending": "Being e-mailed", "sent": "E-mailed"}


async def ask(campaign: Campaign, update_id: int, staff_id: int) -> None:
    """Have one update e-mailed. Raises Missing, or NotToBeMailed when it was asked for before.

    However many ask at once, there is one mailing, and the audit says who asked for it.
    """
    await one(campaign.id, update_id)
    if not campaign.is_public:
        raise NotToBeMailed("The public cannot see this campaign, so its news is not e-mailed.")
    total = await mailing.count(KIND, campaign.id, update_id)
    async with database.transaction():
        locked = await uncounting.lock_campaign(campaign.id)
        begun = await mailing.begin(KIND, locked, update_id, total, staff_id)
        if begun is None:
            raise NotToBeMailed("Somebody has asked for this already. Nobody is mailed the same twice.")
        if not total:
            raise NotToBeMailed("Nobody who is counted wants news yet, so there is nobody to e-mail.")
        await audit.record("news mailed", f"update {update_id}", after={"total": total}, staff_id=staff_id)


async def of(campaign_id: int) -> list[Told]:
    """Every update of a campaign, the newest first."""
    rows = await database.fetch(f"{_TOLD} ORDER BY u.published_at DESC, u.id DESC", campaign_id)
    return [Told(row) for row in rows]


async def one(campaign_id: int, update_id: int) -> Told:
    """One update. Raises Missing when the campaign has none with this id."""
    row = await database.fetch_one(f"{_TOLD} AND u.id = $2", campaign_id, update_id)
    if row is None:
        raise Missing("There is no such news of this campaign.")
    return Told(row)


_TOLD = f"""
    SELECT u.id, u.title, u.body, u.published_at, chapter.name AS chapter, u.chapter AS chapter_id,
        m.id AS mailing, m.created_at AS asked_at, m.total, m.owed, m.done_at, staff.name AS who, sent.waiting,
        sent.ended_at, m.unsent + sent.unsent AS unsent
    FROM "update" u LEFT JOIN chapter ON chapter.id = u.chapter
    LEFT JOIN mailing m ON m.campaign = u.campaign AND m.about = u.id AND m.kind = '{KIND}'
    LEFT JOIN staff ON staff.id = m.staff_id
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE sent_at IS NULL AND dead_at IS NULL) AS waiting,
            count(dead_at) AS unsent, max(coalesce(sent_at, dead_at)) AS ended_at
        FROM mail WHERE mail.mailing = m.id) AS sent
    WHERE u.campaign = $1
"""  # noqa: S608 - the kind is ours.


@composes(KIND)
async def write_update(signature_id: int, mailing_id: int) -> Composed | None:
    """The e-mail with the news; None for whoever has left, or has had enough of it, since it was asked for."""
    signature = await Signature.with_campaign(signature_id)
    row = await database.fetch_one(
        'SELECT u.title, u.body FROM mailing m JOIN "update" u ON u.id = m.about WHERE m.id = $1', mailing_id
    )
    if signature is None or row is None or not (signature.counts and signature.wants_updates):
        return None
    if not signature.campaign.is_public or await bouncing.is_undeliverable(signature_id):
        return None
    stop_url = f"{settings.base_url}/unsubscribe/{tokens.issue(UNSUBSCRIBE, signature_id)}"
    # RFC 8058: mail programs offer a button of their own, and press it with a POST.
    one_click = {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return Composed("news/emails/update", _words(signature.campaign, row, signature.name, stop_url), one_click)


async def try_out(campaign_id: int, update_id: int, to: str) -> None:
    """Owe one update to a member of staff alone, as signers would get it. Raises Missing."""
    await one(campaign_id, update_id)
    async with database.transaction():
        await owe(TRIAL, update_id, to)


@composes(TRIAL)
async def write_trial(update_id: int) -> Composed | None:
    """The e-mail with the news as whoever sends it sees it first; None when the news has gone."""
    row = await database.fetch_one('SELECT title, body, campaign FROM "update" WHERE id = $1', update_id)
    campaign = await Campaign.objects().where(Campaign.id == row["campaign"]).first() if row else None
    return Composed("news/emails/update", _example(campaign, row)) if row and campaign else None


def shown(campaign: Campaign, told: Told) -> tuple[str, str]:
    """The subject and the text of the e-mail, with an example in place of what differs from one to the other."""
    subject, _, text = pages.render("news/emails/update.txt", **_example(campaign, told.row)).partition("\n")
    return subject.removeprefix("Subject:").strip(), text.strip()


def _example(campaign: Campaign, row: dict[str, Any]) -> dict[str, object]:
    stop_url = f"{settings.base_url}/unsubscribe/a-link-of-their-own"
    return _words(campaign, row, "(the name of the signer)", stop_url)


def _words(campaign: Campaign, row: dict[str, Any], name: str, stop_url: str) -> dict[str, object]:
    url = f"{settings.base_url}/campaigns/{campaign.slug}"
    return {"campaign": campaign, "name": name, "update": row, "url": url, "stop_url": stop_url}
