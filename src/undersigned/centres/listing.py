"""The directory as a table that can be mended in a spreadsheet and brought back."""

from typing import Any

from undersigned.campaigns.tables import Campaign, Chapter
from undersigned.centres import keeping
from undersigned.centres.reading import COLUMNS
from undersigned.kit import spreadsheets


async def as_csv(campaign: Campaign) -> str:
    """Every centre of a campaign, in the columns that a list is read by; without any the heading alone."""
    slugs = {row.id: row.slug for row in await Chapter.objects().where(Chapter.campaign == campaign.id)}
    rows = [
        [slugs.get(row.chapter, "") if name == "chapter" else in_words(getattr(row, name)) for name in COLUMNS]
        for row in await keeping.listed(campaign)
    ]
    return spreadsheets.as_csv(tuple(COLUMNS), rows)


def in_words(value: Any) -> str:
    """A cell as a table has it: yes and no, days as 2026-03-12, and nothing for None."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
