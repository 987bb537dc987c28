"""HTML in, PDF out; nothing missing in silence, and nothing fetched from anywhere."""

import asyncio
import io
import os
from pathlib import Path

import pypdf
import pytest

from undersigned.kit import pdf

PAGE = (
    '<!DOCTYPE html><html lang="en-GB"><head><title>A light</title>{}</head><body><h1>A light</h1>{}</body></html>'
)


def test_what_comes_out_is_tagged_and_says_what_went_in(tmp_path: Path) -> None:
    read = pypdf.PdfReader(io.BytesIO(pdf.render(PAGE.format("", "<p>It is dark there.</p>"), tmp_path)))
    assert "It is dark there." in read.pages[0].extract_text()
    assert read.root_object["/MarkInfo"]["/Marked"]
    assert read.metadata is not None and read.metadata.title == "A light"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<link rel="stylesheet" href="missing.css">', ""),
        ("", '<img src="missing.png" alt="">'),
        ("<style>@font-face { font-family: x; src: url(missing.woff2) } p { font-family: x }</style>", "<p>x</p>"),
        ("<style>p { background: url(missing.svg) }</style>", "<p>x</p>"),
    ],
)
def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path, head: str, body: str) -> None:
    with pytest.raises(pdf.AssetMissing, match=r"missing\.(css|png|woff2|svg)"):
        pdf.render(PAGE.format(head, body), tmp_path)


@pytest.mark.parametrize("way", ["../secret.svg", "%2e%2e/secret.svg", "{}", "file://{}", "link.svg"])
def test_nothing_outside_its_folder_is_read(tmp_path: Path, way: str) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.svg").symlink_to(secret)
    with pytest.raises(pdf.AssetMissing):
        pdf.render(PAGE.format("", f'<img src="{way.format(secret)}" alt="">'), folder)


@pytest.mark.parametrize(
    "css", [None, "@font-face { font-family: x; src: url(gone.woff2) }", "@import url(gone.css);"]
)
def test_a_stylesheet_that_lacks_something_is_an_error_every_time(tmp_path: Path, css: str | None) -> None:
    if css:
        (tmp_path / "page.css").write_text(css)
    for _ in range(2):
        with pytest.raises(pdf.AssetMissing, match=r"gone\.(woff2|css)|page\.css"):
            pdf.render(PAGE.format("", ""), tmp_path, "page.css")


def test_a_stylesheet_that_was_edited_is_read_again(tmp_path: Path) -> None:
    style = tmp_path / "page.css"
    for number, size in enumerate(("100mm 50mm", "60mm 90mm")):
        style.write_text(f"@page {{ size: {size} }}")
        os.utime(style, ns=(number, number))
        page = pypdf.PdfReader(io.BytesIO(pdf.render(PAGE.format("", ""), tmp_path, "page.css"))).pages[0]
        assert [round(float(side) * 25.4 / 72) for side in page.mediabox[2:]] == [
            int(side.removesuffix("mm")) for side in size.split()
        ]


async def test_documents_that_share_their_fonts_can_be_laid_out_at_once(tmp_path: Path) -> None:
    pages = [PAGE.format("", f"<p>Letter number {number}.</p>") for number in range(12)]
    made = await asyncio.gather(*(asyncio.to_thread(pdf.render, page, tmp_path) for page in pages))
    for number, content in enumerate(made):
        assert f"Letter number {number}." in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


async def test_the_network_is_never_reached(tmp_path: Path) -> None:
    visits: list[bytes] = []

    async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(await reader.read(100))
        writer.close()

    listening = await asyncio.start_server(visited, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    html = PAGE.format("", f'<img src="http://127.0.0.1:{port}/x.png" alt="">')
    with pytest.raises(pdf.AssetMissing):
        await asyncio.to_thread(pdf.render, html, tmp_path)
    listening.close()
    assert visits == []
