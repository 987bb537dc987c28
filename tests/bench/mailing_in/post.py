"""The mail that comes in, and a crowd of mail servers that bring it."""

import asyncio
import base64
import re
from dataclasses import dataclass, replace
from itertools import cycle

from responses import vendor_mails as mails

OFFICE = "harriet.vale.mp@example.org"


@dataclass(frozen=True)
class Piece:
    """One mail with its envelope."""

    sender: str
    recipient: str
    raw: bytes


@dataclass
class Tally:
    """How many were taken, and how many were put off or refused."""

    taken: int = 0
    put_off: int = 0


def replies(addresses: list[str], many: int) -> list[Piece]:
    """Answers, acknowledgements, bounces, and HTML with a PDF, by turns, to these letters."""
    shapes = cycle(range(5))
    return [_piece(next(shapes), number, to) for number, to in zip(range(many), cycle(addresses), strict=False)]


def _piece(shape: int, number: int, to: str) -> Piece:
    if shape == 0:
        return _named(Piece("", to, mails.exchange_bounce(to)), number)
    if shape == 1:
        return _named(Piece(OFFICE, to, mails.acknowledgement(to)), number)
    if shape == 2:
        return _named(Piece(OFFICE, to, _with_a_leaflet(to)), number)
    return _named(Piece(OFFICE, to, mails.mail(to, mails.ANSWER * 4)), number)


def _named(piece: Piece, number: int) -> Piece:
    """The same under a Message-ID of its own: the first that it has, which is that of the mail itself."""
    raw = re.sub(rb"(?im)^message-id: <", b"Message-ID: <%d." % number, piece.raw, count=1)
    assert raw != piece.raw
    return replace(piece, raw=raw)


def _with_a_leaflet(to: str) -> bytes:
    leaflet = base64.encodebytes(b"%PDF-1.7 " + b"a leaflet " * 4_000)
    html = "Content-Type: text/html; charset=utf-8\n\n" + "".join(
        f"<p>{line}</p>" for line in mails.ANSWER.split("\n")
    )
    attached = (
        b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
        b'Content-Disposition: attachment; filename="leaflet.pdf"\n\n' + leaflet
    )
    return mails.multipart(to, "mixed", [html, attached])


def junk(many: int) -> list[Piece]:
    """Mail to addresses that look like those of letters and are none."""
    body = mails.mail("letter-x@undersigned.localhost", "Buy now. " * 200)
    return [
        Piece("spam@example.org", f"letter-{number:024d}@undersigned.localhost", body + b"\n%d" % number)
        for number in range(many)
    ]


async def bring(port: int, pieces: list[Piece], lines: int = 8) -> Tally:
    """Bring all of it over so many lines, one after the other on each."""
    waiting, tally = iter(pieces), Tally()
    await asyncio.gather(*(_bring(port, waiting, tally) for _ in range(lines)))
    return tally


async def _bring(port: int, waiting: object, tally: Tally) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await _answer(reader)
    writer.write(b"EHLO crowd\r\n")
    await _answer(reader)
    for piece in waiting:  # type: ignore[attr-defined]
        if await _hand_over(reader, writer, piece):
            tally.taken += 1
        else:
            tally.put_off += 1
    writer.write(b"QUIT\r\n")
    await writer.drain()
    writer.close()


async def _hand_over(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, piece: Piece) -> bool:
    for line in (f"MAIL FROM:<{piece.sender}>", f"RCPT TO:<{piece.recipient}>", "DATA"):
        writer.write(f"{line}\r\n".encode())
        if (await _answer(reader))[:1] not in {b"2", b"3"}:
            writer.write(b"RSET\r\n")
            await _answer(reader)
            return False
    writer.write(piece.raw.replace(b"\r\n", b"\n").replace(b"\n.", b"\n..").replace(b"\n", b"\r\n") + b"\r\n.\r\n")
    return (await _answer(reader))[:1] == b"2"


async def _answer(reader: asyncio.StreamReader) -> bytes:
    while (line := await asyncio.wait_for(reader.readline(), 60))[3:4] == b"-":
        continue
    return line
