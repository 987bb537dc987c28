"""What can go wrong, named for what happens next."""


class Refused(Exception):
    """The person can put this right; the message is a sentence for them."""


class Missing(Exception):
    """There is no such thing here; the message says what was looked for."""


class Unavailable(Exception):
    """Not now: the same request may well succeed in a moment."""
