"""One appointment as a calendar file that says nothing about health.

Units   UTC instants.
Errors  none.
Source  RFC 5545; the time stamp is when the appointment last changed, so that the same
        appointment always gives the same file.
"""

from datetime import UTC

from icalendar import Calendar, Event

from unknot.journey.book.reads import Row

PRODUCT = "-//Unknot//Appointments//EN"
CANCELLED = frozenset({"cancelled", "declined", "expired"})


def calendar_file(row: Row) -> bytes:
    """Return the file's bytes: when and where, under a name that tells nobody anything."""
    entry = Event()
    entry.add("uid", f"{row.key}@unknot")
    entry.add("dtstamp", row.changed_at.astimezone(UTC))
    entry.add("dtstart", row.start.astimezone(UTC))
    entry.add("dtend", row.end.astimezone(UTC))
    entry.add("summary", "Appointment")
    entry.add("location", ", ".join(filter(None, [row.practice, row.address])))
    entry.add("status", "CANCELLED" if row.status in CANCELLED else "CONFIRMED")
    entry.add("sequence", 1 if row.status in CANCELLED else 0)
    entry.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
