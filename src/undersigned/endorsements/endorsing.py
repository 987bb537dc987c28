"""Standing behind a campaign by name: sent by a form, confirmed by e-mail, taken back at any time.

A row's words never change. Whoever sends others has another row, and the older one goes when the newer is shown,
so what somebody reads is always what they press a button about.
"""

from datetime import UTC, datetime, timedelta

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.endorsements import pictures
from undersigned.endorsements.forms import EndorseForm
from undersigned.endorsements.pictures import Drawn
from undersigned.endorsements.tables import Endorsement
from undersigned.kit import database, tokens
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.settings import settings
from undersigned.supporters import addresses, consents

KIND = PURPOSE = "endorsement"
WAITS = timedelta(days=7)
STATES = {
    "waiting": "Waiting for you to press the link in your e-mail",
    "confirmed": "Waiting to be read",
    "shown": "Shown",
    "refused": "Not shown",
}
MOST_A_DAY = 3
"""So many mails with a link go to one address in a day, however often somebody types it."""


class TakesNone(Refused):
    """The campaign is over, or has not begun."""


def wording(campaign: Campaign) -> str:
    """The statement above the button: pressing it is the explicit consent (UK GDPR, article 9(2)(a))."""
    return (
        f"By sending this I agree that {campaign.organiser} shows my name, role, organisation, words and picture "
        "in public beside this campaign, and holds my e-mail address to write to me about it. If I speak for an "
        "organisation, I may do so. I can take it back at any time by the link in the e-mail. Otherwise it is "
        f"deleted {campaign.retention_months} months after the campaign ends."
    )


def check_takes(campaign: Campaign) -> None:
    """Raises TakesNone unless the campaign is open."""
    if not campaign.is_open:
        raise TakesNone(f"“{campaign.title}” is not open, so it takes no endorsements now.")


async def send(campaign: Campaign, chapter: Chapter | None, form: EndorseForm, picture: Drawn | None) -> None:
    """Write an endorsement down, and ask its owner to confirm.

    The page is the same for somebody who has been asked three times today, of whom nothing is written. Raises
    TakesNone.
    """
    check_takes(campaign)
    if form.website:
        return
    agreed = await consents.wording_id(wording(campaign))
    async with database.transaction():
        key = addresses.key(form.email)
        if await _asked_often(key):
            return
        made = Endorsement(
            campaign=campaign.id,
            chapter=chapter.id if chapter else None,
            **form.model_dump(include={"kind", "name", "role", "organisation", "quote", "email"}),
            email_key=key,
            picture=await pictures.keep(picture) if picture else None,
            wording=agreed,
            state="waiting",
            created_at=datetime.now(UTC),
        )
        await made.save()
        await owe(KIND, made.id, form.email)


async def _asked_often(email_key: str) -> bool:
    """Whether an address has been sent enough today; two who ask for it at once wait for one another."""
    await database.fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"endorse {email_key}")
    row = await database.fetch_one(
        """SELECT count(*) AS n FROM endorsement
           WHERE email_key = $1 AND state = 'waiting' AND created_at > now() - interval '1 day'""",
        email_key,
    )
    return row is not None and row["n"] >= MOST_A_DAY


async def of_token(token: str) -> Endorsement:
    """The endorsement, with its campaign and chapter, of a mailed link. Raises TokenUnknown or Missing."""
    return await whole(tokens.read(PURPOSE, token))


async def whole(endorsement_id: int) -> Endorsement:
    """One endorsement with its campaign and chapter, None where it has no chapter. Raises Missing."""
    found = await Endorsement.objects(Endorsement.campaign).where(Endorsement.id == endorsement_id).first()
    if found is None:
        raise Missing("This endorsement has been taken back, or another of yours has taken its place.")
    # Asked for in one breath, no chapter would come as a chapter of which nothing is known.
    found.chapter = await Chapter.objects().where(Chapter.id == found.chapter).first() if found.chapter else None
    return found


async def confirm(token: str) -> None:
    """Have it read at the desk next; pressing twice is once. Raises as :func:`of_token`.

    What the same person sent before and nobody has read yet goes; what is shown stays until this one is.
    """
    endorsement_id = tokens.read(PURPOSE, token)
    async with database.transaction():
        await _lock_all_of_theirs(endorsement_id)
        row = await database.fetch_one(_CONFIRM, endorsement_id)
        if row is None:
            await whole(endorsement_id)
            return
        await forget_others(endorsement_id, ["waiting", "confirmed"])
    await pictures.clear_away()


_CONFIRM = """
    UPDATE endorsement SET state = 'confirmed', confirmed_at = now()
    WHERE id = $1 AND state = 'waiting' RETURNING id
"""


async def _lock_all_of_theirs(endorsement_id: int) -> None:
    """Two of one person's that are confirmed at once must not take each other away."""
    await database.fetch(
        """SELECT id FROM endorsement WHERE email_key <> ''
             AND email_key = (SELECT email_key FROM endorsement WHERE id = $1) ORDER BY id FOR UPDATE""",
        endorsement_id,
    )


async def forget_others(endorsement_id: int, states: list[str]) -> None:
    """Delete what the same address sent earlier, to the same page for the same kind, and is in these states."""
    await database.execute(
        """DELETE FROM endorsement old USING endorsement new
           WHERE new.id = $1 AND old.id < new.id AND old.email_key = new.email_key AND new.email_key <> ''
             AND old.campaign = new.campaign AND old.chapter IS NOT DISTINCT FROM new.chapter
             AND old.kind = new.kind AND old.state = ANY($2)""",
        endorsement_id,
        states,
    )


async def take_back(token: str) -> Campaign:
    """Delete one with its picture and the mail about it; answers its campaign. Raises as :func:`of_token`."""
    found = await of_token(token)
    async with database.transaction():
        await database.execute("DELETE FROM mail WHERE kind = ANY($1) AND about = $2", ALL_KINDS, found.id)
        await Endorsement.delete().where(Endorsement.id == found.id)
    await pictures.clear_away()
    campaign: Campaign = found.campaign
    return campaign


ALL_KINDS = [KIND, "endorsement_shown", "endorsement_refused"]


def path_of(endorsement_id: int) -> str:
    """The page on which its owner confirms it, sees what became of it, and takes it back."""
    return f"/endorsements/{tokens.issue(PURPOSE, endorsement_id)}"


@composes(KIND)
async def write_endorsement(endorsement_id: int) -> Composed | None:
    """The e-mail that asks for the press of a button. It holds nothing that was typed: anybody could have."""
    found = await Endorsement.objects(Endorsement.campaign).where(Endorsement.id == endorsement_id).first()
    if found is None or found.state != "waiting":
        return None
    return Composed(
        "endorsements/emails/endorsement",
        {
            "campaign": found.campaign,
            "url": settings.base_url + path_of(found.id),
            "until": found.created_at + WAITS,
        },
        only_to=found.email,
    )


async def forget() -> int:
    """Delete what was not confirmed in seven days, and 28 days later what was refused; answers how many."""
    gone = await database.execute(
        """DELETE FROM endorsement WHERE (state = 'waiting' AND created_at < now() - $1::interval)
           OR (state = 'refused' AND decided_at < now() - interval '28 days')""",
        WAITS,
    )
    await pictures.clear_away()
    return gone
