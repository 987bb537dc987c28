"""Answers to a mail that held many letters: a machine's concern them all, a person's are for a person to place."""

from datetime import UTC, datetime

import pytest

import make
from responses import vendor_mails as mails
from undersigned.delivery import addresses
from undersigned.kit import database as db
from undersigned.kit import leases
from undersigned.letters.tables import Bundle
from undersigned.responses import arrival, jobs, matching, reading
from undersigned.responses.jobs import OWED

pytestmark = pytest.mark.usefixtures("database")
OFFICE = "harriet.vale.mp@example.org"


@pytest.fixture
async def bundle() -> Bundle:
    """Two letters that went in one mail."""
    first = await make.letter(name="Amina Rahman")
    now = datetime.now(UTC)
    made = Bundle(
        campaign=first.campaign,
        representative=first.representative,
        kind="mail",
        day=now.date(),
        message_id="<together@letters.example.org>",
        created_at=now,
        due_at=now,
    )
    await made.save()
    await make.letter(name="Nell Ashworth", email="nell@example.org")
    await db.execute("UPDATE letter SET bundle = $1", made.id)
    return made


async def bring(raw: bytes, to: str) -> str:
    """A mail comes in and is sorted; what became of it."""
    await arrival.arrive(raw, OFFICE, [to])
    lent: list[tuple[int, str]] = []
    await leases.relay(leases.Owed(OWED.table, OWED.due, lambda row_id, lease: lent.append((row_id, lease))))
    for row_id, lease in lent:
        await jobs.sort_mail.fn.__wrapped__(row_id, lease)
    row = await db.fetch_one("SELECT outcome FROM inbound_mail ORDER BY id DESC LIMIT 1")
    assert row is not None
    return str(row["outcome"])


async def test_an_answer_of_a_person_is_held_and_nobody_reads_what_was_meant_for_another(bundle: Bundle) -> None:
    at = addresses.tracked_bundle(bundle.id)
    assert await bring(mails.mail(at, "Dear Amina, I have asked about your street."), at) == "held"
    (held,) = await db.fetch("SELECT reason FROM held_mail")
    assert held["reason"] == "It answers a mail that held more letters than one. Whose is it?"
    assert await db.fetch("SELECT FROM response") == [] and await db.fetch("SELECT FROM mail") == []


async def test_an_answer_to_one_writer_alone_is_filed_with_their_letter(bundle: Bundle) -> None:
    at = addresses.tracked(2)
    assert await bring(mails.mail(at, "Dear Nell, I have asked about your street."), at) == "answer"
    assert [row["letter"] for row in await db.fetch("SELECT letter FROM response")] == [2]


async def test_a_bounce_is_that_of_every_letter(bundle: Bundle) -> None:
    at = addresses.tracked_bundle(bundle.id)
    assert await bring(mails.exchange_bounce(at), at) == "bounce"
    assert {row["state"] for row in await db.fetch("SELECT state FROM letter")} == {"failed"}
    assert len(await db.fetch("SELECT FROM mail WHERE kind = 'delivery_failed'")) == 2


async def test_the_thread_finds_them_too(bundle: Bundle) -> None:
    raw = mails.mail("hello@letters.example.org", headers=f"In-Reply-To: {bundle.message_id}\n")
    found = await matching.match(reading.parse(raw), [])
    assert (found.letter_ids, found.by) == ((1, 2), matching.BUNDLE)
