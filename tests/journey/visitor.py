"""Somebody who only has a browser without JavaScript and a mailbox: forms are read from the page and posted."""

import email
import email.policy
import re
import smtplib
import time
from collections.abc import Callable
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin

import httpx

T = TypeVar("T")


class _Forms(HTMLParser):
    """Every form of a page: where it goes, and what it would send as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._area = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.found.append((told.get("action", ""), {}))
        if not self.found or not told.get("name"):
            return
        if tag == "input" and (told.get("type") not in {"checkbox", "radio"} or "checked" in told):
            self.found[-1][1][told["name"]] = told.get("value", "")
        if tag == "textarea":
            self._area = told["name"]
            self.found[-1][1][self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[-1][1][self._area] += data


class Visitor:
    """One person at one site, with the Maildir that the site writes to and the mailroom it listens on."""

    def __init__(self, base_url: str, var: Path, mailroom_port: int) -> None:
        self.http = httpx.Client(base_url=base_url, timeout=30)
        self.var = var
        self.mailroom_port = mailroom_port
        self.blow: Callable[[], None] = lambda: None

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def see(self, path: str) -> httpx.Response:
        """Open a page, going wherever it sends us."""
        return self._persist(lambda: self.http.get(path, follow_redirects=True))

    def _persist(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask as a patient person does: again, while nobody answers or the answer is "not just now"."""

        def once() -> httpx.Response | None:
            try:
                answer = ask()
            except httpx.TransportError:
                return None
            return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer

        return wait_for(once, "an answer", 60)

    def post(self, page: httpx.Response, action: str, **typed: str) -> httpx.Response:
        """Fill in the form of ``page`` whose address holds ``action``, and send it."""
        forms = _Forms()
        forms.feed(page.text)
        for where, fields in forms.found:
            if action in where:
                return self._send(urljoin(str(page.url), where), fields | typed)
        raise AssertionError(f"No form to {action} on {page.url}: {page.text[:2000]}")

    def _send(self, address: str, fields: dict[str, str]) -> httpx.Response:
        answer = self._persist(lambda: self.http.post(address, data=fields, follow_redirects=True))
        self.blow()
        return answer

    def messages(self) -> list[EmailMessage]:
        """Everything in the Maildir, oldest first."""
        found = []
        for path in (self.var / "mail" / "new").glob("*"):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            found.append((path.stat().st_mtime_ns, message))
        return [message for _, message in sorted(found, key=lambda pair: pair[0])]

    def mail(self, recipient: str, subject: str, seconds: float = 100) -> EmailMessage:
        """Wait for a message."""

        def look() -> EmailMessage | None:
            for message in self.messages():
                if recipient in str(message["Delivered-To"]) and subject in str(message["Subject"]):
                    return message
            return None

        return wait_for(look, f"mail to {recipient} about {subject}", seconds)

    def send_to_mailroom(self, sender: str, recipient: str, message: EmailMessage, seconds: float = 60) -> None:
        """Hand a message to the mailroom over SMTP, as any mail server would, trying again while it is away."""

        def hand_over() -> bool:
            try:
                with smtplib.SMTP("127.0.0.1", self.mailroom_port, timeout=10) as server:
                    server.sendmail(sender, [recipient], message.as_bytes())
            except (OSError, smtplib.SMTPException):
                return False
            return True

        wait_for(hand_over, "the mailroom", seconds)
        self.blow()


def wait_for(look: Callable[[], T | None], what: str, seconds: float = 60) -> T:
    """Look again and again until there is something to see."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"Waited {seconds} seconds for {what}.")


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(message: EmailMessage, part: str) -> str:
    """The first link in a message that holds ``part``."""
    found = re.search(rf"https?://\S*{part}\S*", text_of(message))
    assert found, text_of(message)
    return found[0]


def answers(url: str) -> bool:
    """Whether anybody says that all is well at this address."""
    try:
        return httpx.get(url, timeout=2).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
