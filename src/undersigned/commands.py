"""The command line."""

import asyncio
import functools
import json
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from undersigned import __version__, logs, servers, supervising
from undersigned.embedded import ServerWouldNotStart
from undersigned.kit.errors import Missing, Refused, Unavailable
from undersigned.processes import die_with_parent, refuse_if_taken
from undersigned.settings import SettingMissing, settings

P = ParamSpec("P")
R = TypeVar("R")
MOST_SHOWN = 20
console = Console()
bars = Console(stderr=True)
"""For progress beside lines that a program may read."""

if TYPE_CHECKING:
    from undersigned.representatives.review import Review
    from undersigned.signatures.comparing import Counted


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
    settings.key()
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


@main.command()
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
    refuse_if_taken("MAILROOM_PORT", settings.mailroom_host, settings.mailroom_port)
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
    from undersigned.postcodes import index, places
    from undersigned.postcodes.seats import COUNTRY_NAMES

    now = index.current()
    if not now.release:
        raise click.ClickException("No postcodes are loaded: run undersigned postcodes load FILE.")
    click.echo(f"Release {now.release}, built {now.built_at}: {now.rows:,} postcodes, {now.live:,} in use.")
    for country, rows in sorted(now.coverage.items()):
        click.echo(f"  {COUNTRY_NAMES.get(country, 'in no country'):<16} {rows:>9,}")
    for line in now.licence:
        click.echo(line)
    if not places.data_file().exists():
        click.echo("Towns and distances are not known: run undersigned postcodes places GB.zip (GeoNames).")


@postcodes.command("places")
@click.argument("source")
def load_places(source: str) -> None:
    """Put the towns of GeoNames in place: GB.txt or GB.zip, from a file or an address."""
    from undersigned.postcodes import gazetteer

    with console.status("Looking the file over"):
        done = gazetteer.install(source)
    click.echo(f"{done.rows:,} places in {done.outward_codes:,} outward codes. {gazetteer.LICENCE}")


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
        retired = " (a postcode that Royal Mail has retired)" if place.terminated else ""
        click.echo(f"{place.match}: {place.gss_code or '-'} {seat.constituency}".rstrip() + retired)
        if seat.mp:
            click.echo(f"MP: {seat.mp.named} ({seat.mp.party})")
        for candidate in await seats.some_seats(place.candidates):
            click.echo(f"  perhaps {candidate['gss_code']} {candidate['constituency']}")

    with_database(explain)


@main.group()
def representatives() -> None:
    """Who speaks for a place."""


@representatives.command("load")
@click.argument("source", metavar="FILE_OR_URL")
@click.option("--columns", default="", help="What the file calls things: gss_code=PCON24CD,name=Member")
@click.option("--yes", is_flag=True, help="Apply it without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--force", is_flag=True, help="Accept a list that unseats more than a fifth of the members.")
@click.option("--pause", type=click.FloatRange(0, 60), default=0.2, help="Seconds between questions to a server.")
@needs_servers
def load_representatives(source: str, columns: str, yes: bool, dry_run: bool, force: bool, pause: float) -> None:
    """Take over a list of members: a CSV, or the Members API (https://members-api.parliament.uk/api).

    Shows what would change and asks. A contact that you have set yourself stays.
    """
    from undersigned.representatives import loading, sources

    async def everything() -> None:
        with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console) as bar:
            lines = await sources.read(source, _columns(columns), pause, _bars(bar))
        review = await loading.look_over(lines)
        _show(review)
        if not force:
            review.guard()
        if dry_run:
            click.echo("Nothing was changed.")
            return
        _ask(yes or not review.replaces)
        review = await loading.store(lines, force=force)
        sources.forget()
        click.echo(
            f"{review.seats} seats. {len(review.new)} new, {len(review.left)} left, "
            f"{len(review.email_changed)} with a new address, {review.without_email} without one."
        )

    with_database(everything)


