"""Letters go out as folders and come back byte for byte; whatever else comes in a zip is refused."""

import io
import json
import random
import re
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

import make
from command_line import Run, refused
from editing.desk import LETTER, hidden, opened, plain, press
from staff.visits import sign_in, token
from undersigned.kit import database as db
from undersigned.letters import versions
from undersigned.letters.tables import LetterVersion

IMPORT = "/staff/templates/import"


@pytest.fixture
async def desk(client: httpx.AsyncClient, folder: Path) -> httpx.AsyncClient:
    """Owen at the desk, and Harriet Vale MP."""
    await make.mp()
    await sign_in(client)
    return client


def zipped(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return packed.getvalue()


def texts(folder: Path, name: str = "hate-crime") -> dict[str, bytes]:
    return {file: (folder / name / file).read_bytes() for file in ("letter.md", "sample.toml")}


def as_files(found: dict[str, bytes], name: str) -> dict[str, str | bytes]:
    return {f"{name}/{file}": content for file, content in found.items()}


async def upload(client: httpx.AsyncClient, packed: bytes) -> httpx.Response:
    form_token = {"form_token": await token(client)}
    return await client.post(IMPORT, data=form_token, files={"file": ("letters.zip", packed, "application/zip")})


def ticked(shown: str) -> dict[str, str]:
    """What the page would send with everything ticked."""
    boxes = dict(re.findall(r'name="(take-[a-z0-9-]+)" type="checkbox" value="([^"]*)"', shown))
    return boxes | {name: hidden(shown, name) for name in ("bundle", "form_token")}


async def test_a_letter_goes_out_and_comes_back_byte_for_byte(desk: httpx.AsyncClient, folder: Path) -> None:
    sent = await desk.get(f"{LETTER}/export")
    assert sent.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(sent.content)) as bundle:
        out = {name: bundle.read(name) for name in bundle.namelist()}
    assert out == {f"letters/hate-crime/{file}": content for file, content in texts(folder).items()}
    fields = await opened(desk)
    await press(desk, fields | {"source": fields["source"].replace("I have one request.", "One thing.")})
    shown = await upload(desk, sent.content)
    assert shown.status_code == 200
    assert await LetterVersion.count() == 2
    assert "<del>One thing. </del>" in shown.text and "Dear Ms Vale" in shown.text
    taken = await desk.post(IMPORT, data=ticked(shown.text))
    assert taken.headers["location"] == "/staff/templates?taken=1"
    assert (await desk.get(f"{LETTER}/export")).content == sent.content
    row = await LetterVersion.objects().where(LetterVersion.is_current.eq(True)).first()
    assert row is not None
    assert (row.origin, row.source.encode()) == ("imported", texts(folder)["letter.md"])
    acts = [row["act"] for row in await db.fetch("SELECT act FROM audit ORDER BY id")]
    assert acts.count("letter exported") == 2 and acts.count("letter imported") == 1


async def test_all_letters_go_out_together_and_come_back_as_the_same(
    desk: httpx.AsyncClient, folder: Path
) -> None:
    sent = await desk.get("/staff/templates/export")
    with zipfile.ZipFile(io.BytesIO(sent.content)) as bundle:
        assert len(bundle.namelist()) == 2 * len(versions.shipped_names())
    shown = await upload(desk, sent.content)
    assert plain(shown.text).count("The same as ours") == len(versions.shipped_names())
    assert "Take what is ticked" not in shown.text
    again = await desk.get("/staff/templates/export")
    assert again.content == sent.content


async def test_a_letter_from_elsewhere_is_new_here_and_one_with_a_mistake_is_not_taken(
    desk: httpx.AsyncClient, folder: Path
) -> None:
    good = texts(folder)
    bad = good | {"letter.md": good["letter.md"].replace(b"{{ date }}", b"{{ day }}")}
    packed = zipped(
        as_files(good, "ours") | as_files(bad, "theirs") | {"__MACOSX/._ours": b"x", "ours/.DS_Store": b"x"}
    )
    shown = (await upload(desk, packed)).text
    assert "ours New" in plain(shown) and "theirs Cannot be taken" in plain(shown)
    assert re.search(r"Line \d+: there is no field “day”", plain(shown))
    assert "take-theirs" not in ticked(shown)
    assert (await desk.post(IMPORT, data=ticked(shown))).status_code == 303
    assert (await desk.get("/staff/templates/ours")).status_code == 200
    assert (await desk.get("/staff/templates/theirs")).status_code == 404
    forged = await desk.post(IMPORT, data=ticked(shown) | {"take-theirs": ""})
    assert forged.status_code == 422
    assert (await desk.get("/staff/templates/theirs")).status_code == 404


