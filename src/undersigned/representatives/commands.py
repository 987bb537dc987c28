"""The commands for who speaks for a place: lists taken over, and what we know better than they do."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from undersigned.terminal import MOST_SHOWN, ask, console, needs_servers, one_bar_each, with_database

if TYPE_CHECKING:
    from undersigned.representatives.review import Review


@click.group()
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
            lines = await sources.read(source, _columns(columns), pause, one_bar_each(bar))
        review = await loading.look_over(lines)
        _show(review)
        if not force:
            review.guard()
        if dry_run:
            click.echo("Nothing was changed.")
            return
        ask(yes or not review.replaces, "Apply this?")
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


def _show(review: "Review") -> None:
    """What a list would change, twenty of each kind."""
    for heading, entries in review.groups.items():
        click.echo(f"{heading}: {len(entries)}")
        for entry in entries[:MOST_SHOWN]:
            click.echo(f"  {entry}")
        if len(entries) > MOST_SHOWN:
            click.echo(f"  and {len(entries) - MOST_SHOWN} more")


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


@click.command("find")
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
