"""A bag of mail as it really comes, each piece known for what it is."""

from pathlib import Path

import pytest

from undersigned.responses import reading, sorting

BAG = Path(__file__).parent / "mailbag"
PIECES = sorted(BAG.rglob("*.eml"))
COMPLAINT = "junk-complaint"


@pytest.mark.parametrize("piece", [pytest.param(piece, id=str(piece.relative_to(BAG))) for piece in PIECES])
def test_each_piece_is_known_for_what_it_is(piece: Path) -> None:
    """And surely enough that nobody need look; but at a complaint that our letters are junk, somebody does."""
    read = reading.read(piece.read_bytes())
    found = sorting.kind_of(read.message, None, read.text)
    assert (found.kind, found.detail or "plain") == (piece.parts[-3], piece.parts[-2]), found
    assert found.is_sure is (piece.stem != COMPLAINT), found
    assert found.evidence


def test_the_bag_holds_every_kind_but_the_one_that_takes_two() -> None:
    """A form reply is known by its like; see test_form_replies."""
    assert {piece.parts[-3] for piece in PIECES} == set(sorting.KINDS) - {sorting.FORM_REPLY}
    assert len(PIECES) > 250
