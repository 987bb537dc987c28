"""Which letter a mail answers, surest way first."""

from datetime import UTC, datetime
from typing import Any

import pytest

import make
from responses import vendor_mails as mails
from undersigned.delivery import addresses
from undersigned.letters.tables import Letter
from undersigned.responses import matching, reading
from undersigned.responses.tables import Response

pytestmark = pytest.mark.usefixtures("database")
NOBODY = "nobody@example.org"


async def match(raw: bytes, *envelope_to: str) -> matching.Match:
    """The match of a mail."""
    return await matching.match(reading.parse(raw), list(envelope_to))


def slip(letter: Letter, **exchange: str) -> str:
    """The letter's address with single characters exchanged, keyed ``at_<place in the token>``."""
    local, _, domain = addresses.tracked(letter.id).partition("@")
    token = list(local.removeprefix(addresses.PREFIX))
    for place, character in exchange.items():
        token[int(place.removeprefix("at_"))] = character
    return f"{addresses.PREFIX}{''.join(token)}@{domain}"


def other(character: str) -> str:
    """Another letter than ``character``."""
    return "q" if character != "q" else "w"


async def test_the_address_names_the_letter_in_any_case() -> None:
    letter = await make.letter()
    found = await match(mails.mail(addresses.tracked(letter.id).upper()))
    assert found == matching.Match((letter.id,), "token")


@pytest.mark.parametrize(
    "line",
    [
        "Cc: Amina <{}>\n",
        "Delivered-To: {}\n",
        "X-Original-To: {}\n",
        "Received: from mx.example.org by us\n\tfor <{}>;\n\tTue, 3 Nov 2026 10:31:00 +0000\n",
    ],
)
async def test_any_header_that_carries_addresses_will_do(line: str) -> None:
    letter = await make.letter()
    raw = mails.mail(NOBODY, headers=line.format(addresses.tracked(letter.id)))
    assert (await match(raw)).letter_ids == (letter.id,)


async def test_a_blind_copy_is_matched_by_its_envelope() -> None:
    letter = await make.letter()
    assert (await match(mails.mail(NOBODY), addresses.tracked(letter.id))).letter_ids == (letter.id,)


async def test_one_mail_may_answer_several_letters() -> None:
    first, second = await make.letter(), await make.letter()
    to = f"{addresses.tracked(second.id)}, {addresses.tracked(first.id)}"
    assert (await match(mails.mail(to))).letter_ids == (first.id, second.id)


async def test_the_thread_is_followed_when_the_address_is_lost() -> None:
    letter = await make.letter()
    for line in (f"In-Reply-To: {letter.message_id}\n", f"References: <a@b>\n {letter.message_id} <c@d>\n"):
        assert await match(mails.mail(NOBODY, headers=line)) == matching.Match((letter.id,), "thread")


@pytest.mark.parametrize("report", [mails.exchange_bounce, mails.gmail_bounce, mails.postfix_bounce])
async def test_a_report_is_matched_by_the_mail_that_it_returns(report: Any) -> None:
    letter = await make.letter()
    found = await match(report("hello@letters.example.org", returned=letter.message_id))
    assert found == matching.Match((letter.id,), "returned")


async def test_digits_for_letters_are_understood() -> None:
    letter = await make.letter()
    typed = addresses.tracked(letter.id).replace("l", "1", 1).replace("o", "0")
    typed = typed.replace("@letters.example.0rg", "@letters.example.org")
    assert await match(mails.mail(typed)) == matching.Match((letter.id,), "near")


async def test_a_missing_hyphen_is_understood() -> None:
    letter = await make.letter()
    typed = addresses.tracked(letter.id).replace("letter-", "letter")
    assert (await match(mails.mail(typed))).by == "near"


@pytest.mark.parametrize("place", [0, 4, 7, 8, 15, 23])
async def test_one_wrong_character_anywhere_is_understood(place: int) -> None:
    letter = await make.letter()
    right = addresses.tracked(letter.id).removeprefix(addresses.PREFIX)
    wrong = slip(letter, **{f"at_{place}": other(right[place])})
    assert await match(mails.mail(wrong)) == matching.Match((letter.id,), "near")
    dropped = f"{addresses.PREFIX}{right[:place]}{right[place + 1 :]}"
    assert await match(mails.mail(dropped)) == matching.Match((letter.id,), "near")


