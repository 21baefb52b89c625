"""The load guard: what a therapist's hands may do in a day, a week and without a break.

The limits are the therapist's own and hold whoever books. Only hands-on time counts, without
set-up and clean-up; a technique that tires more counts with a higher weight.

Units   minutes of hands-on time, weighted by a whole percent for the day and the week; a run is
        elapsed time from its first start to its last end, not weighted; days are local days of
        the start, weeks are ISO weeks of that day.
Errors  BadLimit: a limit or a weight below zero.
Source  the booking policies in docs/decisions: the therapist's own limits hold.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from unknot.domain.calendar.intervals import Period

_NONE = timedelta()

Week = tuple[int, int]  # year and number as ISO 8601 counts them


class BadLimit(ValueError):
    """A limit or a weight below zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadLimits:
    """What a therapist's hands may do; None sets no limit.

    Sessions with less than `break_minutes` between them, and sessions that touch, are one run.
    """

    minutes_per_day: int | None = None
    minutes_per_week: int | None = None
    longest_run_minutes: int | None = None
    break_minutes: int = 0

    def __post_init__(self) -> None:
        limits = (self.minutes_per_day, self.minutes_per_week, self.longest_run_minutes)
        if any(one is not None and one < 0 for one in (*limits, self.break_minutes)):
            raise BadLimit("a limit cannot be negative")


@dataclass(frozen=True, slots=True)
class Work:
    """Hands-on time already booked, without its buffers, and how much it counts."""

    period: Period
    weight_percent: int = 100

    def __post_init__(self) -> None:
        if self.weight_percent < 0:
            raise BadLimit("a weight cannot be negative")

    @property
    def weighted(self) -> timedelta:
        """The length times the percent: a hundred times what it counts, so that it is exact."""
        return self.period.length * self.weight_percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The weighted hands-on time of each local day and ISO week, a hundredfold."""

    days: Mapping[date, timedelta]
    weeks: Mapping[Week, timedelta]


def totals(work: Iterable[Work], zone: ZoneInfo) -> Totals:
    """Return what `work` adds up to by the local days and weeks in which it starts."""
    days: dict[date, timedelta] = {}
    weeks: dict[Week, timedelta] = {}
    for one in work:
        day = one.period.start.astimezone(zone).date()
        days[day] = days.get(day, _NONE) + one.weighted
        weeks[week(day)] = weeks.get(week(day), _NONE) + one.weighted
    return Totals(days=days, weeks=weeks)


def week(day: date) -> Week:
    """Return the ISO year and week of `day`."""
    year, number, _ = day.isocalendar()
    return year, number


def too_much(limit_minutes: int | None, done: timedelta, more: Work) -> bool:
    """Whether `more` on top of `done`, a hundredfold, is above the limit."""
    if limit_minutes is None:
        return False
    return done + more.weighted > timedelta(minutes=limit_minutes) * 100


def runs(periods: Iterable[Period], break_minutes: int) -> tuple[Period, ...]:
    """Return the runs that hands-on `periods` make, each from first start to last end."""
    found: list[Period] = []
    for period in sorted(periods):
        if found and _joined(period.start - found[-1].end, break_minutes):
            found[-1] = Period(found[-1].start, max(found[-1].end, period.end))
        else:
            found.append(period)
    return tuple(found)


def joined_run(done: Sequence[Period], period: Period, break_minutes: int) -> Period:
    """Return the run that `period` would be part of, given the runs already `done`."""
    start, end = period.start, period.end
    place = bisect_right(done, end + timedelta(minutes=break_minutes), key=_start)
    for run in reversed(done[:place]):
        if not _joined(period.start - run.end, break_minutes):
            break
        if _joined(run.start - period.end, break_minutes):
            start, end = min(start, run.start), max(end, run.end)
    return Period(start, end)


def _joined(gap: timedelta, break_minutes: int) -> bool:
    return gap <= _NONE or gap < timedelta(minutes=break_minutes)


def _start(period: Period) -> datetime:
    return period.start
