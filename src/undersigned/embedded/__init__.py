"""The servers a laptop does not have: PostgreSQL and Redis, started for you."""


class ServerWouldNotStart(RuntimeError):
    """An embedded server could not be started; the message says why, in one line, to the operator."""
