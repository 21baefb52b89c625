"""When a reminder to answer is due, and when we stop.

    a chosen day, its hour ──▶ reminded ──▶ five times without an answer ──▶ one last word
              ▲                    │                                              │
              └──── an answer ◀────┘                            nothing more until asked for

Units   hours of the local day, 0 to 23; weekdays 0 (Monday) to 6; quiet ends in local minutes of
        the day; instants are aware, answers are UTC.
Errors  ValueError for an hour or a weekday that no day has.
Source  a rule of ours; local times are read as RFC 5545, 3.3.5 says (`hours.instant`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from unknot.domain.calendar import quiet
from unknot.domain.calendar.hours import instant

#: So many reminders in a row may stay without an answer; the next word is the last one.
PATIENCE: Final = 5
#: How long a reminder is of use: the question is about the same hour every day.
OF_USE: Final = timedelta(hours=2)
#: A reminder at the door comes this long before a session, at the earliest and at the latest.
DOOR_FROM, DOOR_UNTIL = timedelta(minutes=90), timedelta(minutes=60)
#: After this there is no time left to answer on the way.
DOOR_OVER: Final = timedelta(minutes=30)


class Step(StrEnum):
    """What to send on a day."""

    NOTHING = "nothing"
    REMIND = "remind"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The zone of a practice and its quiet hours; equal ends mean that no hour is quiet."""

    zone: ZoneInfo
    quiet_from: int
    quiet_until: int

    def loud_from(self, moment: datetime) -> datetime:
        """Return `moment`, or the end of the quiet hours it falls into."""
        return quiet.loud_from(
            moment, quiet_from=self.quiet_from, quiet_until=self.quiet_until, zone=self.zone
        )

    def day_of(self, moment: datetime) -> date:
        """The local day at `moment`."""
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The hour somebody chose, and on which days of the week."""

    hour: int
    weekdays: frozenset[int]

    def __post_init__(self) -> None:
        if not 0 <= self.hour <= 23:
            raise ValueError(f"hour {self.hour}, allowed 0 to 23")
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise ValueError(f"weekdays {sorted(self.weekdays)}, allowed some of 0 to 6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a reminder is due, and from when nobody wants it any more."""

    due: datetime
    useless_at: datetime

    def is_open(self, now: datetime) -> bool:
        """Whether it may be sent at `now`."""
        return self.due <= now < self.useless_at


def due_on(day: date, rhythm: Rhythm, place: Place) -> Window:
    """When to remind on `day`: at its hour, and never in the quiet hours.

    An evening hour that became quiet moves to the end of that night's quiet on the same day, so
    that a reminder is always about the day on which it comes.
    """
    due = place.loud_from(instant(day, rhythm.hour * 60, place.zone))
    if place.day_of(due) != day:
        due = place.loud_from(instant(day, 0, place.zone))
    midnight = instant(day + timedelta(days=1), 0, place.zone)
    return Window(due=due, useless_at=min(due + OF_USE, midnight))


def next_due(after: datetime, rhythm: Rhythm, place: Place) -> datetime:
    """The first due instant later than `after`, on one of the chosen days."""
    first = place.day_of(after)
    days = (first + timedelta(days=n) for n in range(9))
    chosen = (day for day in days if day.weekday() in rhythm.weekdays)
    return next(due for day in chosen if (due := due_on(day, rhythm, place).due) > after)


def unanswered(reminded: Collection[date], answered: Collection[date]) -> int:
    """How many days were reminded since the last answer; an answer on any later day counts."""
    last = max(answered, default=date.min)
    return sum(1 for day in set(reminded) if day > last)


def step(today: date, *, reminded: Collection[date], answered: Collection[date]) -> Step:
    """What to send today: nothing twice, nothing once it is answered, and at last a goodbye."""
    if today in answered or today in reminded:
        return Step.NOTHING
    return Step.LAST if unanswered(reminded, answered) >= PATIENCE else Step.REMIND


def at_the_door(start: datetime, place: Place) -> Window | None:
    """When to ask before a session that begins at `start`; None where the hour is too quiet."""
    due = place.loud_from(start - DOOR_FROM)
    if due > start - DOOR_UNTIL:
        return None
    return Window(due=due, useless_at=start - DOOR_OVER)
