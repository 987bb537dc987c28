"""Rows for tests, with everything filled in that a test does not care about."""

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.kit.outbox import new_message_id
from undersigned.letters.tables import Letter
from undersigned.representatives.tables import Constituency, Membership, Representative
from undersigned.staff.tables import Staff
from undersigned.supporters import addresses, consents

BURY_NORTH = "E14001144"
_numbers = itertools.count(1)


async def campaign(**wanted: Any) -> Campaign:
    """An open petition with a letter."""
    number = next(_numbers)
    now = datetime.now(UTC)
    told: dict[str, Any] = {
        "slug": f"campaign-{number}",
        "kind": "petition",
        "title": f"Campaign {number}",
        "ask": "We ask for a light at the bus stop.",
        "summary": "One light.",
        "body": "It is **dark** there.",
        "addressed_to": "the council",
        "organiser": "The Doorstep Alliance",
        "state": "open",
        "opens_at": now - timedelta(days=1),
        "letter": "hate-crime",
        "consent_wording": "I agree to be counted.",
        "created_at": now,
        "updated_at": now,
    }
    made = Campaign(**(told | wanted))
    await made.save()
    return made


async def chapter(of: Campaign, **wanted: Any) -> Chapter:
    """A chapter of a campaign."""
    told = {"slug": "bury", "name": "Bury", "area": "Bury", "introduction": "Here, too."}
    made = Chapter(campaign=of.id, **(told | wanted))
    await made.save()
    return made


async def mp(gss_code: str = BURY_NORTH, constituency: str = "Bury North", **wanted: Any) -> Representative:
    """A sitting member for a seat: Harriet Vale for Bury North, unless told otherwise."""
    await Constituency(gss_code=gss_code, name=constituency).save()
    told = {
        "display_name": "Harriet Vale",
        "full_title": "Harriet Vale MP",
        "address_as": "Ms Vale",
        "party": "Commonwealth Party",
        "contact": "email",
        "email": "harriet.vale.mp@example.org",
    }
    made = Representative(**(told | wanted))
    await made.save()
    await Membership(constituency=gss_code, representative=made.id, started_on=date(2024, 7, 4)).save()
    return made


async def mp_for(gss_code: str, **wanted: Any) -> Representative:
    """A member who was elected today, for a seat that there is already."""
    told = {"party": "Commonwealth Party", "contact": "email", "email": "elected.today@example.org"}
    made = Representative(**(told | wanted))
    await made.save()
    await Membership(constituency=gss_code, representative=made.id, started_on=date.today()).save()
    return made


async def letter(**wanted: Any) -> Letter:
    """A letter of Amina's to Harriet Vale MP, sent already unless told otherwise."""
    about = wanted.pop("campaign", None) or await campaign()
    to = wanted.pop("representative", None)
    if to is None:
        to = await Representative.objects().where(Representative.display_name == "Harriet Vale").first()
    if to is None:
        to = await mp()
    membership = await Membership.objects().where(Membership.representative == to.id).first()
    assert membership is not None
    now = datetime.now(UTC)
    email = wanted.pop("email", "amina@example.org")
    told: dict[str, Any] = {
        "template": "hate-crime",
        "template_version": "test",
        "name": "Amina Rahman",
        "address": "12 Clough Bank\nBury",
        "postcode": "BL9 0SW",
        "constituency": BURY_NORTH,
        "subject": "A light at the bus stop",
        "paragraphs": json.dumps([{"text": "It is dark there.", "own": True}]),
        "own_share": 100,
        "state": "sent",
        "message_id": new_message_id(),
        "wording": await consents.wording_id("I agree to this letter."),
        "created_at": now,
        "confirmed_at": now,
        "due_at": now,
        "sent_at": now,
    }
    made = Letter(
        campaign=about.id,
        representative=to.id,
        membership=membership.id,
        email=email,
        email_key=addresses.key(email),
        **(told | wanted),
    )
    await made.save()
    return made


async def staff(email: str = "owen@example.org", **wanted: Any) -> Staff:
    """Owen, who runs campaigns."""
    made = Staff(email=email, name="Owen", created_at=datetime.now(UTC), **wanted)
    await made.save()
    return made


def signing(**wanted: str) -> dict[str, str]:
    """What Amina types when she signs."""
    return {
        "name": "Amina Rahman",
        "email": "amina@example.org",
        "postcode": "BL9 0SW",
        "country": "GB",
    } | wanted
