"""A series of sessions: a recurrence rule becomes local times and their instants.

The rule is followed on the wall clock, so a session at ten stays at ten on both sides of a
clock change; each time is then read as any other wall time. The first session is part of the
series and must fit the rule.

Units   naive datetimes are wall times of the place, starts are UTC; weekday 0 is Monday.
Errors  BadRule: one sentence, to be translated, with its facts.
Source  RFC 5545, 3.3.10, without the parts that a series of sessions has no use for: nothing
        shorter than a day, no part below a day, no week or day numbers of a year. Parts that
        the RFC leaves undefined are refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import islice, takewhile
from types import MappingProxyType
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from unknot.domain.calendar import hours

#: At most so many sessions, and so many days from the first to the last of them.
MOST = 104
LIMIT_DAYS = 730

_LONGEST_RULE = 200
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_WEEKDAY = r"([+-]?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)"
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS = frozenset(
    {
        *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
        *("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"),
    }
)
_CALENDAR_CYCLE = 400  # years after which dates fall on the same weekdays


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators' tools and return it unchanged."""
    return text


class BadRule(ValueError):
    """A rule that no series follows: a sentence to translate, and the facts to put into it."""

    def __init__(self, sentence: str, **facts: str | int) -> None:
        super().__init__(sentence % facts)
        self.sentence = sentence
        self.facts: Mapping[str, str | int] = MappingProxyType(facts)


UNREADABLE = gettext_noop("This rule cannot be read at “%(part)s”.")
TOO_LONG = gettext_noop("This rule is too long.")
TOO_OFTEN = gettext_noop("A series repeats by day, week, month or year, not within a day.")
UNKNOWN_PART = gettext_noop("A series cannot use “%(part)s”.")
TWICE = gettext_noop("“%(part)s” stands twice in this rule.")
TWO_ENDS = gettext_noop("A series ends after a number of sessions or on a day, not both.")
NEEDS_A_DAY = gettext_noop("“BYSETPOS” needs days or months to choose from.")
TOO_MANY = gettext_noop("A series has at most %(most)s sessions.")
TOO_FAR = gettext_noop("A series lasts at most %(days)s days.")
ENDS_FIRST = gettext_noop("The series would end before its first session.")
NEVER = gettext_noop("No day follows this rule.")
NOT_FIRST = gettext_noop("The first session does not fall on a day of this rule.")
BAD_FIRST = gettext_noop("A series starts at a whole minute between the years 1970 and 2199.")
EVERY = gettext_noop("A series repeats every 1 to 52 weeks.")


