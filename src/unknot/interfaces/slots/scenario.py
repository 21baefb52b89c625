"""Read a scenario: who works when, what is taken, and what is to be booked.

Pure: the object of a JSON file in, a question for `unknot.domain.calendar.slots` out. What an
outside calendar calls free, what has no length and a hold that ran out block nothing; 23:59 as
an end is the end of the day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from unknot.domain.calendar import hours
from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.slots import (
    Kind,
    LoadLimits,
    Need,
    Request,
    State,
    Taken,
    Unit,
    Work,
)
from unknot.interfaces.answers.document import Object, Problems, one_of
from unknot.interfaces.slots import shape
from unknot.interfaces.slots.shape import (
    Busy,
    LimitsPart,
    PoolPart,
    ServicePart,
    Shape,
    Stretch,
    Window,
)

MOST_DAYS = 400
MOST_STARTS = 40_000  # 400 days in steps of 15 minutes are 38,400
_DAY = timedelta(days=1)

T = TypeVar("T", int, datetime)  # both can be compared among themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One question about slots; `units` names each unit by its pool and its number in it."""

    zone: ZoneInfo
    now: datetime
    first_day: date
    last_day: date
    request: Request
    state: State
    units: Mapping[int, tuple[str, int]]
    unreadable: str  # hold_back, warn, offer; empty when every calendar can be read
    explain: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What every part of the file is read with."""

    zone: ZoneInfo
    now: datetime
    problems: Problems = field(default_factory=Problems)


def read(found: Object, explain: str | None = None) -> Scenario:
    """The scenario in `found`, with the start to explain; raises UnusableAnswers."""
    given = shape.shaped(found)
    reading = _Reading(zone=given.zone, now=given.now.starts(given.zone))
    asked = _explained(explain, reading)
    last = given.last or given.first
    _check_range(given, last, reading.problems)
    _check_needs(given, reading.problems)
    opening = _opening(given, _days(given.first, last, asked, given.zone), reading)
    pools, units = _pools(given.pools, reading)
    taken, work = _taken(given.busy, "busy", reading), _work(given, reading)
    reading.problems.check()
    return Scenario(
        zone=given.zone,
        now=reading.now,
        first_day=given.first,
        last_day=last,
        request=_request(given, given.service),
        state=State(
            opening=opening,
            taken=tuple(taken),
            work=tuple(work),
            pools=pools,
            limits=_limits(given.limits),
            held_back_from=_held_back_from(given, reading),
        ),
        units=units,
        unreadable=given.unreadable_calendar.policy if given.unreadable_calendar else "",
        explain=asked,
    )


def _explained(text: str | None, reading: _Reading) -> datetime | None:
    if text is None:
        return None
    try:
        return shape.moment(text).starts(reading.zone)
    except ValueError:
        reading.problems.expected("--explain", text, shape.A_MOMENT)
        return None


def _check_range(given: Shape, last: date, problems: Problems) -> None:
    days = (last - given.first).days + 1
    if days < 1:
        problems.expected("to", last.isoformat(), f'a date not before "{given.first}"')
    elif days > MOST_DAYS:
        problems.told(
            "to", f"found {days} days from the first to the last, expected {MOST_DAYS} at most"
        )
    elif days * (hours.DAY_MINUTES // given.step) > MOST_STARTS:
        problems.told(
            "step", f"found over {MOST_STARTS:,} starts from first to last day, expected fewer"
        )


def _check_needs(given: Shape, problems: Problems) -> None:
    for place, need in enumerate(given.service.needs):
        if need.pool not in given.pools:
            known = one_of(given.pools) if given.pools else "a pool that is described in pools"
            problems.expected(f"service.needs[{place}].pool", need.pool, known)


def _request(given: Shape, service: ServicePart) -> Request:
    return Request(
        minutes=service.minutes,
        setup_minutes=service.setup,
        cleanup_minutes=service.cleanup,
        step_minutes=given.step,
        notice_minutes=given.notice,
        horizon_days=given.horizon,
        cleanup_past_closing=given.cleanup_past_closing,
        needs=tuple(Need(one.pool, one.quantity, one.before, one.after) for one in service.needs),
        weight_percent=service.weight,
    )


def _limits(given: LimitsPart | None) -> LoadLimits | None:
    if given is None:
        return None
    return LoadLimits(
        minutes_per_day=given.minutes_per_day,
        minutes_per_week=given.minutes_per_week,
        longest_run_minutes=given.longest_run,
        break_minutes=given.least_break,
    )


def _held_back_from(given: Shape, reading: _Reading) -> datetime | None:
    told = given.unreadable_calendar
    if told is None or told.policy != "hold_back":
        return None
    return told.since.starts(reading.zone) if told.since else reading.now


def _days(
    first: date, last: date, asked: datetime | None, zone: ZoneInfo
) -> tuple[tuple[date, date], ...]:
    """The days whose hours are needed: a day more on both sides, for sessions over midnight."""
    wanted = [(first - _DAY, last + _DAY)]
    if asked is not None:
        day, _ = hours.local(asked, zone)
        wanted.append((day - _DAY, day + _DAY))
    return tuple(wanted)


def _opening(
    given: Shape, days: Iterable[tuple[date, date]], reading: _Reading
) -> tuple[Period, ...]:
    if given.windows is not None:
        for key in ("weekly", "overrides"):
            if getattr(given, key):
                reading.problems.told(key, "found beside windows, expected only one of the two")
        return _windows(given.windows, reading)
    if given.weekly is None and not given.overrides:
        reading.problems.told("weekly", "found nothing, expected weekly hours, or windows")
    week = _week(given, reading.problems)
    overrides = _overrides(given, reading.problems)
    if reading.problems.sentences:
        return ()
    return tuple(
        period
        for first, last in days
        for period in hours.opening(
            week, overrides, zone=reading.zone, first_day=first, last_day=last
        )
    )


def _windows(given: Sequence[Stretch], reading: _Reading) -> tuple[Period, ...]:
    found: list[tuple[datetime, datetime, str]] = []
    for place, one in enumerate(given):
        period = _period(one, f"windows[{place}]", reading)
        if period is not None:
            found.append((period.start, period.end, f"windows[{place}]"))
    _check_apart(found, reading.problems)
    return tuple(Period(start, end) for start, end, _ in found)


def _week(given: Shape, problems: Problems) -> tuple[hours.WeeklyHours, ...]:
    week: list[hours.WeeklyHours] = []
    by_day: dict[str, list[tuple[int, int, str]]] = {}
    for place, one in enumerate(given.weekly or ()):
        path = f"weekly[{place}]"
        if minutes := _clock_window(one, path, problems):
            by_day.setdefault(one.day, []).append((*minutes, path))
            week.append(
                hours.WeeklyHours(
                    weekday=shape.WEEKDAYS.index(one.day),
                    starts_minute=minutes[0],
                    ends_minute=minutes[1],
                )
            )
    for windows in by_day.values():
        _check_apart(windows, problems)
    return tuple(week)


def _overrides(given: Shape, problems: Problems) -> tuple[hours.DayOverride, ...]:
    found: list[hours.DayOverride] = []
    by_day: dict[date, list[tuple[int, int, str]]] = {}
    for place, override in enumerate(given.overrides):
        windows: list[tuple[int, int]] = []
        for number, one in enumerate(override.windows):
            path = f"overrides[{place}].windows[{number}]"
            if minutes := _clock_window(one, path, problems):
                by_day.setdefault(override.date, []).append((*minutes, path))
                windows.append(minutes)
        found.append(hours.DayOverride(day=override.date, windows=tuple(windows)))
    for several in by_day.values():
        _check_apart(several, problems)
    return tuple(found)


def _clock_window(one: Window, path: str, problems: Problems) -> tuple[int, int] | None:
    """The minutes of a window of a day; 23:59 as an end is 24:00."""
    end = hours.DAY_MINUTES if one.end == hours.DAY_MINUTES - 1 else one.end
    if end <= one.start:
        problems.told(f"{path}.end", "found a time that is not after start, expected a later one")
        return None
    return one.start, end


def _check_apart(windows: Iterable[tuple[T, T, str]], problems: Problems) -> None:
    """Add a problem for each window that begins before another one ends; touching is fine."""
    previous: tuple[T, str] | None = None
    for start, end, path in sorted(windows):
        if previous is not None and start < previous[0]:
            problems.told(
                path, f"found an overlap with {previous[1]}, expected windows that are apart"
            )
        if previous is None or end > previous[0]:
            previous = end, path


def _taken(given: Sequence[Busy], path: str, reading: _Reading) -> list[Taken]:
    found: list[Taken] = []
    for place, one in enumerate(given):
        period = _busy_period(one, f"{path}[{place}]", reading)
        if period is not None:
            tentative = one.status == "tentative"
            found.append(Taken(period, Kind.TENTATIVE if tentative else Kind(one.kind)))
    return found


def _busy_period(one: Busy, path: str, reading: _Reading) -> Period | None:
    """The time that is really taken, if any."""
    external, held = one.kind == "external", one.kind == "held"
    if one.status is not None and not external:
        reading.problems.told(f"{path}.status", f"found with {one.kind}, expected external")
    if one.until is not None and not held:
        reading.problems.told(f"{path}.until", f"found with {one.kind}, expected held")
    period = _period(one, path, reading, may_be_empty=external)
    over = held and one.until is not None and one.until.starts(reading.zone) <= reading.now
    return None if over or one.status == "free" else period


def _period(
    one: Stretch, path: str, reading: _Reading, *, may_be_empty: bool = False
) -> Period | None:
    start = one.start.starts(reading.zone)
    if may_be_empty and start == one.end.starts(reading.zone):
        return None
    end = one.end.ends(reading.zone)
    if start < end:
        return Period(start, end)
    reading.problems.expected(f"{path}.end", one.end.text, f'a time after "{one.start.text}"')
    return None


def _pools(
    given: Mapping[str, PoolPart], reading: _Reading
) -> tuple[dict[str, tuple[Unit, ...]], dict[int, tuple[str, int]]]:
    """The units of every pool, numbered through, and the name of each number."""
    pools: dict[str, tuple[Unit, ...]] = {}
    names: dict[int, tuple[str, int]] = {}
    for pool, part in given.items():
        busy: dict[int, list[Period]] = {}
        for place, one in enumerate(part.busy):
            path = f"pools.{pool}.busy[{place}]"
            if one.unit > part.quantity:
                reading.problems.expected(
                    f"{path}.unit", one.unit, f"a unit from 1 to {part.quantity}"
                )
            if period := _busy_period(one, path, reading):
                busy.setdefault(one.unit, []).append(period)
        units: list[Unit] = []
        for number in range(1, part.quantity + 1):
            names[len(names) + 1] = (pool, number)
            units.append(Unit(len(names), tuple(busy.get(number, ()))))
        pools[pool] = tuple(units)
    return pools, names


def _work(given: Shape, reading: _Reading) -> list[Work]:
    found: list[Work] = []
    for place, one in enumerate(given.work):
        if period := _period(one, f"work[{place}]", reading):
            found.append(Work(period, one.weight))
    return found
