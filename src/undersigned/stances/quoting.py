"""Words of a reply beside a stance: such as name nobody, and once whoever they were written to has said yes."""

import re
from datetime import UTC, datetime

from undersigned.kit import database, tokens
from undersigned.kit.errors import Missing, Refused
from undersigned.kit.outbox import Composed, composes, owe
from undersigned.letters.tables import Letter, Stance
from undersigned.responses.tables import Response
from undersigned.settings import settings
from undersigned.stances.tables import Quotation
from undersigned.supporters import consents

KIND = "quotation"
LONGEST = 600
ANSWERS = {"yes": "Yes, show these words", "no": "No, keep them to myself"}
TO_BE_SHOWN = (
    "I agree that these words of my MP’s answer to me are shown in public, beside where my MP stands. Nothing "
    "that says who I am is shown with them. I can take this back at any time on this page."
)
SHORTEST_NAME = 3
PERSONAL = {
    "an e-mail address": re.compile(r"\S@\S"),
    "a link": re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE),
    "a telephone or reference number": re.compile(r"(?:\d[\s()-]*){7}"),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE),
}


class NotToBeQuoted(Refused):
    """Words that are not in the reply, or that say who was written to."""


async def ask(stance_id: int, response_id: int, words: str = "") -> None:
    """Note that a stance was read from a reply and, with ``words``, ask its reader whether they may be shown.

    Raises NotToBeQuoted or Missing. Call it in the transaction that notes the stance.
    """
    response = await Response.objects().where(Response.id == response_id).first()
    letter = await Letter.whole(response.letter) if response else None
    if response is None or letter is None:
        raise Missing("There is no such reply.")
    words = " ".join(words.split())
    if words:
        _check(words, response, letter)
    made = Quotation(
        stance=stance_id, response=response.id, letter=letter.id, words=words, asked_at=datetime.now(UTC)
    )
    await made.save()
    if words:
        await owe(KIND, made.id, letter.email)


def _check(words: str, response: Response, letter: Letter) -> None:
    if letter.reply_to == "me" or not letter.email:
        raise NotToBeQuoted("This reply is its reader’s alone, so nothing of it can be shown.")
    if len(words) > LONGEST:
        raise NotToBeQuoted(f"Choose at most {LONGEST} characters. These are {len(words)}.")
    if words.casefold() not in " ".join(response.text.split()).casefold():
        raise NotToBeQuoted("These words do not stand in the reply. Copy them from it, just as they are.")
    for what, pattern in PERSONAL.items():
        if pattern.search(words):
            raise NotToBeQuoted(f"There is {what} in these words. Choose some without.")
    if named := _names_in(words, letter):
        raise NotToBeQuoted(f"“{named}” may say who was written to. Choose words without it.")


def _names_in(words: str, letter: Letter) -> str:
    """The first word that is part of the writer's name or address, but for small ones such as “the”."""
    said = set(re.findall(r"[^\W\d_]+", words.casefold()))
    parts = re.findall(r"[^\W\d_]+", f"{letter.name} {letter.address}")
    return next((part for part in parts if len(part) >= SHORTEST_NAME and part.casefold() in said), "")


async def asked(token: str) -> Quotation:
    """What the writer of a letter is asked about. Raises TokenUnknown, or Missing when it has been forgotten."""
    quotation_id = tokens.read(KIND, token)
    found = await Quotation.objects(Quotation.stance).where(Quotation.id == quotation_id).first()
    if found is None or not found.words:
        raise Missing("There is nothing to decide any more: these words have been deleted.")
    return found


async def answer(token: str, said: str) -> None:
    """Note yes or no; the last one counts. Raises TokenUnknown, Missing, or NotToBeQuoted for anything else."""
    quotation = await asked(token)
    if said not in ANSWERS:
        raise NotToBeQuoted("Choose yes or no.")
    wording = await consents.wording_id(TO_BE_SHOWN) if said == "yes" else None
    await Quotation.update(
        {Quotation.answer: said, Quotation.wording: wording, Quotation.answered_at: datetime.now(UTC)}
    ).where(Quotation.id == quotation.id)


@composes(KIND)
async def write_question(quotation_id: int) -> Composed | None:
    """The e-mail that asks; None when it was answered or forgotten, or another stance was noted since."""
    quotation = await Quotation.objects().where(Quotation.id == quotation_id).first()
    if quotation is None or not quotation.words or quotation.answer:
        return None
    letter = await Letter.whole(quotation.letter)
    holds = await Stance.exists().where(Stance.id == quotation.stance, Stance.ended_at.is_null())
    if letter is None or not letter.email or not holds:
        return None
    return Composed(
        "stances/emails/quotation",
        {
            "campaign": letter.campaign,
            "mp_name": letter.representative.named,
            "words": quotation.words,
            "url": f"{settings.base_url}/quotations/{tokens.issue(KIND, quotation_id)}",
        },
        only_to=letter.email,
    )


async def forget_unanswered(days: int) -> int:
    """Drop the words that nobody has agreed to in so many days; answers how many."""
    return await database.execute(
        """UPDATE quotation SET words = '' WHERE answer <> 'yes' AND words <> ''
           AND asked_at < now() - make_interval(days => $1)""",
        days,
    )
