"""The commands for campaigns; rooms above add what they know of them."""

import click


@click.group()
def campaigns() -> None:
    """Campaigns and their totals."""
