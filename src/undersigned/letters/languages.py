"""What is said round the words of a letter in each language that one can be written in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date


@dataclass(frozen=True)
class Layout:
    """The fixed words of a letter. Each text with braces is ours and takes the names that stand in it."""

    code: str
    dear: str
    closing: str
    foot: str
    page_of: str
    qr: str
    missing: str
    few: str
    figure: Callable[[str, str], str]
    titles: tuple[tuple[str, str], ...] = ()

    def day(self, day: date) -> str:
        """A day as a letter is dated: 12 March 2026, 12 Mawrth 2026."""
        return format_date(day, "d MMMM y", locale=self.code[:2])

    def greeted(self, salutation: str) -> str:
        """Whom to greet, with the title as it is said in this language: Sir Keir, Syr Keir."""
        for theirs, ours in self.titles:
            if salutation == theirs or salutation.startswith(f"{theirs} "):
                return ours + salutation.removeprefix(theirs)
        return salutation


def _english(many: str, constituency: str) -> str:
    return f"{many} people in {constituency} have signed"


def _welsh(many: str, constituency: str) -> str:
    """A name of a place changes after “yn”; the word etholaeth before it saves us from guessing how."""
    return f"mae {many} o bobl yn etholaeth {constituency} wedi llofnodi"


ENGLISH = Layout(
    code="en-GB",
    dear="Dear {name},",
    closing="Yours sincerely,",
    foot="Written by {name} and sent through {site}.",
    page_of="of",
    qr="The campaign: {url}",
    missing="This printer has no type for {characters}; □ stands in their place.",
    few="fewer than five",
    figure=_english,
)
WELSH = Layout(
    code="cy",
    dear="Annwyl {name},",
    closing="Yr eiddoch yn gywir,",
    foot="Ysgrifennwyd gan {name} ac anfonwyd drwy {site}.",
    page_of="o",
    qr="Yr ymgyrch: {url}",
    missing="Nid oes gan yr argraffydd hwn deip ar gyfer {characters}; mae □ yn eu lle.",
    few="llai na phump",
    figure=_welsh,
    titles=(
        ("Mr Speaker", "Mr Llefarydd"),
        ("Madam Speaker", "Madam Llefarydd"),
        ("Sir", "Syr"),
        # Bonesig, as it is said after Annwyl.
        ("Dame", "Fonesig"),
        ("Professor", "Athro"),
        ("Prof", "Athro"),
    ),
)


def of(language: str) -> Layout:
    """The words for a language; English where we have none."""
    return WELSH if language.split("-")[0] == "cy" else ENGLISH
