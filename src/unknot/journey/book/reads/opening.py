"""Reads about when a therapist works: the week, the days that differ, and what lies outside.

Returns rows and never writes.

Units   minutes of the local day of the practice; aware datetimes.
Errors  none.
Source  domain/calendar/hours.py
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from unknot.domain.calendar import weekly
from unknot.domain.calendar.hours import WeeklyHours
from unknot.journey.book.models import Appointment, HoursOverride, WorkingHours
from unknot.journey.book.reads import booked, decision
from unknot.journey.choose.models import Therapist
from unknot.people.models import Practice

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherDay:
    """A day that differs from the week; without `hours` it is closed."""

    id: int
    day: date
    hours: str


def week_of(therapist: Therapist) -> tuple[WeeklyHours, ...]:
    """The stretches of a therapist's week, Monday first; 1 query."""
    found = WorkingHours.objects.filter(therapist=therapist)
    ordered = found.order_by("weekday", "starts_minute", "ends_minute")
    return tuple(
        WeeklyHours(weekday=day, starts_minute=starts, ends_minute=ends)
        for day, starts, ends in ordered.values_list("weekday", "starts_minute", "ends_minute")
    )


def fingerprint(week: tuple[WeeklyHours, ...]) -> str:
    """A short text that is another one as soon as a stretch of the week is."""
    told = ";".join(f"{one.weekday} {one.starts_minute} {one.ends_minute}" for one in week)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def other_days(therapist: Therapist, *, since: date) -> tuple[OtherDay, ...]:
    """The days from `since` on that differ from the week, soonest first; 1 query."""
    found = HoursOverride.objects.filter(therapist=therapist, day__gte=since)
    return tuple(
        OtherDay(id=one.pk, day=one.day, hours=_written(one))
        for one in found.order_by("day", "starts_minute", "pk")
    )


def outside_hours(therapist: Therapist, *, now: datetime) -> tuple[booked.Row, ...]:
    """The coming appointments that these hours would no longer offer, soonest first; 4 queries."""
    zone = therapist.practice.tz
    found = list(
        Appointment.objects.filter(
            therapist=therapist, status__in=booked.COMING, booked_at__isnull=False, start__gt=now
        )
        .select_related("therapist__practice", "therapist__location", "service", "client")
        .order_by("start")
    )
    if not found:
        return ()
    first = found[0].start.astimezone(zone).date() - ONE_DAY
    last = found[-1].end.astimezone(zone).date() + ONE_DAY
    open_periods = decision.opening_of(therapist, first, last)
    return booked.rows(
        one
        for one in found
        if not any(p.start <= one.start and one.end <= p.end for p in open_periods)
    )


def has_hours(practice: Practice, *, only_bookable: bool) -> bool:
    """Whether somebody has hours; `only_bookable` asks it of who is listed with a service."""
    found = WorkingHours.objects.filter(therapist__practice=practice)
    if only_bookable:
        found = found.filter(
            therapist__listed_since__isnull=False, therapist__services__active=True
        )
    return found.exists()


def _written(one: HoursOverride) -> str:
    if one.starts_minute is None or one.ends_minute is None:
        return ""
    return f"{weekly.clock(one.starts_minute)}–{weekly.clock(one.ends_minute)}"
