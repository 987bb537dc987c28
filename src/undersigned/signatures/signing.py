"""Put a name to a campaign: the rule, the row, the mail we now owe.

One e-mail address may carry two people when their names differ and their postcodes match (a household), not
three. Signing twice sends the link again and changes nothing else, so that the page never says who has
already signed. Whoever took their name off and signs again starts anew, with a new number, once they have
confirmed; until then they stay withdrawn, whoever it was that typed their address.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database
from undersigned.kit.batching import Batcher
from undersigned.kit.errors import Refused
from undersigned.kit.outbox import new_message_id
from undersigned.postcodes import ladder
from undersigned.signatures import counting
from undersigned.signatures.forms import SignForm
from undersigned.signatures.tables import hour_of
from undersigned.supporters import addresses, consents

MOST_MAILS = 5
HOUSEHOLD = 2
RACES = 3


class CampaignClosed(Refused):
    """The campaign takes no names now."""


class Raced(Exception):
    """Another process wrote the same person first; read again."""


@dataclass(frozen=True)
class Wish:
    """One person's wish to sign, with everything that its row will say."""

    campaign_id: int
    chapter_id: int | None
    wording_id: int
    form: SignForm
    email_key: str
    name_key: str
    postcode: str
    place: ladder.Place
    at: datetime

    @property
    def person(self) -> tuple[int, str, str]:
        """Who this is: the key by which batches are sorted, so that two of them cannot deadlock."""
        return self.campaign_id, self.email_key, self.name_key


@dataclass
class Plan:
    """What one batch will write."""

    new: list[tuple[Wish, int]] = field(default_factory=list)
    back: list[tuple[Wish, int]] = field(default_factory=list)
    again: list[dict[str, Any]] = field(default_factory=list)


async def sign(campaign: Campaign, form: SignForm, chapter_id: int | None = None) -> None:
    """Put a name to ``campaign`` and owe its owner a confirmation; both are durable on return.

    Raises CampaignClosed, or Unavailable when too many sign at once.
    """
    if not campaign.is_open or campaign.kind == "action":
        raise CampaignClosed(f"“{campaign.title}” is not taking signatures now.")
    await _batches.put(await _wish(campaign, form, chapter_id))


async def _wish(campaign: Campaign, form: SignForm, chapter_id: int | None) -> Wish:
    return Wish(
        campaign_id=campaign.id,
        chapter_id=chapter_id,
        wording_id=await consents.wording_id(consents.to_sign(campaign)),
        form=form,
        email_key=addresses.key(form.email),
        name_key=addresses.name_key(form.name),
        postcode=str(form.postcode or ""),
        place=ladder.place(form.postcode or "", form.country),
        at=datetime.now(UTC),
    )


async def _write(wishes: list[Wish]) -> list[None]:
    """Write the batch; one that lost a race reads again, and then knows whom the other has written."""
    for _ in range(RACES):
        try:
            return await _write_once(wishes)
        except Raced:
            continue
    return await _write_once(wishes)


async def _write_once(wishes: list[Wish]) -> list[None]:
    """One commit for everybody in the batch: signatures, the mail owed for them, and the hour's total."""
    async with database.transaction():
        plan = _plan(sorted(wishes, key=lambda wish: wish.person), await _known(wishes))
        mails = [*await _insert(plan.new), *await _take_back(plan.back), *await _send_again(plan.again)]
        await _owe(mails)
        await _count_created(plan.new)
    return [None] * len(wishes)


async def _known(wishes: list[Wish]) -> dict[tuple[int, str], list[dict[str, Any]]]:
    rows = await database.fetch(
        """SELECT s.id, s.campaign, s.email, s.email_key, s.name_key, s.postcode, s.slot, s.confirmed_at,
                  s.withdrawn_at, s.signed_again_at, s.mails
           FROM (SELECT DISTINCT * FROM unnest($1::int[], $2::text[])) AS wanted (campaign, email_key)
           JOIN signature s ON s.campaign = wanted.campaign AND s.email_key = wanted.email_key
           ORDER BY s.slot""",
        [wish.campaign_id for wish in wishes],
        [wish.email_key for wish in wishes],
    )
    known: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows:
        known.setdefault((row["campaign"], row["email_key"]), []).append(row)
    return known


def _plan(wishes: list[Wish], known: dict[tuple[int, str], list[dict[str, Any]]]) -> Plan:
    plan = Plan()
    for wish in wishes:
        household = known.setdefault((wish.campaign_id, wish.email_key), [])
        same = next((one for one in household if one["name_key"] == wish.name_key), None)
        if same is None and _may_join(household, wish.postcode):
            slot = min({1, 2} - {one["slot"] for one in household})
            plan.new.append((wish, slot))
            household.append({"name_key": wish.name_key, "postcode": wish.postcode, "id": None, "slot": slot})
        elif same and same["id"] and _is_off(same):
            plan.back.append((wish, same["id"]))
            same |= {"signed_again_at": wish.at, "mails": 1}
        else:
            _plan_again(plan, same or _standing(household))
    return plan


def _plan_again(plan: Plan, known: dict[str, Any] | None) -> None:
    if known and known["id"] and known["mails"] < MOST_MAILS:
        known["mails"] += 1
        plan.again.append(known)


