"""A few people walk through the site over HTTP, and leave behind pages in every state."""

import re
from datetime import timedelta
from email.message import EmailMessage

import httpx
import pytest

import photos
from installation import Site
from journey import steps
from journey.visitor import Visitor, link_in, wait_for
from undersigned.kit import tokens
from undersigned.letters import template
from undersigned.settings import ROOT, settings

CAMPAIGN = steps.CAMPAIGN
WRITE = f"/campaigns/{CAMPAIGN}/write"
ADDRESS = "12 Clough Bank\nBury"
WORDS = "{name} writes: a man on my bus was shouted at."


def through(site: Site, visitor: Visitor) -> dict[str, str]:
    """Sign, write, be answered, be refused and be lost; the address of each page by its name, with no host."""
    found = {"unconfirmed": _sign(visitor, "Parveen Akhtar"), **_amina(site, visitor), **_expired(site)}
    found |= _endorsements(visitor)
    found["waiting"] = _write(visitor, "Gareth Pugh")
    sent = {state: _write(visitor, name) for state, name in LETTERS.items()}
    sent["held"] = _write(visitor, "Ivy Catmose", "BN7 1UE")
    for link in sent.values():
        visitor.post(visitor.see(link), "/send")
    for state, said in REPLIES.items():
        _reply(visitor, LETTERS[state], state, said)
    _lost_mail(visitor)
    for state, words in SHOWN.items():
        wait_for(lambda at=sent[state], words=words: words in visitor.see(at).text or None, f"a {state} letter")
    found["asked"] = str(visitor.post(_draft(visitor, "Carys Pugh"), "/write").url)
    found["review"] = str(_draft(visitor, "Gareth Pugh").url)
    found["half-written"] = str(_draft(visitor, "Ifan Pugh").url).replace("review=", "letter=")
    found["version"] = f"/staff/templates/hate-crime/versions/{_shipped()}"
    found |= {"message": _messages(visitor)[0][0], "letter in the inbox": _letter(visitor, LETTERS["answer"])}
    return {name: link.removeprefix(site.base_url) for name, link in {**found, **sent}.items()}


LETTERS = {
    "quiet": "Bronwen Llŷr",
    "answer": "Nasreen Malik",
    "bounce": "Tom Ackroyd",
    "out_of_office": "Ruth Levy",
}
REPLIES = {"answer": "I will ask the council for a light at that stop.", "bounce": "", "out_of_office": ""}
SHOWN = {
    "quiet": "Sent to",
    "held": "Waiting to be printed",
    "answer": "a light at that stop",
    "bounce": "It did not arrive",
    "out_of_office": "out of the office",
}


def _sign(visitor: Visitor, name: str, **typed: str) -> str:
    page = visitor.see(f"/campaigns/{CAMPAIGN}")
    visitor.post(page, "/sign", name=name, email=_mailbox(name), postcode="BL9 0SW", **typed)
    return link_in(visitor.mail(_mailbox(name), ""), "/confirm/")


def _amina(site: Site, visitor: Visitor) -> dict[str, str]:
    """Amina signs and confirms; her pages."""
    link = _sign(visitor, "Amina Rahman", wants_updates="yes")
    counted = visitor.post(visitor.see(link), "/confirm/").text
    you = _link(counted, "/you/")
    return {
        "confirmed": link,
        "you": you,
        "carried": _link(counted, WRITE),
        "unsubscribe": _end_of_news(site, you),
    }


def _endorsements(visitor: Visitor) -> dict[str, str]:
    """Two people endorse with a picture, and one of them confirms."""
    links = {}
    for state, name in (("unconfirmed endorsement", "Ruta Kazlauskiene"), ("endorsement", "Tegwen Parry")):
        typed = {"kind": "person", "name": name, "role": "Postwoman", "quote": "I walk it every day."}
        sent = visitor.http.post(
            f"/campaigns/{CAMPAIGN}/endorse",
            data=typed | {"email": _mailbox(name)},
            files={"picture": ("me.jpg", photos.photo(), "image/jpeg")},
        )
        assert sent.status_code in {200, 303}, sent.text
        links[state] = link_in(visitor.mail(_mailbox(name), ""), "/endorsements/")
    visitor.post(visitor.see(links["endorsement"]), "/endorsements/")
    return links


