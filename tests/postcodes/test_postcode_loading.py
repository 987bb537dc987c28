"""Loading a release: what is good replaces the old at once, what is not changes nothing."""

import subprocess
import sys

import pytest

from postcode_files import ONSPD_2024, onspd, plain, whole_country, zipped
from undersigned.kit.errors import Refused
from undersigned.postcodes import checks, facts, index, loading, reading
from undersigned.postcodes.index import FILE_NAME, Index
from undersigned.postcodes.postcode import Postcode
from undersigned.postcodes.seats import NORTHERN_IRELAND, RENAMED


@pytest.fixture
def target(var):
    return var / FILE_NAME


def refused(source, target, error, **options):
    """The sentence of the refusal, having made sure that nothing whatever was changed."""
    before = target.read_bytes() if target.exists() else None
    with pytest.raises(error) as refusal:
        loading.load(source, target, **options)
    assert (target.read_bytes() if target.exists() else None) == before
    assert sorted(path.name for path in target.parent.glob(".*")) == []
    sentence = str(refusal.value)
    assert isinstance(refusal.value, Refused)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_a_directory_is_loaded_and_used_at_once(var, target, tmp_path):
    source = onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", whole_country())
    seen = []
    loaded = loading.load(source, progress=lambda done, total: seen.append((done, total)))
    assert loaded.release == "ONSPD November 2025"
    assert (loaded.seats, loaded.ni_left_out, loaded.unreadable) == (632, 40, 0)
    assert loaded.licence[0] == "Contains OS data © Crown copyright and database right 2025."
    assert seen[-1] == (source.stat().st_size, source.stat().st_size)
    assert index.current().release == "ONSPD November 2025"
    assert index.current().find(Postcode("CF99", "1NA")).terminated
    assert not index.current().has_ni


def test_northern_ireland_is_loaded_only_when_asked_for_and_its_licence_is_then_shown(target, tmp_path):
    source = onspd(tmp_path / "ONSPD_AUG_2026_UK.csv", whole_country())
    loading.load(source, target, with_ni=True)
    opened = Index.open(target)
    assert opened.has_ni
    assert opened.find(Postcode("BT1", "5GS")).country == NORTHERN_IRELAND
    assert "Land & Property Services" in opened.licence[-1]
    loading.load(source, target)
    assert Index.open(target).find(Postcode("BT1", "5GS")) is None


@pytest.mark.parametrize("name", ["ONSPD_AUG_2024_UK.csv", "NSPL21_AUG_2024_UK.csv", "NSPL_AUG_2024_UK.csv"])
def test_older_headings_and_seats_since_renamed_are_understood(target, tmp_path, name):
    older = {new: old for old, new in RENAMED.items()}
    lines = [(code, older.get(seat, seat), gone) for code, seat, gone in whole_country()]
    loaded = loading.load(onspd(tmp_path / name, lines, ONSPD_2024), target)
    assert loaded.release.endswith("August 2024")
    assert Index.open(target).find(Postcode("KA18", "4AB")).gss_code == "S14000107"


def test_the_whole_country_is_found_in_a_zip_among_lists_of_names_and_single_areas(target, tmp_path):
    country = onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", whole_country())
    area = onspd(tmp_path / "ONSPD_NOV_2025_UK_AB.csv", whole_country()[:9])
    assert loading.load(zipped(tmp_path / "download.zip", area, country), target).release == "ONSPD November 2025"


def test_a_plain_list_of_two_columns_is_enough(target, tmp_path):
    lines = [(code.lower().replace(" ", ""), seat, "") for code, seat, _ in whole_country()]
    loaded = loading.load(plain(tmp_path / "our list.csv", lines), target)
    assert (loaded.release, loaded.licence) == ("our list", ())
    assert Index.open(target).find(Postcode("SW1A", "0AA")).gss_code == "E14001172"


