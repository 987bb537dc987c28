"""The command that writes the demonstration."""

import click

from undersigned.settings import settings
from undersigned.terminal import console, needs_servers, with_database


@click.group()
def demo() -> None:
    """Campaigns to try, with invented people."""


@demo.command("load")
@needs_servers
def load_demo() -> None:
    """Write the demonstration campaigns; those that exist stay as they are."""
    from undersigned.demo import loading

    if not settings.demo:
        raise click.ClickException("Set DEMO=1: demonstration campaigns do not belong on a real site.")
    with console.status("Writing the demonstration campaigns"):
        with_database(loading.load)
    click.echo("The demonstration campaigns are there.")
