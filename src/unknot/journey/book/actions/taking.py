"""Take a time, or give it back: the only code that writes allocations.

`book_slot` and `book_take` compare the wanted cells with the free ones and swap them under the
rows' locks, and only then insert: whoever comes second is told "taken" and nothing is aborted.
The constraint `no_double_booking` is the promise behind them.

Units   aware datetimes; cells of five minutes.
Errors  SlotTaken when a cell is gone.
Source  docs/decisions/0020-one-constraint-for-people-rooms-and-tools.md
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet

from unknot.domain.calendar import cells, hours
from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.slots import Assigned
from unknot.journey.book.actions import days
from unknot.journey.book.actions.days import Calendar
from unknot.journey.book.actions.locks import DayKey, lock_days
from unknot.journey.book.actions.refusals import SlotTaken
from unknot.journey.book.models import Allocation, Appointment, FreedTime, Resource, Status
from unknot.journey.book.reads import decision
from unknot.journey.book.reads.decision import PARTNER, Wanted

_TAKE: Final = """SELECT book_take(%(appointment)s, %(resources)s::int[], %(during)s::tstzrange[],
    %(cell_markets)s::int[], %(cell_resources)s::int[], %(cell_practices)s::bigint[],
    %(cell_days)s::date[], %(cell_masks)s::bit(312)[], %(cell_musts)s::boolean[])"""
_BOOK: Final = """SELECT book_slot(
    %(key)s, %(request_key)s, %(therapist)s, %(service)s,
    %(checkin)s, %(client)s, %(status)s, %(awaits)s, %(start)s, %(end)s, %(held_until)s,
    %(asked_from)s,
    %(promised)s, %(zone)s, %(tzdata)s, %(price_minor)s, %(currency)s, %(note)s, %(booked_at)s,
    %(booked_by)s, %(now)s, %(pair)s, %(series)s, %(occurrence)s,
    %(resources)s::int[], %(during)s::tstzrange[],
    %(cell_markets)s::int[], %(cell_resources)s::int[], %(cell_practices)s::bigint[],
    %(cell_days)s::date[], %(cell_masks)s::bit(312)[], %(cell_musts)s::boolean[])"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What a booking takes: each resource for its own time, and the cells of its calendars."""

    resources: tuple[tuple[Resource, Period], ...]
    calendars: tuple[Calendar, ...]
    practice_id: int
    cleared_late_from: datetime | None = None  # clean-up from here on may lie past closing

    def keys(self) -> list[DayKey]:
        """The rows of the read model that change."""
        return [key for key, _mask, _must in self._cells()]

    def values(self) -> dict[str, Any]:
        """The arrays that `book_slot` and `book_take` expect."""
        found = self._cells()
        markets = {one.pk: one.market for one, _period in self.resources}
        return {
            "resources": [one.pk for one, _period in self.resources],
            "during": [DateTimeTZRange(one.start, one.end) for _resource, one in self.resources],
            "cell_markets": [markets[resource] for (resource, _, _), _mask, _must in found],
            "cell_resources": [resource for (resource, _, _), _mask, _must in found],
            "cell_practices": [practice for (_, practice, _), _mask, _must in found],
            "cell_days": [day for (_, _, day), _mask, _must in found],
            "cell_masks": [format(mask, f"0{cells.CELLS}b") for _key, mask, _must in found],
            "cell_musts": [must for _key, _mask, must in found],
        }

    def _cells(self) -> list[tuple[DayKey, int, bool]]:
        """Every cell taken, in the order of the locks.

        Those of the practice that books must be free, elsewhere they go. Clean-up past closing,
        where that is allowed, takes cells that were never open.
        """
        found = [
            ((resource.pk, calendar.practice.pk, day), mask, must and ours)
            for resource, period in self.resources
            for calendar in self.calendars
            if calendar.resource.pk == resource.pk
            for ours in [calendar.practice.pk == self.practice_id]
            for part, must in self._parts(resource, period)
            for day, mask in cells.masks(part, calendar.practice.tz).items()
        ]
        return sorted(found)

    def _parts(self, resource: Resource, period: Period) -> list[tuple[Period, bool]]:
        """The time that must be free, and the clean-up that need not be inside opening hours."""
        late = self.cleared_late_from
        if late is None or resource.user_id is None or late >= period.end:
            return [(period, True)]
        return [(Period(period.start, late), True), (Period(late, period.end), False)]


def taking(wanted: Wanted, person: Resource, assigned: Assigned) -> Taking:
    """What the decision assigned, as whole cells: therapist, rooms, tools, second therapist."""
    numbers = [number for _pool, number, _period in assigned.units]
    units = {
        one.pk: one for one in Resource.objects.filter(pk__in=numbers).select_related("practice")
    }
    resources = (
        (person, cells.outward(assigned.slot.blocked)),
        *((units[number], cells.outward(period)) for _pool, number, period in assigned.units),
    )
    return Taking(
        resources=resources,
        calendars=days.calendars([one for one, _period in resources]),
        practice_id=wanted.practice.pk,
        cleared_late_from=_end_of_cell(assigned) if wanted.practice.cleanup_past_closing else None,
    )


def _end_of_cell(assigned: Assigned) -> datetime:
    return cells.outward(Period(assigned.slot.start, assigned.slot.end)).end


def apart(taken: Taking, number: int) -> tuple[Taking, Taking]:
    """Split off what the second therapist gives, so that it belongs to their own appointment."""
    second = tuple(one for one in taken.resources if one[0].pk == number)
    rest = tuple(one for one in taken.resources if one[0].pk != number)
    return replace(taken, resources=rest), replace(taken, resources=second)


