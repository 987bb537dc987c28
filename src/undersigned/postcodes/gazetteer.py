"""Putting a file of places from GeoNames where ``places`` reads it, once it has been looked over."""

import http.client
import io
import os
import tempfile
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from undersigned.kit.errors import Refused
from undersigned.postcodes import places

MEMBER: Final = "GB.txt"
COLUMNS: Final = 12
LARGEST: Final = 200_000_000
FEWEST_OUTWARD_CODES: Final = 2_500
PATIENCE: Final = 60.0
LICENCE: Final = "Postal place names: GeoNames, CC BY 4.0."


class NotAGazetteer(Refused):
    """The file is not the postal codes of Great Britain as GeoNames has them; nothing was changed."""


@dataclass(frozen=True)
class Installed:
    """What was put in place."""

    rows: int
    outward_codes: int


def install(source: str) -> Installed:
    """Take GB.txt, or a zip with GB.txt in it, from a file or an address. Raises NotAGazetteer."""
    text = _unpacked(_fetched(source) if source.startswith(("http://", "https://")) else _read(Path(source)))
    installed = _looked_over(text)
    _put(places.data_file(), text)
    return installed


def _fetched(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - http or https, as asked.
            body: bytes = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as why:
        raise NotAGazetteer(f"That address answers {why.code}. Nothing was changed.") from None
    except (OSError, http.client.HTTPException) as why:
        raise NotAGazetteer(f"That address cannot be reached ({why}). Nothing was changed.") from None
    return body


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as why:
        raise NotAGazetteer(f"{file} cannot be read: {why.strerror}.") from None


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"PK"):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo(MEMBER).file_size > LARGEST:
                raise NotAGazetteer(f"{MEMBER} in that zip is far too large. Nothing was changed.")
            return archive.read(MEMBER)
    except KeyError:
        raise NotAGazetteer(f"There is no {MEMBER} in that zip. Nothing was changed.") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise NotAGazetteer("That zip is damaged or cut short. Nothing was changed.") from None


def _looked_over(content: bytes) -> Installed:
    """Tab-separated, twelve columns, outward codes of Great Britain with a point each."""
    try:
        rows = [line.split("\t") for line in content.decode("utf-8").splitlines() if line]
        if not rows or any(len(row) != COLUMNS or row[0] != "GB" for row in rows):
            raise ValueError
        points = {row[1]: (float(row[9]), float(row[10])) for row in rows if row[9]}
    except ValueError:
        raise NotAGazetteer(
            "That is not GB.txt as GeoNames has it (twelve columns with tabs between). Nothing was changed."
        ) from None
    if len(points) < FEWEST_OUTWARD_CODES or "SW1A" not in points:
        raise NotAGazetteer(f"There are only {len(points)} outward codes in it. Nothing was changed.")
    return Installed(len(rows), len(points))


def _put(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(prefix=".GB-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).chmod(0o644)
        Path(fresh).replace(target)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
