"""Tell the waiting list of times that opened: hours, a time off taken back, a calendar elsewhere.

Every such deed builds days of the read model anew, and the cells that were taken before and are
free now are what opened, so a deed that opens nothing tells nothing. A room or tool that is free
again opens times of everybody whose services need one of its kind. Rows are written only where
somebody waits, and only for days that are kept, so as far as the practice books ahead.

Units   aware datetimes; cells of five minutes.
Errors  none.
Source  docs/decisions/0019-the-read-model.md
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from unknot.domain.calendar import cells
from unknot.domain.calendar.intervals import Period
from unknot.journey.book.models import AvailDay, FreedTime, Resource, WaitingEntry
from unknot.journey.book.reads.expansion import Calendar, calendars
from unknot.journey.choose.models import Therapist


def note(opened: Iterable[tuple[Calendar, Period]], *, now: datetime) -> None:
    """Write what opened for the waiting list, in the transaction of whoever opened it."""
    coming = [(calendar, period) for calendar, period in opened if period.end > now]
    if not coming:
        return
    awaited = _awaited([calendar for calendar, _period in coming])
    FreedTime.objects.bulk_create(
        FreedTime(therapist=therapist, start=period.start, end=period.end, at=now)
        for calendar, period in coming
        for therapist in awaited
        if _opens_for(calendar, therapist)
    )


def note_days(person: Resource, *, now: datetime) -> None:
    """Let every kept day of a person be looked at again; the free cells alone do not tell."""
    found = calendars([person])
    note(
        (
            (calendar, Period(stretches[0].start, stretches[-1].end))
            for calendar in found
            for day, free in AvailDay.objects.filter(
                market=person.market, resource=person, practice=calendar.practice
            ).values_list("day", "free")
            if (stretches := cells.periods(free, day, calendar.practice.tz))
        ),
        now=now,
    )


def _awaited(found: Collection[Calendar]) -> list[Therapist]:
    """The therapists of these practices for whose services somebody waits; 2 queries."""
    waiting = WaitingEntry.objects.filter(state=WaitingEntry.State.WAITING).values("service")
    listed = Therapist.objects.filter(
        practice__in={one.practice.pk for one in found}, services__in=waiting
    )
    return list(listed.distinct().prefetch_related("services__needs").order_by("pk"))


def _opens_for(calendar: Calendar, therapist: Therapist) -> bool:
    if calendar.therapist is not None:
        return calendar.therapist == therapist
    return calendar.practice.pk == therapist.practice_id and any(
        need.kind == calendar.resource.kind
        for service in therapist.services.all()
        for need in service.needs.all()
    )
