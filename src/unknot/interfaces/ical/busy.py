"""When a calendar says that somebody is busy, and nothing else of what it says.

Pure: bytes in, periods out. "Free", cancelled and empty entries block nothing; "tentative"
ones do and say so. A day is a local day of the practice, and so is a time without a zone. What
cannot be read at all is refused as a whole: a time left out would be sold.

Units   periods are UTC and not yet rounded; `first` and `last` are aware.
Errors  Unreadable: one sentence for staff, with its facts.
Source  RFC 5545; decision 8 of the booking policies: an entry that ends at 23:59 ends at 24:00.
        Series with their changed and left-out dates are put together by recurring-ical-events,
        from dates that repeats.py has found.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from typing import cast
from zoneinfo import ZoneInfo

from icalendar import Component as IcalComponent
from recurring_ical_events import ComponentAdapter, EventAdapter, Occurrence, Series

from unknot.domain.calendar.intervals import Period
from unknot.interfaces.ical import lines, repeats, zones
from unknot.interfaces.ical.lines import Component, Unreadable, Value, gettext_noop

__all__ = ["BusyCalendar", "BusyEntry", "Unreadable", "busy_periods"]

MOST_DATES = 50_000
MOST_FOUND = 20_000
MOST_WORK = 500_000
LONGEST_REPEATED = timedelta(days=366)
_MOST_CHANGES_FOR_ALL_FOLLOWING = 200
_LONGEST_UID = 255
# What entries, dates and series cost beside one day looked at.
_ENTRY_STEPS, _DATE_STEPS, _START_STEPS, _SERIES_STEPS = 10, 3, 15, 20
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

BAD_TIME = gettext_noop("A time in the calendar cannot be read.")
NO_START = gettext_noop("An entry of the calendar has no start.")
TOO_MANY_DATES = gettext_noop("The calendar lists more than %(limit)s dates.")
TOO_MANY_FOUND = gettext_noop("The calendar has more than %(limit)s busy times.")
TOO_LONG = gettext_noop("A repeated event lasts, or was moved, longer than a year.")
BAD_SPAN = gettext_noop("The span to read must be two aware times in order.")

UNKNOWN_ZONE = gettext_noop("Times in unknown time zones are read as local times.")
SWAPPED = gettext_noop("Entries that end before they start are read the other way round.")
EXCLUDED_BY_RULE = gettext_noop("Rules for left-out dates are not followed: these dates block.")

_DATE = re.compile(r"[0-9]{8}")
_MOMENT = re.compile(r"[0-9]{8}T[0-9]{6}Z?")
_DURATION = re.compile(
    r"([+-])?P(?:([0-9]{1,5})W|(?:([0-9]{1,5})D)?"
    r"(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,8})S)?)?)"
)


class Kind(Enum):
    """What an entry does to the time it names."""

    BUSY = "busy"
    TENTATIVE = "tentative"
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyEntry:
    """One busy time; `uid` is the other program's name for it."""

    period: Period
    uid: str
    tentative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyCalendar:
    """What a calendar blocks, in order, and what staff should know about how it was read."""

    periods: tuple[BusyEntry, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Length:
    """How long an entry lasts: on the clock's face, then elapsed."""

    wall: timedelta
    elapsed: timedelta = timedelta()

    def end(self, start: datetime) -> datetime:
        if not self.elapsed:
            return _plus(start, self.wall)
        return _plus(_utc(_plus(start, self.wall)), self.elapsed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    component: Component
    uid: str
    sequence: int
    kind: Kind
    start: datetime
    all_day: bool
    length: _Length
    replaces: datetime | None  # the RECURRENCE-ID
    following: bool

    @property
    def repeats(self) -> bool:
        return bool({"RRULE", "RDATE"} & self.component.values.keys())

    def end(self) -> datetime:
        return self.length.end(self.start)


@dataclass(kw_only=True)
class _Reading:
    """One file being read: its span, its zones, and what may still be spent."""

    zone: ZoneInfo
    first: datetime
    last: datetime
    work: repeats.Work
    zones: Mapping[str, tzinfo]
    dates: int = 0
    seen: Counter[str] = field(default_factory=Counter)


def busy_periods(raw: bytes, *, zone: ZoneInfo, first: datetime, last: datetime) -> BusyCalendar:
    """Return what the calendar blocks between two instants, or raise Unreadable.

    Entries that reach over an edge of the span are given whole, up to one year beyond it.
    """
    if first.tzinfo is None or last.tzinfo is None or first >= last:
        raise ValueError(BAD_SPAN)
    components = lines.read(raw)
    work = repeats.Work(MOST_WORK)
    far = timedelta(days=800)
    own = zones.of_file(
        components,
        first=first.replace(tzinfo=None) - far,
        last=last.replace(tzinfo=None) + far,
        work=work,
    )
    reading = _Reading(
        zone=zone, first=first.astimezone(UTC), last=last.astimezone(UTC), work=work, zones=own
    )
    found: set[BusyEntry] = set()
    for entry in _all(components, reading):
        found.add(entry)
        if len(found) > MOST_FOUND:
            raise Unreadable(TOO_MANY_FOUND, limit=MOST_FOUND)
    ordered = sorted(found, key=lambda one: (one.period.start, one.period.end, one.uid))
    return BusyCalendar(periods=tuple(ordered), warnings=tuple(sorted(reading.seen)))


def _all(components: Iterable[Component], reading: _Reading) -> Iterator[BusyEntry]:
    groups: defaultdict[object, list[Component]] = defaultdict(list)
    for number, component in enumerate(components):
        if component.name == "VEVENT":
            uid = component.first("UID")
            groups[uid.text if uid else number].append(component)
        elif component.name == "VFREEBUSY":
            yield from _free_busy(component, reading)
    for group in groups.values():
        yield from _group(group, reading)


def _group(components: Sequence[Component], reading: _Reading) -> Iterator[BusyEntry]:
    """Yield what the entries of one UID block: single ones, or one series with its changes."""
    if all(_kind(component) is Kind.FREE for component in components):
        return  # blocks nothing, whenever it is
    entries = [_entry(component, reading) for component in components]
    masters = [entry for entry in entries if entry.replaces is None]
    newest = max((entry.sequence for entry in masters), default=0)
    masters = [entry for entry in masters if entry.sequence == newest]
    changes = [entry for entry in entries if entry.replaces is not None]
    if changes or any(entry.repeats for entry in masters):
        yield from _series(masters[:1], changes, reading)
        for other in masters[1:]:  # one UID for different events: all of them block
            yield from _series([other], [], reading)
        return
    for entry in masters:
        yield from _blocked(entry.uid, entry.kind, entry.start, entry.end(), reading)


# Series ---------------------------------------------------------------------------------------


def _series(
    masters: Sequence[_Entry], changes: Sequence[_Entry], reading: _Reading
) -> Iterator[BusyEntry]:
    """Yield what a series blocks; the library sees nothing but dates near the span."""
    _check_series([*masters, *changes])
    around = _around([*masters, *changes])
    low, high = reading.first - around, reading.last + around
    adapters = [_adapted(change, change.start, {}) for change in changes]
    for master in masters:
        adapters += _master(master, low, high, reading)
    if not adapters:
        return
    reading.work.spend(_SERIES_STEPS * len(adapters))
    try:
        found = _read_series(adapters, reading)
    except (ValueError, OverflowError):
        raise Unreadable(BAD_TIME) from None
    for entry, start, wall_end in found:
        length, end = entry.length, wall_end
        if length.elapsed and end - start == length.wall + length.elapsed:
            end = length.end(start)
        yield from _blocked(entry.uid, entry.kind, start, end, reading)


class _Adapter(EventAdapter):
    """What the library sees of an entry: its times, and nothing else."""

    def __init__(self, entry: _Entry, times: Mapping[str, object]) -> None:
        # The library asks its component for values by name, as of any mapping.
        super().__init__(cast(IcalComponent, times))
        self.entry = entry


class _Found(Occurrence):
    """One occurrence of a series, with the entry that says what it blocks."""

    def read(self) -> tuple[_Entry, datetime, datetime]:
        entry = cast(_Adapter, self._adapter).entry
        return entry, cast(datetime, self.start), cast(datetime, self.end)


class _Series(Series):
    """The library's series; its occurrences are read as they are and never copied."""

    def occurrence(
        self,
        adapter: ComponentAdapter,
        start: date | None = None,
        end: date | timedelta | None = None,
    ) -> _Found:
        return _Found(adapter, start, end)


def _read_series(
    adapters: Sequence[_Adapter], reading: _Reading
) -> list[tuple[_Entry, datetime, datetime]]:
    series = _Series(adapters)
    return [cast(_Found, one).read() for one in series.between(reading.first, reading.last)]


@dataclass(frozen=True, slots=True)
class _Dated:
    """A property as the library reads it."""

    dt: object
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Dates:
    dts: Sequence[_Dated]


def _adapted(entry: _Entry, start: datetime, dates: Mapping[str, object]) -> _Adapter:
    end = start + entry.length.wall + entry.length.elapsed
    times: dict[str, object] = {
        "UID": "series",
        "SEQUENCE": entry.sequence,
        "DTSTART": _Dated(start),
        "DTEND": _Dated(end),
        **dates,
    }
    if entry.replaces is not None:
        range_ = {"RANGE": "THISANDFUTURE"} if entry.following else {}
        times["RECURRENCE-ID"] = _Dated(entry.replaces, range_)
    return _Adapter(entry, times)


def _check_series(entries: Sequence[_Entry]) -> None:
    following = sum(entry.following for entry in entries)
    if following > _MOST_CHANGES_FOR_ALL_FOLLOWING:
        raise Unreadable(repeats.TOO_MUCH)
    for entry in entries:
        times = [entry.replaces] if entry.replaces else []
        if entry.replaces is not None:
            times.append(entry.start)
        if any(not 2 <= at.year <= 9997 for at in times):
            raise Unreadable(BAD_TIME)
        if entry.length.wall + entry.length.elapsed > LONGEST_REPEATED and (
            entry.following or entry.replaces is None
        ):
            raise Unreadable(TOO_LONG)


def _around(entries: Sequence[_Entry]) -> timedelta:
    """Return how far from the span a date may lie whose occurrence reaches into it."""
    around = timedelta(days=2)
    for entry in entries:
        if entry.replaces is None or entry.following:
            moved = abs(_utc(entry.start) - _utc(entry.replaces or entry.start))
            if moved > LONGEST_REPEATED:
                raise Unreadable(TOO_LONG)
            length = entry.length.wall + entry.length.elapsed
            around = max(around, moved + length + timedelta(days=2))
    return around


def _master(master: _Entry, low: datetime, high: datetime, reading: _Reading) -> list[_Adapter]:
    """Return the series itself, or nothing if none of its dates lies near the span."""
    starts = _starts(master, low, high, reading)
    if not starts:
        return []
    reading.work.spend(_START_STEPS * len(starts))
    left_out = [
        at.date() if is_date and not master.all_day else at
        for value in master.component.values.get("EXDATE", [])
        for at, is_date in (_moment(text, value, reading) for text in _listed(value, reading))
    ]
    listed = [_Dated((at, at + length) if length else at) for at, length in starts]
    dates = {"RDATE": _Dates(listed), "EXDATE": _Dates([_Dated(at) for at in left_out])}
    return [_adapted(master, starts[0][0], dates)]


def _starts(
    master: _Entry, low: datetime, high: datetime, reading: _Reading
) -> list[tuple[datetime, timedelta | None]]:
    """Return the starts of a series near the span, some with a length of their own."""
    zone, start = master.start.tzinfo, master.start.replace(tzinfo=None)
    first, last = low.replace(tzinfo=None), high.replace(tzinfo=None)
    found: dict[datetime, timedelta | None] = {}
    rules = [repeats.parse(value.text) for value in master.component.values.get("RRULE", [])]
    ends = [_until(rule.until, master, reading) for rule in rules]
    # A series that ends before its start is one that was taken back.
    if first <= start <= last and start <= max(ends, default=repeats.NEVER):
        found[start] = None
    for rule, end in zip(rules, ends, strict=True):
        times = repeats.walls(rule, start, first=first, last=last, until=end, work=reading.work)
        found.update(dict.fromkeys(times))
    near = {wall.replace(tzinfo=zone): length for wall, length in found.items()}
    for value in master.component.values.get("RDATE", []):
        for text in _listed(value, reading):
            at, length = _extra(text, value, reading)
            if low <= _utc(at) <= high:
                near[at] = length
    return sorted(near.items(), key=lambda pair: _utc(pair[0]))


def _extra(text: str, value: Value, reading: _Reading) -> tuple[datetime, timedelta | None]:
    """Return one listed date, with a length if it is written as a period."""
    starts, slash, ends = text.partition("/")
    at, _ = _moment(starts, value, reading)
    if not slash:
        return at, None
    if ends.lstrip("+-").startswith("P"):
        length = _duration(ends)
        spent = length.wall + length.elapsed
    else:
        spent = _moment(ends, value, reading)[0] - at
    if not timedelta() <= spent <= LONGEST_REPEATED:
        raise Unreadable(TOO_LONG)
    return at, spent or None


def _until(text: str, master: _Entry, reading: _Reading) -> datetime:
    """Return the last wall time of a rule; of two readings the later one."""
    if not text:
        return repeats.NEVER
    if _DATE.fullmatch(text):
        return datetime.combine(_date(text), time.max)
    at, _ = _moment(text, Value(text, {}), reading)
    if not text.endswith("Z"):
        return at.replace(tzinfo=None)
    wall = _shown_in(at, master.start.tzinfo or reading.zone)
    return max(wall, datetime.combine(at.date(), time())) if master.all_day else wall


def _shown_in(at: datetime, zone: tzinfo) -> datetime:
    try:
        return at.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return at.replace(tzinfo=None)


# Entries --------------------------------------------------------------------------------------


def _entry(component: Component, reading: _Reading) -> _Entry:
    value = component.first("DTSTART")
    if value is None:
        raise Unreadable(NO_START)
    reading.work.spend(_ENTRY_STEPS)
    start, all_day = _moment(value.text, value, reading)
    length = _length(component, start, all_day, reading)
    if length.wall + length.elapsed < timedelta():
        reading.seen[SWAPPED] += 1
        start, length = (
            _plus(start, length.wall + length.elapsed),
            _Length(wall=-length.wall - length.elapsed),
        )
    if "EXRULE" in component.values:
        reading.seen[EXCLUDED_BY_RULE] += 1
    replaced = component.first("RECURRENCE-ID")
    number = component.text("SEQUENCE")
    return _Entry(
        component=component,
        uid=_uid(component),
        sequence=int(number) if re.fullmatch(r"[0-9]{1,9}", number) else 0,
        kind=_kind(component),
        start=start,
        all_day=all_day,
        length=length,
        replaces=_moment(replaced.text, replaced, reading)[0] if replaced else None,
        following=bool(replaced)
        and component.values["RECURRENCE-ID"][0].parameters.get("RANGE", "").upper()
        == "THISANDFUTURE",
    )


def _length(component: Component, start: datetime, all_day: bool, reading: _Reading) -> _Length:
    ends, lasts = component.first("DTEND"), component.first("DURATION")
    if ends is not None:
        end, _ = _moment(ends.text, ends, reading)
        if end.tzinfo is start.tzinfo:
            return _Length(wall=end.replace(tzinfo=None) - start.replace(tzinfo=None))
        return _Length(wall=timedelta(), elapsed=_utc(end) - _utc(start))
    if lasts is not None:
        return _duration(lasts.text)
    return _Length(wall=timedelta(days=1 if all_day else 0))


def _kind(component: Component) -> Kind:
    shown = component.text("X-MICROSOFT-CDO-BUSYSTATUS")
    status = component.text("STATUS")
    if component.text("TRANSP") == "TRANSPARENT" or status == "CANCELLED" or shown == "FREE":
        return Kind.FREE
    return Kind.TENTATIVE if "TENTATIVE" in (status, shown) else Kind.BUSY


def _uid(component: Component) -> str:
    value = component.first("UID")
    text = value.text if value else ""
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST_UID]


def _free_busy(component: Component, reading: _Reading) -> Iterator[BusyEntry]:
    for value in component.values.get("FREEBUSY", []):
        said = value.parameters.get("FBTYPE", "BUSY").upper()
        if said == "FREE":
            continue
        kind = Kind.TENTATIVE if said == "BUSY-TENTATIVE" else Kind.BUSY
        for text in _listed(value, reading):
            start, length = _extra(text, value, reading)
            if length is not None:
                yield from _blocked(_uid(component), kind, start, _plus(start, length), reading)


def _blocked(
    uid: str, kind: Kind, start: datetime, end: datetime, reading: _Reading
) -> Iterator[BusyEntry]:
    """Yield the part of an entry that lies near the span, if it blocks anything there."""
    if kind is Kind.FREE or start == end:
        return
    begins, ends = _utc(start), _utc(_whole_day(end, reading.zone))
    if begins >= ends or ends <= reading.first or begins >= reading.last:
        return
    edge = timedelta(days=366)
    period = Period(max(begins, reading.first - edge), min(ends, reading.last + edge))
    yield BusyEntry(period=period, uid=uid, tentative=kind is Kind.TENTATIVE)


def _whole_day(end: datetime, zone: tzinfo) -> datetime:
    """Return the end, or the next midnight if it is the last minute of a day."""
    for shown in (end.replace(tzinfo=None), _shown_in(end, zone)):
        if (shown.hour, shown.minute) == (23, 59):
            return _plus(end, timedelta(seconds=60 - shown.second))
    return end


# Values ---------------------------------------------------------------------------------------


def _listed(value: Value, reading: _Reading) -> list[str]:
    listed = value.text.count(",") + 1
    reading.dates += listed
    reading.work.spend(_DATE_STEPS * listed)
    if reading.dates > MOST_DATES:
        raise Unreadable(TOO_MANY_DATES, limit=MOST_DATES)
    return [text.strip() for text in value.text.split(",") if text.strip()]


def _moment(text: str, value: Value, reading: _Reading) -> tuple[datetime, bool]:
    """Return an aware time, and whether it is written as a day."""
    text = text.strip().upper()
    if _DATE.fullmatch(text):
        return datetime.combine(_date(text), time(), tzinfo=reading.zone), True
    if not _MOMENT.fullmatch(text):
        raise Unreadable(BAD_TIME)
    try:
        at = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        raise Unreadable(BAD_TIME) from None
    return at.replace(tzinfo=_zone(text, value, reading)), False


def _zone(text: str, value: Value, reading: _Reading) -> tzinfo:
    name = value.parameters.get("TZID", "")
    if text.endswith("Z"):
        return UTC
    if not name:
        return reading.zone
    found = zones.known(name) or reading.zones.get(name)
    if found is None:
        reading.seen[UNKNOWN_ZONE] += 1
    return found or reading.zone


def _date(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Unreadable(BAD_TIME) from None


def _duration(text: str) -> _Length:
    match = _DURATION.fullmatch(text.strip().upper())
    if match is None or not any(match.groups()[1:]):
        raise Unreadable(BAD_TIME)
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in match.groups()[1:])
    sign = -1 if match[1] == "-" else 1
    return _Length(
        wall=sign * timedelta(weeks=weeks, days=days),
        elapsed=sign * timedelta(hours=hours, minutes=minutes, seconds=seconds),
    )


def _plus(at: datetime, length: timedelta) -> datetime:
    """Return a later time; beyond what can be counted lies the edge."""
    try:
        return at + length
    except OverflowError:
        return (_EARLIEST if length < timedelta() else _LATEST).replace(tzinfo=at.tzinfo)


def _utc(at: datetime) -> datetime:
    """Return the instant of a time; those beyond what can be counted lie at its edge."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return _EARLIEST if at.year < 5000 else _LATEST
