"""One answer for many: known by its second copy, and by what a person once said of it."""

import asyncio
from typing import Any

import pytest

import make
from responses import vendor_mails as mails
from responses.bringing import bring, sort
from undersigned.delivery import addresses
from undersigned.kit import database as db
from undersigned.kit.errors import Missing
from undersigned.kit.outbox import Mail
from undersigned.letters.tables import Letter
from undersigned.responses import arrival, deciding, passing_on
from undersigned.responses.tables import Response, SortingDecision

pytestmark = pytest.mark.usefixtures("database")
POLICY = """Dear {name},

Thank you for contacting me about reporting centres{where}.

I share your concern for people who are made to travel long distances. The Government has announced a review
of the estate, which is due to report in the spring, and the Minister has confirmed that no centre will close
before then.

I will continue to follow the matter closely, and I believe that nobody should have to travel for more than an
hour.

Yours sincerely,
Harriet Vale MP"""


async def letters(count: int, email: str = "amina{}@example.org") -> list[Letter]:
    """Letters of different people to Harriet."""
    about = await make.campaign()
    return [await make.letter(campaign=about, email=email.format(number)) for number in range(count)]


async def reply(letter: Letter, text: str, **header: Any) -> Response:
    """A reply comes in for a letter, and is sorted."""
    raw = mails.mail(
        addresses.tracked(letter.id), text, message_id=f"<{letter.id}-{len(text)}@example.org>", **header
    )
    inbound = await bring(raw, addresses.tracked(letter.id))
    return await response_of(inbound.id)


async def response_of(inbound_id: int) -> Response:
    """The one response that a mail became."""
    found = await Response.objects().where(Response.inbound == inbound_id).first()
    assert found is not None
    return found


async def now(response: Response) -> Response:
    """The response as it is now."""
    return await response_of(response.inbound)


async def test_the_second_copy_makes_both_a_standard_reply() -> None:
    one, two, three = await letters(3)
    first = await reply(one, POLICY.format(name="Amina", where=""))
    assert first.kind == "answer"
    second = await reply(two, POLICY.format(name="Mr Reid", where=" in Bury"))
    third = await reply(three, POLICY.format(name="Siân", where=" near you"))
    first = await now(first)
    assert [first.kind, second.kind, third.kind] == ["form_reply"] * 3
    assert min(first.confidence, second.confidence, third.confidence) >= 90
    assert str(first.id) in second.evidence
    assert str(second.id) in first.evidence


async def test_an_answer_of_its_own_stays_one() -> None:
    one, two = await letters(2)
    await reply(one, POLICY.format(name="Amina", where=""))
    own = "Dear Sam,\n\nYour brother should never have been treated so. I met the Minister and told her so."
    assert (await reply(two, f"{own} Come and see me at my surgery in Bury on Friday.")).kind == "answer"


async def test_another_office_that_says_the_same_is_not_the_same_office() -> None:
    (one,) = await letters(1)
    ruth = await make.mp("E14001065", "Bury South", display_name="Ruth Ashe")
    elsewhere = await make.letter(representative=ruth, email="sam@example.org")
    assert elsewhere.representative != one.representative
    await reply(one, POLICY.format(name="Amina", where=""))
    assert (await reply(elsewhere, POLICY.format(name="Sam", where=""))).kind == "answer"


async def test_the_same_words_twice_to_one_person_are_no_standard_reply() -> None:
    one, two = await letters(2, email="amina@example.org")
    await reply(one, POLICY.format(name="Amina", where=""))
    assert (await reply(two, POLICY.format(name="Amina", where=" again"))).kind == "answer"


async def test_a_few_words_are_nobodys_in_particular() -> None:
    one, two = await letters(2)
    await reply(one, "Yes, I will vote for it.")
    assert (await reply(two, "Yes, I will vote for it.")).kind == "answer"


async def test_what_a_person_decides_is_kept_and_holds_for_the_next_of_its_kind() -> None:
    one, two, three = await letters(3)
    staff = await make.staff()
    text = "Dear {},\n\nThe matter of which you wrote, HV/{} in our book, comes before the trust in spring."
    first = await reply(one, text.format("Amina", 1))
    second = await reply(two, text.format("Sam", 2))
    await deciding.decide(first.id, "acknowledgement", staff.id)
    first, second = await now(first), await now(second)
    assert (first.kind, first.confidence, first.evidence) == ("acknowledgement", 100, "a person sorted it")
    assert second.kind == "acknowledgement"
    third = await reply(three, text.format("Siân", 3))
    assert third.kind == "acknowledgement"
    assert third.confidence >= 85
    assert str(first.id) in third.evidence
    decision = await SortingDecision.objects().first()
    assert decision is not None
    assert (decision.staff, decision.to_kind) == (staff.id, "acknowledgement")
    assert decision.from_kind in {"answer", "form_reply"}
    assert (
        await db.fetch_one("SELECT FROM audit WHERE act = 'reply sorted' AND staff_id = $1", str(staff.id))
        is not None
    )


