"""The command line."""

import asyncio
import functools
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from undersigned import __version__, logs, servers
from undersigned.embedded import ServerWouldNotStart
from undersigned.kit.errors import Missing, Refused, Unavailable
from undersigned.settings import SettingMissing, settings
from undersigned.supervising import die_with_parent

P = ParamSpec("P")
R = TypeVar("R")
console = Console()


class OneLine(click.Group):
    """Every refusal is one clear line and a non-zero exit."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (Refused, Missing, Unavailable, SettingMissing, ServerWouldNotStart) as refusal:
            raise click.ClickException(str(refusal)) from refusal


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="undersigned")
def main() -> None:
    """Petitions, pledges, and letters to MPs that are followed through to the answer."""


def needs_servers(command: Callable[P, R]) -> Callable[P, R]:
    """Have PostgreSQL and Redis ready before ``command`` imports anything that wants their addresses."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with servers.ready():
            return command(*args, **kwargs)

    return run


def with_database(work: Callable[[], Coroutine[Any, Any, R]]) -> R:
    """Run ``work`` with the tables up to date and the pool open."""
    from undersigned.kit import database, migrating

    async def everything() -> R:
        await migrating.migrate()
        await database.connect()
        try:
            return await work()
        finally:
            await database.disconnect()

    return asyncio.run(everything())


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


# What runs


@main.command()
def up() -> None:
    """Everything on this machine: servers, tables, demo, web, worker, clock and mailroom."""
    from undersigned import supervising

    settings.key()
    logs.set_up()
    with servers.ready() as started:
        link = asyncio.run(_prepare())
        supervising.run(started, lambda: _say_hello(link))


async def _prepare() -> str | None:
    """Tables, the demo when there is nothing yet, and a link for the first member of staff."""
    from undersigned.kit import database, migrating
    from undersigned.staff import signing_in
    from undersigned.staff.tables import Session

    await migrating.migrate()
    await database.connect()
    try:
        if settings.demo:
            await _load_demo_when_empty()
        if await Session.exists():
            return None
        return await signing_in.invite(settings.operator_email or f"owner@{settings.mail_domain}")
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
    click.echo("  Stop with             Ctrl-C\n")
    sys.stdout.flush()


@main.command()
@needs_servers
def web() -> None:
    """The web pages; any number may run, on any number of machines."""
    from granian import Granian
    from granian.constants import Interfaces

    settings.key()
    Granian(
        "undersigned.app:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.web_processes,
        backpressure=4_000,
        log_access=False,
    ).serve()


@main.command()
@needs_servers
def worker() -> None:
    """The jobs: mail, letters, replies; any number may run."""
    settings.key()
    command = [sys.executable, "-m", "dramatiq", "undersigned.worker", "--processes", "1"]
    _become([*command, "--threads", str(settings.worker_threads), "--skip-logging"])


def _become(command: list[str]) -> None:
    """Run a program in our place, so that signals reach it; the embedded servers stay ours to let go of."""
    child = subprocess.Popen(command, preexec_fn=die_with_parent)  # noqa: S603 - our own interpreter.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: child.send_signal(received))
    sys.exit(child.wait())


@main.command()
@needs_servers
def clock() -> None:
    """The relay and the schedule; many may run, one is elected."""
    from undersigned import schedule

    logs.set_up()
    asyncio.run(until_told(schedule.run))


@main.command()
@needs_servers
def mailroom() -> None:
    """Mail in: LMTP and SMTP, and the drop folder."""
    from undersigned.responses import mailroom as room

    settings.key()
    logs.set_up()
    asyncio.run(until_told(room.run))


@main.command()
@needs_servers
def migrate() -> None:
    """Bring the tables up to date."""

    async def nothing() -> None:
        return None

    with_database(nothing)
    click.echo("The tables are up to date.")


# Postcodes and representatives


@main.group()
def postcodes() -> None:
    """From a postcode to a place."""


