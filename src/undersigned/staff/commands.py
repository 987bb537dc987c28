"""The commands for who is on the staff."""

import click

from undersigned.terminal import needs_servers, with_database


@click.group()
def staff() -> None:
    """People who run campaigns."""


@staff.command("list")
@needs_servers
def list_staff() -> None:
    """Who is on the staff, in which role, and when they last signed in."""
    from undersigned.kit import pages
    from undersigned.staff import members

    everybody = with_database(members.everybody)
    width = max((len(one["email"]) for one in everybody), default=0)
    for one in everybody:
        seen = f"signed in on {pages.day(one['seen_at'])}" if one["seen_at"] else "has not signed in yet"
        click.echo(f"{one['email']:<{width}}  {one['role']:<9}  {seen}")
    if not everybody:
        click.echo("Nobody is on the staff yet: run undersigned staff invite EMAIL.")


@staff.command("remove")
@click.argument("email")
@needs_servers
def remove_staff(email: str) -> None:
    """Let a member of staff go; wherever they are signed in, that ends at once."""
    from undersigned.staff import members

    with_database(lambda: members.remove(email))
    click.echo("They are no longer on the staff, and are signed out everywhere.")
