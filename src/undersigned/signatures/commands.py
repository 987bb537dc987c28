"""The command that counts every signature again."""

import sys
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from undersigned.terminal import MOST_SHOWN, bars, needs_servers, with_database

if TYPE_CHECKING:
    from undersigned.signatures.comparing import Counted


@click.command("recount")
@click.argument("slug", required=False)
@click.option("--mend", is_flag=True, help="Set right what differs; the rows are what is true.")
@needs_servers
def recount(slug: str | None, mend: bool) -> None:
    """Count every signature again, of one campaign or of all, and compare every total with it.

    Ends with 1 when something differs and is not mended.
    """
    from undersigned.signatures import recounting

    async def everything() -> "list[Counted]":
        wanted = [await recounting.named(slug)] if slug else await recounting.due()
        count = recounting.mend if mend else recounting.recount
        with Progress(TextColumn("Counting"), BarColumn(), MofNCompleteColumn(), console=bars) as bar:
            return [await count(campaign_id) for campaign_id in bar.track(wanted)]

    counted = with_database(everything)
    for found in counted:
        _tell_count(found, mend)
    if not counted:
        click.echo("There is no campaign to count.")
    if not mend and any(found.drift for found in counted):
        sys.exit(1)


def _tell_count(found: "Counted", mended: bool) -> None:
    """One line a campaign, and below it the first totals that differ."""
    many = len(found.drift)
    agrees = "every total agrees" if not many else f"{many:,} {'total differs' if many == 1 else 'totals differ'}"
    names = "signature" if found.total == 1 else "signatures"
    click.echo(f"{found.slug}: {found.total:,} {names}; {agrees}{', mended' if many and mended else ''}.")
    for row in found.drift[:MOST_SHOWN]:
        which = f"{row['kind']} {row['key']}".rstrip()
        click.echo(f"  {which}: {row['held']:,} held, {row['counted']:,} counted")
    if many > MOST_SHOWN:
        click.echo(f"  and {many - MOST_SHOWN:,} more")
