"""What a person reads in a mail, however it was wrapped."""

import pytest

from responses import vendor_mails as mails
from undersigned.responses import reading

TO = "letter-abc@letters.example.org"


def test_the_plain_words_are_preferred_to_the_html() -> None:
    parts = [mails.text_part("<p>HTML</p>", "html"), mails.text_part("Plain")]
    assert reading.read(mails.multipart(TO, "alternative", parts)).text == "Plain"


def test_html_says_it_when_the_plain_part_is_empty() -> None:
    parts = [mails.text_part(" "), mails.text_part("<p>Only here</p>", "html")]
    assert reading.read(mails.multipart(TO, "alternative", parts)).text == "Only here"


def test_html_becomes_paragraphs_and_its_quotation_is_folded() -> None:
    read = reading.read(mails.html_only(TO))
    assert read.text == (
        "Dear Amina,\n\nI agree & will vote for it.\nOn Tuesday.\n\n- First\n- Second\n\nOffice Bury"
    )
    assert "> Please vote." in read.quoted
    assert "alert" not in read.text + read.quoted


def test_curly_quotes_survive_a_wrong_charset() -> None:
    raw = mails.mail(TO, "I’ll vote “aye” – on Tuesday", charset="windows-1252")
    for declared in (b"windows-1252", b"iso-8859-1", b"us-ascii", b"utf-8", b"x-nobody-knows", b"\xff\xfe"):
        assert reading.read(raw.replace(b"windows-1252", declared)).text == "I’ll vote “aye” – on Tuesday"


def test_welsh_in_quoted_printable_is_welsh() -> None:
    read = reading.read(mails.welsh_acknowledgement(TO))
    assert read.from_name == "Siân Vale AS"
    assert read.subject == "Ateb awtomatig: Tŷ ŵyl"
    assert "wedi derbyn eich e-bost ac fe anelwn at ymateb cyn gynted â phosibl" in read.text
    assert "tŷ" in read.text


def test_the_parliament_disclaimer_is_folded_not_deleted() -> None:
    read = reading.read(mails.mail(TO, f"{mails.ANSWER}\n\n{mails.DISCLAIMER}\n"))
    assert read.text == mails.ANSWER
    assert read.quoted == mails.DISCLAIMER


@pytest.mark.parametrize(
    "quotation",
    [
        "On Mon, 2 Nov 2026 at 09:00, Amina <x@example.org> wrote:\n> Dear Harriet Vale,\n> Please vote.",
        "From: Amina <x@example.org>\nSent: 2 November 2026\nTo: VALE\nSubject: Centres\n\nPlease vote.",
        "-----Original Message-----\nFrom: Amina\nPlease vote.",
        "________________________________\nFrom: Amina\nSent: Monday\nTo: Harriet\n\nPlease vote.",
        "Ar 2 Tach 2026, am 09:00, Amina <x@example.org> ysgrifennodd:\n> Please vote.",
        "Oddi wrth: Amina <x@example.org>\nAnfonwyd: 02 Tachwedd 2026 09:00\nAt: Harriet\n\nPlease vote.",
        "> Dear Harriet Vale,\n> Please vote.",
    ],
)
def test_what_was_quoted_is_told_apart_and_kept(quotation: str) -> None:
    read = reading.read(mails.mail(TO, f"{mails.ANSWER}\n\n{quotation}\n"))
    assert read.text == mails.ANSWER
    assert "Please vote." in read.quoted


def test_answers_between_quoted_lines_are_read() -> None:
    text = "On Monday, Amina wrote:\n> Will you vote?\nYes, I will.\n> And speak?\nIf I am called."
    read = reading.read(mails.mail(TO, text))
    assert "Yes, I will." in read.text
    assert "If I am called." in read.text
    assert read.quoted == "> Will you vote?\n> And speak?"


def test_words_under_a_dashed_line_are_not_lost() -> None:
    text = "Dear Amina,\n\n--------------------------------------------\n\nI will vote for it."
    assert reading.read(mails.mail(TO, text)).text == text


def test_an_answer_forwarded_whole_by_an_assistant_is_read() -> None:
    inner = mails.mail("office@example.org").decode()
    parts = [f"Content-Type: message/rfc822\n\n{inner}"]
    assert "I have raised it with the" in reading.read(mails.multipart(TO, "mixed", parts)).text


def test_parts_deep_within_parts_are_found() -> None:
    inner = mails.multipart(TO, "alternative", [mails.text_part("Deep words")]).replace(b"=_b", b"=_i")
    raw = mails.multipart(TO, "mixed", [inner, mails.attachment("leaflet.pdf")])
    assert reading.read(raw).text == "Deep words"


def test_a_mail_without_words_names_what_was_attached() -> None:
    letter = mails.multipart(TO, "mixed", [mails.text_part(""), mails.attachment("Reply to Amina.pdf")])
    assert reading.read(letter).text == "(The mail itself has no words. Attached: Reply to Amina.pdf.)"
    winmail = mails.multipart(TO, "mixed", [mails.attachment("winmail.dat", "application/ms-tnef")])
    assert "winmail.dat" in reading.read(winmail).text


def test_broken_headers_do_not_raise() -> None:
    raw = (
        b"From: =?utf-8?B?!!!?= <harriet@example.org\nTo: undisclosed-recipients:;\n"
        b"Subject: caf\xe9 \xe2\x80\x93 =?unknown?Q?x=FF?=\nMessage-ID: []\n"
        b"Content-Type: text/plain; charset*=''=\nContent-Disposition: ;;=\n"
        b"Content-Transfer-Encoding: sideways\n\nWords \x00 and more"
    )
    read = reading.read(raw)
    assert read.from_address == "harriet@example.org"
    assert read.subject.startswith("caf")
    assert read.message_id == ""
    assert read.text == "Words  and more"


def test_a_header_cannot_smuggle_another() -> None:
    raw = mails.mail(TO, sender="=?utf-8?Q?Harriet=0D=0ABcc:_all@example.org?= <h@example.org>")
    assert "\n" not in reading.read(raw).from_name


def test_ten_thousand_parts_within_parts_are_refused() -> None:
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="b{depth}"\n\n--b{depth}\n' for depth in range(10_000)
    )
    with pytest.raises(reading.Unreadable):
        reading.read(nested.encode())


def test_nothing_at_all_is_still_a_reading() -> None:
    assert reading.read(b"").text == ""


def test_endless_lines_take_no_time() -> None:
    raw = mails.mail(TO, "On " + "wrot " * 100_000 + "\n" + "From: " + " " * 100_000)
    assert reading.read(raw).text.startswith("On wrot")
