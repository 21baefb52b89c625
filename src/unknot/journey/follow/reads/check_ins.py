"""Reads of the daily, weekly and outcome answers, and of what is due.

Units   ratings 0 to 10; dates are local days of the client's practice; instants aware.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.due import Due, outcome_due, weekly_due_on
from unknot.domain.outcomes.findings import OUTCOMES
from unknot.domain.outcomes.series import CheckIn, Day, Moment
from unknot.domain.outcomes.summary import Answered
from unknot.journey.book.reads import booked
from unknot.journey.follow.models import DailyCheckIn, DoorCheckIn
from unknot.journey.understand import follow_ups, questionnaires
from unknot.journey.understand.follow_ups import OUTCOME, WEEKLY
from unknot.people.models import Client

#: An imported day has no hour: it stands in the evening, when the daily question is asked.
EVENING = time(19)


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
    weeks = {one.week: one.day for one in given if one.week is not None}
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


def is_answered(client: Client, *, now: datetime) -> bool:
    """Whether today's ratings are given already."""
    return DailyCheckIn.objects.filter(client=client, day=local_day(client, now)).exists()


def daily(client: Client, day: date) -> dict[str, int | str]:
    """The answers already given on `day`, as a form shows them; empty without any."""
    found = DailyCheckIn.objects.filter(client=client, day=day).first()
    if found is None:
        return {}
    ratings = {name: getattr(found, name) for name in OUTCOMES}
    said = {True: "yes", False: "no", None: ""}[found.painkillers]
    return {name: int(value) for name, value in ratings.items() if value is not None} | {
        "painkillers": said
    }


def days(client: Client) -> tuple[Day, ...]:
    """Every day with an answer, oldest first."""
    rows = DailyCheckIn.objects.filter(client=client).order_by("day")
    return tuple(
        Day(day=day, pain=_number(pain), stress=_number(stress), sleep=_number(sleep))
        for day, pain, stress, sleep in rows.values_list("day", "pain", "stress", "sleep")
    )


def observations(client: Client) -> tuple[CheckIn, ...]:
    """Every check-in at its real time, daily and at the door, oldest first; 2 queries."""
    zone = client.practice.tz
    days = DailyCheckIn.objects.filter(client=client)
    doors = DoorCheckIn.objects.filter(client=client)
    found = [_check_in(row, instant(row.day, row.answered_at, zone), "day") for row in days]
    found += [_check_in(row, row.answered_at, "door") for row in doors]
    return tuple(sorted(found, key=lambda one: one.at.timestamp()))


def instant(day: date, answered_at: datetime | None, zone: ZoneInfo) -> datetime:
    """When a day was answered; 19:00 of that day where a file gave no hour."""
    return datetime.combine(day, EVENING, zone) if answered_at is None else answered_at


def _check_in(row: DailyCheckIn | DoorCheckIn, at: datetime, moment: Moment) -> CheckIn:
    return CheckIn(
        at=at,
        pain=_number(row.pain),
        stiffness=_number(row.stiffness),
        stress=_number(row.stress),
        sleep=_number(row.sleep),
        mood=_number(row.mood),
        painkillers=row.painkillers,
        moment=moment,
    )


def readings(client: Client) -> tuple[Answered, ...]:
    """Every PEG score with its day, from check-ins and follow-ups; a day's last one counts."""
    scores = {found.on: found.value for found in questionnaires.score_history(client, "peg")}
    return tuple(Answered(score=scores[day], on=day) for day in sorted(scores))


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
