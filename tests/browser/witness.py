"""What a page asks for and complains of."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request


@dataclass
class Witness:
    """What a page asked for and complained of."""

    page: Page
    base_url: str
    strayed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme != "data" and not request.url.startswith(f"{self.base_url}/"):
            self.strayed.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium complains of a page that is itself a 404 or 422; that answer is the right one.
        itself = message.location.get("url") == self.page.url and "Failed to load resource" in message.text
        if message.type in {"error", "warning"} and not itself:
            self.complaints.append(f"{self.page.url}: {message.text}")
