"""What people agreed to, in exactly which words."""

import hashlib
from functools import cache
from typing import Any

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


async def wordings() -> dict[str, int]:
    """The rows of what a signer may agree to beside signing, by purpose; ask as for :func:`wording_id`."""
    return {"updates": await wording_id(UPDATES), "shown": await wording_id(TO_BE_SHOWN)}


async def remember(signed: list[dict[str, Any]], wordings: dict[str, int]) -> None:
    """Make a supporter of each confirmed address, and keep what each of these signers has agreed to."""
    if not signed:
        return
    by_key = {row["email_key"]: row for row in sorted(signed, key=lambda row: row["email_key"])}
    supporters = await database.fetch(
        """INSERT INTO supporter (email, email_key, created_at)
           SELECT email, email_key, now() FROM unnest($1::text[], $2::text[]) AS given (email, email_key)
           ON CONFLICT (email_key) DO UPDATE SET email_key = excluded.email_key RETURNING id, email_key""",
        [row["email"] for row in by_key.values()],
        list(by_key),
    )
    ids = {row["email_key"]: row["id"] for row in supporters}
    given = [(row, "sign", row["wording"]) for row in signed]
    given += [(row, "updates", wordings["updates"]) for row in signed if row["wants_updates"]]
    given += [(row, "shown", wordings["shown"]) for row in signed if row["shows_name"]]
    rows = [(ids[r["email_key"]], r["campaign"], r["id"], purpose, wording) for r, purpose, wording in given]
    await database.execute(
        """INSERT INTO consent (supporter, campaign_id, signature_id, purpose, wording, given_at)
           SELECT *, now() FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::text[], $5::int[])""",
        *(list(column) for column in zip(*rows, strict=True)),
    )


def forget() -> None:
    """Read the wordings from the database again; for when it has been emptied."""
    _known.clear()