def _write(visitor: Visitor, name: str, postcode: str = "BL9 0SW") -> str:
    """Write a letter as far as the link that asks for the last yes."""
    review = _draft(visitor, name, postcode)
    visitor.post(review, "/write")
    return link_in(visitor.mail(_mailbox(name), "letter"), "/letters/")


def _draft(visitor: Visitor, name: str, postcode: str = "BL9 0SW") -> httpx.Response:
    """Write a letter as far as the page that shows all of it."""
    sheets = visitor.post(visitor.see(WRITE), "/write", postcode=postcode)
    typed = {"name": name, "email": _mailbox(name), "address": ADDRESS, "prompt_why": WORDS.format(name=name)}
    review = visitor.post(sheets, "/write", **typed, reply_to="tracked")
    assert "review=" in str(review.url), review.text
    return review


def _reply(visitor: Visitor, writer: str, kind: str, words: str) -> None:
    """Reply as the MP, in the demo's inbox."""
    address = wait_for(lambda: _letter(visitor, writer), f"the letter of {writer}")
    visitor.post(visitor.see(address), "/reply", kind=kind, text=words)


def _letter(visitor: Visitor, writer: str) -> str:
    """The message that is the letter of ``writer``, or nothing."""
    return next((at for at, sender in _messages(visitor, ' class="inbox__letter"') if writer in sender), "")


def _messages(visitor: Visitor, mark: str = "") -> list[tuple[str, str]]:
    """Where the messages are, the newest first, and who each is from."""
    inbox = visitor.see("/demo/inbox").text
    return re.findall(rf'<li{mark}>\s*<h2><a href="([^"]+)".*?From ([^<]*)<', inbox, re.DOTALL)


def _lost_mail(visitor: Visitor) -> None:
    """Something that answers no letter of ours, for the holding pen."""
    mail = EmailMessage()
    mail["From"] = "Harriet Vale MP <harriet.vale.mp@example.org>"
    mail["To"] = "hello@undersigned.localhost"
    mail["Subject"] = "Re: your letter"
    mail["Message-ID"] = "<lost@example.org>"
    mail.set_content("Thank you for your letter. I have raised it with the council.\n")
    visitor.send_to_mailroom("harriet.vale.mp@example.org", "hello@undersigned.localhost", mail)


def _end_of_news(site: Site, you: str) -> str:
    """The link that stands in every e-mail of news to whoever has this page of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "secret_key", (site.var / "secret").read_text())
        return f"/unsubscribe/{tokens.issue('unsubscribe', tokens.read('you', you.rpartition('/')[2]))}"


def _expired(site: Site) -> dict[str, str]:
    """The links of a signature and a letter whose time has passed, and of words that the demo may show."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "secret_key", (site.var / "secret").read_text())
        return {
            "expired": f"/confirm/{tokens.issue('confirm', 1, timedelta(seconds=-1))}",
            "put away": f"{WRITE}?letter={tokens.issue('draft', 999_999)}",
            "quotation": f"/quotations/{tokens.issue('quotation', 1)}",
        }


def _shipped() -> str:
    """The fingerprint of the letter that they all wrote with."""
    return template.fingerprint((ROOT / "letters" / "hate-crime" / "letter.md").read_text(encoding="utf-8"))


def _mailbox(name: str) -> str:
    return f"{name.split()[0].lower()}@example.org"


def _link(html: str, part: str) -> str:
    found = re.search(rf'href="([^"]*{part}[^"]*)"', html)
    assert found, html
    return found[1].replace("&amp;", "&")
