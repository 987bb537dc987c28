"""The command that turns the delivery switch, and the one that tells which key our mail is signed with."""

import click

from undersigned.terminal import needs_servers, with_database

SAYS = {
    "live": "Delivery is live: letters go to representatives.",
    "rehearsal": "Delivery is in rehearsal: letters go to the operator, and to no representative.",
    "stop": "Delivery is stopped: letters wait.",
}


@click.command()
@click.argument("to", type=click.Choice(["live", "rehearsal", "stop", "status"]))
@click.option("--reason", default="", help="Written in the audit.")
@needs_servers
def delivery(to: str, reason: str) -> None:
    """Whether letters to representatives leave: live, rehearsal or stop."""
    from undersigned.delivery import switch

    if to != "status":
        with_database(lambda: switch.turn(to, reason))
    click.echo(SAYS[with_database(switch.mode)])
    if waiting := with_database(switch.waiting_for_live):
        click.echo(f"Confirmed while it was live, and waiting until it is again: {waiting}.")


@click.command()
def dkim() -> None:
    """Print the DNS record for the key that mail is signed with."""
    from undersigned.kit import dkim as signing

    name, text = signing.record()
    click.echo(f"{name}. TXT")
    click.echo(text)
