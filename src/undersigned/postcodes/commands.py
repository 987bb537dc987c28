"""The commands for postcodes: their index, and the towns beside it."""

from pathlib import Path

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from undersigned.terminal import console


@click.group()
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
