"""Periods of time and their algebra: merge, intersect, subtract.

Units   aware UTC datetimes; a period is half-open, [start, end), and never empty.
Errors  BadPeriod: a naive time, or an end that is not after its start.
Source  the booking policies: neighbours touch and do not overlap.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


class BadPeriod(ValueError):
    """A period needs two aware times, the end after the start."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Time from `start` up to, not including, `end`; both are kept in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise BadPeriod("a period needs aware times")
        # Arithmetic on local aware times is wall arithmetic and wrong on clock-change days.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise BadPeriod(f"{self.end.isoformat()} is not after {self.start.isoformat()}")

    @property
    def length(self) -> timedelta:
        """Elapsed time, not the difference of two clock faces."""
        return self.end - self.start

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share an instant; periods that only touch do not."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Period") -> bool:
        """Whether all of `other` lies inside."""
        return self.start <= other.start and other.end <= self.end


def merge(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return the same instants as sorted periods that neither overlap nor touch."""
    merged: list[Period] = []
    for period in sorted(periods):
        if merged and period.start <= merged[-1].end:
            merged[-1] = Period(merged[-1].start, max(merged[-1].end, period.end))
        else:
            merged.append(period)
    return tuple(merged)


def intersect(left: Iterable[Period], right: Iterable[Period]) -> tuple[Period, ...]:
    """Return the instants that lie in both, merged and sorted."""
    ours, theirs = merge(left), merge(right)
    shared: list[Period] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        start = max(ours[i].start, theirs[j].start)
        end = min(ours[i].end, theirs[j].end)
        if start < end:
            shared.append(Period(start, end))
        if ours[i].end <= theirs[j].end:
            i += 1
        else:
            j += 1
    return tuple(shared)


def subtract(whole: Iterable[Period], taken: Iterable[Period]) -> tuple[Period, ...]:
    """Return the instants of `whole` that do not lie in `taken`, merged and sorted."""
    holes = merge(taken)
    rest: list[Period] = []
    for period in merge(whole):
        start = period.start
        for hole in holes:
            if hole.end <= start or hole.start >= period.end:
                continue
            if hole.start > start:
                rest.append(Period(start, hole.start))
            start = max(start, hole.end)
        if start < period.end:
            rest.append(Period(start, period.end))
    return tuple(rest)


def clashes(periods: Sequence[Period], period: Period) -> bool:
    """Whether `period` overlaps one of `periods`, which must be merged."""
    after = bisect_right(periods, period.start, key=_start)
    return any(other.overlaps(period) for other in periods[max(after - 1, 0) : after + 1])


def covers(periods: Sequence[Period], period: Period) -> bool:
    """Whether one of `periods`, which must be merged, contains all of `period`."""
    after = bisect_right(periods, period.start, key=_start)
    return after > 0 and periods[after - 1].contains(period)


def _start(period: Period) -> datetime:
    return period.start