def _columns(text: str) -> dict[str, str] | None:
    """``gss_code=PCON24CD,name=Member`` as a mapping; None when nothing is said."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if any(not theirs.strip() for _, _, theirs in pairs):
        raise click.ClickException("Write --columns as gss_code=PCON24CD,name=Member")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs} or None


def _bars(bar: Progress) -> Callable[[str, int, int], None]:
    """One bar for each thing that is fetched."""
    tasks: dict[str, TaskID] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)

    return report


def _show(review: "Review") -> None:
    """What a list would change, twenty of each kind."""
    for heading, entries in review.groups.items():
        click.echo(f"{heading}: {len(entries)}")
        for entry in entries[:MOST_SHOWN]:
            click.echo(f"  {entry}")
        if len(entries) > MOST_SHOWN:
            click.echo(f"  and {len(entries) - MOST_SHOWN} more")


def _ask(agreed: bool) -> None:
    """Go on only if a person says so; with nobody there to ask, --yes says it."""
    if agreed:
        return
    if not sys.stdin.isatty():
        raise click.ClickException("Nothing was changed. Run it again with --yes to apply this.")
    click.confirm("Apply this?", abort=True)


@representatives.command("seats")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@needs_servers
def load_seats(file: Path) -> None:
    """Take over the codes and names of constituencies: a CSV, or the zip of an ONS directory."""
    from undersigned.representatives import seat_lists

    lines = seat_lists.read(file)
    click.echo(f"{with_database(lambda: seat_lists.store(lines))} constituencies.")


@representatives.command("hexmap")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--forget", is_flag=True, help="Go back to a map of our own making.")
@needs_servers
def load_hexmap(file: Path | None, forget: bool) -> None:
    """Draw maps by a hexjson file: one hexagon for each constituency of 2024, by its GSS code."""
    from undersigned.representatives import hexmap

    if forget == bool(file):
        raise click.UsageError("Name a hexjson file, or say --forget.")
    if file is None:
        was = with_database(hexmap.forget)
        click.echo("Maps are of our own making again." if was else "There was no map to forget.")
        return
    found = hexmap.read(file)
    with_database(lambda: hexmap.store(found))
    click.echo(f"{len(found.cells)} constituencies have their place on the map.")


@representatives.command("correct")
@click.argument("which", metavar="GSS_OR_NAME")
@click.option("--email", help="Write to this address.")
@click.option("--post", is_flag=True, help="Write on paper.")
@click.option("--opted-out", is_flag=True, help="Do not write at all.")
@click.option("--note", help="Shown beside the name.")
@click.option("--votes/--no-votes", default=None, help="Whether this member takes part in votes.")
@click.option("--forget", is_flag=True, help="Let lists change this member again.")
@needs_servers
def correct_representative(
    which: str, email: str | None, post: bool, opted_out: bool, note: str | None, votes: bool | None, forget: bool
) -> None:
    """Set the contact of a member for good; no list changes it back."""
    from undersigned.representatives import corrections

    wanted = [kind for kind, asked in (("email", email), ("post", post), ("opted_out", opted_out)) if asked]
    if len(wanted) > 1 or (forget and (wanted or note is not None or votes is not None)):
        raise click.UsageError("Say one thing: --email, --post, --opted-out or --forget.")
    if not forget and not wanted and note is None and votes is None:
        raise click.UsageError("Say what to set: --email, --post, --opted-out, --note, --votes or --forget.")
    correction = corrections.Correction(wanted[0] if wanted else None, email, note, votes)
    member = with_database(lambda: corrections.forget(which) if forget else corrections.correct(which, correction))
    kept = "lists may change it again" if forget else "lists will leave it alone"
    click.echo(f"{member.named}: {member.contact.replace('_', ' ')}; {kept}.")


@representatives.command("vacate")
@click.argument("which", metavar="GSS_OR_NAME")
@click.option("--reason", required=True, help="Shown to visitors, such as resigned or died.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="The last day; today unless told.")
@needs_servers
def vacate_seat(which: str, reason: str, on: datetime | None) -> None:
    """Say that a member has gone before the lists do; a list that is behind brings nobody back."""
    from undersigned.representatives import corrections

    gone = with_database(lambda: corrections.vacate(which, reason, on.date() if on else None))
    click.echo(f"{gone} no longer sits.")


@representatives.command("close")
@click.argument("which", metavar="[GSS_OR_NAME]", required=False)
@click.option("--all", "every", is_flag=True, help="Every seat at Westminster.")
@click.option("--reason", required=True, help="Shown to visitors, such as: Parliament has been dissolved.")
@needs_servers
def close_seats(which: str | None, every: bool, reason: str) -> None:
    """Say that nobody sits, as between a dissolution and the poll."""
    from undersigned.representatives import corrections

    _one_or_all(which, every)
    click.echo(f"{with_database(lambda: corrections.close(which, reason))} seats closed.")


@representatives.command("open")
@click.argument("which", metavar="[GSS_OR_NAME]", required=False)
@click.option("--all", "every", is_flag=True, help="Every seat at Westminster.")
@needs_servers
def open_seats(which: str | None, every: bool) -> None:
    """Say that members sit again."""
    from undersigned.representatives import corrections

    _one_or_all(which, every)
    click.echo(f"{with_database(lambda: corrections.reopen(which))} seats opened.")


def _one_or_all(which: str | None, every: bool) -> None:
    if every == bool(which):
        raise click.UsageError("Name one seat, or say --all.")


@representatives.command("waiting")
@click.option("--apply", "answer", flag_value="apply", help="Apply the list that waits.")
@click.option("--drop", "answer", flag_value="drop", help="Do not apply it.")
@needs_servers
def waiting_representatives(answer: str | None) -> None:
    """The list of last night that differs too much to be applied unseen."""
    from undersigned.representatives import refreshing

    async def settle() -> None:
        if answer == "apply":
            click.echo(f"{(await refreshing.apply_waiting()).seats} seats brought up to date.")
        elif answer == "drop":
            await refreshing.drop_waiting()
            click.echo("Dropped.")
        elif held := await refreshing.waiting():
            _show(refreshing.review_of(held))
            click.echo("Run it again with --apply or --drop.")
        else:
            click.echo("No list of members is waiting.")

    with_database(settle)


@representatives.command("status")
@needs_servers
def representatives_status() -> None:
    """How many seats and members there are."""
    from undersigned.representatives import loading, refreshing

    async def look() -> tuple[dict[str, int], bool]:
        return await loading.status(), await refreshing.waiting() is not None

    found, waits = with_database(look)
    click.echo(
        f"{found['seats']} seats: {found['sitting']} filled, {found['vacant']} vacant, "
        f"{found['with_email']} members with an e-mail address."
    )
    if found["closed"]:
        click.echo(f"{found['closed']} seats are closed.")
    if found["overridden"]:
        click.echo(f"{found['overridden']} members have contacts that you have set yourself.")
    if waits:
        click.echo("A list waits for you: run undersigned representatives waiting.")


# Campaigns


@main.group()
def campaigns() -> None:
    """Campaigns and their totals."""


@campaigns.command("recount")
@click.argument("slug", required=False)
@click.option("--mend", is_flag=True, help="Set right what differs; the rows are what is true.")
@needs_servers
def recount(slug: str | None, mend: bool) -> None:
    """Count every signature again, of one campaign or of all, and compare every total with it.

    Ends with 1 when something differs and is not mended.
    """
    from undersigned.signatures import recounting

    async def everything() -> "list[Counted]":
        wanted = [await recounting.named(slug)] if slug else await recounting.due()
        count = recounting.mend if mend else recounting.recount
        with Progress(TextColumn("Counting"), BarColumn(), MofNCompleteColumn(), console=bars) as bar:
            return [await count(campaign_id) for campaign_id in bar.track(wanted)]

    counted = with_database(everything)
    for found in counted:
        _tell_count(found, mend)
    if not counted:
        click.echo("There is no campaign to count.")
    if not mend and any(found.drift for found in counted):
        sys.exit(1)


def _tell_count(found: "Counted", mended: bool) -> None:
    """One line a campaign, and below it the first totals that differ."""
    many = len(found.drift)
    agrees = "every total agrees" if not many else f"{many:,} {'total differs' if many == 1 else 'totals differ'}"
    names = "signature" if found.total == 1 else "signatures"
    click.echo(f"{found.slug}: {found.total:,} {names}; {agrees}{', mended' if many and mended else ''}.")
    for row in found.drift[:MOST_SHOWN]:
        which = f"{row['kind']} {row['key']}".rstrip()
        click.echo(f"  {which}: {row['held']:,} held, {row['counted']:,} counted")
    if many > MOST_SHOWN:
        click.echo(f"  and {many - MOST_SHOWN:,} more")


# Letters


@main.group()
def letters() -> None:
    """A supporter's words to one representative, and the letters they begin with."""


