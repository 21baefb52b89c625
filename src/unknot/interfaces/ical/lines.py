"""The components of a calendar file, with the few properties that say when somebody is busy.

A file comes from outside and may be anything. It is counted before it is understood: bytes,
lines, components and depth have limits, and what nobody needs (titles, notes, attendees,
attachments, alarms) is passed over unread.

Units   bytes in, components out; values stay text.
Errors  Unreadable: one sentence for staff, with its facts.
Source  RFC 5545, 3.1: lines are folded at any octet, so they are joined before decoding.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators' tools and return it unchanged."""
    return text


MOST_BYTES = 5_000_000
MOST_LINES = 400_000
MOST_BEGINS = 60_000
MOST_ENTRIES = 20_000
DEEPEST = 8

EMPTY = gettext_noop("The file is empty.")
WEB_PAGE = gettext_noop("This is a web page, not a calendar.")
NO_CALENDAR = gettext_noop("This is not a calendar file.")
TOO_BIG = gettext_noop("The calendar is larger than %(limit)s bytes.")
TOO_MANY_LINES = gettext_noop("The calendar has more than %(limit)s lines.")
TOO_MANY_ENTRIES = gettext_noop("The calendar has more than %(limit)s entries.")
TOO_DEEP = gettext_noop("The calendar's parts are nested more than %(limit)s deep.")
BROKEN_OFF = gettext_noop("The calendar breaks off before its end.")
BAD_NESTING = gettext_noop("A part of the calendar ends that did not begin.")
OTHER_SCALE = gettext_noop("The calendar does not count by the Gregorian calendar.")

_WANTED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "VCALENDAR": frozenset({"CALSCALE"}),
        "VEVENT": frozenset(
            {
                *("UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"),
                *("RRULE", "RDATE", "EXDATE", "EXRULE", "TRANSP", "STATUS"),
                "X-MICROSOFT-CDO-BUSYSTATUS",
            }
        ),
        "VFREEBUSY": frozenset({"UID", "FREEBUSY"}),
        "VTIMEZONE": frozenset({"TZID"}),
        "STANDARD": frozenset({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"}),
        "DAYLIGHT": frozenset({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"}),
    }
)
_NAME = re.compile(rb"[A-Za-z0-9-]{1,40}(?=[;:])")
_PARAMETERS = re.compile(rb'((?:[^":]|"[^"]*+")*+):')
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=(?:"([^"]*)"|([^;":]*))')


class Unreadable(ValueError):
    """A calendar that cannot be relied on: a sentence to translate, and the facts for it."""

    def __init__(self, sentence: str, **facts: str | int) -> None:
        super().__init__(sentence % facts)
        self.sentence = sentence
        self.facts: Mapping[str, str | int] = MappingProxyType(facts)


@dataclass(frozen=True, slots=True)
class Value:
    """The text of one property and its parameters, names in capitals."""

    text: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Component:
    """An entry, a time zone, or a part of one."""

    name: str
    values: dict[str, list[Value]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> Value | None:
        """The first value of a property, or None."""
        found = self.values.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The first value of a property in capitals, or an empty text."""
        found = self.first(name)
        return found.text.strip().upper() if found else ""


def read(raw: bytes) -> tuple[Component, ...]:
    """Return the entries and time zones of all calendars in a file, or raise Unreadable."""
    top = Component("")
    open_parts, begins, entries = [top], 0, 0
    for line in _unfolded(raw):
        if line[:6].upper() == b"BEGIN:":
            part = Component(_word(line[6:]))
            begins, entries = begins + 1, entries + (part.name in ("VEVENT", "VFREEBUSY"))
            _check_counts(len(open_parts), begins, entries)
            open_parts[-1].parts.append(part)
            open_parts.append(part)
        elif line[:4].upper() == b"END:":
            if open_parts.pop().name != _word(line[4:]) or not open_parts:
                raise Unreadable(BAD_NESTING)
        else:
            _keep(line, open_parts[-1])
    if len(open_parts) != 1:
        raise Unreadable(BROKEN_OFF)
    return tuple(_entries(top))


def _unfolded(raw: bytes) -> list[bytes]:
    if len(raw) > MOST_BYTES:
        raise Unreadable(TOO_BIG, limit=MOST_BYTES)
    whole = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip()
    if not whole:
        raise Unreadable(EMPTY)
    if whole[:15].upper() != b"BEGIN:VCALENDAR":
        raise Unreadable(WEB_PAGE if whole.startswith(b"<") else NO_CALENDAR)
    joined = whole.replace(b"\n ", b"").replace(b"\n\t", b"")
    if joined.count(b"\n") >= MOST_LINES:
        raise Unreadable(TOO_MANY_LINES, limit=MOST_LINES)
    if joined.count(b"\nBEGIN:VEVENT") > MOST_ENTRIES:
        raise Unreadable(TOO_MANY_ENTRIES, limit=MOST_ENTRIES)
    return joined.split(b"\n")


def _check_counts(depth: int, begins: int, entries: int) -> None:
    if depth > DEEPEST:
        raise Unreadable(TOO_DEEP, limit=DEEPEST)
    if entries > MOST_ENTRIES or begins > MOST_BEGINS:
        raise Unreadable(TOO_MANY_ENTRIES, limit=MOST_ENTRIES)


def _word(name: bytes) -> str:
    return name[:40].strip().decode("ascii", "replace").upper()


def _keep(line: bytes, part: Component) -> None:
    """Add a line to its part if it is one of those that are read."""
    wanted = _WANTED.get(part.name)
    found = _NAME.match(line) if wanted else None
    if wanted is None or found is None:
        return
    name = found[0].decode("ascii").upper()
    if name not in wanted:
        return
    head = _PARAMETERS.match(line, found.end())
    if head is None:
        return
    text = line[head.end() :].decode("utf-8", "replace").strip()
    part.values.setdefault(name, []).append(Value(text, _parameters(head[1])))


def _parameters(head: bytes) -> Mapping[str, str]:
    if not head:
        return {}
    return {
        match[1].upper(): match[2] if match[2] is not None else match[3]
        for match in _PARAMETER.finditer(head[:1000].decode("utf-8", "replace"))
    }


def _entries(top: Component) -> Iterator[Component]:
    for calendar in top.parts:
        if calendar.name != "VCALENDAR":
            raise Unreadable(NO_CALENDAR)
        if calendar.text("CALSCALE") not in ("", "GREGORIAN"):
            raise Unreadable(OTHER_SCALE)
        yield from calendar.parts
