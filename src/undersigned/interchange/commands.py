"""The commands that write letters into folders on a disk, and take them from there."""

from pathlib import Path

import click

from undersigned.terminal import needs_servers, with_database


@click.command("export")
@click.argument("name")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Write over files that say something else.")
@needs_servers
def export_letters(name: str, folder: Path, replace: bool) -> None:
    """Write the letter NAME, or "all" of them, into FOLDER/NAME/."""
    from undersigned.interchange import exporting

    for place in with_database(lambda: exporting.write(name, folder, replace)):
        click.echo(f"{place}")


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@needs_servers
def import_letters(folder: Path) -> None:
    """Take the letter in FOLDER, or those of the folders in it, as new versions; all of them or none."""
    from undersigned.interchange import folders, importing

    packed = folders.read(folder)
    for one in with_database(lambda: importing.take_all(packed)):
        click.echo(f"{one.name}: {importing.WORDS[one.state]}")
