"""A person's answers and sessions as they were given, before any model.

Units   ratings 0 to 10; pain, stiffness and stress: higher is worse. Dates are local days, instants
        aware.
Errors  BadDay: a rating outside 0 to 10, or one date given twice.
Source  none: plain values, and one plain mean that is described as one.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Strand = Literal["pain", "stress", "sleep"]

START_NEEDS = 3
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
    return math.fsum(values) / len(values) if len(values) >= START_NEEDS else None


def _value(day: Day, strand: Strand) -> float | None:
    match strand:
        case "pain":
            return day.pain
        case "stress":
            return day.stress
        case "sleep":
            return day.sleep