async def test_an_invented_address_is_nobodys() -> None:
    letter = await make.letter()
    right = addresses.tracked(letter.id).removeprefix(addresses.PREFIX)
    invented = f"{addresses.PREFIX}{right[:8]}{'abcdefgh' * 2}@letters.example.org"
    found = await match(mails.mail(invented))
    assert (found.letter_ids, found.by) == ((), "")
    assert found.reason


async def test_a_token_of_a_letter_that_is_gone_matches_nothing() -> None:
    assert "no longer here" in (await match(mails.mail(addresses.tracked(999_999)))).reason


async def test_a_token_at_another_domain_is_not_ours() -> None:
    letter = await make.letter()
    for domain in ("elsewhere.example.org", "letters.example.org.elsewhere.example"):
        theirs = addresses.tracked(letter.id).replace("letters.example.org", domain)
        assert (await match(mails.mail(theirs))).letter_ids == ()


async def test_what_an_assistant_forwards_from_elsewhere_is_matched_by_what_it_quotes() -> None:
    letter = await make.letter()
    tracked = addresses.tracked(letter.id)
    words = f"She agrees.\n\nFrom: Amina via Undersigned <{tracked}>\nSent: Monday\nTo: VALE\nSubject: Centres\n"
    assert await match(mails.mail(NOBODY, words)) == matching.Match((letter.id,), "quoted")
    whole = mails.mail("harriet.vale.mp@example.org", sender=f"Amina <{tracked}>").decode()
    within = mails.multipart(
        NOBODY, "mixed", [mails.text_part("See?"), f"Content-Type: message/rfc822\n\n{whole}"]
    )
    assert await match(within) == matching.Match((letter.id,), "quoted")


async def test_a_report_in_words_is_matched_by_the_letter_that_it_quotes() -> None:
    letter = await make.letter()
    quoted = mails.prose_bounce("hello@letters.example.org") + f"Message-ID: {letter.message_id}\n".encode()
    assert await match(quoted) == matching.Match((letter.id,), "quoted")


async def heard(letter: Letter, name: str, by: str = "token", **wanted: Any) -> None:
    """A reply to the letter that is here already."""
    told: dict[str, Any] = {"from_address": "jo@office.example.org", "subject": "Reporting centres in Bury"}
    await Response(
        letter=letter.id,
        message_id=name,
        kind="answer",
        confidence=90,
        matched_by=by,
        received_at=datetime.now(UTC),
        **(told | wanted),
    ).save()


async def test_an_office_that_follows_itself_up_is_followed() -> None:
    letter, other = await make.letter(), await make.letter()
    await heard(letter, "<one@office.example.org>")
    more = mails.mail(NOBODY, headers="In-Reply-To: <one@office.example.org>\n")
    assert await match(more) == matching.Match((letter.id,), "thread")
    await heard(other, "<one@office.example.org>")
    assert (await match(more)).letter_ids == ()


async def test_placing_a_mail_teaches_its_sender_for_the_same_subject_and_no_other() -> None:
    letter, other = await make.letter(), await make.letter()
    await heard(letter, "<one@office.example.org>", by="person")
    jo = "Jo Finch <JO@office.example.org>"
    again = mails.mail(NOBODY, sender=jo, subject="RE: FW: Reporting centres in Bury")
    assert await match(again) == matching.Match((letter.id,), "taught")
    assert (await match(mails.mail(NOBODY, sender=jo, subject="Lunch on Friday"))).letter_ids == ()
    assert (await match(mails.mail(NOBODY, subject="RE: Reporting centres in Bury"))).letter_ids == ()
    await heard(other, "<two@office.example.org>", by="person")
    assert (await match(again)).letter_ids == ()


async def test_what_no_person_placed_teaches_nothing() -> None:
    await heard(await make.letter(), "<one@office.example.org>")
    jo = mails.mail(NOBODY, sender="jo@office.example.org", subject="RE: Reporting centres in Bury")
    assert (await match(jo)).letter_ids == ()
