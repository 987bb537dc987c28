"""A representative is invited to make a pledge themselves, by a link to their parliamentary address.

In rehearsal the operator gets it, and what is pressed there is noted of nobody.
"""

from datetime import UTC, datetime, timedelta

from undersigned.campaigns.tables import Campaign
from undersigned.delivery import switch
from undersigned.kit import database, pages, tokens
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.letters import stances
from undersigned.representatives import corrections
from undersigned.representatives.tables import Membership, Representative
from undersigned.settings import settings
from undersigned.signatures.tables import Tally
from undersigned.staff import audit, operator
from undersigned.stances.tables import Invitation

KIND, TOLD = "invitation", "invitation_answered"
LASTS = timedelta(days=60)
AGAIN_AFTER = timedelta(days=30)
ANSWERS = {"committed": "I make this pledge", "refused": "I will not make it"}


class NotInvited(Refused):
    """Nobody can be invited so, or has been lately."""


class TooLate(Refused):
    """The seat has changed hands, or the campaign is over."""


async def invite(campaign: Campaign, which: str, staff_id: int | None = None) -> Representative:
    """Owe whoever sits under ``which`` an invitation. Raises NotInvited or NotOneMember."""
    membership = await corrections.find(which)
    member = await membership.get_related(Membership.representative)
    assert member is not None
    mode = await switch.mode()
    _check(campaign, member, mode)
    live = mode == switch.LIVE
    recipient = member.email if live else await operator.address()
    async with database.transaction():
        await database.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"invite {member.id}")
        await _check_last(campaign, member, mode)
        made = Invitation(campaign=campaign.id, representative=member.id, address=member.email, mode=mode)
        made.invited_at = datetime.now(UTC)
        await made.save()
        await owe(KIND, made.id, recipient)
        about = f"{campaign.slug} {member.display_name}"
        await audit.record("representative invited", about, after={"mode": mode}, staff_id=staff_id)
    return member


def _check(campaign: Campaign, member: Representative, mode: str) -> None:
    if campaign.kind != "pledge":
        raise NotInvited("Only a pledge can be made. To a petition, note where the MP stands.")
    if not campaign.is_open:
        raise NotInvited("This pledge is not open, so nobody can be invited to make it.")
    if mode == switch.STOP:
        raise NotInvited("Nothing goes to representatives while delivery is stopped.")
    if member.contact != "email" or not member.email or member.failing_since:
        raise NotInvited(f"{member.named} has no e-mail address that we may write to.")


async def _check_last(campaign: Campaign, member: Representative, mode: str) -> None:
    row = await database.fetch_one(
        """SELECT max(invited_at) AS at FROM invitation
           WHERE campaign = $1 AND representative = $2 AND mode = $3 AND invited_at > now() - $4::interval""",
        campaign.id,
        member.id,
        mode,
        AGAIN_AFTER,
    )
    if row and row["at"]:
        raise NotInvited(
            f"{member.named} was invited on {pages.day(row['at'])}. Wait thirty days before you ask again."
        )


@composes(KIND)
async def write_invitation(invitation_id: int) -> Composed | None:
    """The e-mail with the link; None when the address or the campaign has changed since, or it was answered."""
    invitation = await _whole(invitation_id)
    campaign, member = invitation.campaign, invitation.representative
    if invitation.answer or member.email != invitation.address or not campaign.is_open:
        return None
    row = await database.fetch_one(_CONSTITUENTS, campaign.id, member.id)
    assert row is not None
    rehearsal = invitation.mode != switch.LIVE
    return Composed(
        "stances/emails/invitation",
        {
            "campaign": campaign,
            "mp_name": member.named,
            "rehearsal": rehearsal,
            "constituency": row["constituency"] or "",
            "signed": row["signed"] if row["signed"] >= Tally.FEWEST_SHOWN else 0,
            "until": invitation.invited_at + LASTS,
            "url": f"{settings.base_url}/pledges/{tokens.issue(KIND, invitation_id, LASTS)}",
        },
        only_to="" if rehearsal else invitation.address,
    )


_CONSTITUENTS = """
    SELECT max(c.name) AS constituency, coalesce(sum(t.total), 0)::int AS signed
    FROM membership m JOIN constituency c ON c.gss_code = m.constituency
    LEFT JOIN tally t ON t.campaign = $1 AND t.kind = 'constituency' AND t.key = m.constituency
    WHERE m.representative = $2 AND m.ended_on IS NULL
"""


async def invited(token: str) -> Invitation:
    """What a link is about. Raises TokenUnknown, TokenExpired or TooLate."""
    invitation = await _whole(tokens.read(KIND, token))
    sits = await Membership.exists().where(
        Membership.representative == invitation.representative.id, Membership.ended_on.is_null()
    )
    if not sits:
        raise TooLate(f"{invitation.representative.display_name} has left the seat that this link was sent to.")
    if not invitation.campaign.is_open:
        raise TooLate("This pledge is over, so nobody can make it any more.")
    return invitation


async def answer(token: str, said: str) -> Invitation:
    """Note what the representative pressed, where they stand, and that staff are to be told.

    Raises NotInvited for anything but committed or refused, and as :func:`invited`.
    """
    if said not in ANSWERS:
        raise NotInvited("Choose one of the two.")
    invitation = await invited(token)
    now = datetime.now(UTC)
    async with database.transaction():
        await Invitation.update({Invitation.answer: said, Invitation.answered_at: now}).where(
            Invitation.id == invitation.id
        )
        if invitation.mode == switch.LIVE:
            source = f"The link sent to their parliamentary address, {pages.day(now)}"
            await stances.note(invitation.campaign, invitation.representative, said, source)
        await owe(TOLD, invitation.id, await operator.address())
    return await _whole(invitation.id)


@composes(TOLD)
async def write_answered(invitation_id: int) -> Composed | None:
    """The e-mail that tells staff what a representative has pressed."""
    invitation = await _whole(invitation_id)
    if not invitation.answer:
        return None
    return Composed(
        "stances/emails/invitation_answered",
        {
            "campaign": invitation.campaign,
            "mp_name": invitation.representative.named,
            "rehearsal": invitation.mode != switch.LIVE,
            "made": invitation.answer == "committed",
            "desk_url": f"{settings.base_url}/staff/stances?campaign={invitation.campaign.slug}",
        },
    )


async def _whole(invitation_id: int) -> Invitation:
    found = (
        await Invitation.objects(Invitation.campaign, Invitation.representative)
        .where(Invitation.id == invitation_id)
        .first()
    )
    if found is None:
        raise Missing("This invitation has been deleted.")
    return found