def _is_off(known: dict[str, Any]) -> bool:
    """Whether the name was taken off, and nobody has asked to put it back."""
    return bool(known["withdrawn_at"]) and not known["signed_again_at"]


def _standing(household: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Who hears of a name that may not join: the first who has not left."""
    return next((one for one in household if not one["id"] or not _is_off(one)), None)


def _may_join(household: list[dict[str, Any]], postcode: str) -> bool:
    return not household or (len(household) < HOUSEHOLD and household[0]["postcode"] == postcode != "")


async def _insert(new: list[tuple[Wish, int]]) -> list[tuple[str, int, str]]:
    """Write the new signatures; the mail owed is (kind, signature, address)."""
    if not new:
        return []
    rows = await database.fetch(_INSERT, *_columns(new))
    if len(rows) != len(new):
        raise Raced
    return [("confirmation", row["id"], row["email"]) for row in rows]


_INSERT = """
    INSERT INTO signature (campaign, name, name_key, email, email_key, slot, created_at, discounted_why,
        discounted_at, chapter, wording, postcode, country, constituency, match, data_release, words,
        organisation, shows_name, wants_updates, source, number, mails)
    SELECT *, NULL, 1 FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[],
        $7::timestamptz[], $8::text[], $9::timestamptz[], $10::int[], $11::int[], $12::text[], $13::text[],
        $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::bool[], $20::bool[], $21::text[])
    ON CONFLICT DO NOTHING RETURNING id, email
"""


def _columns(new: list[tuple[Wish, int]]) -> list[list[Any]]:
    rows = [
        (
            wish.campaign_id,
            wish.form.name,
            wish.name_key,
            wish.form.email,
            wish.email_key,
            slot,
            wish.at,
            "trap" if wish.form.website else "",
            wish.at if wish.form.website else None,
            *_told(wish),
        )
        for wish, slot in new
    ]
    return [list(column) for column in zip(*rows, strict=True)]


def _told(wish: Wish) -> tuple[Any, ...]:
    """What somebody who signs again tells us afresh, in the order that both statements take it."""
    return (
        wish.chapter_id,
        wish.wording_id,
        wish.postcode,
        wish.place.country,
        wish.place.gss_code,
        wish.place.match,
        wish.place.release,
        wish.form.words,
        wish.form.organisation,
        wish.form.shows_name,
        wish.form.wants_updates,
        wish.form.source,
    )


async def _take_back(back: list[tuple[Wish, int]]) -> list[tuple[str, int, str]]:
    """Keep the new form with a name that was taken off; it stays off until its owner confirms."""
    if not back:
        return []
    rows = [(signature_id, wish.at, *_told(wish)) for wish, signature_id in back]
    found = await database.fetch(_BACK, *(list(column) for column in zip(*rows, strict=True)))
    return [("confirmation", row["id"], row["email"]) for row in found]


_BACK = """
    UPDATE signature SET signed_again_at = given.at, mails = 1, looked_up_in = NULL, chapter = given.chapter,
        wording = given.wording, postcode = given.postcode, country = given.country,
        constituency = given.constituency, match = given.match, data_release = given.data_release,
        words = given.words, organisation = given.organisation, shows_name = given.shows_name,
        wants_updates = given.wants_updates, source = given.source
    FROM unnest($1::bigint[], $2::timestamptz[], $3::int[], $4::int[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::text[], $10::text[], $11::text[], $12::bool[], $13::bool[], $14::text[])
        AS given (id, at, chapter, wording, postcode, country, constituency, match, data_release, words,
                  organisation, shows_name, wants_updates, source)
    WHERE signature.id = given.id AND withdrawn_at IS NOT NULL AND signed_again_at IS NULL
    RETURNING signature.id, email
"""


async def _send_again(again: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    if not again:
        return []
    rows = await database.fetch(_AGAIN, sorted(row["id"] for row in again))
    return [("signed_already" if row["counted"] else "confirmation", row["id"], row["email"]) for row in rows]


_AGAIN = """
    UPDATE signature SET mails = mails + 1
    WHERE id = ANY($1) AND (withdrawn_at IS NULL OR signed_again_at IS NOT NULL)
    RETURNING id, email, confirmed_at IS NOT NULL AND withdrawn_at IS NULL AS counted
"""


async def _owe(mails: list[tuple[str, int, str]]) -> None:
    """The outbox rows of a whole batch in one statement; see kit.outbox for what happens to them."""
    if mails:
        kinds, about, recipients = (list(column) for column in zip(*mails, strict=True))
        await database.execute(
            """INSERT INTO mail (kind, about, recipient, message_id, created_at, due_at, attempts, last_answer)
               SELECT kind, about, recipient, message_id, now(), now(), 0, ''
               FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[])
               AS owed (kind, about, recipient, message_id)""",
            kinds,
            about,
            recipients,
            [new_message_id() for _ in mails],
        )


async def _count_created(new: list[tuple[Wish, int]]) -> None:
    totals = Counter((wish.campaign_id, "created", hour_of(wish.at)) for wish, _ in new)
    await counting.add(totals)


_batches = Batcher(_write)
drain = _batches.drain
