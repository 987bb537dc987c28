"""Which letter a mail answers, surest way first."""

from typing import Any

import pytest

import make
from responses import vendor_mails as mails
from undersigned.delivery import addresses
from undersigned.letters.tables import Letter
from undersigned.responses import matching, reading

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
