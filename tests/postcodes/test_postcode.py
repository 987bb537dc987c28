"""Reading postcodes as people type them."""

import random

import pytest

from undersigned.kit.errors import Refused
from undersigned.postcodes.postcode import (
    AREAS,
    INWARD_LETTERS,
    Kind,
    NotAPostcode,
    OutwardCodeOnly,
    Postcode,
    PostcodeFromAbroad,
    PostcodeMissing,
    PostcodeUnfinished,
    SeveralPostcodes,
    kind_of,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("SWIA IAA", "SW1A 1AA"),
        ("swla laa", "SW1A 1AA"),
        ("N1\u00a01TY", "N1 1TY"),
        ("n1-1ty", "N1 1TY"),
        ("n1—1ty", "N1 1TY"),
        ("N11TY", "N1 1TY"),
        ("E1 11AA", "E11 1AA"),
        ("0x1 1bx...", "OX1 1BX"),
        ("S0I5 2AA", "SO15 2AA"),
        ("SOI 1AA", "SO1 1AA"),
        ("EIO 1AA", "E10 1AA"),
        ("C01 1AA", "CO1 1AA"),
        ("NI7 1AA", "N17 1AA"),
        ("nl7 1aa", "N17 1AA"),
        ("EI4 5AB", "E14 5AB"),
        ("ZZ9 9ZZ", "ZZ9 9ZZ"),
        ("SEIO 9NF", "SE10 9NF"),
        ("ＳＷ１Ａ ０ＡＡ", "SW1A 0AA"),
        ("(ZE1 OHB)", "ZE1 0HB"),
        ("W1Y 2AA", "W1Y 2AA"),
        ("BFPO 061", "BFPO 61"),
        ("bfpo c/o 715", "BFPO 715"),
        ("npt 0ad", "NPT 0AD"),
        ("gir0aa", "GIR 0AA"),
    ],
)
def test_a_postcode_is_understood_however_it_is_typed(typed, meant):
    assert str(Postcode.parse(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", PostcodeMissing),
        (" \u200b.", PostcodeMissing),
        ("SW1A", OutwardCodeOnly),
        ("swia", OutwardCodeOnly),
        ("LE7", OutwardCodeOnly),
        ("SW1A 0", PostcodeUnfinished),
        ("SW1A 0A", PostcodeUnfinished),
        ("BFPO", PostcodeUnfinished),
        ("SW1A 0AA, SW1A 1AA", SeveralPostcodes),
        ("90210", PostcodeFromAbroad),
        ("K1A 0B1", PostcodeFromAbroad),
        ("D02 X285", PostcodeFromAbroad),
        ("SW1A 0CA", NotAPostcode),
        ("SW1A 0AAA", NotAPostcode),
        ("1SW 0AA", NotAPostcode),
        ("SW1A 0AA' OR '1'='1", NotAPostcode),
        ("my house", NotAPostcode),
        ("٣W1A 0AA", NotAPostcode),
        ("A" * 100_000, NotAPostcode),
    ],
)
def test_what_is_no_postcode_is_refused_with_a_kind_sentence(typed, why):
    with pytest.raises(why) as refusal:
        Postcode.parse(typed)
    assert type(refusal.value) is why
    assert isinstance(refusal.value, Refused)
    assert str(refusal.value).endswith(".")
    assert "!" not in str(refusal.value)


def test_whatever_is_written_neatly_reads_back_as_itself_in_any_dress():
    chance = random.Random(650)
    districts = ["1", "9", "10", "99"]
    for area in sorted(AREAS):
        for district in districts:
            inward = chance.choice("0123456789") + "".join(chance.choices(INWARD_LETTERS, k=2))
            postcode = Postcode(area + district, inward)
            dressed = chance.choice(["{0}{1}", "{0} {1}", " {0}-{1}. ", "{0}\u2009{1}"]).format(
                area + district, inward
            )
            assert Postcode.parse(dressed.lower()) == postcode
            assert Postcode.parse(str(postcode)) == postcode


def test_an_o_for_a_nought_or_an_i_for_a_one_never_changes_the_postcode_where_a_digit_must_stand():
    swapped = str.maketrans("01", "OI")
    for neat in (
        "SW1A 1AA",
        "N1 1TY",
        "OX1 1BX",
        "KW15 1NY",
        "B1 1BB",
        "ZE1 0HB",
        "SE10 9NF",
        "L1 1AA",
        "EC1A 1BB",
    ):
        assert str(Postcode.parse(neat.translate(swapped))) == neat


def test_a_postcode_knows_its_parts():
    postcode = Postcode.parse("sw1a 1aa")
    assert (postcode.outward, postcode.inward, postcode.area) == (
        "SW1A",
        "1AA",
        "SW",
    )
    assert Postcode.parse(postcode) == postcode
    assert hash(Postcode.parse("SW1A1AA")) == hash(postcode)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SW1A 1AA", Kind.GEOGRAPHIC),
        ("JE2 3QA", Kind.CROWN_DEPENDENCY),
        ("GY9 3AA", Kind.CROWN_DEPENDENCY),
        ("IM1 1AA", Kind.CROWN_DEPENDENCY),
        ("BF1 2AT", Kind.BFPO),
        ("BFPO 61", Kind.BFPO),
        ("ASCN 1ZZ", Kind.OVERSEAS),
        ("FIQQ 1ZZ", Kind.OVERSEAS),
        ("GX11 1AA", Kind.OVERSEAS),
        ("GIR 0AA", Kind.NON_GEOGRAPHIC),
        ("BX1 1LT", Kind.NON_GEOGRAPHIC),
    ],
)
def test_the_letters_tell_what_sort_of_place_it_is(text, kind):
    assert kind_of(Postcode.parse(text)) is kind
