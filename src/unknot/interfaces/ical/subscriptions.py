"""Read the calendars that therapists follow: fetch, understand, hand over. For the worker.

Units   aware datetimes.
Errors  none: what cannot be read is kept as its problem, beside the calendar.
Source  docs/explanation/calendars.md
"""

import time
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from unknot.domain.calendar.cells import outward
from unknot.interfaces.ical.busy import Unreadable, busy_periods
from unknot.interfaces.ical.fetch import NotFetched, fetch
from unknot.journey.book.access import Calendar, Source
from unknot.journey.book.actions import calendars

BACK: Final = timedelta(days=1)
AHEAD: Final = timedelta(days=400)
#: How many calendars one run reads, so that other jobs have their turn.
MOST: Final = 20
#: And for how many seconds it begins another one: a slow address holds up nobody for long.
BUDGET: Final = 20.0


def read_due(now: datetime) -> int:
    """Read what is due, one claim each; return how many were tried. Two workers may run it."""
    tried, ends = 0, time.monotonic() + BUDGET
    while tried < MOST and time.monotonic() < ends and (source := calendars.claim(now)) is not None:
        tried += 1
        try:
            take(source, fetch(source.url), now=now)
        except (NotFetched, Unreadable) as problem:
            calendars.note_failure(source, str(problem), now=now)
    return tried


def check(raw: bytes, therapist: Calendar, *, now: datetime) -> None:
    """Raise Unreadable for a text that is no calendar, before anything is kept of it."""
    busy_periods(raw, zone=therapist.practice.tz, first=now - BACK, last=now + AHEAD)


def take(source: Source, raw: bytes, *, now: datetime) -> None:
    """Keep the busy times of a calendar's text; Unreadable if it is none."""
    zone = ZoneInfo(source.zone)
    found = busy_periods(raw, zone=zone, first=now - BACK, last=now + AHEAD)
    busy = [
        calendars.Busy(period=outward(one.period), uid=one.uid, tentative=one.tentative)
        for one in found.periods
    ]
    calendars.replace_busy(source, busy, fingerprint=calendars.fingerprint(raw, now), now=now)
