"""Where a letter has been, told in the past tense."""

from types import SimpleNamespace
from typing import Any

from undersigned.delivery import pacing, switch
from undersigned.delivery.tables import Delivery
from undersigned.letters import states
from undersigned.letters.tables import Letter
from undersigned.responses import received

ON_PAPER = {"post": "Posted to {mp}", "hand": "Handed in to {mp}"}


async def of(letter: Letter) -> list[SimpleNamespace]:
    """The steps of a letter so far, oldest first: title, at, detail, kind."""
    attempts = await Delivery.objects().where(Delivery.letter == letter.id).order_by(Delivery.id)
    steps = [
        *_written(letter),
        *(_attempt(attempt, letter) for attempt in attempts),
        await _now(letter, bool(attempts)),
        *[_reply(response) for response in await received.of_letter(letter.id) if _is_news(response, letter)],
        await _chased(letter),
        _settled(letter),
        _forgotten(letter),
    ]
    return [step for step in steps if step]


def _written(letter: Letter) -> list[SimpleNamespace | None]:
    if letter.follows:
        return [_step("You followed up on your first letter", letter.created_at)]
    confirmed = _step("You confirmed it", letter.confirmed_at) if letter.confirmed_at else None
    return [_step("You wrote it", letter.created_at), confirmed]


async def _chased(letter: Letter) -> SimpleNamespace | None:
    row = await Letter.select(Letter.created_at).where(Letter.follows == letter.id).order_by(Letter.id).first()
    return _step("You followed up on it", row["created_at"]) if row else None


def _settled(letter: Letter) -> SimpleNamespace | None:
    """That the time is over in which a mail server would have sent it back."""
    if letter.state != "settled":
        return None
    return _step("It has arrived, as far as anybody can tell", None, "A week has passed, and nothing came back.")


def _forgotten(letter: Letter) -> SimpleNamespace | None:
    """That its text was deleted, as was promised; the row of a failed letter has no state of its own for that."""
    if letter.state != "scrubbed":
        return None
    return _step(
        "Its text was deleted", None, "As we promised, 28 days after it was sent. That you wrote stays counted."
    )


async def was_rehearsed(letter: Letter) -> bool:
    """Whether it went to the people who run the site; one that has not gone yet would, unless delivery is live."""
    last = (
        await Delivery.objects()
        .where(Delivery.letter == letter.id, Delivery.outcome.is_in(["accepted", "unknown"]))
        .order_by(Delivery.id, ascending=False)
        .first()
    )
    if last:
        return bool(last.mode != switch.LIVE)
    return await switch.mode() != switch.LIVE and not await switch.was_live(letter.confirmed_at)


def _step(title: str, at: Any, detail: str = "", kind: str = "done") -> SimpleNamespace:
    return SimpleNamespace(title=title, at=at, detail=detail, kind=kind)


def _attempt(attempt: Delivery, letter: Letter) -> SimpleNamespace | None:
    if attempt.channel in ON_PAPER:
        if attempt.outcome != "accepted":
            return None
        words = ON_PAPER[attempt.channel].format(mp=letter.representative.named)
        return _step(words, attempt.finished_at, kind="sent")
    if attempt.outcome == "accepted":
        to = letter.representative.named if attempt.mode == "live" else "the people who run this site (rehearsal)"
        return _step(
            f"Sent to {to}",
            attempt.finished_at,
            "The mail server took it. If it bounces, it says so here.",
            "sent",
        )
    if attempt.outcome == "unknown":
        detail = "The line broke at the last moment. It has probably arrived, so it is not sent twice."
        return _step("Handed over", attempt.handed_at, detail, "sent")
    if attempt.outcome == "postponed" and letter.state != "sent":
        return _step("Tried, and put back in the queue", attempt.finished_at, "We try again by ourselves.")
    return None


async def _now(letter: Letter, was_tried: bool) -> SimpleNamespace | None:
    """The step it stands at, when that is not a delivery."""
    match letter.state:
        case "sending":
            return _step("Being handed over", None, "To the mail server of your MP, at this moment.", "waiting")
        case "ready":
            return _step("In the queue", None, await _in_line(letter), "waiting")
        case "held" if letter.reason in states.FOR_PAPER:
            return _step("Waiting to be printed and posted", None, letter.reason, "waiting")
        case "held":
            return _step("Waiting for a person to look at it", None, letter.reason, "held")
        case "failed" if letter.reason == states.TAKEN_BACK:
            return _step("You took it back", letter.ended_at, "Nothing was sent.", "failed")
        case "failed":
            title = "It did not arrive" if was_tried else "It was not sent"
            return _step(title, letter.ended_at, letter.reason, "failed")
    return None


async def _in_line(letter: Letter) -> str:
    """When it will leave, as far as that can be told."""
    mode = await switch.mode()
    if mode == switch.STOP or (mode != switch.LIVE and await switch.was_live(letter.confirmed_at)):
        return "All letters are stopped at the moment. It is kept, and goes when they go on."
    expected = await pacing.expected(letter)
    if expected is None:
        return "It goes when its turn comes. You need do nothing."
    return f"It leaves {pacing.roughly(expected)}, as far as we can tell. You need do nothing."


def _is_news(response: Any, letter: Letter) -> bool:
    """That a failed letter bounced has been said already, with the reason."""
    return not (response.kind == "bounce" and letter.state == "failed")


def _reply(response: Any) -> SimpleNamespace:
    return _step(response.kind_words, response.at, response.from_name, response.kind)
