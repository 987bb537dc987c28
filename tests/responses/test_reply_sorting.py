"""Bounces, notes of absence, acknowledgements and answers, told apart."""

import pytest

from responses import vendor_mails as mails
from undersigned.responses import reading, sorting
from undersigned.responses.sorting import Sorted

TO = "letter-abc@letters.example.org"


def sort(raw: bytes, envelope_from: str | None = None) -> Sorted:
    """What a mail is."""
    return sorting.kind_of(reading.parse(raw), envelope_from)


@pytest.mark.parametrize("raw", [mails.exchange_bounce(TO), mails.gmail_bounce(TO), mails.prose_bounce(TO)])
def test_no_such_address_is_a_bounce_for_good(raw: bytes) -> None:
    found = sort(raw)
    assert found.kind == "bounce"
    assert found.status.startswith("5.1.1")
    assert not found.may_pass


def test_a_full_mailbox_may_pass() -> None:
    assert sort(mails.postfix_bounce(TO, status="5.2.2")).may_pass
    worded = mails.exchange_bounce(TO, "5.0.0", "smtp;554 5.0.0 The recipient's mailbox is full")
    assert sort(worded).status == "5.2.2"


def test_a_failure_that_calls_itself_temporary_may_pass() -> None:
    assert sort(mails.exchange_bounce(TO, "4.4.7", "smtp;550 4.4.7 message expired")).may_pass


def test_a_delayed_notice_is_no_bounce() -> None:
    assert sort(mails.postfix_bounce(TO, status="4.4.1", action="delayed")).kind == "delayed"
    assert sort(mails.exchange_bounce(TO, "4.4.7", "smtp;4.4.7 delayed", action="delayed")).kind == "delayed"


def test_a_vague_status_gives_way_to_the_servers_words() -> None:
    found = sort(mails.exchange_bounce(TO, "5.0.0", "smtp;550 5.7.1 blocked by policy"))
    assert found.status == "5.7.1"


def test_the_worst_of_several_fates_counts() -> None:
    raw = mails.exchange_bounce(TO).replace(
        b"Final-Recipient",
        b"Final-Recipient: rfc822;other@example.org\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient",
        1,
    )
    assert sort(raw).kind == "bounce"


def test_an_internationalised_report_is_read_too() -> None:
    raw = mails.exchange_bounce(TO).replace(b"message/delivery-status", b"message/global-delivery-status")
    assert sort(raw).kind == "bounce"
    assert sort(raw).status == "5.1.10"


def test_news_of_success_and_read_receipts_are_no_answer() -> None:
    assert sort(mails.exchange_bounce(TO, "2.0.0", "", action="delivered")).kind == "receipt"
    assert sort(mails.read_receipt(TO)).kind == "receipt"


@pytest.mark.parametrize("style", mails.out_of_office_styles(TO))
def test_out_of_office_is_recognised_in_every_style(style: str) -> None:
    assert sort(mails.out_of_office_styles(TO)[style]).kind == "out_of_office"


def test_an_acknowledgement_is_one_though_it_looks_like_an_absence() -> None:
    found = sort(mails.acknowledgement(TO), envelope_from="")
    assert found.kind == "acknowledgement"
    assert found.confidence >= 90


def test_an_acknowledgement_in_welsh_is_recognised() -> None:
    assert sort(mails.welsh_acknowledgement(TO)).kind == "acknowledgement"


def test_an_acknowledgement_typed_by_a_person_is_recognised() -> None:
    text = "Dear Amina,\n\nYour e-mail has been received. Harriet will reply in due course.\n"
    assert sort(mails.mail(TO, text)).kind == "acknowledgement"


def test_an_answer_is_an_answer() -> None:
    found = sort(mails.mail(TO), envelope_from="harriet.vale.mp@example.org")
    assert (found.kind, found.confidence) == ("answer", 85)


def test_an_answer_may_thank_and_be_suppressed_and_bulk() -> None:
    raw = mails.mail(
        TO, f"Thank you for contacting me.\n\n{mails.ANSWER}", headers="X-Auto-Response-Suppress: All\n"
    )
    assert sort(raw).kind == "answer"
    assert sort(mails.mail(TO, headers="Precedence: bulk\n")).kind == "answer"


def test_a_subject_about_offices_is_not_an_absence() -> None:
    assert sort(mails.mail(TO, subject="Re: Closing post offices: out of hours cover")).kind == "answer"


def test_an_answer_about_an_undelivered_promise_is_no_bounce() -> None:
    assert sort(mails.mail(TO, subject="Re: Undelivered promises")).kind == "answer"


def test_a_bounce_that_somebody_forwards_is_theirs_not_a_bounce() -> None:
    inner = mails.exchange_bounce(TO).decode()
    raw = mails.multipart(
        TO, "mixed", [mails.text_part("Is this yours?"), f"Content-Type: message/rfc822\n\n{inner}"]
    )
    assert sort(raw).kind == "answer"


def test_quoted_words_do_not_sort_a_mail() -> None:
    text = f"{mails.ANSWER}\n\nOn Monday, Amina wrote:\n> I am out of the office. We aim to respond."
    assert sort(mails.mail(TO, text)).kind == "answer"


ACKNOWLEDGED = [
    ("Re: X", "I will respond as soon as I can. Please note that strict parliamentary protocol applies."),
    ("Thank you", "This is to let you know that it has been received. You will hear from us."),
    ("Re: X", "Harriet Vale MP has asked me to acknowledge receipt of your letter. Jo Finch"),
    ("Automatic reply: X", "We aim to reply to all. If I am out of the office please ring."),
    ("Ateb awtomatig: X", "Diolch am eich e-bost. Byddwn yn ymateb cyn gynted â phosibl."),
]
ABSENT = [
    ("Automatic reply: X", "Hello, I am on maternity leave. Please contact office@example.org."),
    ("Automatic reply: X", "I no longer work for Harriet Vale MP."),
    ("Out of office", "Back on Monday."),
    ("Re: X", "Thank you for your e-mail. I'm currently out of the office, returning on Monday."),
    ("Allan o’r swyddfa", "Rwyf ar wyliau tan ddydd Gwener."),
]
ANSWERED = [
    ("Re: X", "No, I do not support this. H"),
    ("Re: X", "I was away on Friday for the vote but I support the amendment, and said so then."),
    ("Re: X", "Could you provide your full postal address? I spoke to the chief constable, who agrees."),
    ("Ateb: X", "Rwy'n cefnogi'r ddeiseb a byddaf yn pleidleisio drosti ddydd Mawrth. Siân"),
]


@pytest.mark.parametrize(("subject", "text"), ACKNOWLEDGED)
def test_words_of_receipt_make_an_acknowledgement(subject: str, text: str) -> None:
    assert sort(mails.mail(TO, text, subject=subject)).kind == "acknowledgement"


@pytest.mark.parametrize(("subject", "text"), ABSENT)
def test_words_of_absence_make_an_out_of_office(subject: str, text: str) -> None:
    assert sort(mails.mail(TO, text, subject=subject)).kind == "out_of_office"


@pytest.mark.parametrize(("subject", "text"), ANSWERED)
def test_anything_else_that_somebody_says_is_an_answer(subject: str, text: str) -> None:
    assert sort(mails.mail(TO, text, subject=subject)).kind == "answer"
