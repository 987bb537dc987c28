"""Hand one message over, and say what happened."""

from email.message import EmailMessage
from pathlib import Path

import pytest

import work
from mail_server import MailServer
from undersigned.kit import mail
from undersigned.kit.smtp import BeforeData
from undersigned.settings import settings


def message(message_id: str = "<one@example.org>") -> EmailMessage:
    """A short message."""
    made = mail.blank(message_id)
    made["From"], made["To"] = "hello@example.org", "amina@example.org"
    made.set_content("Grüße\n.\n..a line that begins with dots\n" + "long " * 400 + "\n", cte="quoted-printable")
    return made


async def hand_over(made: EmailMessage | None = None, before: BeforeData | None = None) -> mail.Answer:
    """To Amina."""
    return await mail.hand_over(made or message(), "bounces@example.org", "amina@example.org", before)


async def test_what_arrives_is_what_was_given(server: MailServer) -> None:
    answer = await hand_over()
    (taken,) = server.taken
    assert (answer.code, taken.sender, taken.recipients) == (250, "bounces@example.org", ["amina@example.org"])
    assert work.text_of(taken.message).replace("\r", "") == str(message().get_content())
    assert max(len(line) for line in taken.content.split(b"\r\n")) <= 998
    assert b"\n" not in taken.content.replace(b"\r\n", b"")


async def test_the_mark_is_made_after_the_recipient_is_taken_and_before_the_message(server: MailServer) -> None:
    seen: list[tuple[int, int]] = []

    async def mark() -> None:
        seen.append((len(server.asked), len(server.taken)))

    await hand_over(before=mark)
    assert seen == [(1, 0)]
    server.at_rcpt = "450 4.2.1 Later"
    with pytest.raises(mail.Postponed):
        await hand_over(before=mark)
    assert seen == [(1, 0)]


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("450 4.2.1 Later", mail.Postponed),
        ("552 5.2.2 Mailbox full", mail.Postponed),
        ("550 5.1.1 Nobody", mail.Rejected),
        ("554 Go away", mail.Rejected),
    ],
)
async def test_each_answer_has_its_name(
    server: MailServer, where: str, answer: str, outcome: type[Exception]
) -> None:
    setattr(server, where, answer)
    with pytest.raises(outcome, match=answer.split(maxsplit=1)[1]):
        await hand_over()
    assert server.taken == []


async def test_every_yes_after_the_message_is_one_for_to_send_it_again_would_be_twice(server: MailServer) -> None:
    server.at_data = "252 2.5.0 We shall do our best"
    assert (await hand_over()).code == 252
    await hand_over()
    assert (len(server.taken), server.lines) == (2, 1)


@pytest.mark.parametrize("answer", ["421 4.3.2 Busy", "530 5.7.0 Who are you?", "550 5.7.1 Not from you"])
async def test_a_no_to_ourselves_is_only_a_delay(server: MailServer, answer: str) -> None:
    server.at_mail = answer
    with pytest.raises(mail.Postponed):
        await hand_over()


async def test_a_dropped_line_is_a_doubt_only_after_the_message(server: MailServer) -> None:
    server.hangs_up = "after the message"
    with pytest.raises(mail.Unclear):
        await hand_over()
    await server.stop()
    with pytest.raises(mail.Postponed):
        await hand_over()


async def test_a_name_cannot_smuggle_in_a_header(server: MailServer) -> None:
    made = message()
    made["Reply-To"] = mail.mailbox("Amina\r\nBcc: everybody@example.org", "amina@example.org")
    await hand_over(made)
    (taken,) = server.taken
    assert taken.message["Bcc"] is None
    assert taken.message["Reply-To"].addresses[0].display_name == "Amina Bcc: everybody@example.org"


async def test_into_a_maildir_twice_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "mail_url", f"maildir:{tmp_path / 'a%20b'}")
    for _ in range(2):
        assert (await hand_over()).code == 250
    await hand_over(message("<two@example.org>"))
    assert len(list((tmp_path / "a b" / "new").iterdir())) == 2
    assert list((tmp_path / "a b" / "tmp").iterdir()) == []
    (first, _) = work.inbox("amina@example.org")
    assert first["Return-Path"] == "<bounces@example.org>"
