"""Ending parts of a site with -9, and what must still be true afterwards."""

import os
import re
import signal
from collections.abc import Callable

from installation import Site
from journey import steps
from journey.visitor import Visitor, wait_for

VICTIMS = {
    "web": ["granian", "commands web"],
    "worker": ["dramatiq", "commands worker"],
    "clock": ["commands clock"],
    "mailroom": ["commands mailroom"],
    "postgres": ["bin/postgres"],
    "valkey": ["valkey-server", "redis-server"],
}


def kill(site: Site, victim: str) -> None:
    """End every process of one part with -9, as a power cut or the kernel would."""
    for name in VICTIMS[victim]:
        for process in site.processes(name):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue  # It was a child of one that we have just killed.


def journey(site: Site, visitor: Visitor, blow: Callable[[], None]) -> None:
    """The main job with a blow after every press of a button."""
    before = steps.count(visitor)
    visitor.blow = blow
    link = steps.sign(visitor)
    counted = steps.confirm(visitor, link)
    letter_link = steps.write(visitor, counted)
    letter = steps.send(visitor, letter_link)
    steps.reply(visitor, letter, letter_link)
    visitor.blow = lambda: None
    wait_for(lambda: steps.count(visitor) == before + 1 or None, "an exact count", 10)
    assert len([m for m in visitor.messages() if m["X-Undersigned-Rehearsal"]]) == 1
    page = visitor.see(letter_link).text
    assert page.count("I have asked the council for a light at that stop.") == 1
    assert len(re.findall("A reply from", "".join(str(m["Subject"]) for m in visitor.messages()))) == 1


def kill_everything(site: Site) -> None:
    """End every process, as a power cut would, and start again."""
    assert site.process is not None
    site.process.kill()
    site.process.wait()
    for victim in VICTIMS:
        kill(site, victim)
    site.start()