def test_a_crown_dependency_has_a_row_and_no_seat(target, tmp_path):
    lines = [*whole_country(), ("JE2 3QA", "L99999999", "")]
    loading.load(onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", lines), target)
    assert Index.open(target).find(Postcode("JE2", "3QA")).gss_code is None


def test_the_demo_gives_way_to_any_real_release(target, tmp_path):
    facts.write_index(target)
    loading.load(onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", whole_country()), target)
    assert Index.open(target).release == "ONSPD November 2025"


def test_constituencies_of_2010_are_named_as_such(target, tmp_path):
    facts.write_index(target)
    lines = [("AL1 1AA", "E14000927", ""), *whole_country()]
    assert "2010" in refused(onspd(tmp_path / "a.csv", lines), target, checks.NotTheKnownSeats)


def test_an_unknown_constituency_is_refused_with_its_line(target, tmp_path):
    lines = [*whole_country(), ("N1 1AA", "E14009999", "")]
    assert f"Line {len(lines) + 1:,}" in refused(plain(tmp_path / "a.csv", lines), target, checks.NotTheKnownSeats)


def test_a_file_without_some_seat_is_refused(target, tmp_path):
    lines = [line for line in whole_country() if line[1] != "E14001064"]
    assert "E14001064" in refused(plain(tmp_path / "a.csv", lines), target, checks.NotTheKnownSeats)


def test_a_british_file_is_refused_when_northern_ireland_was_asked_for(target, tmp_path):
    source = plain(tmp_path / "a.csv", whole_country(with_ni=False))
    assert "Northern Ireland" in refused(source, target, checks.NotTheKnownSeats, with_ni=True)
    assert loading.load(source, target).seats == 632


def test_a_file_that_moves_the_palace_of_westminster_is_refused_even_by_force(target, tmp_path):
    lines = [(code, "E14001290" if code == "SW1A 0AA" else seat, gone) for code, seat, gone in whole_country()]
    assert "SW1A 0AA" in refused(plain(tmp_path / "a.csv", lines), target, checks.FactsContradicted, force=True)


def test_a_part_of_the_country_is_refused(target, tmp_path):
    source = plain(tmp_path / "a.csv", [line for line in whole_country() if line[0].startswith("QA")])
    assert "whole country" in refused(source, target, checks.FactsContradicted)


def test_too_many_postcodes_without_a_seat_are_refused(target, tmp_path):
    lines = whole_country() + [(f"QB1 {digit}A{letter}", "", "") for digit in range(10) for letter in "ABDEFGHJ"]
    refused(plain(tmp_path / "a.csv", lines), target, checks.NotTheKnownSeats)


def test_too_many_changed_answers_need_force(target, tmp_path):
    lines = whole_country()
    loading.load(plain(tmp_path / "first.csv", lines), target)
    moved = [
        (code, "E14001063" if code.startswith("QA2") and code.endswith("AB") else seat, gone)
        for code, seat, gone in lines
    ]
    source = plain(tmp_path / "second.csv", moved)
    assert "first" in refused(source, target, checks.TooMuchChanged)
    assert 0.02 < loading.load(source, target, force=True).changed < 0.12
    assert Index.open(target).release == "second"


def test_many_vanished_postcodes_count_as_changed(target, tmp_path):
    loading.load(plain(tmp_path / "first.csv", whole_country()), target)
    fewer = [line for line in whole_country() if not (line[0].startswith("QA1") and line[0].endswith("AB"))]
    refused(plain(tmp_path / "second.csv", fewer), target, checks.TooMuchChanged)


def test_a_web_page_is_recognised(target, tmp_path):
    source = tmp_path / "ONSPD_NOV_2025_UK.csv"
    source.write_text("\n<!DOCTYPE html><html><title>Open Geography portal</title>")
    assert "web page" in refused(source, target, reading.NotAPostcodeFile)


@pytest.mark.parametrize(
    "content", [b"", b"  \r\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"pcds,pcon24cd\n\xff\xfe,\xff\n"]
)
def test_what_is_no_text_is_refused(target, tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    refused(tmp_path / "a.csv", target, reading.NotAPostcodeFile)


def test_a_file_without_the_columns_is_refused(target, tmp_path):
    (tmp_path / "a.csv").write_text("pcds,lat,long\nN1 1AA,51,0\n")
    assert "pcon24cd" in refused(tmp_path / "a.csv", target, reading.ColumnMissing)


def test_a_file_with_other_things_in_its_columns_is_refused(target, tmp_path):
    lines = [(f"Amina {number}", seat, "") for number, (_, seat, _) in enumerate(whole_country())]
    refused(plain(tmp_path / "a.csv", lines), target, checks.NotThePostcodes)
    refused(plain(tmp_path / "b.csv", []), target, checks.NotThePostcodes)


def test_one_odd_row_is_passed_over_and_counted(target, tmp_path):
    loaded = loading.load(plain(tmp_path / "a.csv", [*whole_country(), ("NPT0VA", "W07000104", "")]), target)
    assert loaded.unreadable == 1


def test_a_truncated_zip_is_refused_wherever_it_was_cut(target, tmp_path):
    whole = zipped(tmp_path / "whole.zip", onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", whole_country())).read_bytes()
    for share in (0.01, 0.3, 0.6, 0.9, 0.99):
        (tmp_path / "cut.zip").write_bytes(whole[: int(len(whole) * share)])
        refused(tmp_path / "cut.zip", target, reading.FileCutShort)


def test_a_corrupt_zip_is_refused(target, tmp_path):
    source = zipped(tmp_path / "a.zip", onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", whole_country()))
    content = bytearray(source.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40] = bytes(40)
    source.write_bytes(content)
    refused(source, target, reading.NotAPostcodeFile)


def test_a_zip_without_a_csv_is_refused(target, tmp_path):
    (tmp_path / "readme.txt").write_text("Nothing here.")
    refused(zipped(tmp_path / "a.zip", tmp_path / "readme.txt"), target, reading.NotAPostcodeFile)


def test_a_locked_zip_is_refused(target, tmp_path):
    source = zipped(tmp_path / "a.zip", onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", whole_country()))
    content = bytearray(source.read_bytes())
    # The lowest bit of the flags, in the member's own heading and in the directory, says “encrypted”.
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    source.write_bytes(content)
    assert "locked" in refused(source, target, reading.NotAPostcodeFile)


def test_a_list_cut_in_the_middle_of_a_line_is_refused(target, tmp_path):
    source = onspd(tmp_path / "ONSPD_NOV_2025_UK.csv", whole_country())
    whole = source.read_bytes()
    for missing in (3, 40, 5_000):
        source.write_bytes(whole[:-missing])
        refused(source, target, Refused)


def test_a_file_that_is_not_there_is_refused(target, tmp_path):
    refused(tmp_path / "nowhere.csv", target, reading.NotAPostcodeFile)
    refused(tmp_path, target, reading.NotAPostcodeFile)


def test_a_damaged_index_is_replaced_by_a_good_one(target, tmp_path):
    target.write_bytes(b"half a file")
    assert loading.load(plain(tmp_path / "a.csv", whole_country()), target).seats == 632


def test_the_real_directory_gives_every_british_seat_and_fits_in_three_megabytes(real_index, real_index_path):
    assert real_index.release == "ONSPD November 2025"
    assert len(real_index.seats) == 632
    assert real_index.rows == 2_644_769  # All but “NPT 0VA”, which no postcode can be.
    assert real_index.live == 1_754_570
    assert real_index_path.stat().st_size < 3_000_000


def test_the_real_directory_answers_what_its_rows_say(shared, real_index):
    asked = 0
    with reading.opened(shared("ONSPD_NOV_2025_UK.zip")) as file:
        for number, row in enumerate(file.rows):
            if number % 101 == 0:
                found = real_index.find(Postcode.parse(row.postcode))
                assert (found.gss_code or "", found.terminated) == (
                    row.seat if not row.seat.endswith("9" * 8) else "",
                    row.terminated,
                )
                asked += 1
    assert asked > 26_000


def test_the_real_directory_loads_in_little_memory(shared, tmp_path):
    # getrusage would count what our own process had before it became this one; the kernel's mark does not.
    program = (
        "import sys; from pathlib import Path; from undersigned.postcodes import loading\n"
        "loading.load(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "print(next(x for x in Path('/proc/self/status').read_text().splitlines() if x[:5] == 'VmHWM').split()[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, shared("ONSPD_NOV_2025_UK.zip"), tmp_path / "i"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 200_000
