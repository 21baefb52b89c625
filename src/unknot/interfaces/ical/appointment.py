"""One appointment as a calendar file that says nothing about health.

Units   UTC instants.
Errors  none.
Source  RFC 5545; the time stamp is when the appointment last changed, so that the same
        appointment always gives the same file.
"""

from unknot.interfaces.ical import feed
from unknot.journey.book.reads.booked import Row


def calendar_file(row: Row) -> bytes:
    """Return the file's bytes: when and where, under a name that tells nobody anything."""
    return feed.file_of(feed.entry(row))