def partner_of(assigned: Assigned) -> int | None:
    """The resource number of the second therapist, if the decision took one."""
    return next((number for pool, number, _period in assigned.units if pool == PARTNER), None)


def book(taken: Taking, values: Mapping[str, Any]) -> Appointment:
    """Insert an appointment with everything it takes, in one call; SlotTaken if a cell is gone.

    The same `request_key` again is the same appointment.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, {**_NOTHING, **values, **taken.values()})
        (number,) = cursor.fetchone()
    if number is None:
        raise SlotTaken
    return Appointment.objects.get(pk=number)


def take(appointment: Appointment, taken: Taking) -> None:
    """Give an appointment that exists what it takes; SlotTaken if a cell is gone."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"appointment": appointment.pk, **taken.values()})
        (done,) = cursor.fetchone()
    if not done:
        raise SlotTaken


def promised(wanted: Wanted, start: datetime) -> dict[str, str]:
    """What the clock on the wall of the practice will show, and by whose rules."""
    wall = start.astimezone(wanted.practice.tz)
    return {
        "promised": f"{wall:%Y-%m-%dT%H:%M}",
        "zone": wanted.practice.zone,
        "tzdata": hours.TZDATA,
    }


def prepare(
    wanted: Wanted,
    people: Collection[Resource],
    start: datetime,
    *,
    now: datetime,
    also: Sequence[Appointment] = (),
) -> None:
    """Lock every row around `start` that could serve, and free what holds that ran out kept there.

    With the rows of `also`, which is given back in this transaction: one order for all of them. A
    hold that somebody else works on at this moment is left alone and counts as taken.
    """
    prepare_all(wanted, people, [start], now=now, also=also)


def prepare_all(
    wanted: Wanted,
    people: Collection[Resource],
    starts: Collection[datetime],
    *,
    now: datetime,
    also: Sequence[Appointment] = (),
) -> None:
    """The same for several starts of one wish, such as a series: all their rows in one order."""
    zone = wanted.practice.tz
    middles = {start.astimezone(zone).date() for start in starts}
    found = days.calendars([*people, *decision.candidates(wanted)])
    around = sorted({day + n * days.ONE_DAY for day in middles for n in (-1, 0, 1)})
    due: list[Appointment] = []
    if around:
        for first, last in _stretches(around):
            days.ensure(found, first, last)
        span = decision.bounds((around[0], around[-1]), zone)
        due = _run_out([calendar.resource.pk for calendar in found], span, now)
    keys = [(one.resource.pk, one.practice.pk, each) for one in found for each in around]
    lock_days([*keys, *_keys_of([*also, *due])])
    _expire(due, now)


def _stretches(around: Sequence[date]) -> list[tuple[date, date]]:
    """The first and last of each run of days without a gap."""
    starts = [one for one in around if one - days.ONE_DAY not in around]
    ends = [one for one in around if one + days.ONE_DAY not in around]
    return list(zip(starts, ends, strict=True))


def expire_one(appointment: Appointment, *, now: datetime) -> bool:
    """Free one time whose hold has ended, unless somebody works on it; whether it was freed."""
    due = list(_ended(now).filter(pk=appointment.pk))
    _expire(due, now)
    return bool(due)


def release(appointments: Sequence[Appointment], *, now: datetime) -> None:
    """Give back what these appointments took, and say so to the waiting list.

    Whoever calls has changed their standing in this transaction.
    """
    held = list(
        Allocation.objects.filter(appointment__in=appointments).select_related("resource__practice")
    )
    if not held:
        return
    found = days.calendars(list({one.resource_id: one.resource for one in held}.values()))
    periods = [Period(one.during.lower, one.during.upper) for one in held]
    Allocation.objects.filter(pk__in=[one.pk for one in held]).delete()
    days.rebuild(found, days=days.days_of(found, periods))
    FreedTime.objects.bulk_create(
        FreedTime(therapist_id=one.therapist_id, start=one.start, end=one.end, at=now)
        for one in appointments
        if one.start > now
    )


def _run_out(
    numbers: Sequence[int], span: tuple[datetime, datetime], now: datetime
) -> list[Appointment]:
    taken = Allocation.objects.filter(resource__in=numbers, during__overlap=DateTimeTZRange(*span))
    return list(_ended(now).filter(pk__in=taken.values("appointment")))


def _ended(now: datetime) -> QuerySet[Appointment]:
    return (
        Appointment.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .expired_holds(now)
        .order_by("pk")
    )


def _expire(due: Sequence[Appointment], now: datetime) -> None:
    """An index cannot look at the clock: until this is done, the constraint counts them."""
    if due:
        Appointment.objects.filter(pk__in=[one.pk for one in due]).update(
            status=Status.EXPIRED, awaits="", asked_from="", changed_at=now
        )
        release(due, now=now)


def _keys_of(appointments: Collection[Appointment]) -> list[DayKey]:
    """The rows of the read model that the allocations of these appointments touch."""
    if not appointments:
        return []
    held = list(
        Allocation.objects.filter(appointment__in=appointments).select_related("resource__practice")
    )
    found = days.calendars(list({one.resource_id: one.resource for one in held}.values()))
    touched = days.days_of(found, [Period(one.during.lower, one.during.upper) for one in held])
    return [(one.resource.pk, one.practice.pk, day) for one in found for day in touched]


_NOTHING: Final[Mapping[str, Any]] = {
    "request_key": None,
    "checkin": None,
    "client": None,
    "awaits": "",
    "held_until": None,
    "asked_from": "",
    "note": "",
    "booked_at": None,
    "booked_by": None,
    "pair": None,
    "series": None,
    "occurrence": "",
}
