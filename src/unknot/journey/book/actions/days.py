"""The read model: expand rules and allocations into the free cells of each local day.

Lock, then read, then compute, then write: a bitmap computed before its lock would write over what
others booked meanwhile. Rows exist from today as far as anybody asked; a row that exists is right.

Units   local days of each practice; cells of five minutes.
Errors  none.
Source  docs/decisions/0019-the-read-model.md
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from unknot.domain.calendar import cells, hours
from unknot.domain.calendar.intervals import Period
from unknot.journey.book.actions.locks import DayKey, lock_days, lock_people
from unknot.journey.book.models import Allocation, AvailDay, Resource
from unknot.journey.book.reads import expansion
from unknot.journey.book.reads.expansion import Calendar, calendars, expand
from unknot.journey.choose.models import Therapist
from unknot.people.models import Practice

__all__ = ["Calendar", "calendars", "expand"]

ONE_DAY: Final = timedelta(days=1)
#: How many calendars one run of the job extends, so that other jobs have their turn.
BATCH: Final = 1000
#: How long what is over stays in the hot tables: a therapist's limits count the whole week.
KEPT: Final = timedelta(days=9)

_UPDATE: Final = """
UPDATE book_availday a SET free = n.free::bit(312), day0 = n.day0, tzdata = %(tzdata)s
FROM unnest(%(days)s::date[], %(day0)s::timestamptz[], %(free)s::text[]) n(day, day0, free)
JOIN book_availday o ON o.market = %(market)s AND o.resource_id = %(resource)s
    AND o.practice_id = %(practice)s AND o.day = n.day
WHERE a.market = o.market AND a.resource_id = o.resource_id AND a.practice_id = o.practice_id
    AND a.day = o.day AND (o.free, o.day0, o.tzdata) IS DISTINCT FROM
        (n.free::bit(312), n.day0, %(tzdata)s)
RETURNING a.day, (a.free & ~ o.free)::text
"""
_INSERT: Final = """
INSERT INTO book_availday (market, resource_id, practice_id, day, day0, free, tzdata)
SELECT %(market)s, %(resource)s, %(practice)s, n.day, n.day0, n.free::bit(312), %(tzdata)s
FROM unnest(%(days)s::date[], %(day0)s::timestamptz[], %(free)s::text[]) n(day, day0, free)
ON CONFLICT DO NOTHING RETURNING day, free::text
"""


def ensure(found: Iterable[Calendar], first: date, last: date) -> None:
    """Write the rows of these days that do not exist yet.

    Whoever calls holds the locks of the people; rooms and tools are locked here, by number, so
    that nobody changes their rules meanwhile.
    """
    wanted = hours.days(first, last)
    ordered = sorted(found, key=_name)
    rows = _rows(ordered, Q(day__range=(first, last)))
    for calendar in ordered:
        known = {day for _resource, _practice, day in rows[_name(calendar)]}
        missing = [day for day in wanted if day not in known]
        if missing:
            if calendar.therapist is None:
                Resource.objects.select_for_update(no_key=True).get(pk=calendar.resource.pk)
            bits = expand(calendar, missing[0], missing[-1])
            _write(_INSERT, calendar, {day: bits[day] for day in missing})


def rebuild(
    found: Sequence[Calendar], *, since: date | None = None, days: Collection[date] | None = None
) -> list[tuple[Calendar, Period]]:
    """Compute rows anew that exist: from `since` on, or those of `days`; return what opened."""
    opened: list[tuple[Calendar, Period]] = []
    wanted = Q() if since is None else Q(day__gte=since)
    if days is not None:
        wanted &= Q(day__in=days)
    rows = _rows(found, wanted)
    lock_days(key for keys in rows.values() for key in keys)
    for calendar in found:
        keys = rows[_name(calendar)]
        if keys:
            known = [day for _resource, _practice, day in keys]
            bits = expand(calendar, min(known), max(known))
            written = _write(_UPDATE, calendar, {day: bits[day] for day in known})
            opened += [
                (calendar, period)
                for day in sorted(written)
                for period in cells.periods(written[day], day, calendar.practice.tz)
            ]
    return opened


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


def last_day(practice: Practice, today: date) -> date:
    """The last day that is kept: one more than can be booked, for sessions over midnight."""
    return today + timedelta(days=practice.horizon_days + 1)


@transaction.atomic(durable=True)
def extend(therapist: Therapist, *, today: date) -> None:
    """Write the rows of one therapist as far as their practice books ahead."""
    people = lock_people([therapist])
    ensure(calendars(list(people.values())), today, last_day(therapist.practice, today))


def keep_ahead(now: datetime) -> int:
    """Extend whoever's rows do not reach to the end of the booking horizon; return how many.

    Therapists first, then rooms and tools. Safe to run twice and by two workers.
    """
    numbers = expansion.short(now, most=BATCH)
    people = Therapist.objects.filter(pk__in=numbers.therapists).select_related("practice", "user")
    for therapist in people.order_by("pk"):
        extend(therapist, today=now.astimezone(therapist.practice.tz).date())
    things = Resource.objects.filter(pk__in=numbers.things).select_related("practice")
    for calendar in calendars(list(things.order_by("pk"))):
        today = now.astimezone(calendar.practice.tz).date()
        with transaction.atomic(durable=True):
            ensure([calendar], today, last_day(calendar.practice, today))
    return len(numbers.therapists) + len(numbers.things)


def follow_zone_rules(today: date) -> int:
    """Compute anew what another version of the zone rules placed; return of how many calendars.

    From `today` on; for the start of a new version, before anybody asks. Safe to run twice.
    """
    stale = AvailDay.objects.filter(day__gte=today).exclude(tzdata=hours.TZDATA)
    numbers = stale.values("resource").distinct()
    found = list(Resource.objects.filter(pk__in=numbers).select_related("practice").order_by("pk"))
    for resource in found:
        with transaction.atomic(durable=True):
            Resource.objects.select_for_update(no_key=True, of=("self",)).get(pk=resource.pk)
            rebuild(calendars([resource]), since=today)
    return len(found)


def forget_past(now: datetime) -> int:
    """Take what is over out of the hot tables: appointments stay, what they took does not."""
    over, _rows = Allocation.objects.filter(during__endswith__lt=now - KEPT).delete()
    days, _rows = AvailDay.objects.filter(day__lt=(now - KEPT).date()).delete()
    return over + days


def _rows(found: Sequence[Calendar], wanted: Q) -> dict[tuple[int, int], list[DayKey]]:
    """The rows of each calendar that exist, of the days that are wanted; 1 query."""
    rows: dict[tuple[int, int], list[DayKey]] = {_name(calendar): [] for calendar in found}
    known = AvailDay.objects.filter(
        wanted,
        market__in={calendar.resource.market for calendar in found},
        resource__in={resource for resource, _practice in rows},
        practice__in={practice for _resource, practice in rows},
    )
    for resource, practice, day in known.values_list("resource", "practice", "day"):
        if (resource, practice) in rows:
            rows[resource, practice].append((resource, practice, day))
    return rows


def _name(calendar: Calendar) -> tuple[int, int]:
    return calendar.resource.pk, calendar.practice.pk


def _write(statement: str, calendar: Calendar, bits: Mapping[date, int]) -> dict[date, int]:
    """Write rows; the cells of each changed one that are free and were not."""
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
        return {day: int(free, 2) for day, free in cursor.fetchall()}