@postcodes.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--with-ni", is_flag=True, help="Take Northern Ireland too; its licence is narrower.")
@click.option("--force", is_flag=True, help="Accept a release that changes many answers.")
def load_postcodes(file: Path, with_ni: bool, force: bool) -> None:
    """Build the index from an ONSPD or NSPL (CSV or zip), or a plain postcode,gss_code CSV."""
    from undersigned.postcodes import loading

    columns = (TextColumn("Reading postcodes"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("postcodes", total=None)
        done = loading.load(
            file,
            with_ni=with_ni,
            force=force,
            progress=lambda read, total: bar.update(task, completed=read, total=total),
        )
    click.echo(f"{done.rows:,} postcodes in {done.seats} constituencies, release {done.release}.")
    if done.ni_left_out:
        click.echo(f"{done.ni_left_out:,} postcodes of Northern Ireland were left out (--with-ni takes them).")
    for line in done.licence:
        click.echo(line)


@postcodes.command("status")
def postcodes_status() -> None:
    """Which release is loaded, and what it covers."""
    from undersigned.postcodes import index

    now = index.current()
    if not now.release:
        raise click.ClickException("No postcodes are loaded: run undersigned postcodes load FILE.")
    click.echo(f"Release {now.release}, built {now.built_at}: {now.rows:,} postcodes, {now.live:,} in use.")
    for country, rows in sorted(now.coverage.items()):
        click.echo(f"  {country}  {rows:>9,}")
    for line in now.licence:
        click.echo(line)


@postcodes.command("find")
@click.argument("postcode")
@needs_servers
def find_postcode(postcode: str) -> None:
    """Explain the answer for one postcode."""
    from undersigned.postcodes import ladder
    from undersigned.representatives import seats

    place = ladder.place(postcode)

    async def explain() -> None:
        seat = await seats.of(place.gss_code)
        click.echo(f"{place.match}: {place.gss_code or '-'} {seat.constituency}".rstrip())
        if seat.mp:
            click.echo(f"MP: {seat.mp.named} ({seat.mp.party})")
        for candidate in await seats.some_seats(place.candidates):
            click.echo(f"  perhaps {candidate['gss_code']} {candidate['constituency']}")

    with_database(explain)


@main.group()
def representatives() -> None:
    """Who speaks for a place."""


@representatives.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@needs_servers
def load_representatives(file: Path) -> None:
    """Take over a list of members (CSV); a contact that you have set yourself stays."""
    from undersigned.representatives import loading

    lines = loading.read(file)
    with console.status("Storing the members"):
        review = with_database(lambda: loading.store(lines))
    click.echo(
        f"{review.seats} seats. {len(review.new)} new, {len(review.left)} left, "
        f"{len(review.email_changed)} with a new address, {review.without_email} without one."
    )


@representatives.command("status")
@needs_servers
def representatives_status() -> None:
    """How many seats and members there are."""
    from undersigned.representatives import loading

    found = with_database(loading.status)
    click.echo(
        f"{found['seats']} seats: {found['sitting']} filled, {found['vacant']} vacant, "
        f"{found['with_email']} members with an e-mail address."
    )


# Staff and delivery


@main.group()
def staff() -> None:
    """People who run campaigns."""


@staff.command("invite")
@click.argument("email")
@click.option("--role", type=click.Choice(["owner", "editor", "moderator", "viewer"]), default="owner")
@needs_servers
def invite(email: str, role: str) -> None:
    """Print a one-time link for a member of staff."""
    from undersigned.staff import signing_in
    from undersigned.supporters import addresses

    address = addresses.parse(email) if not email.endswith(f"@{settings.mail_domain}") else email
    click.echo(with_database(lambda: signing_in.invite(address, role)))


@main.command()
@click.argument("to", type=click.Choice(["live", "rehearsal", "stop", "status"]))
@click.option("--reason", default="", help="Written in the audit.")
@needs_servers
def delivery(to: str, reason: str) -> None:
    """Whether letters to representatives leave: live, rehearsal or stop."""
    from undersigned.delivery import switch

    if to != "status":
        with_database(lambda: switch.turn(to, reason))
    click.echo(f"Delivery is in {with_database(switch.mode)}.")


@main.group()
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


if __name__ == "__main__":
    main()
