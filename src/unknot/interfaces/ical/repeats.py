"""The wall times of a recurrence rule within a span, with a limit on the work.

The rules come from outside. A general library looks for the next time up to the year 9999,
and nothing from outside can stop it; here every day looked at is counted, and a rule without
a count jumps straight to the span. It never steps over more than it was given to spend.

Units   naive datetimes are wall times of the event's zone.
Errors  Unreadable: a rule that cannot be read, or one that asks for more work than is left.
Source  RFC 5545, 3.3.10. A part that the rule leaves out is taken from the event's start.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from unknot.interfaces.ical.lines import Unreadable, gettext_noop

BAD_RULE = gettext_noop("The rule of a repeated event cannot be read.")
TOO_MUCH = gettext_noop("The calendar repeats its events more often than can be read.")

#: The end of a rule without one.
NEVER = datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 - wall time

_PERIOD_STEPS = 4

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_WITHIN_A_DAY = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_BY_DAYS = {"DAILY": 1, "WEEKLY": 7}
_NUMBERS = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 60),
    "BYSETPOS": (-366, 366),
}
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_NUMBERS})


class Work:
    """What may still be spent on one calendar; a step is one day or time looked at."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps from what is left, or raise Unreadable."""
        self._left -= steps
        if self._left < 0:
            raise Unreadable(TOO_MUCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as it is written; `until` is the text of its end."""

    every: str
    interval: int
    count: int | None
    until: str
    week_start: int
    weekdays: frozenset[tuple[int, int]]  # (0 or which of the month or year, weekday)
    numbers: dict[str, tuple[int, ...]]


def parse(text: str) -> Rule:
    """Return the facts of a rule, or raise Unreadable."""
    parts: dict[str, str] = {}
    if len(text) > 2000:
        raise Unreadable(BAD_RULE)
    for piece in text.upper().removesuffix(";").split(";"):
        name, _, value = piece.strip().partition("=")
        if name in parts or not (name in _PARTS or name.startswith("X-")):
            raise Unreadable(BAD_RULE)
        parts[name] = value.strip()
    every = parts.get("FREQ", "")
    if every not in ("YEARLY", "MONTHLY", *_BY_DAYS, *_WITHIN_A_DAY):
        raise Unreadable(BAD_RULE)
    if parts.get("WKST", "MO") not in _DAYS:
        raise Unreadable(BAD_RULE)
    return Rule(
        every=every,
        interval=_positive(parts.get("INTERVAL", "1")),
        # Some programs write -1 for "without end".
        count=None if parts.get("COUNT", "-1") == "-1" else _positive(parts["COUNT"]),
        until=parts.get("UNTIL", ""),
        week_start=_DAYS.index(parts.get("WKST", "MO")),
        weekdays=_weekdays(parts.get("BYDAY", "")),
        numbers={name: _numbers(parts[name], name) for name in _NUMBERS if name in parts},
    )


def walls(
    rule: Rule, start: datetime, *, first: datetime, last: datetime, until: datetime, work: Work
) -> Iterator[datetime]:
    """Yield the times of `rule` from `first` to `last` and no later than `until`, in order.

    `start` is the event's own time; it is yielded only if it fits the rule.
    """
    seen, end = 0, min(last, until)
    for period in _periods(rule, start, max(first, start), end, work):
        for wall in period:
            if wall < start:
                continue
            seen += 1
            if wall > end or (rule.count is not None and seen > rule.count):
                return
            if wall >= first:
                work.spend(10)
                yield wall


def _positive(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) == 0:
        raise Unreadable(BAD_RULE)
    return int(text)


def _numbers(text: str, name: str) -> tuple[int, ...]:
    lowest, highest = _NUMBERS[name]
    pieces = text.split(",")
    if len(pieces) > 400 or not all(re.fullmatch(r"[+-]?[0-9]{1,3}", piece) for piece in pieces):
        raise Unreadable(BAD_RULE)
    found = tuple(sorted({int(piece) for piece in pieces}))
    if not all(lowest <= number <= highest and (number or lowest == 0) for number in found):
        raise Unreadable(BAD_RULE)
    return tuple(min(number, 59) for number in found) if name == "BYSECOND" else found


def _weekdays(text: str) -> frozenset[tuple[int, int]]:
    pieces = text.split(",") if text else []
    found = [_DAY.fullmatch(piece.strip()) for piece in pieces[:400]]
    if None in found:
        raise Unreadable(BAD_RULE)
    return frozenset((int(m[1] or 0), _DAYS.index(m[2])) for m in found if m)


# Periods: the times of one year, month, week, day, hour ... ------------------------------------


def _periods(
    rule: Rule, start: datetime, first: datetime, end: datetime, work: Work
) -> Iterator[Iterable[datetime]]:
    """Yield the times of each period of the rule; without a count those before `first` are skipped.

    The position in a set is counted within a period, so a period is never cut.
    """
    if rule.every in _WITHIN_A_DAY:
        yield from _short_periods(rule, start, first, end, work)
        return
    times = _times(rule, start, within="")
    for low, high in _spans(rule, start.date(), first.date(), end.date()):
        work.spend((high - low).days + _PERIOD_STEPS)
        days = [day for day in _days(rule, low, high) if _fits(rule, start, day)]
        work.spend(len(days) * len(times))
        yield _positions(rule, [datetime.combine(day, clock) for day in days for clock in times])


def _short_periods(
    rule: Rule, start: datetime, first: datetime, end: datetime, work: Work
) -> Iterator[Iterable[datetime]]:
    unit = _WITHIN_A_DAY[rule.every]
    step = timedelta(seconds=unit * rule.interval)
    base = start.replace(second=0) if unit > 1 else start
    base = base.replace(minute=0) if unit > 60 else base
    skip = 0 if rule.count else max(0, (first - base) // step - 1)
    for number in count(skip):
        work.spend(2)
        try:
            at = base + step * number
        except OverflowError:
            return
        if at > end:
            return
        hours, minutes = rule.numbers.get("BYHOUR"), rule.numbers.get("BYMINUTE")
        if (
            (hours and at.hour not in hours)
            or (minutes and unit <= 60 and at.minute not in minutes)
            or not _fits(rule, start, at.date())
        ):
            continue
        times = _times(rule, at, within=rule.every, start=start)
        work.spend(len(times))
        yield _positions(rule, [datetime.combine(at.date(), clock) for clock in times])


def _times(
    rule: Rule, at: datetime, *, within: str, start: datetime | None = None
) -> tuple[time, ...]:
    """Return the clock times of a period, in order."""
    own = start or at
    hours = rule.numbers.get("BYHOUR", (own.hour,)) if not within else (at.hour,)
    minutes = (
        rule.numbers.get("BYMINUTE", (own.minute,)) if within in ("", "HOURLY") else (at.minute,)
    )
    seconds = rule.numbers.get("BYSECOND", (own.second,))
    if within == "SECONDLY":
        seconds = tuple(s for s in (at.second,) if s in rule.numbers.get("BYSECOND", (s,)))
    return tuple(time(h, m, s) for h in hours for m in minutes for s in seconds)


def _spans(rule: Rule, start: date, first: date, end: date) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each period that may matter, in order."""
    if rule.every in _BY_DAYS:
        length = _BY_DAYS[rule.every]
        back = (start.weekday() - rule.week_start) % 7 if length == 7 else 0
        base, step = start.toordinal() - back, length * rule.interval
        skip = 0 if rule.count else max(0, (first.toordinal() - base) // step)
        for low in range(base + skip * step, end.toordinal() + 1, step):
            yield (
                date.fromordinal(max(1, low)),
                date.fromordinal(min(low + length - 1, date.max.toordinal())),
            )
        return
    months = 12 if rule.every == "YEARLY" else 1
    base = start.year * 12 + (0 if months == 12 else start.month - 1)
    step = months * rule.interval
    skip = 0 if rule.count else max(0, (first.year * 12 + first.month - 1 - base) // step)
    for low in range(base + skip * step, end.year * 12 + end.month, step):
        yield date(low // 12, low % 12 + 1, 1), _month_end(low + months - 1)


def _month_end(month: int) -> date:
    after = month + 1
    return date.max if after // 12 > 9999 else date(after // 12, after % 12 + 1, 1) - timedelta(1)


def _days(rule: Rule, low: date, high: date) -> Iterator[date]:
    months = rule.numbers.get("BYMONTH")
    for ordinal in range(low.toordinal(), high.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if not months or day.month in months:
            yield day


def _fits(rule: Rule, start: datetime, day: date) -> bool:
    """Whether a day passes every part of the rule that speaks of days."""
    numbers = rule.numbers
    if "BYMONTH" in numbers and day.month not in numbers["BYMONTH"]:
        return False
    if "BYYEARDAY" in numbers and not _is_one(
        numbers["BYYEARDAY"], day.timetuple().tm_yday, _year_length(day)
    ):
        return False
    if "BYWEEKNO" in numbers and not _in_weeks(rule, day):
        return False
    if "BYMONTHDAY" in numbers and not _is_one(
        numbers["BYMONTHDAY"], day.day, _month_end(day.year * 12 + day.month - 1).day
    ):
        return False
    if rule.weekdays:
        return _is_weekday(rule, day)
    return _fits_start(rule, start, day)


def _fits_start(rule: Rule, start: datetime, day: date) -> bool:
    """Whether a day agrees with the start in what the rule does not say."""
    if rule.every in _WITHIN_A_DAY or rule.every == "DAILY":
        return True
    if {"BYMONTHDAY", "BYYEARDAY"} & rule.numbers.keys():
        return True
    if rule.every == "WEEKLY" or "BYWEEKNO" in rule.numbers:
        return day.weekday() == start.weekday()
    if day.day != start.day:
        return False
    return rule.every == "MONTHLY" or "BYMONTH" in rule.numbers or day.month == start.month


def _is_weekday(rule: Rule, day: date) -> bool:
    if (0, day.weekday()) in rule.weekdays:
        return True
    if rule.every == "MONTHLY" or (rule.every == "YEARLY" and "BYMONTH" in rule.numbers):
        index, length = day.day, _month_end(day.year * 12 + day.month - 1).day
    elif rule.every == "YEARLY":
        index, length = day.timetuple().tm_yday, _year_length(day)
    else:  # "the second Monday" of a day or week: the number says nothing
        return any(weekday == day.weekday() for _, weekday in rule.weekdays)
    from_start, from_end = (index - 1) // 7 + 1, -((length - index) // 7 + 1)
    return bool({(from_start, day.weekday()), (from_end, day.weekday())} & rule.weekdays)


def _in_weeks(rule: Rule, day: date) -> bool:
    """Whether a day lies in one of the numbered weeks; a week belongs to the year of most days."""
    begins = day.toordinal() - (day.weekday() - rule.week_start) % 7
    fourth = date.fromordinal(min(max(1, begins + 3), date.max.toordinal()))
    if fourth.year != day.year:
        return False
    week = (fourth.timetuple().tm_yday - 1) // 7 + 1
    weeks = week + (_year_length(fourth) - fourth.timetuple().tm_yday) // 7
    return _is_one(rule.numbers["BYWEEKNO"], week, weeks)


def _year_length(day: date) -> int:
    return date(day.year, 12, 31).timetuple().tm_yday


def _is_one(numbers: tuple[int, ...], index: int, length: int) -> bool:
    return index in numbers or index - length - 1 in numbers


def _positions(rule: Rule, found: list[datetime]) -> list[datetime]:
    if "BYSETPOS" not in rule.numbers:
        return found
    chosen = {
        found[position - 1 if position > 0 else position]
        for position in rule.numbers["BYSETPOS"]
        if -len(found) <= position <= len(found)
    }
    return sorted(chosen)
