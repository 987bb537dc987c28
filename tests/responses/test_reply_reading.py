"""What a person reads in a mail, however it was wrapped."""

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responses import vendor_mails as mails
from undersigned.responses import reading, sorting

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


@pytest.mark.parametrize(
    "footer",
    [
        "This email and any attachments are confidential and intended solely for the addressee.",
        "The information in this message is intended only for the person to whom it is addressed.",
        "Any views expressed in this message are those of the sender and do not necessarily reflect\nthose of us.",
        "If you have received this message in error, please tell us.",
        "Mae'r e-bost hwn yn gyfrinachol. Cyfrinachol yw ei atodiadau hefyd.",
        "CAUTION: This email originated from outside of the organisation.",
    ],
)
def test_the_usual_footers_are_folded_not_deleted(footer: str) -> None:
    read = reading.read(mails.mail(TO, f"{footer}\n\n{mails.ANSWER}"))
    assert read.text == mails.ANSWER
    assert read.quoted == footer


def test_an_answer_about_confidences_is_not_folded() -> None:
    words = "This message has gone to the Minister, who told me in confidence that she will scan every ballot."
    assert reading.read(mails.mail(TO, words)).text == words


def test_paragraphs_broken_for_the_journey_are_joined_again() -> None:
    text = "I will vote \nfor it.\n\n On Monday, Amina \nwrote:\n> Will you \n> vote?\n-- \nHarriet"
    raw = mails.mail(TO, text).replace(b"charset=utf-8", b"charset=utf-8; format=flowed")
    read = reading.read(raw)
    assert read.text == "I will vote for it."
    assert "> Will you vote?" in read.quoted
    japanese = mails.mail(TO, "vo \nted").replace(b"charset=utf-8", b"charset=utf-8; format=flowed; delsp=yes")
    assert reading.read(japanese).text == "voted"


@pytest.mark.parametrize(
    ("declared", "content", "words"),
    [
        ("iso-8859-1", "Tŷ’r Cyffredin".encode(), "Tŷ’r Cyffredin"),
        ("windows-1250", "Siân".encode(), "Siân"),
        ("utf-8", "I’ll vote".encode("cp1252"), "I’ll vote"),
        ("utf-7", b"caf+AOk- and +IBw-aye+IB0-", "café and “aye”"),
        ("iso-2022-jp", "賛成".encode("iso-2022-jp"), "賛成"),
        ("us-ascii", "賛成".encode("iso-2022-jp"), "賛成"),
        ("koi8-r", "Да".encode("koi8-r"), "Да"),
        ("gb2312", "你好".encode("gb2312"), "你好"),
        ("utf-16", b"Plain after all", "Plain after all"),
        ("utf-16", "Truly wide".encode("utf-16"), "Truly wide"),
        ("punycode", b"a" * 9 + b"-" + b"b" * 200_000, "a" * 9 + "-"),
        ("'utf-8'", "Siân".encode(), "Siân"),
        ("zlib", b"Not squeezed", "Not squeezed"),
    ],
)
def test_odd_charsets_are_read(declared: str, content: bytes, words: str) -> None:
    head = f"From: a@example.org\nContent-Type: text/plain; charset={declared}\n\n".encode()
    assert reading.read(head + content).text.startswith(words)


ENOUGH = 20_000
BOMBS = {
    "many headers": b"X-A: b\n" * 400_000 + b"\nhi",
    "a long header": b"X-A: " + b"b" * 3_000_000 + b"\n\nhi",
    "many headers in a part": b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' + b"X-A: b\n" * 400_000,
    "mail in mail": b"Content-Type: message/rfc822\n\n" * ENOUGH,
    "parts beside parts": b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * ENOUGH,
    "reports": b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 2 * ENOUGH,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_is_made_to_keep_us_busy_is_refused_at_once(bomb: str) -> None:
    began = time.process_time()
    with pytest.raises(reading.Unreadable):
        reading.read(BOMBS[bomb])
    assert time.process_time() - began < 5


def test_twenty_five_megabytes_take_a_moment_and_less_than_a_hundred_of_memory() -> None:
    raw = mails.multipart(TO, "mixed", [mails.text_part(mails.ANSWER), mails.attachment("scan.pdf")])
    filler = b"eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4\n" * 350_000
    raw = raw.replace(b"base64\n\n", b"base64\n\n" + filler)
    began = time.process_time()
    tracemalloc.start()
    try:
        assert reading.read(raw).text == mails.ANSWER
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "line", ["This message\n", "On ", "receive large ", "have written ", "click the link ", "user unknown 550 "]
)
def test_words_that_keep_beginning_something_take_no_time(line: str) -> None:
    raw = mails.mail(TO, line * (500_000 // len(line)), headers="Return-Path: <>\n")
    began = time.process_time()
    read = reading.read(raw)
    assert sorting.kind_of(read.message, "", read.text).kind
    assert time.process_time() - began < 5


HEADERS = st.sampled_from(
    [
        b"From: ", b"Subject: =?", b"Content-Type: text/plain; charset=",
        b'Content-Type: multipart/report; boundary="b"\n',
        b"Content-Type: message/rfc822\n\n", b"Content-Type: message/delivery-status\n\n",
        b"--b\n", b"--b--\n", b"\n\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: x-uuencode\n", b"Action: failed\n",
        b"Status: 5.2.2\n", b"Content-Type: text/html\n\n<", b"Auto-Submitted: ",
        b"Content-Disposition: attachment; filename*0*=",
        b"X-Failed-Recipients: ", b"To: ", b"Message-ID: <", b"begin 644 x\n", b"format=flowed",
        b"On x wrote:\n> ",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=2_000)
@given(st.lists(HEADERS | st.binary(max_size=40), max_size=25).map(b"".join))
def test_whatever_comes_is_read_and_sorted_or_said_to_be_unreadable(raw: bytes) -> None:
    try:
        read = reading.read(raw)
    except reading.Unreadable:
        return
    found = sorting.kind_of(read.message, None, read.text)
    assert found.kind in sorting.KINDS
    assert 0 < found.confidence <= 100
    assert "\0" not in read.text + read.quoted + read.subject + read.from_name
