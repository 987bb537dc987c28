"""Letters of the demonstration and what came back: written by the real generator, then dated back."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from undersigned.campaigns.tables import Campaign
from undersigned.delivery.tables import Delivery
from undersigned.kit import database, pages
from undersigned.kit.days import LONDON
from undersigned.kit.outbox import new_message_id
from undersigned.letters import facts, languages, stances, versions, writing
from undersigned.letters.forms import WriteForm
from undersigned.letters.tables import Letter
from undersigned.postcodes import ladder
from undersigned.postcodes.postcode import Postcode
from undersigned.representatives import seats
from undersigned.representatives.tables import Representative
from undersigned.responses.tables import Response
from undersigned.signatures.tables import Tally
from undersigned.stances import quoting
from undersigned.stances.tables import Quotation
from undersigned.supporters import addresses, consents

CONTENT = Path(__file__).parent / "content" / "letters.toml"


async def write(campaign: Campaign) -> None:
    """Write every letter that letters.toml has for ``campaign``."""
    for told in tomllib.loads(CONTENT.read_text(encoding="utf-8"))["letters"]:
        if told["campaign"] == campaign.slug:
            wrote = datetime.now(UTC) - timedelta(days=told["days"], hours=2)
            letter = await _letter(campaign, told, wrote)
            await _history(letter, told, wrote)


async def _letter(campaign: Campaign, told: dict[str, Any], wrote: datetime) -> Letter:
    seat = await seats.of(ladder.place(told["postcode"]).gss_code)
    chosen = await versions.load(campaign.letter)
    form = WriteForm(
        name=told["name"],
        email=f"{addresses.name_key(told['name']).replace(' ', '.')}@example.org",
        address=told["address"],
        postcode=Postcode.parse(told["postcode"]),
        reply_to="tracked" if told.get("tracked") else "me",
        answers={chosen.prompts[0].name: told["words"]},
        kept_blocks=[block.name for block in chosen.blocks],
    )
    then = await _as_it_stood(campaign, facts.language_of(campaign, chosen), seat, wrote)
    return await writing.draft(campaign, form, seat, given=then)


async def _as_it_stood(campaign: Campaign, language: str, seat: seats.Seat, when: datetime) -> facts.Facts:
    """What a letter could say of its day, and of the campaign on that day."""
    signed = await database.fetch_one(
        """SELECT count(*) AS everywhere, count(*) FILTER (WHERE constituency = $2) AS here FROM signature
           WHERE campaign = $1 AND confirmed_at <= $3 AND withdrawn_at IS NULL AND discounted_at IS NULL""",
        campaign.id,
        seat.gss_code,
        when,
    )
    assert signed is not None
    layout = languages.of(language)
    many = f"{signed['here']:,}" if signed["here"] >= Tally.FEWEST_SHOWN else layout.few
    return {
        "date": layout.day(when.astimezone(LONDON).date()),
        "campaign.signatures": f"{signed['everywhere']:,}",
        "constituency.signatures": many,
        "constituency.figure": layout.figure(many, seat.constituency),
    }


async def _history(letter: Letter, told: dict[str, Any], wrote: datetime) -> None:
    """What has become of it: delivered to the operator, as in any rehearsal, or held with its reason."""
    sent = wrote + timedelta(hours=1)
    held = told.get("reason", "")
    await Letter.update(
        {
            Letter.state: "held" if held else "sent",
            Letter.reason: held,
            Letter.created_at: wrote,
            Letter.confirmed_at: wrote + timedelta(minutes=4),
            Letter.sent_at: None if held else sent,
        }
    ).where(Letter.id == letter.id)
    if not held:
        await _delivered(letter, sent)
    if "reply" in told:
        await _answered(letter, told, sent)


async def _delivered(letter: Letter, at: datetime) -> None:
    await Delivery(
        letter=letter.id,
        channel=letter.channel,
        mode="rehearsal",
        recipient="owner@undersigned.localhost",
        started_at=at,
        finished_at=at,
        outcome="accepted",
        code=250,
        answer="Delivered to the Maildir",
    ).save()


async def _answered(letter: Letter, told: dict[str, Any], sent: datetime) -> None:
    seat = await seats.of(letter.constituency)
    response = Response(
        letter=letter.id,
        message_id=new_message_id(),
        kind=told["kind"],
        confidence=told.get("confidence", 90),
        evidence="Written for the demonstration",
        matched_by="token",
        from_name=f"Office of {seat.mp.named}" if seat.mp else "",
        from_address=seat.mp.email if seat.mp else "",
        subject=f"Re: {letter.subject}",
        text=told["reply"],
        received_at=sent + timedelta(days=told["days"] - told["reply_days"], hours=0.5),
    )
    await response.save()
    if "stance" in told and seat.mp:
        await _stood(letter, response, told, seat.mp)


async def _stood(letter: Letter, response: Response, told: dict[str, Any], mp: Representative) -> None:
    """What staff read from the reply; whoever it was written to has agreed to its words being shown."""
    wording = await consents.wording_id(quoting.TO_BE_SHOWN)
    campaign = await Campaign.objects().where(Campaign.id == letter.campaign).first()
    assert campaign is not None
    source = f"A reply to a constituent, {pages.day(response.received_at)}"
    async with database.transaction():
        stance_id = await stances.note(campaign, mp, told["stance"], source)
    await Quotation(
        stance=stance_id,
        response=response.id,
        letter=letter.id,
        words=told["shown"],
        answer="yes",
        wording=wording,
        asked_at=response.received_at,
        answered_at=response.received_at + timedelta(days=1),
    ).save()
