"""What stands before a name and is no part of it: Dr, Rt Hon, Cllr."""

KNIGHTS = frozenset({"sir", "dame"})
"""These stand before the first name: Sir Keir."""
_OF_PEOPLE = "mr mrs ms miss mx dr prof professor rev revd reverend canon fr father sister brother imam rabbi"
_OF_OFFICE = "lord lady cllr councillor"
BEFORE_SURNAMES = frozenset(f"{_OF_PEOPLE} {_OF_OFFICE}".split())
"""These stand before the family's name: Dr Huq."""
TITLES = KNIGHTS | BEFORE_SURNAMES | {"rt", "hon"}
"""All of them, in small letters and without a full stop."""
