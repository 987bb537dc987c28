"""The commands that put the letters for paper into one PDF, and set the pace of those that are e-mailed."""

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from undersigned.terminal import ask, console, needs_servers, one_bar_each, with_database

if TYPE_CHECKING:
    from undersigned.letters.bundling import Bundle


@click.command("bundle")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--representative", "which", default="", help="Only those to one member: a GSS code or a name.")
@click.option("--pack", is_flag=True, help="Behind each cover list who wrote, and what they agreed to.")
@click.option(
    "--manifest",
    "listed",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="A CSV of which letter begins on which page.",
)
@click.option("--instead-of-email", "instead", is_flag=True, help="Take those that are still to be e-mailed too.")
@click.option("--yes", is_flag=True, help="Do not ask about --instead-of-email.")
@click.option("--posted", "gone", flag_value="posted", help="Note each letter as sent, and tell its page so.")
@click.option("--handed-in", "gone", flag_value="handed in", help="The same, of letters that were handed in.")
@needs_servers
def bundle_letters(
    slug: str, file: Path, which: str, pack: bool, listed: Path | None, instead: bool, yes: bool, gone: str | None
) -> None:
    """Put the confirmed letters that go on paper into one PDF, to be printed and handed in.

    The same letters come again until they are noted as posted or handed in, here or at the desk. What is taken
    instead of e-mailing it is never e-mailed.
    """
    for one in (file, listed or file):
        if not one.absolute().parent.is_dir():
            raise click.ClickException(f"There is no folder {one.parent}.")
    if instead:
        _choose_paper(slug, which, yes)
    made = _bundled(slug, file, which, pack, listed, gone)
    many = [(len(made.letter_ids), "letter"), (made.readers, "member"), (made.pages, "page")]
    letters, members, pages = (f"{number:,} {word}{'' if number == 1 else 's'}" for number, word in many)
    click.echo(f"{letters} to {members} on {pages}: {file}")
    if gone:
        click.echo(f"They are noted as {gone}.")


def _bundled(slug: str, file: Path, which: str, pack: bool, listed: Path | None, gone: str | None) -> "Bundle":
    from undersigned.campaigns import finding
    from undersigned.delivery import holding, paper
    from undersigned.letters import bundling, manifest

    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console) as bar:
        report = functools.partial(one_bar_each(bar), "Laying out letters")

        async def write() -> "Bundle":
            campaign = await finding.by_slug(slug)
            rows = await bundling.to_hand_in(campaign, which)
            made = await bundling.write(campaign, rows, file, report, with_writers=pack)
            await paper.batch(campaign.id, rows)
            if listed:
                manifest.write(rows, made, listed)
            if gone:
                await holding.posted(made.letter_ids, by_hand=gone == "handed in")
            return made

        return with_database(write)


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


@click.command("pace")
@click.argument("slug")
@click.option("--daily", "go", flag_value="daily", help="One mail a day to each, with all letters in a PDF.")
@click.option("--single", "go", flag_value="single", help="One by one.")
@click.option("--an-hour", type=int, help="At most so many to one representative; 0 for what the site sends.")
@needs_servers
def pace_letters(slug: str, go: str | None, an_hour: int | None) -> None:
    """How the letters of a campaign go: one by one or once a day, and how fast."""
    from undersigned.campaigns import finding
    from undersigned.campaigns.tables import Campaign
    from undersigned.delivery import pacing

    async def change() -> Campaign:
        campaign = await finding.by_slug(slug)
        if go is not None or an_hour is not None:
            most = campaign.letters_an_hour if an_hour is None else an_hour or None
            await pacing.change(campaign, go or campaign.letters_go, most)
        return await finding.by_slug(slug)

    click.echo(pacing.in_words(with_database(change)))
