"""The mailroom: the door, the drop folder and the mailbox elsewhere, open until we are told to stop."""

import asyncio
import logging

from undersigned.kit.errors import Unavailable
from undersigned.responses import collecting, drop_folder, reception
from undersigned.settings import settings

EVERY_SECONDS = 1.0
log = logging.getLogger(__name__)


async def run(stop: asyncio.Event) -> None:
    """Take in mail until ``stop`` is set; the caller opens the pool. OSError when the port is taken."""
    door = await reception.open_door(settings.mailroom_host, settings.mailroom_port)
    log.info("The mailroom is open on port %s.", settings.mailroom_port)
    mailbox = asyncio.create_task(collecting.run(settings.imap_url, stop)) if settings.imap_url else None
    try:
        while not stop.is_set():
            await _look_into_the_folder()
            await _wait(stop)
    finally:
        if mailbox:
            mailbox.cancel()
            await asyncio.gather(mailbox, return_exceptions=True)
        door.close()
        reception.hang_up()
        await door.wait_closed()


async def _look_into_the_folder() -> None:
    try:
        await drop_folder.empty()
    except Unavailable:
        log.warning("The database is away; dropped files wait.")
    except OSError as error:
        log.warning("The drop folder cannot be read: %s", type(error).__name__)


async def _wait(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), EVERY_SECONDS)
    except TimeoutError:
        return
