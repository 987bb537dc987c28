"""The commands that start what runs, everything or one process of it, and let people in where it runs."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable

import click

from undersigned import logs, servers, supervising
from undersigned.processes import die_with_parent, refuse_if_taken
from undersigned.settings import settings
from undersigned.terminal import console, needs_servers, with_database


def _check_secrets() -> None:
    """Raise SettingMissing now, in one line, for a secret or a key without which no mail would go out."""
    from undersigned.kit import dkim

    settings.key()
    dkim.check()


@click.command()
def up() -> None:
    """Everything on this machine: servers, tables, demo, web, worker, clock and mailroom."""
    _check_secrets()
    logs.set_up()
    with servers.ready() as started:
        link = asyncio.run(_prepare())
        supervising.run(started, lambda: _say_hello(link))


async def _prepare() -> str | None:
    """Tables, the demo when there is nothing yet, and a link for whoever could not get in without one.

    That is the first member of staff; in a demonstration it is its owner at every start, for no mail reaches them.
    """
    from undersigned.kit import database, migrating
    from undersigned.staff import members, operator
    from undersigned.staff.tables import Session

    await migrating.migrate()
    await database.connect()
    try:
        if settings.demo:
            await _load_demo_when_empty()
        elif await Session.exists():
            return None
        newcomer = settings.operator_email or f"owner@{settings.mail_domain}"
        return (await members.invite(await operator.first_owner() or newcomer)).link
    finally:
        await database.disconnect()


async def _load_demo_when_empty() -> None:
    from undersigned.campaigns.tables import Campaign
    from undersigned.demo import loading

    if not await Campaign.exists():
        with console.status("Writing the demonstration campaigns"):
            await loading.load()


def _say_hello(link: str | None) -> None:
    click.echo(f"\n  Undersigned is at     {settings.base_url}/")
    if settings.demo:
        click.echo(f"  The demo's e-mail     {settings.base_url}/demo/inbox")
    if link:
        click.echo(f"  Sign in, once, with   {link}")
    else:
        click.echo(f"  Staff sign in at      {settings.base_url}/staff/sign-in")
    from undersigned.kit import pdf

    if not pdf.available():
        click.echo(f"  PDFs are off: this machine lacks Pango ({pdf.PANGO}).")
    if not settings.demo and settings.mail_url.startswith("maildir:"):
        click.echo("  E-mail is kept in a Maildir and reaches nobody: set MAIL_URL to send it.")
    click.echo("  Stop with             Ctrl-C\n")
    sys.stdout.flush()


@click.command()
@needs_servers
def web() -> None:
    """The web pages; any number may run, on any number of machines."""
    from granian import Granian
    from granian.constants import Interfaces, Loops

    settings.key()
    refuse_if_taken("PORT", settings.host, settings.port)
    Granian(
        "undersigned.web:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        # Not whatever loop happens to be installed: what is tested is what runs. uvloop gains us nothing here.
        loop=Loops.asyncio,
        workers=settings.web_processes,
        backpressure=4_000,
        log_access=False,
    ).serve()


@click.command()
@needs_servers
def worker() -> None:
    """The jobs: mail, letters, replies; any number may run."""
    _check_secrets()
    command = [sys.executable, "-m", "dramatiq", "undersigned.worker", "--processes", "1"]
    _become([*command, "--threads", str(settings.worker_threads), "--skip-logging"])


def _become(command: list[str]) -> None:
    """Run a program in our place, so that signals reach it; the embedded servers stay ours to let go of."""
    child = subprocess.Popen(command, preexec_fn=die_with_parent)  # noqa: S603 - our own interpreter.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: child.send_signal(received))
    sys.exit(child.wait())


@click.command()
@needs_servers
def clock() -> None:
    """The relay and the schedule; many may run, one is elected."""
    from undersigned import schedule

    logs.set_up()
    asyncio.run(until_told(schedule.run))


@click.command()
@needs_servers
def mailroom() -> None:
    """Mail in: LMTP and SMTP, the drop folder, and a mailbox elsewhere."""
    from undersigned.responses import mailroom as room

    settings.key()
    logs.set_up()
    refuse_if_taken("MAILROOM_PORT", settings.mailroom_host, settings.mailroom_port)
    asyncio.run(until_told(room.run))


async def until_told(run: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run something until SIGINT or SIGTERM, with the pool open."""
    from undersigned.kit import database

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await database.connect()
    try:
        await run(stop)
    finally:
        await database.disconnect()


@click.command()
@needs_servers
def migrate() -> None:
    """Bring the tables up to date."""

    async def nothing() -> None:
        return None

    with_database(nothing)
    click.echo("The tables are up to date.")


@click.command("invite")
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice(["owner", "editor", "moderator", "viewer"]),
    help="What they may do. Without it a newcomer is an owner, and everybody else stays what they are.",
)
@needs_servers
def invite(email: str, role: str | None) -> None:
    """Print a one-time link for a member of staff: a newcomer, or one who gets another role."""
    from undersigned.staff import members
    from undersigned.supporters import addresses

    settings.base_url = supervising.address_of_running() or settings.base_url
    address = addresses.parse(email) if not email.endswith(f"@{settings.mail_domain}") else email
    invited = with_database(lambda: members.invite(address, role))
    if invited.was not in {"", invited.role}:
        click.echo(f"Their role was {invited.was}, and is {invited.role} now.", err=True)
    elif invited.was:
        click.echo(f"They are on the staff already; their role is still {invited.role}.", err=True)
    click.echo(invited.link)
