"""How we log: one line an event, no personal data."""

import logging


def set_up(level: int = logging.INFO) -> None:
    """Lines on standard error with the time, the level and the module."""
    logging.basicConfig(
        level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z"
    )
    for noisy in ("aiosmtplib", "mail.log", "weasyprint", "fontTools", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
