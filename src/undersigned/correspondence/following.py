"""Letters, attempts to deliver them and what came back, as the desk shows them: reads only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from undersigned.dashboards.paging import PER_PAGE, Page
from undersigned.delivery import switch
from undersigned.delivery.tables import Delivery
from undersigned.kit import database
from undersigned.kit.errors import Missing
from undersigned.letters import states, writing
from undersigned.letters.tables import Letter
from undersigned.responses.received import Received

NOT_YET = {
    "draft": "This letter is still being written. Only its writer can read it.",
    "waiting": "This letter waits for its writer’s yes. Until then only its writer can read it.",
}
"""Why nobody at the desk reads it: whoever wrote it has yet to show that the mailbox is theirs."""

OUTCOMES = {
    "": "Under way",
    "accepted": "Accepted by the next mail server",
    "postponed": "Put off: we try again",
    "rejected": "Refused for good",
    "unknown": "Interrupted: it may or may not have arrived",
}

NOTED = {"post": "Noted as printed and posted", "hand": "Noted as handed in"}
"""What staff said of a letter on paper, which no mail server had a part in."""


@dataclass(frozen=True)
class Step:
    """One thing that happened to a letter."""

    title: str
    at: datetime
    detail: str = ""
    kind: str = ""


async def letters(state: str = "", campaign: str = "", number: int = 1) -> Page:
    """Letters, the newest first, fifty to a page; of one state or one campaign's slug when given. No drafts."""
    rows = await database.fetch(
        """SELECT l.id, l.name, l.state, l.reason, l.own_share, l.created_at, l.sent_at,
                  r.display_name AS mp, c.title AS campaign, k.name AS constituency,
                  (SELECT count(*) FROM response WHERE letter = l.id) AS responses
           FROM letter l JOIN campaign c ON c.id = l.campaign JOIN representative r ON r.id = l.representative
           LEFT JOIN constituency k ON k.gss_code = l.constituency
           WHERE ($1 = '' OR l.state = $1) AND l.state <> 'draft' AND ($2 = '' OR c.slug = $2)
           ORDER BY l.id DESC LIMIT $3 OFFSET $4""",
        state,
        campaign,
        PER_PAGE + 1,
        (number - 1) * PER_PAGE,
    )
    for row in rows:
        row["state_words"], _ = states.told_at_the_desk(row["state"], row["reason"])
    return Page(rows[:PER_PAGE], number, len(rows) > PER_PAGE)


async def letter(letter_id: int) -> Letter:
    """One letter with its campaign and representative. Raises Missing."""
    found = await Letter.whole(letter_id)
    if found is None:
        raise Missing("There is no letter with that number.")
    return found


async def finished(letter_id: int) -> Letter:
    """As :func:`letter`; but a letter that is not confirmed is its writer's alone, and Missing."""
    found = await letter(letter_id)
    if found.state in writing.UNCONFIRMED:
        raise Missing(NOT_YET[found.state])
    return found


async def attempts(letter_id: int) -> list[Delivery]:
    """Every attempt to deliver a letter, the first one first."""
    found: list[Delivery] = await Delivery.objects().where(Delivery.letter == letter_id).order_by(Delivery.id)
    return found


def timeline(
    letter: Letter, tried: list[Delivery], came_back: list[Received], decided: list[dict[str, Any]]
) -> list[Step]:
    """What happened to a letter, in order."""
    steps = [
        Step("Written", letter.created_at),
        Step("The writer said yes", letter.confirmed_at),
        *(_attempt(one) for one in tried),
        *(_response(one) for one in came_back),
        *(Step(one["act"], one["done_at"], f"By {one['who']}" if one["who"] else "") for one in decided),
    ]
    if letter.state == "held" and letter.held_at:
        steps.append(Step(states.WORDS["held"], letter.held_at, letter.reason, "held"))
        if letter.told_at:
            steps.append(Step("The writer was told why it has not gone yet", letter.told_at))
    if letter.state == "failed":
        title, _ = states.told_at_the_desk(letter.state, letter.reason)
        steps.append(Step(title, letter.ended_at, letter.reason, "failed"))
    return sorted((step for step in steps if step.at), key=lambda step: step.at)


def _attempt(one: Delivery) -> Step:
    detail = ": ".join(str(part) for part in (one.code, one.answer) if part)
    trouble = "trouble" if one.outcome in {"postponed", "rejected", "unknown"} else ""
    if one.channel in NOTED:
        return Step(NOTED[one.channel], one.finished_at or one.started_at)
    title = OUTCOMES[one.outcome] + ("" if one.mode == switch.LIVE else ", in rehearsal")
    return Step(title, one.finished_at or one.started_at, detail, trouble)


def _response(one: Received) -> Step:
    return Step(one.kind_words, one.at, f"From {one.from_name}" if one.from_name else "", one.kind)


async def from_office(address: str, most: int = 10) -> list[dict[str, Any]]:
    """The newest letters that went to the office which writes from ``address``: what held mail may answer.

    Whoever had mail placed by a person writes for that office too, from whatever address.
    """
    if not address:
        return []
    return await database.fetch(
        """SELECT l.id, l.name, l.subject, l.sent_at, r.display_name AS mp
           FROM letter l JOIN representative r ON r.id = l.representative
           WHERE l.sent_at IS NOT NULL AND (lower(r.email) = lower($1) OR r.id IN (
               SELECT placed.representative FROM response a JOIN letter placed ON placed.id = a.letter
               WHERE lower(a.from_address) = lower($1) AND a.from_address <> '' AND a.matched_by = 'person'))
           ORDER BY l.sent_at DESC LIMIT $2""",
        address,
        most,
    )


async def switched(most: int = 10) -> list[dict[str, Any]]:
    """The last turns of the delivery switch, and who turned it."""
    return await database.fetch(
        """SELECT s.mode, s.reason, s.switched_at, coalesce(p.email, 'the command line') AS by_whom
           FROM switch s LEFT JOIN staff p ON p.id = s.staff_id ORDER BY s.id DESC LIMIT $1""",
        most,
    )
