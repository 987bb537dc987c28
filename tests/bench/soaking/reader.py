"""The next mail server along, in a process of its own: it takes mail quickly and writes down what it took.

    python reader.py LOG

It prints its port. A line of LOG is the moment, the Message-ID and the recipient of one message whose every byte
was there, written before that was acknowledged. Of every hundred recipients it puts one off for now, and of every
two hundred messages it takes one and hangs up without saying so: such is life.
"""

import asyncio
import itertools
import re
import sys
import time
from pathlib import Path
from typing import BinaryIO

LATER_EVERY, SILENT_EVERY = 100, 200
END = b"\r\n.\r\n"


class Reader:
    """What all conversations share."""

    def __init__(self, log: BinaryIO) -> None:
        self._log = log
        self._recipients, self._messages = itertools.count(1), itertools.count(1)

    async def talk(self, heard: asyncio.StreamReader, said: asyncio.StreamWriter) -> None:
        """One conversation, until somebody has had enough."""
        try:
            said.write(b"220 reader.example.org\r\n")
            await self._answer(heard, said)
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # Whoever called was killed: that is what this is for.
        finally:
            said.close()

    async def _answer(self, heard: asyncio.StreamReader, said: asyncio.StreamWriter) -> None:
        recipient = ""
        while line := await heard.readline():
            command = line[:4].upper()
            if command == b"DATA":
                said.write(b"354 Go on\r\n")
                content = await heard.readuntil(END)
                self._note(content, recipient)
                if next(self._messages) % SILENT_EVERY == 0:
                    return
                said.write(b"250 2.0.0 Taken\r\n")
            elif command == b"RCPT":
                recipient = line.decode(errors="replace").partition("<")[2].partition(">")[0]
                later = next(self._recipients) % LATER_EVERY == 0
                said.write(b"451 4.3.2 Not just now\r\n" if later else b"250 2.1.5 Go on\r\n")
            elif command == b"EHLO":
                said.write(b"250-reader.example.org\r\n250 8BITMIME\r\n")
            elif command == b"QUIT":
                said.write(b"221 Goodbye\r\n")
                return
            else:
                said.write(b"250 2.0.0 Very well\r\n")

    def _note(self, content: bytes, recipient: str) -> None:
        found = re.search(rb"^Message-ID:\s*(\S+)", content, re.MULTILINE | re.IGNORECASE)
        name = found[1].decode() if found else "-"
        self._log.write(f"{time.time():.3f} {name} {recipient}\n".encode())


async def main(log: Path) -> None:
    """Take mail until stopped."""
    with log.open("ab", buffering=0) as file:
        server = await asyncio.start_server(Reader(file).talk, "127.0.0.1", 0, limit=2**22)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
