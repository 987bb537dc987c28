"""An answer that came another way: pasted or photographed, reported and not observed, shown only with a yes."""

import httpx
import pytest

import make
import work
from undersigned.kit import database as db
from undersigned.kit import tokens
from undersigned.letters.tables import Letter
from undersigned.privacy import forgetting, holdings
from undersigned.responses import following_up, telling
from undersigned.responses.tables import Attachment, Response, StoredFile, ToldReply
from undersigned.staff import members
from undersigned.supporters.tables import Wording

pytestmark = pytest.mark.usefixtures("database")
JPEG = b"\xff\xd8\xff\xe0 a photo of a letter"
TYPED = {"kind": "answer", "came_by": "post", "text": "I shall ask the council to mend the light."}


async def page_of(**wanted: object) -> tuple[Letter, str]:
    """A letter that went, and its page."""
    letter = await make.letter(**wanted)
    return letter, f"/letters/{tokens.issue('letter', letter.id)}"


async def test_a_pasted_answer_and_its_photo_are_shown_as_reported(
    client: httpx.AsyncClient,
) -> None:
    letter, page = await page_of()
    photo = {"files": ("../My photo.jpeg", JPEG, "text/html")}
    told = await client.post(f"{page}/tell", data=TYPED, files=photo, follow_redirects=True)
    assert told.status_code == 200
    assert "Reported by you" in told.text
    assert "mend the light" in told.text
    (file,) = await Attachment.objects()
    assert (file.name, file.type) == ("My photo.jpg", "image/jpeg")
    saved = await client.get(f"{page}/files/{file.id}")
    assert (saved.content, saved.headers["content-type"]) == (JPEG, "image/jpeg")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert await Response.count() == 0
    assert await following_up.said_last(letter.id) == "answer"


async def test_showing_the_words_takes_a_yes_of_its_own_that_is_kept_with_its_wording_and_can_be_taken_back(
    client: httpx.AsyncClient,
) -> None:
    _, page = await page_of()
    await client.post(f"{page}/tell", data=TYPED)
    await client.post(f"{page}/tell", data=TYPED | {"may_show": "yes"})
    silent, agreed = await ToldReply.objects().order_by(ToldReply.id)
    assert (silent.may_show, silent.wording) == (False, None)
    wording = await Wording.objects().where(Wording.id == agreed.wording).first()
    assert agreed.may_show and wording is not None and wording.text == telling.TO_BE_SHOWN
    await client.post(f"{page}/tell", data={"press": f"hide:{agreed.id}"})
    assert await ToldReply.count().where(ToldReply.may_show == True) == 0  # noqa: E712
    await client.post(f"{page}/tell", data={"press": f"remove:{silent.id}"})
    assert await ToldReply.count() == 1


@pytest.mark.parametrize(
    ("typed", "file", "sentence"),
    [
        ({"came_by": "post", "text": "x"}, None, "Say whether it is a real answer"),
        ({"kind": "answer", "text": "x"}, None, "Say how it came."),
        ({"kind": "answer", "came_by": "post"}, None, "Paste what it says"),
        (TYPED, b"<html>", "Choose a PDF or a photo"),
        (TYPED, b"MZ\x90", "Choose a PDF or a photo"),
        (TYPED, b"%PDF-" + b"0" * telling.MOST_BYTES, "no more than 10 MB"),
    ],
)
async def test_what_cannot_be_taken_is_said_beside_its_field(
    client: httpx.AsyncClient, typed: dict[str, str], file: bytes | None, sentence: str
) -> None:
    _, page = await page_of()
    files = {"files": ("a.pdf", file, "application/pdf")} if file else {"files": ("", b"")}
    answer = await client.post(f"{page}/tell", data=typed, files=files)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (await ToldReply.count(), await StoredFile.count()) == (0, 0)


async def test_what_is_larger_than_any_upload_is_not_even_read(client: httpx.AsyncClient) -> None:
    _, page = await page_of()
    files = {"files": ("a.pdf", b"%PDF-" + b"0" * 12_000_000, "application/pdf")}
    assert (await client.post(f"{page}/tell", data=TYPED, files=files)).status_code == 413


async def test_only_its_own_link_adds_or_removes(client: httpx.AsyncClient) -> None:
    _, page = await page_of()
    await client.post(f"{page}/tell", data=TYPED)
    told = await ToldReply.objects().first()
    assert told is not None
    _, other = await page_of(email="owen@example.org")
    assert (await client.post(f"{other}/tell", data={"press": f"remove:{told.id}"})).status_code == 404
    assert (await client.post("/letters/nonsense/tell", data=TYPED)).status_code == 404
    assert await ToldReply.count() == 1


async def test_a_letter_that_was_not_sent_has_no_answer_to_tell_of(client: httpx.AsyncClient) -> None:
    _, page = await page_of(state="failed")
    assert (await client.get(f"{page}/tell")).status_code == 404
    assert (await client.post(f"{page}/tell", data=TYPED)).status_code == 404


async def test_ten_answers_to_one_letter_are_enough(client: httpx.AsyncClient) -> None:
    _, page = await page_of()
    statuses = [(await client.post(f"{page}/tell", data=TYPED)).status_code for _ in range(11)]
    assert statuses == [303] * 10 + [422]


async def test_staff_read_it_as_what_the_writer_told_us(client: httpx.AsyncClient) -> None:
    letter, page = await page_of()
    await client.post(f"{page}/tell", data=TYPED, files={"files": ("a.jpg", JPEG, "image/jpeg")})
    link = (await members.invite("owen@example.org")).link
    await client.post(httpx.URL(link).path)
    shown = await client.get(f"/staff/letters/{letter.id}")
    assert "Reported by the writer" in shown.text
    assert "Its words are not to be shown in public." in shown.text
    (file,) = await Attachment.objects()
    assert (await client.get(f"/staff/letters/{letter.id}/files/{file.id}")).content == JPEG


async def test_it_is_part_of_what_we_hold_and_goes_with_the_text_and_with_its_writer(
    client: httpx.AsyncClient,
) -> None:
    letter, page = await page_of()
    await client.post(f"{page}/tell", data=TYPED, files={"files": ("a.jpg", JPEG, "image/jpeg")})
    held = await holdings.of(letter.email_key)
    assert held["told_replies"][0]["text"] == TYPED["text"]
    assert (held["files"][0]["name"], held["follow_ups"][0]["answer"]) == ("a.jpg", "answer")
    await db.execute("UPDATE letter SET sent_at = now() - interval '29 days'")
    await forgetting.keep_promises()
    assert (await ToldReply.count(), await StoredFile.count()) == (0, 0)
    assert await following_up.said_last(letter.id) == "answer"
    await client.post(f"{page}/tell", data=TYPED)
    await holdings.erase(letter.email_key)
    await work.settle()
    assert await ToldReply.count() == 0
