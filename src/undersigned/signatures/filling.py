"""How long somebody had the form before them: the page carries the moment it was made, sealed.

Pages are kept for a second, and longer by a network of caches, so that the moment may be too early and is never
too late. A form without one is judged by everything else: other programs post the same fields.
"""

import time

from undersigned.kit import pages, tokens

QUICKEST = 3
"""Seconds. Nobody reads a form and fills it in faster, but a browser that knows its owner comes close."""
_PURPOSE = "form"


def moment() -> str:
    """Now, for a hidden field; nobody can set it forward or back."""
    return tokens.issue(_PURPOSE, int(time.time()))


def opened_at(field: object) -> int | None:
    """The moment that a form carries, in Unix time, or None when it carries none of ours."""
    try:
        return tokens.read(_PURPOSE, str(field or ""))
    except tokens.TokenUnknown:
        return None


# The macro that draws the form is used by pages of several rooms, and each of them wants the moment.
pages.environment().globals["form_moment"] = moment
