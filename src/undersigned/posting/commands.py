"""The command that puts the letters for paper into one PDF."""

import functools
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from undersigned.terminal import ask, console, needs_servers, one_bar_each, with_database


@click.command("bundle")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--representative", "which", default="", help="Only those to one member: a GSS code or a name.")
@click.option("--instead-of-email", "instead", is_flag=True, help="Take those that are still to be e-mailed too.")
@click.option("--yes", is_flag=True, help="Do not ask about --instead-of-email.")
@click.option("--posted", is_flag=True, help="Note each letter as sent, and tell its page so.")
@needs_servers
def bundle_letters(slug: str, file: Path, which: str, instead: bool, yes: bool, posted: bool) -> None:
    """Put the confirmed letters that go on paper into one PDF, to be printed and handed in.

    The same letters come again until they are noted as posted, here or at the desk. What is taken instead of
    e-mailing it is never e-mailed.
    """
    from undersigned.campaigns import finding
    from undersigned.delivery import holding
    from undersigned.letters import bundling

    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {file.parent}.")
    if instead:
        _choose_paper(slug, which, yes)
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


def _choose_paper(slug: str, which: str, agreed: bool) -> None:
    """Put the letters on paper that would be e-mailed, if a person says so; with nobody there, --yes says it."""
    from undersigned.campaigns import finding
    from undersigned.kit import pdf
    from undersigned.letters import bundling
    from undersigned.posting import choosing

    pdf.check_available()

    async def would_go() -> list[dict[str, Any]]:
        return await bundling.by_email(await finding.by_slug(slug), await bundling.reader_of(which))

    rows = with_database(would_go)
    if rows:
        many = "1 letter is" if len(rows) == 1 else f"{len(rows):,} letters are"
        ask(agreed, f"{many} posted instead of e-mailed. That cannot be taken back. Go on?")
    chosen = with_database(lambda: choosing.put_on_paper(rows))
    click.echo(f"Put on paper instead of e-mailing: {chosen:,}.")