async def test_a_zip_of_the_whole_folder_is_carried_whole_to_the_last_page(
    desk: httpx.AsyncClient, folder: Path
) -> None:
    fonts: dict[str, str | bytes] = {"letters/shared/fonts/some.woff2": random.Random(1).randbytes(490_000)}
    shown = await upload(desk, zipped(fonts | as_files(texts(folder), "letters/ours"), zipfile.ZIP_STORED))
    assert "ours New" in plain(shown.text)
    assert (await desk.post(IMPORT, data=ticked(shown.text))).status_code == 303
    assert (await desk.get("/staff/templates/ours")).status_code == 200


async def test_an_import_does_not_overwrite_what_was_saved_since_it_was_shown(
    desk: httpx.AsyncClient, folder: Path
) -> None:
    other = texts(folder)
    other["letter.md"] = other["letter.md"].replace(b"I have one request.", b"One thing.")
    shown = (await upload(desk, zipped(as_files(other, "hate-crime")))).text
    fields = await opened(desk)
    await press(desk, fields | {"source": fields["source"].replace("## reply", "## answer")})
    answer = await desk.post(IMPORT, data=ticked(shown))
    assert answer.status_code == 422
    assert "0 of 1 were taken. hate-crime: somebody has saved another text" in answer.text
    assert "## answer" in (await opened(desk))["source"]


async def test_lines_that_end_as_on_windows_become_ours(desk: httpx.AsyncClient, folder: Path) -> None:
    windows = {file: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n") for file, text in texts(folder).items()}
    shown = await upload(desk, zipped(as_files(windows, "hate-crime")))
    assert "The same as ours" in plain(shown.text)


def symlink() -> bytes:
    entry = zipfile.ZipInfo("ours/letter.md")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr(entry, "/etc/passwd")
    return packed.getvalue()


def lying() -> bytes:
    """A zip whose headers say that twenty megabytes are ten bytes."""
    packed = bytearray(zipped({"ours/letter.md": b"x" * 20_000_000}))
    size = struct.pack("<L", 20_000_000)
    assert packed.count(size) == 2
    return bytes(packed.replace(size, struct.pack("<L", 10)))


def encrypted() -> bytes:
    packed = bytearray(zipped({"ours/letter.md": b"x"}, zipfile.ZIP_STORED))
    for at in (packed.index(b"PK\x03\x04") + 6, packed.index(b"PK\x01\x02") + 8):
        packed[at] |= 1
    return bytes(packed)


def twice() -> bytes:
    packed = io.BytesIO()
    with pytest.warns(UserWarning), zipfile.ZipFile(packed, "w") as bundle:
        for _ in range(2):
            bundle.writestr("ours/letter.md", "x")
    return packed.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "Choose the zip"),
    "no zip": (lambda: b"PK\x03\x04 and then nothing", "not a zip that we can read"),
    "cut off": (lambda: zipped({"ours/letter.md": "x" * 5000})[:-30], "not a zip that we can read"),
    "empty": (lambda: zipped({}), "There is no letter in it"),
    "a way out": (lambda: zipped({"../letter.md": "x"}), "leads out of the folder"),
    "a way out and back": (lambda: zipped({"letters/ours/../../letter.md": "x"}), "leads out of the folder"),
    "from the root": (lambda: zipped({"/ours/letter.md": "x"}), "leads out of the folder"),
    "a drive": (lambda: zipped({"C:/ours/letter.md": "x"}), "leads out of the folder"),
    "backslashes": (lambda: zipped({"ours\\..\\letter.md": "x"}), "leads out of the folder"),
    "a link": (symlink, "is not a plain file"),
    "something else": (lambda: zipped({"ours/run.sh": "x"}), "does not belong here"),
    "too deep": (lambda: zipped({"a/b/letter.md": "x"}), "does not belong here"),
    "no folder": (lambda: zipped({"letter.md": "x"}), "does not belong here"),
    "many files": (lambda: zipped({f"n{n}/letter.md": "x" for n in range(201)}), "at most 200"),
    "a bomb": (lambda: zipped({"ours/letter.md": b"x" * 20_000_000}), "is too long"),
    "a bomb that lies": (lying, "not a zip that we can read"),
    "another method": (lambda: zipped({"ours/letter.md": "x"}, zipfile.ZIP_LZMA), "is not a plain file"),
    "a password": (encrypted, "has a password"),
    "twice": (twice, "twice"),
    "no letter": (lambda: zipped({"ours/sample.toml": "x"}), "ours has no letter.md"),
    "not UTF-8": (lambda: zipped({"ours/letter.md": b"caf\xe9"}), "not in UTF-8"),
    "too large": (
        lambda: zipped({"ours/letter.md": bytes(range(256)) * 2000}, zipfile.ZIP_STORED),
        "at most 500,000",
    ),
}


