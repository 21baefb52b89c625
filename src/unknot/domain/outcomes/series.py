"""A person's daily ratings: the level of the last seven days and where it started.

The level is the plain mean of the ratings of seven days; its range is the lowest and the
highest of the same ratings. It is not a confidence interval: days that follow each other are
alike, so an interval that counts them as independent would be too narrow.

Units   ratings 0 to 10; pain and stress: higher is worse. Dates are local days.
Errors  BadDay: a rating outside 0 to 10, or one date given twice.
Source  no model yet: a mean of seven days, described as one.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

Strand = Literal["pain", "stress", "sleep"]

WINDOW_DAYS = 7
LEVEL_NEEDS = 3
#: Longer silences leave a gap in the level; shorter ones do not change what a week's mean is.
SILENCE_DAYS = 2
START_DAYS = 14


class BadDay(ValueError):
    """A rating outside 0 to 10, or one date given twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The ratings of one day; None is a question that was skipped."""

    day: date
    pain: float | None = None
    stress: float | None = None
    sleep: float | None = None

    def __post_init__(self) -> None:
        for value in (self.pain, self.stress, self.sleep):
            if value is not None and not (math.isfinite(value) and 0 <= value <= 10):
                raise BadDay(f"{self.day}: {value}, allowed 0 to 10")


Moment = Literal["day", "door"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """What was answered at one instant (aware): five ratings 0 to 10, None where skipped.

    `painkillers` says whether any were taken that day, None where it was not said.
    """

    at: datetime
    pain: float | None = None
    stiffness: float | None = None
    stress: float | None = None
    sleep: float | None = None
    mood: float | None = None
    painkillers: bool | None = None
    moment: Moment = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session that took place, aware instants; it acts from its end on."""

    start: datetime
    end: datetime
    technique: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Mean, lowest and highest of the `n` ratings in the seven days that end with `day`."""

    day: date
    mean: float
    low: float
    high: float
    n: int


def ratings(days: Iterable[Day], strand: Strand) -> Mapping[date, float]:
    """Return one strand's ratings by date, in order of date; BadDay if a date comes twice."""
    found: dict[date, float] = {}
    seen: set[date] = set()
    for day in sorted(days, key=lambda d: d.day):
        if day.day in seen:
            raise BadDay(f"{day.day} comes twice")
        seen.add(day.day)
        value = _value(day, strand)
        if value is not None:
            found[day.day] = value
    return found


def level(days: Iterable[Day], strand: Strand) -> tuple[Level, ...]:
    """Return the level on each day that has three ratings in the seven days it ends.

    Nothing is filled in: a day without a rating adds none. Such a day has a level only inside
    a silence of at most two days; a longer silence, and what follows the last rating, has none.
    """
    rated = ratings(days, strand)
    found = (_level(day, rated) for day in _covered(tuple(rated)))
    return tuple(row for row in found if row is not None)


def starting_level(days: Iterable[Day], strand: Strand) -> float | None:
    """Return the mean rating of the first 14 days, or None with fewer than three ratings.

    Not the first rating: people come when it is worst, so a single intake value makes a
    start that nearly everyone falls below.
    """
    rated = ratings(days, strand)
    if not rated:
        return None
    until = min(rated) + timedelta(days=START_DAYS)
    values = [value for day, value in rated.items() if day < until]
    return math.fsum(values) / len(values) if len(values) >= LEVEL_NEEDS else None


def _covered(rated: Sequence[date]) -> Iterator[date]:
    for day, following in pairwise(rated):
        silent = (following - day).days - 1
        for after in range(silent + 1 if silent <= SILENCE_DAYS else 1):
            yield day + timedelta(days=after)
    yield from rated[-1:]


def _level(day: date, rated: Mapping[date, float]) -> Level | None:
    window = (day - timedelta(days=back) for back in range(WINDOW_DAYS))
    values = [rated[d] for d in window if d in rated]
    if len(values) < LEVEL_NEEDS:
        return None
    return Level(
        day=day,
        mean=math.fsum(values) / len(values),
        low=min(values),
        high=max(values),
        n=len(values),
    )


def _value(day: Day, strand: Strand) -> float | None:
    match strand:
        case "pain":
            return day.pain
        case "stress":
            return day.stress
        case "sleep":
            return day.sleep
