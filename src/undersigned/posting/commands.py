"""The command that puts the letters for paper into one PDF."""

import functools
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from undersigned.terminal import console, needs_servers, one_bar_each, with_database


@click.command("bundle")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--representative", "which", default="", help="Only those to one member: a GSS code or a name.")
@click.option("--posted", is_flag=True, help="Note each letter as sent, and tell its page so.")
@needs_servers
def bundle_letters(slug: str, file: Path, which: str, posted: bool) -> None:
    """Put the confirmed letters that go on paper into one PDF, to be printed and handed in.

    The same letters come again until they are noted as posted, here or at the desk.
    """
    from undersigned.campaigns import finding
    from undersigned.delivery import holding
    from undersigned.posting import bundling

    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {file.parent}.")
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console) as bar:
        report = one_bar_each(bar)

        async def write() -> bundling.Bundle:
            campaign = await finding.by_slug(slug)
            made = await bundling.bundle(campaign, file, which, functools.partial(report, "Laying out letters"))
            if posted:
                await holding.posted(made.letter_ids)
            return made

        made = with_database(write)
    many = [(len(made.letter_ids), "letter"), (made.readers, "member"), (made.pages, "page")]
    letters, members, pages = (f"{number:,} {word}{'' if number == 1 else 's'}" for number, word in many)
    click.echo(f"{letters} to {members} on {pages}: {file}")
    if posted:
        click.echo("They are noted as posted.")
