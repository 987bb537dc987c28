"""HTML in, PDF out; nothing missing in silence, and nothing fetched from anywhere."""

import asyncio
import io
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
