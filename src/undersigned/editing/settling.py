"""The changes to a letter that leave its text alone: its title, who uses it, and whether it is put away."""

from typing import Final

from undersigned.editing import attaching, revising
from undersigned.editing.forms import TitleForm
from undersigned.kit.errors import Refused
from undersigned.kit.forms import read

PRESSED: Final = {"put-away": revising.put_away, "take-out": revising.take_out}
CAMPAIGNS: Final = {"choose": attaching.choose, "drop": attaching.drop}


async def settle(name: str, values: dict[str, str], staff_id: int) -> None:
    """Do what one form asks. Raises Mistakes, Refused or Missing."""
    act = values.get("act", "")
    if act == "title":
        await revising.rename(name, read(TitleForm, values).title, values.get("base", ""), staff_id)
    elif act in CAMPAIGNS:
        await CAMPAIGNS[act](values.get("campaign", ""), name, staff_id)
    elif act in PRESSED:
        await PRESSED[act](name, staff_id)
    else:
        raise Refused("Choose what to change.")
