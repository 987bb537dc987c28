"""The hours in which letters leave: an office's in London, in winter and in summer."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from undersigned.kit.days import LONDON
from undersigned.settings import hours, settings

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def opened_at(moment: datetime) -> datetime | None:
    """When the hours that ``moment`` falls into began; None outside them."""
    if hours(settings.office_hours) is None:
        return LONG_AGO
    opens, closes = next(_from(moment))
    return opens if opens <= moment < closes else None


def next_open(moment: datetime) -> datetime:
    """``moment`` itself within the hours, else when they next begin."""
    return after(moment, timedelta(0))


def next_day(moment: datetime) -> datetime:
    """When they begin on the next day that has any."""
    if hours(settings.office_hours) is None:
        return moment + timedelta(days=1)
    today = moment.astimezone(LONDON).date()
    return next(opens for opens, _ in _from(moment) if opens.astimezone(LONDON).date() > today)


def after(moment: datetime, work: timedelta) -> datetime:
    """When ``work`` that begins at ``moment`` is done, and is done in these hours alone."""
    if hours(settings.office_hours) is None:
        return moment + work
    for opens, closes in _from(moment):
        begins = max(moment, opens)
        if work < closes - begins:
            return begins + work
        work -= closes - begins
    raise AssertionError("The days never end.")


def _from(moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Opening and closing of each day on which there are hours, the first of them not over at ``moment``."""
    told = hours(settings.office_hours)
    assert told is not None
    days, opens, closes = told
    day = moment.astimezone(LONDON).date()
    while True:
        if day.weekday() in days and _at(day, closes) > moment:
            yield _at(day, opens), _at(day, closes)
        day += timedelta(days=1)


def _at(day: date, when: time) -> datetime:
    return datetime.combine(day, when, LONDON).astimezone(UTC)
