"""The read model: expand rules and allocations into the free cells of each local day.

Lock, then read, then compute, then write: a bitmap computed before its lock would write over what
others booked meanwhile. Rows exist from today as far as anybody asked; a row that exists is right.

Units   local days of each practice; cells of five minutes.
Errors  none.
Source  docs/decisions/0019-the-read-model.md
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from unknot.domain.calendar import cells, hours
from unknot.domain.calendar.intervals import Period, merge
from unknot.journey.book.actions.locks import DayKey, lock_days, lock_people
from unknot.journey.book.models import Allocation, AvailDay, Resource
from unknot.journey.book.reads import decision
from unknot.journey.choose.models import Therapist
from unknot.people.models import Practice

ONE_DAY: Final = timedelta(days=1)
#: How long what is over stays in the hot tables.
KEPT: Final = timedelta(days=2)

_UPDATE: Final = """
UPDATE book_availday a SET free = n.free::bit(312), day0 = n.day0, tzdata = %(tzdata)s
FROM unnest(%(days)s::date[], %(day0)s::timestamptz[], %(free)s::text[]) n(day, day0, free)
WHERE a.market = %(market)s AND a.resource_id = %(resource)s AND a.practice_id = %(practice)s
    AND a.day = n.day AND (a.free, a.day0, a.tzdata) IS DISTINCT FROM
        (n.free::bit(312), n.day0, %(tzdata)s)
"""
_INSERT: Final = """
INSERT INTO book_availday (market, resource_id, practice_id, day, day0, free, tzdata)
SELECT %(market)s, %(resource)s, %(practice)s, n.day, n.day0, n.free::bit(312), %(tzdata)s
FROM unnest(%(days)s::date[], %(day0)s::timestamptz[], %(free)s::text[]) n(day, day0, free)
ON CONFLICT DO NOTHING
"""


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


def ensure(found: Iterable[Calendar], first: date, last: date) -> None:
    """Write the rows of these days that do not exist yet.

    Whoever calls holds the locks of the people; rooms and tools are locked here, by number, so
    that nobody changes their rules meanwhile.
    """
    wanted = hours.days(first, last)
    for calendar in sorted(found, key=_name):
        known = set(
            AvailDay.objects.filter(
                market=calendar.resource.market,
                resource=calendar.resource,
                practice=calendar.practice,
                day__range=(first, last),
            ).values_list("day", flat=True)
        )
        missing = [day for day in wanted if day not in known]
        if missing:
            if calendar.therapist is None:
                Resource.objects.select_for_update(no_key=True).get(pk=calendar.resource.pk)
            bits = expand(calendar, missing[0], missing[-1])
            _write(_INSERT, calendar, {day: bits[day] for day in missing})


def rebuild(
    found: Sequence[Calendar], *, since: date | None = None, days: Collection[date] | None = None
) -> None:
    """Compute rows anew that exist: from `since` on, or those of `days`."""
    rows = _rows(found, since, days)
    lock_days(key for keys in rows.values() for key in keys)
    for calendar in found:
        keys = rows[_name(calendar)]
        if keys:
            known = [day for _resource, _practice, day in keys]
            bits = expand(calendar, min(known), max(known))
            _write(_UPDATE, calendar, {day: bits[day] for day in known})


def keys_of(found: Iterable[Calendar], periods: Iterable[Period]) -> list[DayKey]:
    """The rows that these periods touch, in each calendar's own zone."""
    wanted = tuple(periods)
    return [
        (calendar.resource.pk, calendar.practice.pk, day)
        for calendar in found
        for period in wanted
        for day in cells.masks(period, calendar.practice.tz)
    ]


def days_of(found: Iterable[Calendar], periods: Iterable[Period]) -> set[date]:
    """The local days that these periods touch in any of these calendars."""
    return {day for _resource, _practice, day in keys_of(found, periods)}


@transaction.atomic(durable=True)
def extend(therapist: Therapist, *, today: date) -> None:
    """Write the rows of one therapist as far as their practice books ahead."""
    people = lock_people([therapist])
    last = today + timedelta(days=therapist.practice.horizon_days + 1)
    ensure(calendars(list(people.values())), today, last)


def keep_ahead(now: datetime) -> int:
    """Extend whoever's rows do not reach to the end of the booking horizon; return how many.

    Also rooms and tools. Safe to run twice and by two workers.
    """
    short = list(_short(now))
    for one, today in short:
        if isinstance(one, Therapist):
            extend(one, today=today)
        else:
            with transaction.atomic(durable=True):
                last = today + timedelta(days=one.practice.horizon_days + 1)
                ensure([one], today, last)
    return len(short)


def forget_past(now: datetime) -> int:
    """Take what is over out of the hot tables: appointments stay, what they took does not."""
    over, _rows = Allocation.objects.filter(during__endswith__lt=now - KEPT).delete()
    days, _rows = AvailDay.objects.filter(day__lt=(now - KEPT).date()).delete()
    return over + days


def _short(now: datetime) -> Iterator[tuple[Therapist | Calendar, date]]:
    reach = {
        (resource, practice): last
        for resource, practice, last in AvailDay.objects.values_list("resource", "practice")
        .annotate(last=Max("day"))
        .values_list("resource", "practice", "last")
    }
    people = dict(Resource.objects.filter(user__isnull=False).values_list("user", "pk"))
    for therapist in Therapist.objects.filter(listed_since__isnull=False).select_related(
        "practice", "user"
    ):
        today = now.astimezone(therapist.practice.tz).date()
        known = reach.get((people.get(therapist.user_id, 0), therapist.practice_id))
        if known is None or known < today + timedelta(days=therapist.practice.horizon_days):
            yield therapist, today
    things = Resource.objects.filter(user__isnull=True, active=True).select_related("practice")
    for calendar in calendars(list(things)):
        today = now.astimezone(calendar.practice.tz).date()
        known = reach.get((calendar.resource.pk, calendar.practice.pk))
        if known is None or known < today + timedelta(days=calendar.practice.horizon_days):
            yield calendar, today


def _rows(
    found: Sequence[Calendar], since: date | None, days: Collection[date] | None
) -> dict[tuple[int, int], list[DayKey]]:
    rows: dict[tuple[int, int], list[DayKey]] = {}
    for calendar in found:
        known = AvailDay.objects.filter(
            market=calendar.resource.market,
            resource=calendar.resource,
            practice=calendar.practice,
        )
        if since is not None:
            known = known.filter(day__gte=since)
        if days is not None:
            known = known.filter(day__in=days)
        rows[_name(calendar)] = [
            (calendar.resource.pk, calendar.practice.pk, day)
            for day in known.values_list("day", flat=True)
        ]
    return rows


def _name(calendar: Calendar) -> tuple[int, int]:
    return calendar.resource.pk, calendar.practice.pk


def _near(periods: Sequence[Period], day: date, calendar: Calendar) -> list[Period]:
    first, last = decision.bounds((day, day), calendar.practice.tz)
    return [one for one in periods if one.end > first and one.start < last]


def _write(statement: str, calendar: Calendar, bits: Mapping[date, int]) -> None:
    zone = calendar.practice.tz
    days = sorted(bits)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "market": calendar.resource.market,
                "resource": calendar.resource.pk,
                "practice": calendar.practice.pk,
                "days": days,
                "day0": [cells.day_start(day, zone) for day in days],
                "free": [format(bits[day], f"0{cells.CELLS}b") for day in days],
                "tzdata": hours.TZDATA,
            },
        )
