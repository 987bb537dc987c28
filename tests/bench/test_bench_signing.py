"""The benchmarks of signing run in the agreed shape, lose nothing and meet no error; how fast is not asked."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import make
from bench import confirm, grow, read, sign
from bench.side_by_side import loading, proof, sites
from bench.side_by_side.rounds import Bounds
from undersigned.kit import database
from undersigned.kit.errors import Missing
from undersigned.settings import ROOT, settings
from undersigned.signatures import signing
from undersigned.signatures.forms import SignForm

A_MOMENT = Bounds(rounds=1, seconds=0.3, connections=8)


def _has_the_shape(measured: dict[str, Any], name: str, peers: set[str]) -> None:
    assert measured == json.loads(json.dumps(measured))
    assert measured.keys() == {"name", "ours", "peers", "ratios", "targets"}
    assert (measured["name"], set(measured["peers"])) == (name, peers)
    assert all(target.keys() == {"what", "aim", "got", "met"} for target in measured["targets"])
    for column in (measured["ours"], *measured["peers"].values()):
        errors = {what: figure for what, figure in column.items() if what.endswith(": errors")}
        assert errors and set(errors.values()) == {0}, column


def test_signing_keeps_every_name_that_it_acknowledged() -> None:
    measured = sign.run(quick=True, bounds=A_MOMENT)
    _has_the_shape(measured, "sign", {"Django", "FastAPI", "no database"})
    for column in (measured["ours"], measured["peers"]["Django"], measured["peers"]["FastAPI"]):
        assert column["acknowledged, every one of them kept"] > 0


def test_confirming_counts_every_name_once() -> None:
    measured = confirm.run(quick=True, bounds=A_MOMENT)
    _has_the_shape(measured, "confirm", {"Django", "FastAPI"})
    for column in (measured["ours"], *measured["peers"].values()):
        assert column["confirmed, every one of them counted once"] > 0


def test_reading_shows_everybody_the_same_page() -> None:
    _has_the_shape(read.run(quick=True, bounds=A_MOMENT), "read", {"Django", "FastAPI"})


def test_growing_compares_a_large_site_with_a_small_one() -> None:
    measured = grow.run(quick=True, bounds=A_MOMENT, many=5_000)
    _has_the_shape(measured, "grow", {"1,000 signatures"})
    assert len(measured["targets"]) == 7


@pytest.mark.usefixtures("database")
async def test_a_lost_signature_is_told_in_a_sentence(tmp_path: Path) -> None:
    campaign = await make.campaign()
    await signing.sign(campaign, SignForm(**make.signing(email="visitor1@example.org")))
    site = _ourselves(tmp_path)
    await proof.nothing_is_lost(site, ["visitor1@example.org"])
    with pytest.raises(Missing, match="acknowledged 2 signatures and lost 1 of them"):
        await proof.nothing_is_lost(site, ["visitor1@example.org", "visitor2@example.org"])
    await database.execute("DELETE FROM mail")
    with pytest.raises(Missing, match="holds 1 signatures and owes 0 mails"):
        await proof.nothing_is_lost(site, ["visitor1@example.org"])


@pytest.mark.usefixtures("database")
async def test_a_total_that_has_drifted_is_told_in_a_sentence(tmp_path: Path) -> None:
    campaign = await make.campaign()
    await loading.confirmed(settings.database_url, campaign.slug, 100)
    site = _ourselves(tmp_path)
    await proof.counts_are_exact(site, campaign.slug, 100, proof.OURS)
    with pytest.raises(Missing, match="acknowledged up to 101 confirmations and counts 100"):
        await proof.counts_are_exact(site, campaign.slug, 101, proof.OURS)
    await database.execute("UPDATE tally SET total = total + 1 WHERE kind = 'country'")
    with pytest.raises(Missing, match="countries 101, hours 100"):
        await proof.counts_are_exact(site, campaign.slug, 100, proof.OURS)


def test_without_the_peers_one_line_says_how_to_install_them(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['django'] = None\n")
    path = os.pathsep.join([str(tmp_path), str(ROOT / "src")])
    environment = os.environ | {"PYTHONPATH": path, "DATABASE_URL": settings.database_url}
    command = [sys.executable, "-m", "undersigned.commands", "bench", "sign", "--quick"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert "django" in said.stderr
    assert ".[bench]" in said.stderr


def _ourselves(folder: Path) -> sites.Site:
    """The tests' own database, as if it were a site's."""
    process = subprocess.Popen(["true"])
    process.wait()
    return sites.Site("Undersigned", 0, process, folder / "log", settings.database_url)
