"""The main job, from the first page to the answer, over HTTP, the Maildir and the mailroom alone."""

import re

from installation import Site
from journey import steps
from journey.visitor import Visitor


def test_a_signature_becomes_a_letter_and_the_letter_gets_an_answer(site: Site, visitor: Visitor) -> None:
    before = steps.count(visitor)
    counted = steps.confirm(visitor, steps.sign(visitor))
    link = steps.write(visitor, counted)
    letter = steps.send(visitor, link)
    steps.reply(visitor, letter, link)
    desk = re.sub(r"\s+", " ", steps.campaigner_sees(visitor, site.sign_in_link()))
    assert f"{before + 1:,}" in desk
    assert len([m for m in visitor.messages() if m["X-Undersigned-Rehearsal"]]) == 1
    assert all("harriet.vale.mp@" not in str(m["Delivered-To"]) for m in visitor.messages())
    assert site.stop() == 0
    assert site.processes("postgres") == []
