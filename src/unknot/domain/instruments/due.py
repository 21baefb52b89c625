"""Say when the weekly and the outcome questions are due.

A set of questions that looks back over a week is asked again after a week. The outcome questions
belong to a week after the start: they open on that day and stay open for four weeks at most, and
never beyond the day on which the next ones are due; a later answer would not be one of that week.

The intake questions come a second time before the first session: people check in when it is worst,
so the first answers alone make whatever follows look like a success.

Units   local days; weeks of seven days after the start; instants aware.
Errors  none.
Source  `at_weeks` of batteries.toml; clinical reference 1.3; reference note on statistics, part 9.
        The four weeks and the two days before the first session are our own choice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)
#: How long the questions of one week of the outcome battery stay open.
OPEN = timedelta(weeks=4)
ONE_DAY = timedelta(days=1)
#: From how long before the first session on the intake questions are asked again.
BEFORE_FIRST = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a day has: `week` while its questions are open, else None; `next_on` what comes next.

    `until` is the last day on which they are open; `answered_on` says that they are answered.
    """

    week: int | None = None
    until: date | None = None
    answered_on: date | None = None
    next_on: date | None = None

    def is_open(self, today: date) -> bool:
        """Whether they may be answered on `today`; what was answered that day may be changed."""
        return self.week is not None and self.answered_on in (None, today)


def weekly_due_on(last: date | None) -> date | None:
    """The day from which the weekly questions are due again; None when never answered."""
    return None if last is None else last + WEEK


def outcome_due(
    at_weeks: Sequence[int], *, start: date, today: date, answered: Mapping[int, date]
) -> Due:
    """Which of `at_weeks` after `start` is open on `today`, and which day comes next."""
    windows = tuple(_windows(sorted(at_weeks), start))
    following = next((since for _week, since, _until in windows if since > today), None)
    for week, since, until in windows:
        if since <= today <= until:
            return Due(week=week, until=until, answered_on=answered.get(week), next_on=following)
    return Due(next_on=following)


def second_baseline_opens(
    start: datetime, *, checked_in: datetime | None, zone: ZoneInfo
) -> datetime | None:
    """From when the intake questions are asked again before a first session that begins at `start`.

    Never on the day of the check-in itself, whose answers they would only repeat; None when no
    time is left between the two.
    """
    opens = start - BEFORE_FIRST
    if checked_in is not None:
        next_day = checked_in.astimezone(zone).date() + ONE_DAY
        opens = max(opens, datetime.combine(next_day, time(), zone))
    return opens if opens < start else None


def _windows(weeks: Sequence[int], start: date) -> Iterator[tuple[int, date, date]]:
    """Each week with its first and its last day."""
    first_days = [start + week * WEEK for week in weeks]
    for position, (week, since) in enumerate(zip(weeks, first_days, strict=True)):
        ends = min([since + OPEN, *first_days[position + 1 :]])
        yield week, since, ends - ONE_DAY
