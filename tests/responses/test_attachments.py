"""Files that came back: kept once by digest, passed on as far as a mailbox takes them, saved and never shown."""

from email.message import EmailMessage

import httpx
import pytest

import make
import work
from staff.visits import sign_in
from undersigned.delivery import addresses
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.letters.tables import Letter
from undersigned.privacy import forgetting, holdings
from undersigned.responses import arrival, attachments, deciding, passing_on, received
from undersigned.responses.tables import Attachment, StoredFile
from undersigned.staff import members

pytestmark = pytest.mark.usefixtures("database")
OFFICE = "harriet.vale.mp@example.org"
PDF = b"%PDF-1.7 a leaflet on light"


def reply(to: str, *files: tuple[str, str, bytes], message_id: str = "<files@example.org>") -> bytes:
    """An office's answer with these files (name, type, content)."""
    message = EmailMessage()
    message["From"] = f"Harriet Vale MP <{OFFICE}>"
    message["To"] = to
    message["Subject"] = "Your letter about the bus stop"
    message["Message-ID"] = message_id
    message.set_content("Dear Ms Rahman,\n\nThank you for your letter. I attach what the Minister wrote to me.\n")
    for name, kind, content in files:
        maintype, _, subtype = kind.partition("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return message.as_bytes()


async def answered(*files: tuple[str, str, bytes], **wanted: object) -> Letter:
    """A letter of Amina's that was answered with these files."""
    letter = await make.letter(**wanted)
    to = addresses.tracked(letter.id)
    await arrival.arrive(reply(to, *files, message_id=f"<{letter.id}@example.org>"), OFFICE, [to])
    await work.settle()
    return letter


async def test_what_an_office_sends_to_everybody_is_kept_once() -> None:
    for number in range(3):
        await answered(("Minister.pdf", "application/pdf", PDF), email=f"amina.{number}@example.org")
    assert (await Attachment.count(), await StoredFile.count()) == (3, 1)


async def test_the_writers_page_names_a_file_and_hands_it_out_to_be_saved(client: httpx.AsyncClient) -> None:
    letter = await answered(("Brief ŵ.html", "text/html", b"<script>alert(1)</script>"))
    page = f"/letters/{tokens.issue('letter', letter.id)}"
    shown = await client.get(page)
    assert "Brief ŵ.html" in shown.text
    (listed,) = (await received.of_letter(letter.id))[0].files
    file = await client.get(f"{page}/files/{listed.id}")
    assert file.content == b"<script>alert(1)</script>"
    assert file.headers["content-disposition"].startswith('attachment; filename="Brief _.html"; filename*=UTF-8')
    assert "sandbox" in file.headers["content-security-policy"]
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["cache-control"] == "no-store"


async def test_the_link_of_another_letter_does_not_open_the_file(client: httpx.AsyncClient) -> None:
    letter, other = await answered(("a.pdf", "application/pdf", PDF)), await make.letter(email="owen@example.org")
    (listed,) = (await received.of_letter(letter.id))[0].files
    answer = await client.get(f"/letters/{tokens.issue('letter', other.id)}/files/{listed.id}")
    assert answer.status_code == 404
    assert (await client.get(f"/letters/nonsense/files/{listed.id}")).status_code == 404


@pytest.mark.parametrize(("reply_to", "status"), [("tracked", 200), ("me", 404)])
async def test_staff_save_files_of_tracked_letters_alone(
    client: httpx.AsyncClient, reply_to: str, status: int
) -> None:
    letter = await answered(("a.pdf", "application/pdf", PDF), reply_to=reply_to)
    (listed,) = (await received.of_letter(letter.id))[0].files
    address = f"/staff/letters/{letter.id}/files/{listed.id}"
    assert (await client.get(address)).status_code != 200
    link = (await members.invite("owen@example.org")).link
    await client.post(httpx.URL(link).path)
    page = await client.get(f"/staff/letters/{letter.id}")
    assert ("a.pdf" in page.text) is (status == 200)
    assert (await client.get(address)).status_code == status


async def test_a_file_is_passed_on_with_the_words() -> None:
    await answered(("Minister.pdf", "application/pdf", PDF), email="amina@example.org")
    (message,) = work.inbox("amina@example.org")
    (enclosed,) = message.iter_attachments()
    assert (enclosed.get_filename(), enclosed.get_content_type()) == ("Minister.pdf", "application/pdf")
    assert enclosed.get_content() == PDF
    assert "Attached: Minister.pdf (1 KB)" in work.text_of(message)


async def test_what_is_too_large_or_may_do_harm_is_named_and_not_passed_on() -> None:
    big = b"0" * (passing_on.MOST_ENCLOSED + 1)
    await answered(
        ("film.mp4", "video/mp4", big),
        ("open me.EXE", "application/octet-stream", b"MZ"),
        ("a.pdf", "application/pdf", PDF),
        email="amina@example.org",
    )
    (message,) = work.inbox("amina@example.org")
    assert [part.get_filename() for part in message.iter_attachments()] == ["a.pdf"]
    text = work.text_of(message)
    assert "film.mp4 (10.0 MB)" in text
    assert "open me.EXE" in text


def test_a_name_is_no_path_and_holds_nothing_that_hides() -> None:
    names = {
        "../../etc/passwd": "passwd",
        "C:\\Users\\x\\letter.doc": "letter.doc",
        "cod\u202efdp.exe": "codfdp.exe",
        'a"b\r\nSet-Cookie: x.pdf': "abSet-Cookie x.pdf",
        "": "file",
        "...": "file",
        "a" * 300 + ".pdf": "a" * 116 + ".pdf",
    }
    assert {name: attachments.safe_name(name) for name in names} == names


async def test_files_go_when_the_letters_text_goes_and_the_bytes_with_the_last_of_them() -> None:
    letter = await answered(("a.pdf", "application/pdf", PDF))
    other = await answered(("b.pdf", "application/pdf", PDF), email="owen@example.org")
    await db.execute("UPDATE letter SET sent_at = now() - interval '29 days' WHERE id = $1", letter.id)
    await forgetting.keep_promises()
    assert (await Attachment.count(), await StoredFile.count()) == (1, 1)
    await holdings.erase(other.email_key)
    assert (await Attachment.count(), await StoredFile.count()) == (0, 0)


async def test_an_answer_that_comes_when_the_letters_text_is_gone_is_passed_on_and_kept_for_four_weeks() -> None:
    await answered(("a.pdf", "application/pdf", PDF), state="scrubbed", paragraphs="[]", email="amina@example.org")
    (message,) = work.inbox("amina@example.org")
    assert "I attach what the Minister wrote" in work.text_of(message)
    await forgetting.keep_promises()
    assert await StoredFile.count() == 1
    await db.execute("UPDATE response SET received_at = now() - interval '29 days'")
    await forgetting.keep_promises()
    assert await StoredFile.count() == 0
    (row,) = await db.fetch("SELECT text, kind FROM response")
    assert (row["text"], row["kind"]) == ("", "answer")


async def test_a_letter_whose_writer_gave_an_address_of_ours_starts_no_loop() -> None:
    first = await make.letter()
    letter = await answered(("a.pdf", "application/pdf", PDF), email=addresses.tracked(first.id))
    assert work.inbox(addresses.tracked(first.id)) == []
    assert len(await received.of_letter(letter.id)) == 1


async def test_files_of_what_was_taken_for_junk_are_kept_when_a_person_says_that_it_is_an_answer() -> None:
    letter = await make.letter(reply_to="tracked")
    to = addresses.tracked(letter.id)
    raw = reply(to, ("Minister.pdf", "application/pdf", PDF)).replace(
        b"Subject:", b"X-Spam-Flag: YES\nSubject:", 1
    )
    raw = raw.replace(b"Thank you for your letter.", b"Cheap watches, click here. Viagra. Unsubscribe.")
    await arrival.arrive(raw, OFFICE, [to])
    await work.settle()
    row = await db.fetch_one("SELECT id, kind FROM response")
    assert row is not None and row["kind"] == "spam"
    assert await Attachment.count() == 0
    await deciding.decide(row["id"], "answer")
    await deciding.decide(row["id"], "spam")
    await deciding.decide(row["id"], "answer")
    assert await Attachment.count() == 1


async def test_the_pen_names_the_files_of_a_held_mail(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    await arrival.arrive(
        reply("hello@test.example.org", ("Minister.pdf", "application/pdf", PDF)),
        OFFICE,
        ["hello@test.example.org"],
    )
    await work.settle()
    page = (await client.get("/staff/held/1")).text
    assert "Attached: Minister.pdf (1 KB). It can be saved from the letter’s page" in page
