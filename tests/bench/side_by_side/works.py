"""What a site is asked to do in a round: to take signatures, or to show a page."""

from dataclasses import dataclass, field

from bench.side_by_side import typed
from bench.side_by_side.rounds import Bounds, Requests, Round, Work
from bench.side_by_side.sites import Site

FASTEST = 9_000
"""Signatures a second that nobody here reaches: so many forms are filled in for a round."""


@dataclass
class Forms:
    """Forms for one campaign; ``acknowledged`` gathers the addresses of those who were told that it is taken."""

    slug: str
    many: int
    acknowledged: list[str] = field(default_factory=list)
    _emails: list[str] = field(default_factory=list)

    def fresh(self) -> Requests:
        """Forms from people who have not signed."""
        self._emails, requests = typed.signings(self.slug, self.many)
        return requests

    def note(self, _: Round, good: list[int]) -> None:
        """Remember who was told so."""
        self.acknowledged += [self._emails[number] for number in good]


def signing(site: Site, slug: str, bounds: Bounds) -> tuple[Work, Forms]:
    """Signing at one site: the whole form, by somebody else each time."""
    forms = Forms(slug, round(FASTEST * bounds.seconds))
    return Work(site, forms.fresh, expected=303, note=forms.note), forms


def reading(site: Site, path: str) -> Work:
    """One page, again and again."""
    return Work(site, lambda: [typed.get(path)], expected=200, again=True)
