"""The command line: what runs, and the commands of every room, under one name."""

from typing import Any

import click

from undersigned import __version__, measuring, starting
from undersigned.campaigns.commands import campaigns
from undersigned.centres.commands import centres
from undersigned.delivery.commands import delivery, dkim
from undersigned.demo.commands import demo
from undersigned.embedded import ServerWouldNotStart
from undersigned.interchange.commands import export_letters, import_letters
from undersigned.kit.errors import Missing, Refused, Unavailable
from undersigned.letters.commands import letters
from undersigned.postcodes.commands import postcodes
from undersigned.posting.commands import bundle_letters, pace_letters
from undersigned.representatives.commands import find_postcode, representatives
from undersigned.settings import SettingMissing
from undersigned.signatures.commands import recount
from undersigned.staff.commands import staff

RUNS = (starting.up, starting.web, starting.worker, starting.clock, starting.mailroom, starting.migrate)
ROOMS = (postcodes, representatives, campaigns, letters, centres, staff, delivery, dkim, demo)
FROM_ABOVE = {
    postcodes: (find_postcode,),
    campaigns: (recount,),
    letters: (export_letters, import_letters, bundle_letters, pace_letters),
    staff: (starting.invite,),
}
"""What a room's commands hold that needs more than that room: the higher room has it."""


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


for room, commands in FROM_ABOVE.items():
    for command in commands:
        room.add_command(command)
for command in (*RUNS, *ROOMS, measuring.bench):
    main.add_command(command)

if __name__ == "__main__":
    main()
