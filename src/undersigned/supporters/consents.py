"""What people agreed to, in exactly which words."""

import hashlib
from functools import cache

from undersigned.campaigns.tables import Campaign
from undersigned.kit import database, pages

UPDATES = "E-mail me news of this campaign. I can change this on my own page."
SHOW = "Show my name on this page"
SHOWN = (
    "Your first name and your town, or your constituency where we cannot tell the town. With it, once the "
    "campaigner has read them, your own words and your organisation."
)
TO_BE_SHOWN = f"{SHOW}. {SHOWN}"
_known: dict[str, int] = {}

# The form shows these words from here, so that what is kept is what was read.
pages.environment().globals |= {"updates_wording": UPDATES, "show_wording": SHOW, "shown_wording": SHOWN}


def to_sign(campaign: Campaign) -> str:
    """The statement above the button: pressing it is the explicit consent (UK GDPR, article 9(2)(a))."""
    return campaign.consent_wording or standard(campaign.organiser, campaign.kind, campaign.retention_months)


@cache
def standard(organiser: str, kind: str, months: int) -> str:
    """The words a campaign starts with."""
    return (
        f"By signing, I agree that {organiser} may hold my name, e-mail address, postcode and the opinion "
        f"that signing this {kind} shows, to count my signature and find my MP. They are deleted {months} "
        "months after the campaign ends, or sooner if I ask."
    )


async def wording_id(text: str) -> int:
    """The row that holds these very words, made when they are new.

    Ask for it before a transaction begins: it is remembered, and a rollback would leave us remembering a
    row that is not there.
    """
    if text not in _known:
        digest = hashlib.sha256(text.encode()).hexdigest()
        row = await database.fetch_one(
            """INSERT INTO wording (text, digest) VALUES ($1, $2)
               ON CONFLICT (digest) DO UPDATE SET text = excluded.text RETURNING id""",
            text,
            digest,
        )
        assert row is not None
        if len(_known) > 1_000:
            _known.clear()
        _known[text] = row["id"]
    return _known[text]


def forget() -> None:
    """Read the wordings from the database again; for when it has been emptied."""
    _known.clear()
