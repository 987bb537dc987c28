"""Peers at the door: one that speaks SMTP, and one that speaks lines."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiosmtplib


@asynccontextmanager
async def smtp(port: int) -> AsyncIterator[aiosmtplib.SMTP]:
    """A peer that speaks SMTP."""
    peer = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, timeout=10)
    async with peer:
        yield peer


class Peer:
    """A peer that speaks lines."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self) -> str:
        """The last line of one answer."""
        while (line := (await asyncio.wait_for(self.reader.readline(), 10)).decode())[3:4] == "-":
            continue
        return line.strip()

    async def say(self, line: str) -> str:
        """Say a line and hear the answer."""
        self.writer.write(line.encode() + b"\r\n")
        return await self.answer()

    async def begin(self, sender: str, *recipients: str) -> str:
        """Everything up to DATA, and its answer."""
        await self.answer()
        for line in ("EHLO mx", f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{to}>" for to in recipients)):
            await self.say(line)
        return await self.say("DATA")


@asynccontextmanager
async def lines(port: int) -> AsyncIterator[Peer]:
    """A raw conversation, before the greeting has been read."""
    peer = Peer(*await asyncio.open_connection("127.0.0.1", port))
    try:
        yield peer
    finally:
        peer.writer.close()
        with suppress(OSError):
            await peer.writer.wait_closed()
