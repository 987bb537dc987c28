"""How a letter greets a member, and what stands on the envelope: traps, and all 650 where there is a list."""

import csv
import re

import pytest

from shared_data import shared
from undersigned.representatives.tables import Representative

pytestmark = pytest.mark.usefixtures("migrated")
HONOURS = re.compile(r"\b(rt|right|hon|honourable|mp|kc|obe|cbe|mbe|dbe|kcb|dear|annwyl)\b", re.I)


@pytest.mark.parametrize(
    ("address_as", "display_name", "full_title", "greeted", "on_the_envelope"),
    [
        # No title is known, so none is invented.
        ("", "Harriet Vale", "Harriet Vale MP", "Harriet Vale", "Harriet Vale MP"),
        ("", "Warin Juster", "Warin Juster", "Warin Juster", "Warin Juster MP"),
        ("", "Alex Baker", "Alex Baker MP", "Alex Baker", "Alex Baker MP"),
        # Rt Hon is for the envelope.
        ("", "Moira Pendle", "Rt Hon Moira Pendle MP", "Moira Pendle", "Rt Hon Moira Pendle MP"),
        ("", "Rt Hon Moira Pendle", "Rt Hon Moira Pendle MP", "Moira Pendle", "Rt Hon Moira Pendle MP"),
        ("", "The Rt. Hon. Moira Pendle MP", "Rt Hon Moira Pendle MP", "Moira Pendle", "Rt Hon Moira Pendle MP"),
        ("", "The Right Honourable Moira Pendle", "Moira Pendle MP", "Moira Pendle", "Moira Pendle MP"),
        ("", "Hon Moira Pendle", "Moira Pendle MP", "Moira Pendle", "Moira Pendle MP"),
        ("", "Honor Blake", "Honor Blake MP", "Honor Blake", "Honor Blake MP"),
        # Knights and dames are called by their first name.
        ("", "Sir Kit Stark", "Rt Hon Sir Kit Stark KCB KC MP", "Sir Kit", "Rt Hon Sir Kit Stark KCB KC MP"),
        ("", "Sir Ian Duncan Smythe", "Rt Hon Sir Ian Duncan Smythe MP", "Sir Ian", None),
        ("", "Dame Angharad Ellis", "Dame Angharad Ellis DBE MP", "Dame Angharad", "Dame Angharad Ellis DBE MP"),
        ("", "Rt Hon Dame Siobhán Eagle", "Rt Hon Dame Siobhán Eagle MP", "Dame Siobhán", None),
        ("", "Sir Jean-Luc Moor", "Sir Jean-Luc Moor MP", "Sir Jean-Luc", None),
        # Other titles go with the surname, double-barrelled or with a particle.
        ("", "Dr Rupa Haque", "Dr Rupa Haque MP", "Dr Haque", "Dr Rupa Haque MP"),
        ("", "Dr. Rosa Allin-Kane", "Dr Rosa Allin-Kane MP", "Dr Allin-Kane", None),
        ("", "Dr Neil Shastry-Hurst", "Dr Neil Shastry-Hurst MP", "Dr Shastry-Hurst", None),
        ("", "Dr Freddie van Merlo", "Dr Freddie van Merlo MP", "Dr van Merlo", None),
        ("", "Dr Marsha De Corda", "Dr Marsha De Corda MP", "Dr De Corda", None),
        ("", "Mr Tan Singh Desai", "Mr Tan Singh Desai MP", "Mr Tan Singh Desai", None),
        ("", "Dr Rebecca Long Barley", "Dr Rebecca Long Barley MP", "Dr Rebecca Long Barley", None),
        ("", "Ms Diana Abbot", "Rt Hon Diana Abbot MP", "Ms Abbot", "Rt Hon Diana Abbot MP"),
        ("", "Mrs Elsie Blunden", "Mrs Elsie Blunden MP", "Mrs Blunden", None),
        ("", "Mr Al Barros-Curtin", "Mr Al Barros-Curtin MP", "Mr Barros-Curtin", None),
        ("", "Mr Angus MacDonell", "Mr Angus MacDonell MP", "Mr MacDonell", None),
        ("", "Revd Mary Grey", "Revd Mary Grey MP", "Revd Grey", None),
        ("", "Professor Ann Lowe", "Professor Ann Lowe MP", "Professor Lowe", None),
        # Nobody in the Commons is a lord, but a wife or a widow may be a lady.
        ("", "Lady Hermione", "Lady Hermione MP", "Lady Hermione", "Lady Hermione MP"),
        ("", "Lord Nelson", "Lord Nelson MP", "Lord Nelson", None),
        # Names that look like titles, or have letters that English lacks.
        ("", "Drew Hendrie", "Drew Hendrie MP", "Drew Hendrie", None),
        ("", "Mark Sirett", "Mark Sirett MP", "Mark Sirett", None),
        ("", "Liz Saville Roper", "Liz Saville Roper MP", "Liz Saville Roper", None),
        ("", "Llŷr Gruffŷdd ap Rhys", "Llŷr Gruffŷdd ap Rhys MP", "Llŷr Gruffŷdd ap Rhys", None),
        ("", "Dr Siân ap Gwilym", "Dr Siân ap Gwilym MP", "Dr ap Gwilym", None),
        ("", "Órla Beglane", "Órla Beglane", "Órla Beglane", "Órla Beglane MP"),
        ("", "Mr Dáire Ó Cathail", "Mr Dáire Ó Cathail", "Mr Ó Cathail", "Mr Dáire Ó Cathail MP"),
        ("", "Dr Colm O'Dea", "Dr Colm O'Dea MP", "Dr O'Dea", None),
        ("", "Plato", "Plato MP", "Plato", "Plato MP"),
        ("", "Dr", "Dr MP", "Dr", None),
        # Parliament's own form of address comes first, tidied.
        ("Ms Vale", "Harriet Vale", "Harriet Vale MP", "Ms Vale", "Harriet Vale MP"),
        ("Dear Ms Vale,", "Harriet Vale", "Harriet Vale MP", "Ms Vale", None),
        ("Rt Hon Harriet Vale MP", "Harriet Vale", "Harriet Vale MP", "Harriet Vale", None),
        ("Sir Kit Starling MP", "Kit Starling", "Sir Kit Starling MP", "Sir Kit", None),
        ("  ", "Harriet Vale", "Harriet Vale MP", "Harriet Vale", None),
        ("MP", "Harriet Vale", "Harriet Vale MP", "Harriet Vale", None),
        ("", "Harriet Vale", "", "Harriet Vale", "Harriet Vale MP"),
    ],
)
def test_a_member_is_greeted_as_their_name_allows(
    address_as: str, display_name: str, full_title: str, greeted: str, on_the_envelope: str | None
) -> None:
    member = Representative(address_as=address_as, display_name=display_name, full_title=full_title)
    assert member.salutation == greeted
    if on_the_envelope:
        assert member.named == on_the_envelope


def test_all_650_members_are_greeted_decently() -> None:
    with shared("mps.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 650
    for row in rows:
        name, title = row["name_display"], row["name_full_title"]
        member = Representative(display_name=name, full_title=title, address_as="")
        _is_decent(member.salutation, name)
        assert member.named.endswith(" MP") and member.named.count("MP") == 1, name
        assert not member.named.startswith(("Dear", "MP")), name


def _is_decent(greeted: str, name: str) -> None:
    """The rules that hold for every name, whatever it is."""
    first, *rest = name.split()
    assert greeted and greeted == " ".join(greeted.split()), name
    assert not HONOURS.search(greeted), name
    assert set(greeted.split()) <= set(name.split()), "nothing is said that the name does not say"
    if first in {"Sir", "Dame"}:
        assert greeted == f"{first} {rest[0]}"
    elif first in {"Dr", "Mr", "Mrs", "Ms", "Miss"}:
        assert greeted.split()[0] == first
        assert greeted.split()[-1] == rest[-1]
        assert len(rest) > 2 or len(greeted.split()) == 2
    else:
        assert greeted == name
