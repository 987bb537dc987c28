"""The command that turns the delivery switch, and the one that tells which key our mail is signed with."""

import click

from undersigned.terminal import needs_servers, with_database


@click.command()
@click.argument("to", type=click.Choice(["live", "rehearsal", "stop", "status"]))
@click.option("--reason", default="", help="Written in the audit.")
@needs_servers
def delivery(to: str, reason: str) -> None:
    """Whether letters to representatives leave: live, rehearsal or stop."""
    from undersigned.delivery import switch

    if to != "status":
        with_database(lambda: switch.turn(to, reason))
    click.echo(f"Delivery is in {with_database(switch.mode)}.")


@click.command()
def dkim() -> None:
    """Print the DNS record for the key that mail is signed with."""
    from undersigned.kit import dkim as signing

    name, text = signing.record()
    click.echo(f"{name}. TXT")
    click.echo(text)
