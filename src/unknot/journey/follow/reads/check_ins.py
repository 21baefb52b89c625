"""Reads of the daily, weekly and outcome answers, and of what is due.

Units   ratings 0 to 10; dates are local days of the client's practice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.due import Due, outcome_due, weekly_due_on
from unknot.domain.outcomes.series import Day
from unknot.journey.book.reads import booked
from unknot.journey.follow.models import DailyCheckIn
from unknot.journey.understand import follow_ups
from unknot.journey.understand.follow_ups import OUTCOME, WEEKLY
from unknot.people.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is due on a day: the daily, the weekly and the outcome questions.

    `start` is the day the outcome weeks are counted from; None before anything happened.
    """

    today: date
    daily_done: bool
    weekly_on: date | None  # answered last; an outcome battery asks the same and counts
    weekly_today: bool
    start: date | None
    outcome: Due

    @property
    def weekly_next(self) -> date | None:
        """The day from which the weekly questions are due again; None when they are due now."""
        following = weekly_due_on(self.weekly_on)
        return None if following is None or following <= self.today else following

    @property
    def weekly_open(self) -> bool:
        """Whether the weekly questions may be answered or changed today."""
        return self.weekly_today or self.weekly_next is None

    @property
    def outcome_open(self) -> bool:
        """Whether an outcome battery may be answered or changed today."""
        return self.outcome.is_open(self.today)

    @property
    def outcome_waits(self) -> bool:
        """Whether an outcome battery is open and not answered yet."""
        return self.outcome.week is not None and self.outcome.answered_on is None


def local_day(client: Client, now: datetime) -> date:
    """The day it is now where the client's practice is."""
    return follow_ups.local_day(client, now)


def rhythm(client: Client, *, now: datetime, sessions: Sequence[date] | None = None) -> Rhythm:
    """What is due now; `sessions` are the attended days, where the caller has read them."""
    today = local_day(client, now)
    given = [one for one in follow_ups.answered(client) if one.day <= today]
    weeks = {one.week: one.day for one in given if one.battery == OUTCOME and one.week}
    attended = booked.attended_days(client) if sessions is None else sessions
    start = _start(client, attended, min(weeks.values(), default=None))
    due = Due()
    if start is not None:
        at_weeks = catalogue.load().battery(OUTCOME).at_weeks
        due = outcome_due(at_weeks, start=start, today=today, answered=weeks)
    return Rhythm(
        today=today,
        daily_done=DailyCheckIn.objects.filter(client=client, day=today).exists(),
        weekly_on=max((one.day for one in given), default=None),
        weekly_today=any(one.battery == WEEKLY and one.day == today for one in given),
        start=start,
        outcome=due,
    )


def _start(client: Client, attended: Sequence[date], answered: date | None) -> date | None:
    """The first attended session, else the first check-in; what was begun with stays the start."""
    first = attended[0] if attended else None
    if first is not None and (answered is None or first <= answered):
        return first
    return follow_ups.first_completed_on(client) or first


def daily(client: Client, day: date) -> DailyCheckIn | None:
    """The answers already given on `day`."""
    return DailyCheckIn.objects.filter(client=client, day=day).first()


def days(client: Client) -> tuple[Day, ...]:
    """Every day with an answer, oldest first."""
    rows = DailyCheckIn.objects.filter(client=client).order_by("day")
    return tuple(
        Day(day=day, pain=_number(pain), stress=_number(stress), sleep=_number(sleep))
        for day, pain, stress, sleep in rows.values_list("day", "pain", "stress", "sleep")
    )


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
