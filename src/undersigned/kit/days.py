"""Days as people in London live them: they end at midnight there, in winter and in summer."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_MOMENT = timedelta(microseconds=1)


def end_of(day: date) -> datetime:
    """The first moment, in UTC, at which ``day`` is over in London."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)


def last_before(moment: datetime) -> date:
    """The day in London that was going on just before ``moment``: the last one of what ends then."""
    return (moment.astimezone(UTC) - _MOMENT).astimezone(LONDON).date()


def today() -> date:
    """The day that it is in London."""
    return datetime.now(LONDON).date()
