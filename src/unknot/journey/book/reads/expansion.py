"""The one expansion engine: rules and everything that takes a resource become cells of its days.

Units   local days of each practice; cells of five minutes.
Errors  none.
Source  domain/calendar/cells.py; docs/decisions/0019-the-read-model.md
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection

from unknot.domain.calendar import cells, hours
from unknot.domain.calendar.intervals import Period, merge
from unknot.journey.book.models import Resource
from unknot.journey.book.reads import decision
from unknot.journey.choose.models import Therapist
from unknot.people.models import Practice

ONE_DAY: Final = timedelta(days=1)

#: Who is listed, and what can be booked with them, whose rows end before the last day they should.
_SHORT_THERAPISTS: Final = """
SELECT t.id FROM choose_therapist t JOIN people_practice p ON p.id = t.practice_id
LEFT JOIN book_resource r ON r.user_id = t.user_id
WHERE t.listed_since IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM book_availday a
    WHERE a.market = r.market AND a.resource_id = r.id AND a.practice_id = p.id
        AND a.day = (%(now)s::timestamptz AT TIME ZONE p.zone)::date + p.horizon_days)
ORDER BY t.id LIMIT %(most)s
"""
_SHORT_THINGS: Final = """
SELECT r.id FROM book_resource r JOIN people_practice p ON p.id = r.practice_id
WHERE r.active AND NOT EXISTS (
    SELECT 1 FROM book_availday a
    WHERE a.market = r.market AND a.resource_id = r.id AND a.practice_id = p.id
        AND a.day = (%(now)s::timestamptz AT TIME ZONE p.zone)::date + p.horizon_days)
ORDER BY r.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """Numbers of listings, and of rooms and tools, whose rows do not reach far enough."""

    therapists: tuple[int, ...]
    things: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A resource in one practice: a therapist's hours there, or a room or tool of its own."""

    resource: Resource
    practice: Practice
    therapist: Therapist | None


def calendars(resources: Collection[Resource]) -> tuple[Calendar, ...]:
    """Every calendar of these resources: one of a room, one of a person for each practice."""
    listings: dict[int, list[Therapist]] = {}
    users = {one.user_id for one in resources if one.user_id is not None}
    for therapist in Therapist.objects.filter(user__in=users).select_related("practice"):
        listings.setdefault(therapist.user_id, []).append(therapist)
    found = []
    for resource in resources:
        if resource.user_id is not None:
            found += [
                Calendar(resource=resource, practice=one.practice, therapist=one)
                for one in listings.get(resource.user_id, ())
            ]
        elif resource.practice is not None:
            found.append(Calendar(resource=resource, practice=resource.practice, therapist=None))
    return tuple(found)


def expand(calendar: Calendar, first: date, last: date) -> Mapping[date, int]:
    """The free cells of each local day, from rules and everything that takes the resource."""
    zone = calendar.practice.tz
    span = (first - ONE_DAY, last + ONE_DAY)
    if calendar.therapist is None:
        opening: tuple[Period, ...] = (Period(*decision.bounds(span, zone)),)
    else:
        opening = decision.opening_of(calendar.therapist, *span)
    found = decision.taken_by([calendar.resource.pk], span, zone, now=None)
    taken = merge(one.period for one in found.get(calendar.resource.pk, ()))
    return {
        day: cells.free_bits(_near(opening, day, calendar), day, zone)
        & ~cells.taken_bits(_near(taken, day, calendar), day, zone)
        for day in hours.days(first, last)
    }


def short(now: datetime, *, most: int) -> Short:
    """Whose rows do not reach the end of the booking horizon, `most` of each kind; 2 queries."""
    found = []
    with connection.cursor() as cursor:
        for statement in (_SHORT_THERAPISTS, _SHORT_THINGS):
            cursor.execute(statement, {"now": now, "most": most})
            found.append(tuple(number for (number,) in cursor.fetchall()))
    return Short(therapists=found[0], things=found[1])


def _near(periods: Sequence[Period], day: date, calendar: Calendar) -> list[Period]:
    first, last = decision.bounds((day, day), calendar.practice.tz)
    return [one for one in periods if one.end > first and one.start < last]