class Every(Enum):
    """What a series steps by."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The facts of a rule, for a sentence about it."""

    every: Every
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None  # a naive time is wall time, an aware one UTC
    weekdays: tuple[tuple[int, int], ...] = ()  # (0 or which of the month or year, weekday)
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One session of a series; `moved` where the wall clock never shows `local`."""

    number: int  # 1 is the first
    local: datetime
    start: datetime
    moved: bool = False


def occurrences(
    rule: str,
    first: datetime,
    zone: ZoneInfo,
    *,
    limit_days: int = LIMIT_DAYS,
    most: int = MOST,
) -> tuple[Occurrence, ...]:
    """Return the sessions of `rule` from the wall time `first` on, or raise BadRule.

    A rule without an end is cut at `most` sessions and `limit_days`; one with an end beyond
    them is refused, so that nobody counts on sessions that were never made.
    """
    pattern = describe(rule)
    _check_first(first)
    last = _until(pattern, first, zone, limit_days)
    if pattern.count is not None and pattern.count > most:
        raise BadRule(TOO_MANY, most=most)
    walls = _walls(rule, first)
    begins = next(walls, None)
    if begins is None:
        raise BadRule(NEVER)
    if begins != first:
        raise BadRule(NOT_FIRST)
    starts = takewhile(
        lambda pair: pair[1] <= last, ((wall, _start(wall, zone)) for wall in _from(first, walls))
    )
    found = tuple(islice(starts, most + 1 if pattern.count is None else pattern.count))
    _check_end(pattern, len(found), limit_days=limit_days, most=most)
    return tuple(
        Occurrence(
            number=number,
            local=wall,
            start=start,
            moved=start.astimezone(zone).replace(tzinfo=None) != wall,
        )
        for number, (wall, start) in enumerate(found[:most], start=1)
    )


def weekly(every: int, count: int) -> str:
    """Return the rule for `count` sessions, one every `every` weeks; BadRule beyond limits."""
    if not 1 <= every <= 52:
        raise BadRule(EVERY)
    if not 1 <= count <= MOST:
        raise BadRule(TOO_MANY, most=MOST)
    return f"FREQ=WEEKLY;INTERVAL={every};COUNT={count}"


def describe(rule: str) -> Pattern:
    """Return the facts of `rule`, or raise BadRule; says nothing about any first session."""
    parts = _parts(rule)
    every = _every(parts)
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule(TWO_ENDS)
    pattern = Pattern(
        every=every,
        interval=_number(parts, "INTERVAL") or 1,
        count=_number(parts, "COUNT"),
        until=_end(parts["UNTIL"]) if "UNTIL" in parts else None,
        weekdays=_weekdays(parts, every),
        month_days=_numbers(parts, "BYMONTHDAY", lowest=-31, highest=31),
        months=_numbers(parts, "BYMONTH", lowest=1, highest=12),
        positions=_numbers(parts, "BYSETPOS", lowest=-366, highest=366),
    )
    if pattern.positions and not (pattern.weekdays or pattern.month_days or pattern.months):
        raise BadRule(NEEDS_A_DAY)
    if pattern.month_days and every is Every.WEEK:
        raise BadRule(UNKNOWN_PART, part="BYMONTHDAY")
    if "WKST" in parts and parts["WKST"] not in _WEEKDAYS:
        raise BadRule(UNREADABLE, part=_shown("WKST", parts["WKST"]))
    return pattern


def _parts(rule: str) -> dict[str, str]:
    if len(rule) > _LONGEST_RULE:
        raise BadRule(TOO_LONG)
    parts: dict[str, str] = {}
    for text in rule.strip().upper().removeprefix("RRULE:").removesuffix(";").split(";"):
        name, equals, value = text.partition("=")
        if not (equals and value and re.fullmatch(r"[A-Z]+", name)):
            raise BadRule(UNREADABLE, part=text)
        if name in parts:
            raise BadRule(TWICE, part=name)
        if name not in _PARTS:
            raise BadRule(UNKNOWN_PART, part=name)
        parts[name] = value
    return parts


def _every(parts: Mapping[str, str]) -> Every:
    frequency = parts.get("FREQ", "")
    if frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise BadRule(TOO_OFTEN)
    try:
        return Every(frequency)
    except ValueError as unknown:
        raise BadRule(UNREADABLE, part=_shown("FREQ", frequency)) from unknown


def _number(parts: Mapping[str, str], name: str) -> int | None:
    if name not in parts:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", parts[name]) or int(parts[name]) == 0:
        raise BadRule(UNREADABLE, part=_shown(name, parts[name]))
    return int(parts[name])


def _numbers(parts: Mapping[str, str], name: str, *, lowest: int, highest: int) -> tuple[int, ...]:
    if name not in parts:
        return ()
    texts = parts[name].split(",")
    if not all(re.fullmatch(r"[+-]?[0-9]{1,3}", text) for text in texts):
        raise BadRule(UNREADABLE, part=_shown(name, parts[name]))
    numbers = tuple(int(text) for text in texts)
    if not all(lowest <= number <= highest and number for number in numbers):
        raise BadRule(UNREADABLE, part=_shown(name, parts[name]))
    return numbers


def _weekdays(parts: Mapping[str, str], every: Every) -> tuple[tuple[int, int], ...]:
    if "BYDAY" not in parts:
        return ()
    text = parts["BYDAY"]
    matches = [re.fullmatch(_WEEKDAY, day) for day in text.split(",")]
    if None in matches:
        raise BadRule(UNREADABLE, part=_shown("BYDAY", text))
    found = tuple((int(m[1] or 0), _WEEKDAYS.index(m[2])) for m in matches if m)
    highest = {Every.MONTH: 5, Every.YEAR: 53}.get(every, 0)
    # "MO,1TU" is read in two ways by two programs.
    mixed = len({which == 0 for which, _ in found}) > 1
    if mixed or any(abs(which) > highest for which, _ in found):
        raise BadRule(UNREADABLE, part=_shown("BYDAY", text))
    return found


def _end(text: str) -> date | datetime:
    try:
        if re.fullmatch(r"[0-9]{8}", text):
            return date.fromisoformat(text)
        if re.fullmatch(r"[0-9]{8}T[0-9]{6}Z?", text):
            return datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise BadRule(UNREADABLE, part=_shown("UNTIL", text)) from unreadable
    raise BadRule(UNREADABLE, part=_shown("UNTIL", text))


def _until(pattern: Pattern, first: datetime, zone: ZoneInfo, limit_days: int) -> datetime:
    """Return the last instant at which a session may start."""
    until, furthest = pattern.until, first + timedelta(days=limit_days)
    if until is None:
        return _start(furthest, zone)
    day = until.date() if isinstance(until, datetime) else until
    if day > furthest.date():
        raise BadRule(TOO_FAR, days=limit_days)
    if day < first.date() - timedelta(days=1):  # one day for the zone of a time in UTC
        raise BadRule(ENDS_FIRST)
    last = _last_instant(until, zone)
    if last < _start(first, zone):
        raise BadRule(ENDS_FIRST)
    return last


def _last_instant(until: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(until, datetime):
        return hours.instant(until, hours.DAY_MINUTES, zone) - timedelta(microseconds=1)
    return until if until.tzinfo else _start(until, zone)


def _check_first(first: datetime) -> None:
    whole = first.tzinfo is None and first.second == first.microsecond == 0
    if not (whole and _FIRST_YEAR <= first.year <= _LAST_YEAR):
        raise BadRule(BAD_FIRST)


def _check_end(pattern: Pattern, found: int, *, limit_days: int, most: int) -> None:
    """Refuse a series whose own end lies beyond what was found."""
    if pattern.count is not None and found < pattern.count:
        raise BadRule(TOO_FAR, days=limit_days)
    if pattern.until is not None and found > most:
        raise BadRule(TOO_MANY, most=most)


def _walls(rule: str, first: datetime) -> Iterator[datetime]:
    """Yield the wall times of the rule without its end.

    A rule that no day follows is searched for up to the year 9999, which takes seconds. The
    calendar repeats every 400 years, so the search starts in the last 400 of them.
    """
    cycles = (9999 - first.year - _CALENDAR_CYCLE // 2) // _CALENDAR_CYCLE * _CALENDAR_CYCLE
    parts = {n: v for n, v in _parts(rule).items() if n not in ("COUNT", "UNTIL")}
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    for wall in rrulestr(text, dtstart=first.replace(year=first.year + cycles)):
        yield wall.replace(year=wall.year - cycles)


def _from(first: datetime, rest: Iterator[datetime]) -> Iterator[datetime]:
    yield first
    yield from rest


def _start(wall: datetime, zone: ZoneInfo) -> datetime:
    minute = wall.hour * 60 + wall.minute
    return hours.instant(wall.date(), minute, zone) + timedelta(seconds=wall.second)


def _shown(name: str, value: str) -> str:
    return f"{name}={value}"
