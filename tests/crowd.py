"""Many people at once, at one site or several: who was told that they have signed, and who that they count."""

import asyncio
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

import make

SEATS = ("BL9 0SW", "M2 5PD", "LE1 9BG", "CF10 3ND")
"""Postcodes of the demonstration, in several constituencies."""


@dataclass
class Crowd:
    """People with numbers for names; they come to each site in turn and try once."""

    sites: list[str]
    slug: str
    acknowledged: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    turned_away: int = 0
    _next: "itertools.count[int]" = field(default_factory=itertools.count)

    async def sign(self, many: int, at_once: int = 32, until: Callable[[], bool] = lambda: False) -> None:
        """So many people sign, ``at_once`` at a time, or fewer when ``until`` says that it is enough."""
        coming = iter(range(many))

        async def one_after_another(http: httpx.AsyncClient) -> None:
            for _ in coming:
                if until():
                    return
                await self._sign(http, next(self._next))

        await self._together(one_after_another, at_once)

    async def _sign(self, http: httpx.AsyncClient, number: int) -> None:
        email = f"person-{number}@example.org"
        typed = make.signing(
            name=f"Person {_in_letters(number)}", email=email, postcode=SEATS[number % len(SEATS)]
        )
        answer = await self._post(http, number, f"/campaigns/{self.slug}/sign", typed)
        if answer is not None and answer.status_code == httpx.codes.SEE_OTHER:
            self.acknowledged.add(email)
        else:
            self.turned_away += 1

    async def confirm(self, tokens: dict[str, str], at_once: int = 32) -> None:
        """Press each link once, by the address it was mailed to; whoever is told a number is noted."""
        coming = iter(enumerate(tokens.items()))

        async def one_after_another(http: httpx.AsyncClient) -> None:
            for number, (email, token) in coming:
                answer = await self._post(http, number, f"/confirm/{token}", {})
                told = answer and re.search(r"You are number (?:<[^>]+>)?\s*(?:<[^>]+>)?([\d,]+)", answer.text)
                if told:
                    self.numbers[email] = int(told[1].replace(",", ""))
                else:
                    self.turned_away += 1

        await self._together(one_after_another, at_once)

    async def _together(self, walk: Callable[[httpx.AsyncClient], object], at_once: int) -> None:
        async with httpx.AsyncClient(timeout=20, limits=httpx.Limits(max_connections=at_once)) as http:
            await asyncio.gather(*(walk(http) for _ in range(at_once)))  # type: ignore[arg-type,call-overload]

    async def _post(
        self, http: httpx.AsyncClient, number: int, path: str, typed: dict[str, str]
    ) -> httpx.Response | None:
        """None when the line broke: nobody was told anything."""
        try:
            return await http.post(self.sites[number % len(self.sites)] + path, data=typed)
        except httpx.TransportError:
            return None


def _in_letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).capitalize()
