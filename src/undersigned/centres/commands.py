"""The commands for the directory of reporting centres."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from undersigned.terminal import MOST_SHOWN, ask, needs_servers, with_database

if TYPE_CHECKING:
    from undersigned.centres.taking import Plan


@click.group()
def centres() -> None:
    """The directory of reporting centres."""


@centres.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--campaign", "slug", required=True, help="Whose centres they are: the end of its address.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--take-out", is_flag=True, help="Take out the centres that the file does not name.")
@click.option("--yes", is_flag=True, help="Apply it without asking.")
@needs_servers
def load_centres(file: Path, slug: str, dry_run: bool, take_out: bool, yes: bool) -> None:
    """Take over a list of centres from a CSV; all of it, or nothing when a line has a mistake.

    The first line names the columns. Needed: name, address, postcode. Taken too: area, phone, textphone, opening,
    languages, step_free, about, checked_on, latitude, longitude, chapter. A centre is known by its name and
    postcode, and a column that is not there stays as it is. Shows what would change and asks.
    """
    from undersigned.campaigns import finding
    from undersigned.centres import reading, taking
    from undersigned.kit.errors import Refused

    table = reading.read_table(file.read_bytes())

    async def everything() -> None:
        campaign = await finding.any_by_slug(slug)
        plan = await taking.look(campaign, table)
        _show(plan, take_out)
        if wrong := plan.of("refused"):
            many = f"{len(wrong)} lines have" if len(wrong) > 1 else "1 line has"
            raise Refused(f"Nothing was changed: {many} mistakes.")
        changes = bool(plan.of("new", "changed") or (take_out and plan.absent))
        if dry_run or not changes:
            click.echo("Nothing was changed.")
            return
        ask(yes, "Apply this?")
        await taking.take(campaign, table, plan.mark, take_out)
        click.echo("The directory is up to date.")

    with_database(everything)


def _show(plan: "Plan", take_out: bool) -> None:
    """What the file would change, twenty of each kind."""
    for state in ("new", "changed", "refused"):
        entries = [f"line {one.number}, {one.name}{_why(one.changes, one.mistakes)}" for one in plan.of(state)]
        _list({"new": "New", "changed": "Changed", "refused": "With mistakes"}[state], entries)
    click.echo(f"As they are: {len(plan.of('same'))}")
    heading = "Taken out" if take_out else "Not in the file, and kept"
    _list(heading, [f"{centre.name}, {centre.postcode}" for centre in plan.absent])
    if plan.unknown:
        click.echo(f"Columns that are not taken: {', '.join(plan.unknown)}")


def _why(changes: list[tuple[str, str, str]], mistakes: list[str]) -> str:
    said = [f"{column} from “{before}” to “{after}”" for column, before, after in changes] + mistakes
    return f": {'; '.join(said)}" if said else ""


def _list(heading: str, entries: list[str]) -> None:
    click.echo(f"{heading}: {len(entries)}")
    for entry in entries[:MOST_SHOWN]:
        click.echo(f"  {entry}")
    if len(entries) > MOST_SHOWN:
        click.echo(f"  and {len(entries) - MOST_SHOWN} more")


@centres.command("status")
@needs_servers
def centres_status() -> None:
    """How many centres each campaign has, and how many should be checked."""
    from undersigned.centres import checking

    rows = with_database(checking.counts)
    for row in rows:
        click.echo(f"{row['slug']}: {row['centres']} centres, {row['due']} to check.")
    if not rows:
        click.echo("There are no centres yet: run undersigned centres load FILE --campaign SLUG.")
