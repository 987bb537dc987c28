"""What one would write first: aiosmtpd and the standard library, each mail parsed and stored in its turn."""

import asyncio
import email
import email.policy
import os
import re
import sys
from typing import Any

import asyncpg
from aiosmtpd.smtp import SMTP

TABLE = """
    CREATE TABLE IF NOT EXISTS peer_reply (
        id bigserial PRIMARY KEY, letter bigint, kind text, sender text, subject text, text text, raw bytea)
"""


class Handler:
    """Parse, look the letter up, store, commit, answer."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        text = body.get_content() if body is not None else ""
        automatic = message.get("Auto-Submitted", "no") != "no" or not envelope.mail_from
        kind = "automatic" if automatic else "answer"
        number = re.search(r"letter-(\w+)@", envelope.rcpt_tos[0])
        async with self._turn, self._connection.transaction():
            letter = await self._connection.fetchval(
                "SELECT id FROM peer_letter WHERE address = $1", number[1] if number else ""
            )
            await self._connection.execute(
                """INSERT INTO peer_reply (letter, kind, sender, subject, text, raw)
                   VALUES ($1, $2, $3, $4, $5, $6)""",
                letter,
                kind,
                str(message["From"]),
                str(message["Subject"]),
                text,
                envelope.content,
            )
        return "250 OK"


async def main(port: int) -> None:
    """Listen until we are told to stop."""
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    await connection.execute(TABLE)
    loop, handler = asyncio.get_running_loop(), Handler(connection)
    await loop.create_server(lambda: SMTP(handler, loop=loop, hostname="peer"), "127.0.0.1", port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
