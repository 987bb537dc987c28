"""The main job in four steps, as a person takes them; each returns what the next one needs."""

import re
from email.message import EmailMessage
from email.utils import make_msgid

import httpx

from journey.visitor import Visitor, link_in, text_of, wait_for

CAMPAIGN = "our-street-too"
AMINA = {"name": "Amina Rahman", "email": "amina@example.com", "postcode": "bl9 0sw"}
OWN_WORDS = "My daughter waits at that stop in the dark, and a man told her to go home."


def count(visitor: Visitor) -> int:
    """The campaign's count, as other programs see it."""
    return int(visitor.see(f"/campaigns/{CAMPAIGN}/count.json").json()["signature_count"])


def sign(visitor: Visitor) -> str:
    """Sign, and answer the link of the one e-mail that comes."""
    page = visitor.see(f"/campaigns/{CAMPAIGN}")
    assert page.status_code == 200
    answer = visitor.post(page, "/sign", **AMINA)
    assert answer.status_code == 200, answer.text
    assert "e-mail" in answer.text
    message = visitor.mail(AMINA["email"], "")
    assert message.get_body(("html",)) is not None
    return link_in(message, "/confirm/")


def confirm(visitor: Visitor, link: str) -> httpx.Response:
    """Open the link, which changes nothing, and press the button, which counts."""
    before = count(visitor)
    page = visitor.see(link)
    assert count(visitor) == before
    counted = visitor.post(page, "/confirm/")
    assert counted.status_code == 200, counted.text
    assert "Harriet Vale" in counted.text
    assert f"{before + 1:,}" in counted.text
    wait_for(lambda: count(visitor) == before + 1, "the count", 5)
    return counted


def write(visitor: Visitor, counted: httpx.Response) -> str:
    """Write in one's own words, read it once more, send; answer the link of the e-mail that asks for a yes."""
    link = re.search(r'href="(/campaigns/[^"]+/write\?from=[^"]+)"', counted.text)
    assert link, counted.text
    sheets = visitor.see(link[1])
    assert AMINA["email"] in sheets.text
    assert "Harriet Vale" in sheets.text
    review = visitor.post(sheets, "/write", address="12 Clough Bank\nBury", prompt_why=OWN_WORDS)
    assert OWN_WORDS in review.text
    assert "Dear Ms Vale" in review.text
    pdf = re.search(r'href="(/letters/[^"]+\.pdf)"', review.text)
    assert pdf, review.text
    assert visitor.see(pdf[1]).content.startswith(b"%PDF-")
    sent = visitor.post(review, "/write")
    assert sent.status_code == 200, sent.text
    return link_in(visitor.mail(AMINA["email"], "letter"), "/letters/")


def send(visitor: Visitor, link: str) -> EmailMessage:
    """Press the last yes, and answer the letter as it left."""
    page = visitor.see(link)
    assert OWN_WORDS not in page.text or "Send" in page.text
    visitor.post(page, "/send")
    letter = visitor.mail("", "Hate crime")
    assert OWN_WORDS in text_of(letter).replace("\n", " ")
    wait_for(lambda: "Sent to" in visitor.see(link).text or None, "the letter's page", 30)
    return letter


def reply(visitor: Visitor, letter: EmailMessage, link: str) -> None:
    """Answer as the office of Harriet Vale would, and see the answer everywhere it belongs."""
    tracked = str(letter["Return-Path"]).strip("<>")
    answer = EmailMessage()
    answer["From"] = "Office of Harriet Vale MP <harriet.vale.mp@example.org>"
    answer["To"] = tracked
    answer["Subject"] = f"Re: {letter['Subject']}"
    answer["Message-ID"] = make_msgid(domain="example.org")
    answer["In-Reply-To"] = str(letter["Message-ID"])
    answer.set_content(
        "Dear Ms Rahman,\n\nI have asked the council for a light at that stop.\n\nHarriet Vale MP\n"
    )
    visitor.send_to_mailroom("harriet.vale.mp@example.org", tracked, answer)
    visitor.send_to_mailroom("harriet.vale.mp@example.org", tracked, answer)
    passed_on = visitor.mail(AMINA["email"], "A reply from")
    assert "light at that stop" in text_of(passed_on)
    page = visitor.see(link)
    assert page.text.count("I have asked the council for a light at that stop.") == 1


def campaigner_sees(visitor: Visitor, sign_in_link: str) -> str:
    """Sign in by the one-time link and read the campaign's desk."""
    desk = visitor.post(visitor.see(sign_in_link), "/staff/sign-in")
    assert desk.status_code == 200, desk.text
    page = visitor.see(f"/staff/campaigns/{CAMPAIGN}")
    assert page.status_code == 200, page.text
    return page.text
