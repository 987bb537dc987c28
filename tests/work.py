"""The worker's and the clock's work, done here and now, and the mail that came of it."""

import email
import email.policy
import re
from dataclasses import replace
from email.message import EmailMessage

from journey.visitor import text_of
from undersigned.delivery import telling
from undersigned.delivery.jobs import OWED as LETTERS
from undersigned.delivery.jobs import OWED_TOGETHER as BUNDLES
from undersigned.kit import leases, mail, outbox
from undersigned.responses.jobs import OWED as INBOUND
from undersigned.signatures.mailing import OWED as MAILINGS
from undersigned.signatures.walking import OWED as DISCOUNTINGS

COMPOSERS = (telling,)
"""What a worker has loaded, and a test that only makes rows has not."""


async def settle() -> None:
    """Lend what is owed and do it, until nothing is due any more."""
    for _ in range(20):
        done = 0
        for owed in (outbox.OWED, outbox.OWED_TO_MANY, LETTERS, BUNDLES, INBOUND, DISCOUNTINGS, MAILINGS):
            lent: list[tuple[int, str]] = []
            here = replace(owed, remind=lambda row_id, lease, lent=lent: lent.append((row_id, lease)))
            done += await leases.relay(here)
            for row_id, lease in lent:
                await owed.remind.__self__.fn.__wrapped__(row_id, lease)
        if not done:
            return
    raise AssertionError("The work never ends.")


def inbox(recipient: str = "") -> list[EmailMessage]:
    """The Maildir's messages to ``recipient``, oldest first."""
    files = sorted((mail.maildir_path() / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
    messages = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
    return [message for message in messages if recipient in str(message["Delivered-To"])]


def link_in(message: EmailMessage, path: str) -> str:
    """The path of the first link in a message that goes to ``path``."""
    found = re.search(rf"https?://[^/\s]+({path}\S*)", text_of(message))
    assert found, text_of(message)
    return found[1]


__all__ = ["inbox", "link_in", "settle", "text_of"]
