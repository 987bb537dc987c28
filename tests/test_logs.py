"""What stands in the log, and what never does."""

import logging
import sys

from undersigned.kit.errors import Unavailable
from undersigned.logs import Discreet


def logged(error: Exception) -> str:
    try:
        raise error
    except Exception:
        record = logging.LogRecord("undersigned", logging.ERROR, __file__, 1, "A bug.", None, sys.exc_info())
    return Discreet("%(message)s").format(record)


def test_a_driver_that_quotes_the_row_it_choked_on_is_not_quoted() -> None:
    said = logged(ValueError("duplicate key: Key (email)=(amina@example.org)"))
    assert "amina@" not in said
    assert "builtins.ValueError" in said
    assert "test_logs.py" in said


def test_an_error_of_ours_is_shown_with_its_cause_but_without_the_cause_s_words() -> None:
    ours = Unavailable("The database cannot be reached.")
    ours.__cause__ = OSError("amina@example.org")
    said = logged(ours)
    assert "The database cannot be reached." in said
    assert "OSError" in said
    assert "amina@" not in said
