"""What a person says a response is, where the machine was not sure or was wrong."""

from datetime import UTC, datetime
from typing import Any

from undersigned.kit import database
from undersigned.kit.errors import Missing, Refused
from undersigned.responses import alike, attachments, filing, returned, sorting
from undersigned.responses.sorting import Sorted
from undersigned.responses.tables import InboundMail, Response, SortingDecision
from undersigned.staff import audit

MOST_SHOWN = 200
SAID = "a person sorted it"
SURE_OF_ITS_LIKE = 90


class NoSuchKind(Refused):
    """Something else was chosen than what a response can be."""


async def unsure() -> list[dict[str, Any]]:
    """What the machine was not sure of, oldest first, at most two hundred, with the words to decide by.

    The words are left out where the writer wanted the answer for themselves alone.
    """
    return await database.fetch(
        """SELECT r.id, r.letter, r.kind, r.confidence, r.evidence, r.from_name, r.subject, r.received_at,
                  CASE WHEN l.reply_to = 'tracked' THEN left(r.text, 1200) ELSE '' END AS text
           FROM response r JOIN letter l ON l.id = r.letter
           WHERE r.confidence < 70 ORDER BY r.id LIMIT $1""",
        MOST_SHOWN,
    )


async def how_many_unsure() -> int:
    """How many wait for a person to say what they are."""
    return int(await Response.count().where(Response.confidence < sorting.SURE))


async def decide(response_id: int, kind: str, staff_id: int | None = None) -> None:
    """Call a response ``kind`` from now on, and with it the office's others that say the same.

    What was only probable takes effect: a bounce fails its letter, and words meant for the writer are passed on.
    Raises Missing, or NoSuchKind.
    """
    if kind not in sorting.KINDS:
        raise NoSuchKind("Choose what this is.")
    async with database.transaction():
        response, letter = await _lock(response_id)
        await _note(response, kind, staff_id)
        await _settle(response, kind)
        await _follow(response, letter, kind)
        await _spread(response, kind)


async def _lock(response_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The letter first, as filing does, so that neither waits for the other."""
    letter = await database.fetch_one(
        """SELECT id, state, email, email_key, representative FROM letter
           WHERE id = (SELECT letter FROM response WHERE id = $1) FOR UPDATE""",
        response_id,
    )
    if letter is None:
        raise Missing("There is no such reply.")
    await alike.take_turns(letter["representative"])
    row = await database.fetch_one("SELECT * FROM response WHERE id = $1 FOR UPDATE", response_id)
    if row is None:
        raise Missing("There is no such reply.")
    return row, letter


async def _note(response: dict[str, Any], kind: str, staff_id: int | None) -> None:
    await SortingDecision(
        response=response["id"],
        staff=staff_id,
        from_kind=response["kind"],
        from_confidence=response["confidence"],
        to_kind=kind,
        decided_at=datetime.now(UTC),
    ).save()
    change = f"response {response['id']}: {response['kind']} → {kind}"
    await audit.record("reply sorted", change, staff_id=staff_id)


async def _settle(response: dict[str, Any], kind: str) -> None:
    fallen = returned.PERMANENT if kind == sorting.BOUNCE else ""
    await database.execute(
        """UPDATE response SET kind = $2, detail = $3, confidence = 100, evidence = $4, by_person = true
           WHERE id = $1""",
        response["id"],
        kind,
        response["detail"] if kind == response["kind"] else fallen,
        SAID,
    )


async def _spread(response: dict[str, Any], kind: str) -> None:
    """Call those that say the same so too, but for what a server reports and what a person named otherwise."""
    await database.execute(
        """UPDATE response r SET kind = $3, detail = '', confidence = $4, evidence = $5, by_person = true
           WHERE (r.id = $2 OR r.alike_to = $2) AND r.id <> $1 AND r.kind <> ALL($6)
             AND NOT EXISTS (SELECT FROM sorting_decision d WHERE d.response = r.id)""",
        response["id"],
        response["alike_to"] or response["id"],
        kind,
        SURE_OF_ITS_LIKE,
        f"like response {response['id']}, which a person sorted",
        sorted(alike.SERVERS),
    )


async def _follow(response: dict[str, Any], letter: dict[str, Any], kind: str) -> None:
    """What the machine would have done, had it been sure."""
    was = response["kind"]
    if kind in sorting.HUMAN and was not in sorting.HUMAN:
        await _keep_files(response)
        await filing.pass_on(response["id"], letter)
    if kind == sorting.BOUNCE and (was != kind or response["confidence"] < sorting.SURE):
        detail = response["detail"] if was == kind else returned.PERMANENT
        await filing.bounced(Sorted(kind, 100, SAID, detail=detail), letter)


async def _keep_files(response: dict[str, Any]) -> None:
    """Keep what was attached, which nobody does with junk; once, and while the raw mail is still there."""
    inbound = await InboundMail.objects().where(InboundMail.id == response["inbound"]).first()
    if inbound is None or not inbound.raw or (await attachments.of_responses([response["id"]]))[response["id"]]:
        return
    opened = await filing.open_up(inbound)
    await attachments.keep(attachments.found_in(opened.reading.message), response=response["id"])
