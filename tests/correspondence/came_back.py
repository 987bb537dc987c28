"""What came back, as rows: an answer to a letter, and mail that nobody could match."""

from datetime import UTC, datetime

from undersigned.responses.tables import HeldMail, InboundMail, Response

RAW = (
    b"From: Office of Harriet Vale <harriet.vale.mp@example.org>\r\nSubject: Your letter\r\n"
    b"Message-ID: <one@example.org>\r\n\r\nMs Vale is looking into the bus stop.\r\n"
)


async def held() -> HeldMail:
    now = datetime.now(UTC)
    inbound = InboundMail(raw=RAW, digest="a digest", envelope_from="harriet.vale.mp@example.org", received_at=now)
    await inbound.save()
    made = HeldMail(inbound=inbound.id, reason="No letter was named.", created_at=now)
    await made.save()
    return made


async def reply(letter_id: int) -> None:
    await Response(
        letter=letter_id,
        message_id="<two@example.org>",
        kind="answer",
        confidence=90,
        matched_by="token",
        from_name="Harriet Vale",
        text="I agree about the light.",
        received_at=datetime.now(UTC),
    ).save()
