"""Two weeks later: did an answer come? Asked on day 14 and once more on day 21, and never of whom we know it."""

from datetime import UTC, datetime, timedelta

from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.letters import writing
from undersigned.letters.tables import Letter
from undersigned.responses.tables import FollowUp

FIRST_AFTER = timedelta(days=14)
AGAIN_AFTER = timedelta(days=21)
BETWEEN = timedelta(days=6)
"""Between the two, for a letter whose first question was late because the clock had stopped."""
LAST_AFTER = timedelta(days=28)
AT_A_TIME = 500
ANSWERS = {
    "answer": "Yes, a real answer",
    "acknowledgement": "Only an acknowledgement",
    "nothing": "No, nothing",
    "not_expected": "I did not expect one",
}
WENT = {"sent", "settled", "scrubbed"}


class NoSuchAnswer(Refused):
    """None of the four."""


async def ask() -> int:
    """Owe the questions that are due, and say how many. What nobody was asked in four weeks is never asked."""
    async with database.transaction():
        first = await database.fetch(_ASK_FIRST, FIRST_AFTER, LAST_AFTER, AT_A_TIME)
        again = await database.fetch(_ASK_AGAIN, AGAIN_AFTER, LAST_AFTER, AT_A_TIME, BETWEEN)
        for row in first:
            await owe("follow_up", row["id"], row["email"])
        for row in again:
            await owe("follow_up_again", row["id"], row["email"])
    return len(first) + len(again)


# In rehearsal a letter has reached nobody who could answer it, so only what went out for good is asked about.
_WORTH_ASKING = """
    l.state IN ('sent', 'settled') AND l.paragraphs <> '[]' AND l.email <> ''
    AND l.sent_at <= now() - $1::interval AND l.sent_at > now() - $2::interval
    AND EXISTS (SELECT FROM delivery d WHERE d.letter = l.id AND d.mode = 'live'
                AND d.outcome IN ('accepted', 'unknown'))
    AND NOT EXISTS (SELECT FROM response r WHERE r.letter = l.id AND r.kind IN ('answer', 'form_reply'))
    AND NOT EXISTS (SELECT FROM told_reply t WHERE t.letter = l.id)
"""
_ASK_FIRST = f"""
    WITH asked AS (
        INSERT INTO follow_up (letter, asked_at, answer)
        SELECT l.id, now(), '' FROM letter l
        WHERE {_WORTH_ASKING} AND NOT EXISTS (SELECT FROM follow_up f WHERE f.letter = l.id)
        ORDER BY l.sent_at LIMIT $3
        ON CONFLICT (letter) DO NOTHING RETURNING letter
    ) SELECT l.id, l.email FROM letter l JOIN asked ON asked.letter = l.id
"""  # noqa: S608 - our own condition.
_ASK_AGAIN = f"""
    WITH due AS (
        SELECT f.id FROM follow_up f JOIN letter l ON l.id = f.letter
        WHERE f.answer = '' AND f.asked_again_at IS NULL AND f.asked_at <= now() - $4::interval AND {_WORTH_ASKING}
        ORDER BY l.sent_at LIMIT $3 FOR UPDATE OF f SKIP LOCKED
    ), asked AS (
        UPDATE follow_up SET asked_again_at = now() FROM due WHERE due.id = follow_up.id RETURNING letter
    ) SELECT l.id, l.email FROM letter l JOIN asked ON asked.letter = l.id
"""  # noqa: S608 - our own condition.


_STILL_WORTH_ASKING = f"SELECT FROM letter l WHERE l.id = $3 AND {_WORTH_ASKING}"


async def answer(letter_id: int, said: str) -> None:
    """Note what the writer says; the last word counts. Raises NoSuchAnswer, or Missing for a letter not sent."""
    if said not in ANSWERS:
        raise NoSuchAnswer("Choose one of the four answers.")
    await letter_that_went(letter_id)
    await note(letter_id, said)


async def note(letter_id: int, said: str) -> None:
    """Put it into the row, which is made when nobody has asked yet."""
    await database.execute(
        """INSERT INTO follow_up (letter, answer, answered_at) VALUES ($1, $2, now())
           ON CONFLICT (letter) DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at""",
        letter_id,
        said,
    )


async def said_last(letter_id: int) -> str:
    """What the writer said last; empty when nothing."""
    row = await FollowUp.objects().where(FollowUp.letter == letter_id).first()
    return row.answer if row else ""


async def letter_that_went(letter_id: int) -> Letter:
    """A letter that may have been answered. Raises Missing."""
    letter = await Letter.whole(letter_id)
    if letter is None or letter.state not in WENT:
        raise Missing("This letter has not been sent, so nobody can have answered it.")
    return letter


@composes("follow_up")
async def write_follow_up(letter_id: int) -> Composed | None:
    """The question on day 14; None when we know the answer by now, or the letter's text is gone."""
    return await _question(letter_id, "responses/emails/follow_up")


@composes("follow_up_again")
async def write_follow_up_again(letter_id: int) -> Composed | None:
    """The same on day 21, for the last time."""
    return await _question(letter_id, "responses/emails/follow_up_again")


async def _question(letter_id: int, template: str) -> Composed | None:
    still = await database.fetch(_STILL_WORTH_ASKING, timedelta(0), LAST_AFTER, letter_id)
    letter = await Letter.whole(letter_id) if still else None
    if letter is None or await said_last(letter_id):
        return None
    url = writing.url_of(letter_id)
    assert letter.sent_at is not None
    return Composed(
        template,
        {
            "campaign": letter.campaign,
            "mp_name": letter.representative.named,
            "sent_on": letter.sent_at,
            "days": (datetime.now(UTC) - letter.sent_at).days,
            "choices": [(words, f"{url}/follow-up?answer={said}") for said, words in ANSWERS.items()],
            "letter_url": url,
        },
        headers={"X-Auto-Response-Suppress": "All"},
        only_to=letter.email.strip(),
    )
