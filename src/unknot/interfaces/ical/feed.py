"""Appointments as a calendar that other programs follow, without a word about health.

Units   UTC instants.
Errors  none.
Source  RFC 5545 and 7986. A program keeps an entry by its UID and takes a newer version of it
        by SEQUENCE, so a moved appointment is the same entry and a cancelled one stays in the
        feed. Time stamps are when the appointment last changed, so the same rows always give
        the same bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from unknot.journey.book.reads.booked import Row

PRODUCT = "-//Unknot//Appointments//EN"
CANCELLED = frozenset({"cancelled", "declined", "expired"})
#: How often programs are asked to read a feed again.
REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One appointment as other programs may see it."""

    uid: str
    start: datetime
    end: datetime
    changed_at: datetime
    sequence: int
    cancelled: bool
    tentative: bool  # not accepted yet, or its safety questions are open
    location: str


def entry(row: Row) -> Entry:
    """Return what another program may know of an appointment: when and where."""
    return Entry(
        uid=f"{row.key}@unknot",
        start=row.start,
        end=row.end,
        changed_at=row.changed_at,
        sequence=row.sequence,
        cancelled=row.status in CANCELLED,
        tentative=row.status == "pending",
        location=", ".join(filter(None, [row.practice, row.address])),
    )


def feed(entries: Iterable[Entry], *, name: str) -> bytes:
    """Return one person's appointments as a calendar called `name`, soonest first."""
    made = _calendar(entries)
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    return bytes(made.to_ical())


def file_of(one: Entry) -> bytes:
    """Return one appointment as a file of its own."""
    return bytes(_calendar([one]).to_ical())


def _calendar(entries: Iterable[Entry]) -> Calendar:
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for one in sorted(entries, key=lambda one: (one.start, one.uid)):
        made.add_component(_event(one))
    return made


def _event(one: Entry) -> Event:
    made = Event()
    made.add("uid", one.uid)
    made.add("dtstamp", one.changed_at.astimezone(UTC))
    made.add("last-modified", one.changed_at.astimezone(UTC))
    made.add("dtstart", one.start.astimezone(UTC))
    made.add("dtend", one.end.astimezone(UTC))
    made.add("summary", "Appointment")
    made.add("location", one.location)
    standing = "TENTATIVE" if one.tentative else "CONFIRMED"
    made.add("status", "CANCELLED" if one.cancelled else standing)
    made.add("sequence", one.sequence)
    made.add("class", "PRIVATE")
    return made
