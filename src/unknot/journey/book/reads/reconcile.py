"""Hold the read model against the truth: every row computed anew, every promise looked at.

Units   local days of each practice; cells of five minutes.
Errors  none: what differs is returned.
Source  docs/decisions/0019-the-read-model.md
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Max, Min

from unknot.domain.calendar import cells
from unknot.journey.book.models import BLOCKING, Appointment, AvailDay, Resource
from unknot.journey.book.reads import expansion

#: How many calendars are read at a time.
CHUNK: Final = 200

_OVERLAPS: Final = """
SELECT count(*) FROM (
    SELECT lower(during) < max(upper(during)) OVER (
        PARTITION BY market, resource_id ORDER BY lower(during)
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS clash
    FROM book_allocation) o WHERE clash
"""
#: Taken by an appointment that no longer stands, or standing and coming without its therapist.
_STRAY: Final = """
SELECT count(*) FROM book_allocation a JOIN book_appointment p ON p.id = a.appointment_id
WHERE p.status <> ALL(%(blocking)s)
"""
_BARE: Final = """
SELECT count(*) FROM book_appointment p JOIN choose_therapist t ON t.id = p.therapist_id
WHERE p.status = ANY(%(blocking)s) AND p."end" > %(now)s AND NOT EXISTS (
    SELECT 1 FROM book_allocation a JOIN book_resource r ON r.id = a.resource_id
    WHERE a.appointment_id = p.id AND r.user_id = t.user_id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it should be, in words for whoever runs the installation."""

    where: str
    what: str


def days() -> Iterator[tuple[int, list[Difference]]]:
    """Compute every row anew, some calendars at a time: how many rows, and which differ."""
    numbers = list(Resource.objects.order_by("pk").values_list("pk", flat=True))
    for begin in range(0, len(numbers), CHUNK):
        found = Resource.objects.filter(pk__in=numbers[begin : begin + CHUNK])
        for calendar in expansion.calendars(list(found.select_related("practice"))):
            yield _of(calendar)


def overlaps() -> int:
    """How many allocations begin before an earlier one of the same resource has ended; 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPS)
        (number,) = cursor.fetchone()
    return int(number)


def strays(now: datetime) -> tuple[int, int]:
    """Allocations of appointments that do not stand, and coming ones without any; 2 queries."""
    with connection.cursor() as cursor:
        cursor.execute(_STRAY, {"blocking": BLOCKING})
        (stray,) = cursor.fetchone()
        cursor.execute(_BARE, {"blocking": BLOCKING, "now": now})
        (bare,) = cursor.fetchone()
    return int(stray), int(bare)


def broken_promises(now: datetime) -> list[Difference]:
    """Coming appointments whose instant is no longer the wall time that was promised; 1 query."""
    coming = Appointment.objects.filter(status__in=BLOCKING, start__gt=now)
    found = []
    for one in coming.select_related("therapist__practice").order_by("start").iterator():
        wall = one.start.astimezone(one.therapist.practice.tz)
        if f"{wall:%Y-%m-%dT%H:%M}" != one.promised:
            what = f"promised {one.promised} in {one.zone}, is now {wall:%Y-%m-%dT%H:%M}"
            found.append(Difference(where=f"appointment {one.pk}", what=what))
    return found


def _of(calendar: expansion.Calendar) -> tuple[int, list[Difference]]:
    rows = AvailDay.objects.filter(
        market=calendar.resource.market, resource=calendar.resource, practice=calendar.practice
    )
    span = rows.aggregate(first=Min("day"), last=Max("day"))
    if span["first"] is None:
        return 0, []
    expected = expansion.expand(calendar, span["first"], span["last"])
    known = {day: (free, day0) for day, free, day0 in rows.values_list("day", "free", "day0")}
    zone = calendar.practice.tz
    return len(known), [
        Difference(
            where=f"resource {calendar.resource.pk} on {day} in practice {calendar.practice.pk}",
            what=f"{(free ^ expected[day]).bit_count()} cells differ",
        )
        for day, (free, day0) in sorted(known.items())
        if free != expected[day] or day0 != cells.day_start(day, zone)
    ]
