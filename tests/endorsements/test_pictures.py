"""Pictures are drawn again: small, upright, without metadata, and only where their endorsement is shown."""

import hashlib
import io
import struct
import zlib
from typing import Any

import httpx
import pytest
from PIL import Image

import make
import photos
from endorsements import sending
from staff.visits import sign_in
from undersigned.campaigns.tables import Campaign
from undersigned.endorsements import pictures
from undersigned.kit import database as db

PLACE = "GPS of Clough Bank"


def exif(orientation: int = 6) -> Any:
    """A camera's word on where it was and how it was held."""
    told = Image.Exif()
    told[0x0112], told[0x010E] = orientation, PLACE
    return told


async def kept() -> tuple[bytes, Image.Image]:
    """The one picture that is kept."""
    (row,) = await db.fetch("SELECT * FROM picture")
    content = bytes(row["content"])
    picture = Image.open(io.BytesIO(content))
    assert (row["width"], row["height"]) == picture.size
    assert row["digest"] == hashlib.sha256(content).hexdigest()
    return content, picture


def empty_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head promises that many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


async def test_a_photo_becomes_small_and_upright_and_forgets_where_it_was_taken(
    client: httpx.AsyncClient,
) -> None:
    sent = photos.photo((2400, 1200), exif=exif(), comment=b"secret")
    assert PLACE.encode() in sent
    await sending.send(client, await make.campaign(), sent)
    content, picture = await kept()
    assert (picture.format, picture.size) == ("WEBP", (256, 512))
    assert PLACE.encode() not in content and b"secret" not in content
    assert dict(picture.getexif()) == {} and not {"exif", "icc_profile", "xmp"} & set(picture.info)
    left, right = picture.convert("RGB").getpixel((20, 256)), picture.convert("RGB").getpixel((236, 256))
    assert left[0] > 200 > left[2] and right[2] > 200 > right[0], "It was held sideways, and is upright now."


@pytest.mark.parametrize(
    ("kind", "mode", "more"),
    [("PNG", "RGBA", {}), ("PNG", "P", {}), ("PNG", "L", {}), ("WEBP", "RGBA", {}), ("JPEG", "CMYK", {})],
)
async def test_every_usual_kind_is_drawn(
    client: httpx.AsyncClient, kind: str, mode: str, more: dict[str, Any]
) -> None:
    picture = Image.new("RGB", (300, 200), "green").convert(mode)
    into = io.BytesIO()
    picture.save(into, kind, **more)
    assert (await sending.send(client, await make.campaign(), into.getvalue())).status_code == 303
    assert (await kept())[1].size == (300, 200)


async def test_what_shines_through_a_logo_is_white(client: httpx.AsyncClient) -> None:
    into = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(into, "PNG")
    await sending.send(client, await make.campaign(), into.getvalue())
    assert (await kept())[1].convert("RGB").getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"%PDF-1.7 no picture at all", "JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "JPEG, PNG or WebP"),
        (photos.photo((80, 80), "GIF"), "JPEG, PNG or WebP"),
        (photos.photo((63, 900)), "at least 64 pixels"),
        (photos.photo()[:900], "This picture is damaged"),
        (empty_png(200, 200), "This picture is damaged"),
        (empty_png(5_000, 5_000), "more pixels than we can take"),
        (empty_png(10_000, 10_000), "more pixels than we can take"),
        (empty_png(60_000, 60_000), "more pixels than we can take"),
        (b"\xff\xd8" + b"x" * pictures.MOST_BYTES, "at most 8 MB"),
    ],
    ids=["pdf", "svg", "gif", "tiny", "cut", "empty", "large", "huge", "bomb", "heavy"],
)
async def test_what_is_no_picture_or_too_much_of_one_is_refused_in_a_sentence(
    client: httpx.AsyncClient, sent: bytes, sentence: str
) -> None:
    answer = await sending.send(client, await make.campaign(), sent)
    assert answer.status_code == 422 and sentence in answer.text
    assert "Please choose it again" not in answer.text
    assert await db.fetch("SELECT id FROM endorsement") == []


async def test_a_pdf_that_was_made_before_does_not_let_cut_pictures_in(client: httpx.AsyncClient) -> None:
    pytest.importorskip("weasyprint", reason="Without Pango there are no PDFs, and nothing to undo.")
    answer = await sending.send(client, await make.campaign(), photos.photo()[:900])
    assert answer.status_code == 422 and "This picture is damaged" in answer.text


async def test_more_than_a_form_may_hold_is_turned_away(client: httpx.AsyncClient) -> None:
    answer = await sending.send(client, await make.campaign(), b"x" * (pictures.MOST_BYTES + 600_000))
    assert answer.status_code == 413


async def shown(client: httpx.AsyncClient) -> tuple[Campaign, str, str]:
    """Amina's picture is on the page; its public address, and the page of her own."""
    await sign_in(client)
    campaign = await make.campaign()
    link = await sending.confirmed(client, campaign, photos.photo())
    (row,) = await db.fetch("SELECT digest FROM picture")
    return campaign, f"/pictures/{row['digest']}", link


async def test_everybody_sees_a_picture_only_while_it_is_shown(client: httpx.AsyncClient) -> None:
    campaign, address, link = await shown(client)
    assert (await client.get(address)).status_code == 404
    for private in (f"{link}/picture", f"/staff/campaigns/{campaign.slug}/endorsements/1/picture"):
        own = await client.get(private)
        assert (own.headers["content-type"], own.headers["cache-control"]) == ("image/webp", "no-store")
    await sending.press(client, campaign, "show")
    assert f'src="{address}"' in await sending.wall(client, campaign)
    seen = await client.get(address)
    assert seen.status_code == 200 and seen.content == (await kept())[0]
    for name, value in {"content-type": "image/webp", "x-content-type-options": "nosniff"}.items():
        assert seen.headers[name] == value
    assert "immutable" in seen.headers["cache-control"] and "sandbox" in seen.headers["content-security-policy"]
    again = await client.get(address, headers={"if-none-match": seen.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await sending.press(client, campaign, "refuse", reason="No.")
    assert (await client.get(address)).status_code == 404


async def test_one_picture_of_two_people_is_kept_once_and_outlives_the_first(client: httpx.AsyncClient) -> None:
    campaign, _, link = await shown(client)
    await sending.confirmed(client, campaign, photos.photo(), name="Yusuf Rahman", email="yusuf@example.org")
    assert len(await db.fetch("SELECT digest FROM picture")) == 1
    await client.post(f"{link}/take-back")
    assert len(await db.fetch("SELECT digest FROM picture")) == 1


@pytest.mark.parametrize("nonsense", ["nowhere", "A" * 64, "0" * 63, "0" * 64])
async def test_there_is_no_picture_where_there_is_none(client: httpx.AsyncClient, nonsense: str) -> None:
    assert (await client.get(f"/pictures/{nonsense}")).status_code == 404