@letters.command("export")
@click.argument("name")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Write over files that say something else.")
@needs_servers
def export_letters(name: str, folder: Path, replace: bool) -> None:
    """Write the letter NAME, or "all" of them, into FOLDER/NAME/."""
    from undersigned.letters import exporting

    for place in with_database(lambda: exporting.write(name, folder, replace)):
        click.echo(f"{place}")


@letters.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@needs_servers
def import_letters(folder: Path) -> None:
    """Take the letter in FOLDER, or those of the folders in it, as new versions; all of them or none."""
    from undersigned.letters import folders, importing

    packed = folders.read(folder)
    for one in with_database(lambda: importing.take_all(packed)):
        click.echo(f"{one.name}: {importing.WORDS[one.state]}")


@letters.command("stance")
@click.argument("slug")
@click.argument("which", metavar="GSS_OR_NAME")
@click.argument("position", type=click.Choice(["agrees", "opposes", "unknown"]))
@click.option("--source", default="", help="How you know: a link, or a speech and its date.")
@needs_servers
def record_stance(slug: str, which: str, position: str, source: str) -> None:
    """Note where a member stands on a campaign; letters to them have the words for it from now on."""
    from undersigned.campaigns import finding
    from undersigned.letters import stances

    async def note() -> str:
        return (await stances.record(await finding.by_slug(slug), which, position, source)).named

    click.echo(f"{with_database(note)}: {position}.")


@letters.command("bundle")
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
    from undersigned.letters import bundling

    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {file.parent}.")
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console) as bar:
        report = _bars(bar)

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


# Staff and delivery


@main.group()
def staff() -> None:
    """People who run campaigns."""


@staff.command("invite")
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


# Measuring


@main.command()
@click.argument("name")
@click.option("--quick", is_flag=True, help="At most a minute.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@needs_servers
def bench(name: str, quick: bool, as_json: bool) -> None:
    """Measure one thing beside its peers on this machine: postcodes, and what else lies in tests/bench."""
    from undersigned import measuring

    measured = measuring.run(name, quick, console if not as_json else None)
    if as_json:
        click.echo(json.dumps(measured))
    else:
        measuring.show(measured, console)


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
