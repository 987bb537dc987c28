"""Small files of postcodes made for a test: every seat, every known answer, nothing from anybody's data."""

import csv
import zipfile
from collections.abc import Iterable
from pathlib import Path

from undersigned.postcodes.checks import KNOWN_ANSWERS
from undersigned.postcodes.seats import SEATS, country_of

_2025 = "pcd7,pcd8,pcds,dointr,doterm,lad25cd,east1m,ctry25cd,pcon24cd,lat,long,pfa23cd"
_2024 = "pcd,pcd2,pcds,dointr,doterm,oslaua,oseast1m,ctry,pcon,lat,long,pfa"
ONSPD_2025, ONSPD_2024 = _2025.split(","), _2024.split(",")
Line = tuple[str, str, str]
"""Postcode, seat, month of termination."""


def whole_country(with_ni: bool = True) -> list[Line]:
    """Two invented postcodes for each seat, and the real ones that a load is checked against."""
    lines = []
    for number, seat in enumerate(sorted(SEATS)):
        area = "BT" if seat.startswith("N") else "QA"
        for inward in ("AA", "AB"):
            lines.append((f"{area}{1 + number // 10} {number % 10}{inward}", seat, ""))
    lines += [(code, seat, "202006" if code == "CF99 1NA" else "") for code, seat in KNOWN_ANSWERS.items()]
    return [line for line in lines if with_ni or not line[0].startswith("BT")]


def onspd(path: Path, lines: Iterable[Line], heading: list[str] = ONSPD_2025) -> Path:
    """A directory in the manner of the Office for National Statistics, quoted as theirs is."""
    with path.open("w", newline="") as file:
        file.write(",".join(heading) + "\r\n")
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        for code, seat, doterm in lines:
            outward, inward = code.split()
            country = country_of(seat) if seat[:1] in set("EWSN") else ""
            row = [outward + inward, f"{outward:4} {inward}", code, "198001", doterm, "", "", country, seat]
            writer.writerow([*row, "", "", "E23000001"])
    return path


def plain(path: Path, lines: Iterable[Line]) -> Path:
    """Two columns and nothing else."""
    path.write_text("postcode,gss_code\n" + "".join(f"{code},{seat}\n" for code, seat, _ in lines))
    return path


def zipped(path: Path, *members: Path) -> Path:
    """The members in one zip, under Data/, as the real ones are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.write(member, f"Data/{member.name}")
    return path
