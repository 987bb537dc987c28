"""The commands for letters: where a member stands; rooms above add what they do with letters."""

import click

from undersigned.terminal import needs_servers, with_database

POSITIONS = [
    "supports",
    "agrees",
    "opposes",
    "undecided",
    "no_answer",
    "committed",
    "refused",
    "went_back",
    "unknown",
]


@click.group()
def letters() -> None:
    """A supporter's words to one representative, and the letters they begin with."""


@letters.command("stance")
@click.argument("slug")
@click.argument("which", metavar="GSS_OR_NAME")
@click.argument("position", type=click.Choice(POSITIONS))
@click.option("--source", default="", help="How you know: a link, or a speech and its date.")
@needs_servers
def record_stance(slug: str, which: str, position: str, source: str) -> None:
    """Note where a member stands on a campaign; letters to them have the words for it from now on.

    committed, refused and went_back are for pledges; agrees is another word for supports.
    """
    from undersigned.campaigns import finding
    from undersigned.letters import stances

    async def note() -> str:
        return (await stances.record(await finding.by_slug(slug), which, position, source)).named

    click.echo(f"{with_database(note)}: {position}.")