async def test_what_is_said_of_any_of_them_holds_for_all_that_say_the_same() -> None:
    said = [
        await reply(letter, POLICY.format(name=f"Friend {n}", where=""))
        for n, letter in enumerate(await letters(30))
    ]
    assert {one.alike_to for one in said[1:]} == {said[0].id}
    assert [bool(one.likeness) for one in said] == [True] + [False] * 29
    await deciding.decide(said[17].id, "answer")
    assert {(await now(one)).kind for one in said} == {"answer"}


async def test_a_standard_reply_is_one_to_whoever_got_the_first_of_them_too() -> None:
    one, again, other = await letters(3, email="amina@example.org")
    await Letter.update({Letter.email: "sam@example.org", Letter.email_key: "sam@example.org"}).where(
        Letter.id == other.id
    )
    first = await reply(one, POLICY.format(name="Amina", where=""))
    await reply(other, POLICY.format(name="Sam", where=""))
    assert (await reply(again, POLICY.format(name="Amina", where=" again"))).kind == "form_reply"
    assert (await now(first)).kind == "form_reply"


async def test_a_person_is_not_overruled_by_the_next_copy() -> None:
    one, two = await letters(2)
    first = await reply(one, POLICY.format(name="Amina", where=""))
    await deciding.decide(first.id, "answer")
    second = await reply(two, POLICY.format(name="Sam", where=""))
    assert [(await now(first)).kind, second.kind] == ["answer", "answer"]


async def test_what_is_not_sure_waits_for_a_person() -> None:
    (one,) = await letters(1)
    unclear = await reply(one, "Blwyddyn newydd dda!", headers="Auto-Submitted: auto-generated\n")
    sure = await reply(one, POLICY.format(name="Amina", where=""))
    assert [row["id"] for row in await deciding.unsure()] == [unclear.id]
    await deciding.decide(unclear.id, "spam")
    assert await deciding.unsure() == []
    assert sure.confidence >= 70


async def test_junk_is_not_passed_on_until_a_person_says_that_it_is_an_answer() -> None:
    (one,) = await letters(1)
    junk = await reply(one, "Garden chairs.", subject="New range", headers="X-Spam-Flag: YES\n")
    passed_on = Mail.count().where(Mail.kind == passing_on.KIND, Mail.about == junk.id)
    assert (junk.kind, await passed_on) == ("spam", 0)
    await deciding.decide(junk.id, "answer")
    await deciding.decide(junk.id, "acknowledgement")
    await deciding.decide(junk.id, "spam")
    await deciding.decide(junk.id, "answer")
    assert await passed_on == 1


async def test_a_bounce_that_is_only_probable_fails_its_letter_when_a_person_says_so() -> None:
    (one,) = await letters(1)
    await Letter.update({Letter.state: "sent"}).where(Letter.id == one.id)
    said = "The mail could not be handed over. Sorry."
    response = await reply(one, said, sender="Postmaster <>", subject="Your message")
    await Response.update({Response.kind: "bounce", Response.confidence: 60}).where(Response.id == response.id)
    await deciding.decide(response.id, "bounce")
    letter = await Letter.objects().where(Letter.id == one.id).first()
    assert letter is not None
    assert letter.state == "failed"


async def test_only_what_there_is_can_be_decided() -> None:
    (one,) = await letters(1)
    response = await reply(one, POLICY.format(name="Amina", where=""))
    with pytest.raises(deciding.NoSuchKind):
        await deciding.decide(response.id, "love letter")
    with pytest.raises(Missing):
        await deciding.decide(999_999, "answer")


async def test_two_copies_that_come_together_are_both_standard_replies() -> None:
    one, two = await letters(2)
    raws = [
        (
            mails.mail(addresses.tracked(letter.id), POLICY.format(name=name, where=""), message_id=f"<{name}@x>"),
            letter,
        )
        for letter, name in ((one, "Amina"), (two, "Sam"))
    ]
    ids = [await arrival.arrive(raw, "office@example.org", [addresses.tracked(letter.id)]) for raw, letter in raws]
    await asyncio.gather(*(sort(one) for one in ids if one))
    assert [(await response_of(one)).kind for one in ids if one] == ["form_reply"] * 2
