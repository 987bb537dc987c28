"""What a crowd sends: forms filled in by invented people, and pages that are asked for."""

import random
from itertools import count
from urllib.parse import urlencode

from undersigned.postcodes import facts

PROVIDERS = (
    *("gmail.com", "outlook.com", "hotmail.co.uk", "hotmail.com", "yahoo.co.uk", "icloud.com"),
    *("btinternet.com", "live.co.uk", "sky.com", "talktalk.net"),
)
"""Where most people in the country have their mail; a crowd from one place would be taken for a burst."""
FIRST = ("Amina", "Owen", "Harriet", "Rhiannon", "Callum", "Priya", "Tomasz", "Zoë", "Siân", "Mohammed")
LAST = ("Rahman", "Pritchard", "Vale", "Okafor", "MacLeod", "Patel", "Nowak", "O’Neill", "Whitfield", "Khan")
WORDS = ("", "", "", "It is dark at that stop, and my daughter waits there every morning.")
_numbers = count(1)


def signings(slug: str, many: int) -> tuple[list[str], list[bytes]]:
    """Addresses that nobody has signed with, and for each the whole form, as a browser posts it."""
    chance = random.Random(650)
    emails, requests = [], []
    for number, _ in zip(_numbers, range(many), strict=False):
        email = f"visitor{number}@{chance.choice(PROVIDERS)}"
        emails.append(email)
        requests.append(post(f"/campaigns/{slug}/sign", form(email, chance)))
    return emails, requests


def form(email: str, chance: random.Random) -> dict[str, str]:
    """Every field of the form, filled in; boxes that are not ticked are not sent."""
    typed = {
        "name": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        "email": email,
        "postcode": str(chance.choice(facts.BUILDINGS).postcode),
        "country": "GB",
        "words": chance.choice(WORDS),
        "organisation": "",
        "source": chance.choice(("", "whatsapp", "leaflet")),
    }
    ticked = {name: "on" for name in ("shows_name", "wants_updates") if chance.random() < 0.4}
    return typed | ticked


def post(path: str, fields: dict[str, str] | None = None) -> bytes:
    """A form as a browser posts it."""
    body = urlencode(fields or {})
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\n{BROWSER}{kind}\r\n{body}".encode()


def get(path: str) -> bytes:
    """A page as a browser asks for it."""
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{BROWSER}\r\n".encode()


HOST = "petitions.example.org"
BROWSER = (
    "User-Agent: Mozilla/5.0 (Linux; Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
)
