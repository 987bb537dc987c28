"""The colours of the site for what has no stylesheet: ink, paper, and a campaign's seal."""

from typing import Final

PAPER: Final = "#FBF7F0"
INK: Final = "#17203A"
SOFT: Final = "#4B5468"
RULE: Final = "#D9D0C1"
SEALS: Final = {
    "vermilion": "#B3261E",
    "oxblood": "#7A1F2B",
    "plum": "#7B2D5E",
    "violet": "#5F3BA8",
    "indigo": "#3A3FA8",
    "prussian": "#1B4B7A",
    "teal": "#0F5F66",
    "bottle": "#1F5A38",
    "moss": "#4F5B1A",
    "umber": "#6B4A1F",
    "rust": "#9A3F12",
    "slate": "#3F4B5E",
}


def seal(theme: str) -> str:
    """The seal of a theme; of one that we do not know, vermilion."""
    return SEALS.get(theme, SEALS["vermilion"])
