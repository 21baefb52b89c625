"""The time zones of one calendar file.

A known name is read by our own zone rules, a Windows name by the usual table. Only for other
names are the rules in the file itself followed. They are kept for that file alone, so that
one person's calendar cannot change how another's is read.

Units   naive datetimes are wall times, aware ones keep their zone.
Errors  Unreadable: the rules of a zone cannot be read.
Source  RFC 5545, 3.6.5 and 3.3.5: a time that comes twice means the earlier one; one that
        never comes is read with the offset before the gap.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from unknot.interfaces.ical import repeats
from unknot.interfaces.ical.lines import Component, Unreadable, gettext_noop

BAD_ZONE = gettext_noop("A time zone of the calendar cannot be read.")

_OFFSET = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?")
_LOCAL = re.compile(r"[0-9]{8}T[0-9]{6}")
_MOST_CHANGES = 2_000


class FileZone(tzinfo):
    """A zone as a file describes it: changes of offset, each at a wall time before it."""

    def __init__(self, changes: Sequence[tuple[datetime, timedelta, timedelta]]) -> None:
        self._changes = sorted(changes)
        # A wall time in the gap of a change forward still has the offset before it.
        self._walls = [at + max(after - before, timedelta()) for at, before, after in self._changes]

    def utcoffset(self, at: datetime | None) -> timedelta:
        """The offset of a wall time; before the first change the offset it starts from."""
        found = bisect_right(self._walls, at.replace(tzinfo=None)) if at else 0
        return self._changes[found - 1][2] if found else self._changes[0][1]

    def dst(self, at: datetime | None) -> timedelta:
        """Whether it is summer time plays no part here."""
        return timedelta()

    def tzname(self, at: datetime | None) -> str:
        """No name: the file's own means nothing elsewhere."""
        return "file"

    def fromutc(self, at: datetime) -> datetime:
        """The wall time of an instant."""
        for change, before, after in reversed(self._changes):
            if at.replace(tzinfo=None) + before >= change:
                return at + after
        return at + self._changes[0][1]


def known(name: str) -> ZoneInfo | None:
    """Return the zone that a name stands for, or None; vendors put their own before it."""
    clean = name.strip().strip("/")
    pieces = clean.split("/")[:8]
    for tried in (clean, *("/".join(pieces[index:]) for index in range(1, len(pieces)))):
        found = WINDOWS_TO_OLSON.get(tried, tried)
        if found in _names():
            return ZoneInfo(found)
    return None


def of_file(
    components: Sequence[Component], *, first: datetime, last: datetime, work: repeats.Work
) -> Mapping[str, FileZone]:
    """Return the zones that only this file knows, right from `first` to `last` (wall times)."""
    found: dict[str, FileZone] = {}
    for component in components:
        name = component.first("TZID")
        if component.name != "VTIMEZONE" or name is None or known(name.text):
            continue
        changes = [
            change
            for part in component.parts
            if part.name in ("STANDARD", "DAYLIGHT")
            for change in _changes(part, first - timedelta(days=800), last, work)
        ]
        if not changes:
            raise Unreadable(BAD_ZONE)
        found[name.text] = FileZone(changes)
    return found


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def _changes(
    part: Component, first: datetime, last: datetime, work: repeats.Work
) -> list[tuple[datetime, timedelta, timedelta]]:
    start, before, after = _start(part), _offset(part, "TZOFFSETFROM"), _offset(part, "TZOFFSETTO")
    times = [start]
    for rule in part.values.get("RRULE", [])[:4]:
        parsed = repeats.parse(rule.text)
        until = repeats.NEVER if not parsed.until else _until(parsed.until, before)
        times += repeats.walls(parsed, start, first=first, last=last, until=until, work=work)
    for value in part.values.get("RDATE", [])[:_MOST_CHANGES]:
        times += [_local(text) for text in value.text.split(",")[:_MOST_CHANGES]]
    if len(times) > _MOST_CHANGES:
        raise Unreadable(BAD_ZONE)
    return [(at, before, after) for at in times]


def _start(part: Component) -> datetime:
    value = part.first("DTSTART")
    if value is None:
        raise Unreadable(BAD_ZONE)
    return _local(value.text)


def _local(text: str) -> datetime:
    if not _LOCAL.fullmatch(text):
        raise Unreadable(BAD_ZONE)
    try:
        # Zones that have always been so begin in the year 1.
        return max(datetime.fromisoformat(text), datetime(2, 1, 1))  # noqa: DTZ001 - wall time
    except ValueError:
        raise Unreadable(BAD_ZONE) from None


def _until(text: str, before: timedelta) -> datetime:
    if re.fullmatch(r"[0-9]{8}", text):
        return _local(f"{text}T235959")
    wall = _local(text.removesuffix("Z"))
    return wall + before if text.endswith("Z") else wall


def _offset(part: Component, name: str) -> timedelta:
    value = part.first(name)
    match = _OFFSET.fullmatch(value.text) if value else None
    if match is None:
        raise Unreadable(BAD_ZONE)
    length = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    if length >= timedelta(hours=24):
        raise Unreadable(BAD_ZONE)
    return -length if match[1] == "-" else length
