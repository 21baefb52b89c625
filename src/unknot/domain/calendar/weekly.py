"""Read and write the hours of a week as people type them.

Pure: no tables, no clock.

Units   minutes of the local day, 0 to 1440; 24:00 is the end of the day; weekday 0 is Monday.
Errors  BadTime for a text that is no time of a day.
Source  domain/calendar/hours.py: what a window of a week is
"""

import re
from collections.abc import Iterable

from unknot.domain.calendar.hours import DAY_MINUTES, WeeklyHours

_TIME = re.compile(r"([0-9]{1,2})[:.]([0-5][0-9])")

Stretch = tuple[int, int]


class BadTime(ValueError):
    """The text is no time of a day."""


def minute(text: str) -> int:
    """Read a typed time such as 9:00, 09.30 or 24:00 into the minute of the day."""
    found = _TIME.fullmatch(text.strip())
    number = int(found[1]) * 60 + int(found[2]) if found else DAY_MINUTES + 1
    if number > DAY_MINUTES:
        raise BadTime(text)
    return number


def clock(minute_of_day: int) -> str:
    """Write a minute of the day as 09:00."""
    return f"{minute_of_day // 60:02d}:{minute_of_day % 60:02d}"


def overlapping(week: Iterable[WeeklyHours]) -> int | None:
    """The first weekday of which two stretches overlap, or None; neighbours may touch."""
    ends: dict[int, int] = {}
    for one in sorted(week, key=lambda one: (one.weekday, one.starts_minute)):
        if one.starts_minute < ends.get(one.weekday, 0):
            return one.weekday
        ends[one.weekday] = one.ends_minute
    return None
