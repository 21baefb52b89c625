"""Opening hours: the only code that converts between wall time and UTC.

Rules are kept as wall time with the zone of the place, because a practice that opens at
nine opens at nine on both sides of a clock change.

Units   weekday 0 is Monday; minutes of the local day, 0 to 1440, where 1440 is the next
        midnight; instants and periods are UTC.
Errors  BadHours: a weekday, minute or window that no week has.
Source  RFC 5545, 3.3.5: a local time that comes twice means the earlier one; one that never
        comes is read with the offset before the gap, so it moves forward.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import tzdata

from unknot.domain.calendar.intervals import Period, merge

DAY_MINUTES = 1440
#: The version of the zone rules that every conversion here follows.
TZDATA: str = tzdata.IANA_VERSION


class BadHours(ValueError):
    """Hours that no week has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHours:
    """One window that repeats each week."""

    weekday: int
    starts_minute: int
    ends_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise BadHours(f"weekday {self.weekday}, allowed 0 (Monday) to 6")
        _check_window(self.starts_minute, self.ends_minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOverride:
    """One date whose windows replace the week's; no window means closed."""

    day: date
    windows: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        for starts, ends in self.windows:
            _check_window(starts, ends)


def opening(
    hours: Iterable[WeeklyHours],
    overrides: Iterable[DayOverride],
    *,
    zone: ZoneInfo,
    first_day: date,
    last_day: date,
) -> tuple[Period, ...]:
    """Return the open periods of the local days `first_day` to `last_day`, both included.

    Several overrides of one date add up. A window that falls wholly into a gap vanishes.
    """
    week = tuple(hours)
    replaced: dict[date, list[tuple[int, int]]] = {}
    for override in overrides:
        replaced.setdefault(override.day, []).extend(override.windows)
    periods: list[Period] = []
    for day in days(first_day, last_day):
        windows = replaced.get(day)
        if windows is None:
            windows = [(h.starts_minute, h.ends_minute) for h in week if h.weekday == day.weekday()]
        for starts, ends in windows:
            start, end = instant(day, starts, zone), instant(day, ends, zone)
            if start < end:
                periods.append(Period(start, end))
    return merge(periods)


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a wall time; BadHours unless `minute` is 0 to 1440."""
    if not 0 <= minute <= DAY_MINUTES:
        raise BadHours(f"minute {minute}, allowed 0 to {DAY_MINUTES}")
    # fold=0 is both halves of the rule: first occurrence, and the offset before a gap.
    return _wall(day, minute).replace(tzinfo=zone, fold=0).astimezone(UTC)


def local(moment: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """Return the local date and whole minute of the day at an aware `moment`."""
    wall = moment.astimezone(zone)
    return wall.date(), wall.hour * 60 + wall.minute


def on_grid(moment: datetime, step_minutes: int, zone: ZoneInfo) -> bool:
    """Whether the wall clock at `moment` shows a multiple of the step since midnight.

    After a clock change the grid keeps to the clock on the wall, not to elapsed time, and
    both passes of a repeated hour are on it.
    """
    wall = moment.astimezone(zone)
    return (
        wall.second == wall.microsecond == 0 and (wall.hour * 60 + wall.minute) % step_minutes == 0
    )


@lru_cache(maxsize=1024)  # the same weeks are asked for again and again
def grid(day: date, step_minutes: int, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return every UTC instant of the local `day` that is on the grid, in order."""
    starts: set[datetime] = set()
    for minute in range(0, DAY_MINUTES, step_minutes):
        wall = _wall(day, minute)
        for fold in (0, 1):
            moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            if local(moment, zone) == (day, minute):  # False inside a gap
                starts.add(moment)
    return tuple(sorted(starts))


def days(first_day: date, last_day: date) -> tuple[date, ...]:
    """Return the dates from `first_day` to `last_day`, both included; none if reversed."""
    count = (last_day - first_day).days + 1
    return tuple(first_day + timedelta(days=n) for n in range(count))


def _wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def _check_window(starts: int, ends: int) -> None:
    if not 0 <= starts < ends <= DAY_MINUTES:
        raise BadHours(f"window {starts} to {ends}, expected 0 <= start < end <= {DAY_MINUTES}")