@pytest.mark.parametrize("what", BAD)
async def test_a_zip_of_anything_else_is_refused_in_a_sentence(desk: httpx.AsyncClient, what: str) -> None:
    made, said = BAD[what]
    answer = await upload(desk, made())
    assert answer.status_code == 422
    assert said in plain(answer.text)
    assert 'id="file-error"' in answer.text
    assert await LetterVersion.count() == 0


async def test_a_file_that_no_form_can_carry_is_refused(desk: httpx.AsyncClient) -> None:
    assert (await upload(desk, b"x" * 1_100_000)).status_code == 413


@pytest.mark.parametrize("name", ["new", "shared-", "a--b"])
async def test_a_folder_whose_name_the_desk_cannot_use_is_not_taken(
    desk: httpx.AsyncClient, folder: Path, name: str
) -> None:
    shown = (await upload(desk, zipped(as_files(texts(folder), name)))).text
    assert "Cannot be taken" in plain(shown)


async def test_who_may_not_edit_letters_takes_them_out_and_brings_none_in(client: httpx.AsyncClient) -> None:
    await sign_in(client, "viewer")
    assert (await client.get("/staff/templates/export")).status_code == 200
    assert (await client.get(IMPORT)).status_code == 403
    assert (await upload(client, zipped({"ours/letter.md": "x"}))).status_code == 403


async def test_the_command_line_writes_folders_and_takes_them_back(
    client: httpx.AsyncClient, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = run("letters", "export", "all", str(out))
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in out.iterdir()) == versions.shipped_names()
    assert texts(out) == {
        file: content.encode()
        for file, content in {
            "letter.md": the("hate-crime").source,
            "sample.toml": the("hate-crime").sample,
        }.items()
    }
    letter = out / "general" / "letter.md"
    letter.write_text(letter.read_text().replace("## talk", "## meet"))
    (out / "hate-crime").rename(out / "ours")
    done = run("letters", "import", str(out))
    assert done.returncode == 0, done.stderr
    assert "general: changed\n" in done.stdout and "ours: new\n" in done.stdout
    assert "thank-you: the same as ours\n" in done.stdout
    (row,) = await db.fetch("SELECT after, staff_id FROM audit WHERE about = 'template ours'")
    assert row["staff_id"] == "command" and json.loads(row["after"])["version"]
    back = tmp_path / "back"
    assert run("letters", "export", "general", str(back)).returncode == 0
    assert texts(back, "general") == texts(out, "general")


def the(name: str) -> LetterVersion:
    """A shipped letter."""
    found = versions.shipped(name)
    assert found is not None
    return found


def test_the_command_line_starts_the_servers_that_a_laptop_does_not_have(run: Run, tmp_path: Path) -> None:
    done = run("letters", "export", "general", str(tmp_path / "out"), DATABASE_URL="", REDIS_URL="")
    assert (done.returncode, done.stdout) == (0, f"{tmp_path / 'out' / 'general'}\n"), done.stderr


async def test_the_command_line_takes_all_or_nothing_and_overwrites_no_work(
    client: httpx.AsyncClient, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run("letters", "export", "general", str(out)).returncode == 0
    letter = out / "general" / "letter.md"
    letter.write_text(letter.read_text().replace("{{ campaign.title }}", "{{ campaign.titel }}"))
    assert "says something else" in refused(run("letters", "export", "general", str(out)))
    assert "campaign.titel" in refused(run("letters", "import", str(out)))
    assert await LetterVersion.count() == 0
    assert run("letters", "export", "general", str(out), "--replace").returncode == 0
    assert run("letters", "import", str(out / "general")).stdout == "general: the same as ours\n"
    assert "no letter in it" in refused(run("letters", "import", str(tmp_path)))
    assert "There is no letter called nothing" in refused(run("letters", "export", "nothing", str(out)))
