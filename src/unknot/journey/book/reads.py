"""Reads of the calendar: free weeks, lists of appointments. Returns rows and never writes.

Instants are aware; each row carries the zone of its practice for the page to show them in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet
from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import hours, slots
from unknot.domain.calendar.hours import DayOverride, WeeklyHours
from unknot.domain.calendar.intervals import Period, subtract
from unknot.domain.guidance import catalogue
from unknot.journey.book import access
from unknot.journey.book.models import Appointment, HoursOverride, Status, WorkingHours
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.choose.reads import leave as leaves
from unknot.journey.choose.reads.leave import Leave
from unknot.journey.understand import reads as screening
from unknot.journey.understand import stops
from unknot.journey.understand.models import CheckIn
from unknot.people.access import Actor, is_own
from unknot.people.models import Client, Practice
from unknot.web import money
from unknot.web.errors import UnknotError

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
COMING = (Status.PENDING, Status.CONFIRMED, Status.ARRIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """One free start, ready to be drawn: a week has a hundred of them.

    `again` marks the second pass of an hour that comes twice.
    """

    start: datetime
    value: str
    time: str
    label: str
    hour: int
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The free starts of a morning, an afternoon or an evening."""

    name: str | Promise
    slots: tuple[Free, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the week shown: `state` is past, later, closed, full or free."""

    day: date
    state: str
    count: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Monday to Sunday, and where to look when it is empty.

    `ends` is the last day before one that a credential closes, if such a day can be booked ahead.
    """

    days: tuple[Day, ...]
    ends: date | None
    before: date | None
    after: date | None
    next_free: datetime | None
    is_empty: bool

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day

    def chosen(self, wanted: date | None) -> date:
        """The day to open: the wanted one if it is shown, else the first with a free time."""
        if wanted is not None and self.first <= wanted <= self.last:
            return wanted
        return next((day.day for day in self.days if day.count), self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """Another length of the same technique with the same therapist."""

    service: int
    minutes: int
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One appointment as a page shows it."""

    key: UUID
    status: str
    label: str | Promise
    start: datetime
    end: datetime
    zone: str
    changed_at: datetime
    held_until: datetime | None
    therapist: str
    therapist_slug: str
    client: str
    client_key: UUID | None
    client_pk: int | None
    technique: str
    technique_id: str
    service: int
    minutes: int
    price: str
    practice: str
    practice_phone: str
    location: str
    address: str
    how_to_find: str
    note: str
    on_hold: bool

    @property
    def is_coming(self) -> bool:
        """Whether it still stands; says nothing of the clock."""
        return self.status in COMING


def week(therapist: Therapist, service: Service, *, first_day: date, now: datetime) -> Week:
    """The free starts of the week that holds `first_day`, in the practice's zone.

    Costs 4 queries; an empty week costs 3 more to find the next free start.
    """
    practice = therapist.practice
    today = now.astimezone(practice.tz).date()
    last_bookable = today + timedelta(days=practice.horizon_days)
    monday = _monday(min(max(first_day, today), last_bookable))
    leave = leaves.of(therapist)
    days = _days(therapist, service, monday, now, leave)
    closed = leave.closed_days(hours.days(today, last_bookable))
    is_empty = not any(day.count for day in days)
    return Week(
        days=days,
        ends=closed[0] - ONE_DAY if closed else None,
        before=monday - WEEK if monday > today else None,
        after=monday + WEEK if monday + WEEK <= last_bookable else None,
        next_free=_next_free(therapist, service, now=now, leave=leave) if is_empty else None,
        is_empty=is_empty,
    )


def next_free(therapist: Therapist, service: Service, *, now: datetime) -> datetime | None:
    """The first free start from `now` to the end of the booking horizon, or None."""
    return _next_free(therapist, service, now=now, leave=leaves.of(therapist))


def _next_free(
    therapist: Therapist, service: Service, *, now: datetime, leave: Leave
) -> datetime | None:
    practice = therapist.practice
    first = now.astimezone(practice.tz).date()
    last = first + timedelta(days=practice.horizon_days)
    opening, busy = _calendar(therapist, first, last, now=now, leave=leave)
    request = request_for(practice, service)
    for day in hours.days(first, last):
        found = slots.offered(
            request,
            opening=_near(opening, day, practice.tz),
            busy=_near(busy, day, practice.tz),
            zone=practice.tz,
            now=now,
            first_day=day,
            last_day=day,
        )
        if found:
            return found[0].start
    return None


def refusal(
    therapist: Therapist,
    service: Service,
    start: datetime,
    *,
    now: datetime,
    without: Appointment | None = None,
) -> slots.Refusal | None:
    """Why `service` cannot start at `start`, or None; `without` leaves one appointment out."""
    practice = therapist.practice
    day = start.astimezone(practice.tz).date()
    leave = leaves.of(therapist)
    opening, busy = _calendar(therapist, day, day, now=now, leave=leave, without=without)
    return slots.refusal(
        request_for(practice, service),
        start,
        opening=opening,
        busy=busy,
        zone=practice.tz,
        now=now,
    )


def request_for(practice: Practice, service: Service) -> slots.Request:
    """What booking `service` asks of a calendar under the practice's policies."""
    return slots.Request(
        minutes=service.minutes,
        setup_minutes=service.setup_minutes,
        cleanup_minutes=service.cleanup_minutes,
        step_minutes=practice.step_minutes,
        notice_minutes=practice.notice_minutes,
        horizon_days=practice.horizon_days,
        cleanup_past_closing=practice.cleanup_past_closing,
    )


def check_may_book(
    checkin: CheckIn, *, actor: Actor, practice: Practice, technique: str, now: datetime
) -> None:
    """Raise what stands between this person and a booking: the check-in's and the client's own.

    A client who signs in with a fresh check-in that nobody has claimed yet is still the client
    for whom an older check-in opened a stop, or who said since that something may be new.
    """
    screening.check_may_book(checkin, technique, now=now)
    if is_own(actor, checkin.client):
        return
    client = access.client_in(actor, practice)
    if client is None:
        return
    if stops.is_on_hold(client):
        raise screening.ScreeningStop
    screening.check_nothing_new(checkin, client, now=now)


def obstacle(
    checkin: CheckIn | None, *, actor: Actor, practice: Practice, technique: str, now: datetime
) -> UnknotError | None:
    """What stands between this person and a booking, or None; None for a missing check-in too."""
    if checkin is None:
        return None
    try:
        check_may_book(checkin, actor=actor, practice=practice, technique=technique, now=now)
    except UnknotError as error:
        return error
    return None


def lengths(therapist: Therapist, technique: str) -> tuple[Length, ...]:
    """The lengths in which `therapist` offers `technique`, shortest first."""
    services = therapist.services.filter(technique=technique, active=True).order_by("minutes")
    currency = therapist.practice.currency
    return tuple(
        Length(service=one.pk, minutes=one.minutes, price=money.price(one.price_minor, currency))
        for one in services
    )


def coming(client: Client, *, now: datetime) -> tuple[Row, ...]:
    """The client's appointments that have not ended yet, soonest first."""
    found = _of(client).filter(status__in=COMING, end__gt=now).order_by("start")
    return rows(found)


def past(client: Client, *, now: datetime, limit: int = 50) -> tuple[Row, ...]:
    """What is over or was cancelled, newest first; holds that came to nothing are left out."""
    found = _of(client).exclude(status__in=COMING, end__gt=now).order_by("-start")
    return rows(found[:limit])


def rows(appointments: Iterable[Appointment]) -> tuple[Row, ...]:
    """Rows of many appointments; one query says whose are on hold."""
    found = list(appointments)
    clients = {one.client_id for one in found if one.client_id is not None}
    stopped = stops.clients_on_hold(clients) if clients else set()
    return tuple(_row(one, on_hold=one.client_id in stopped) for one in found)


def row(appointment: Appointment) -> Row:
    """The row of one appointment; one query says whether its client is on hold."""
    client = appointment.client
    return _row(appointment, on_hold=client is not None and stops.is_on_hold(client))


def technique_name(technique: str) -> str:
    """The name of a technique as the knowledge files give it."""
    return catalogue.load().technique(technique).name


def initials(name: str) -> str:
    """The first letters of a name, two at most, for the circle beside it."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def _row(appointment: Appointment, *, on_hold: bool) -> Row:
    therapist, service, client = appointment.therapist, appointment.service, appointment.client
    practice, location = therapist.practice, therapist.location
    on_hold = on_hold and appointment.status in COMING
    return Row(
        key=appointment.key,
        status=appointment.status,
        label=_("on hold") if on_hold else Status(appointment.status).label,
        start=appointment.start,
        end=appointment.end,
        zone=practice.zone,
        changed_at=appointment.changed_at,
        held_until=appointment.held_until,
        therapist=therapist.name,
        therapist_slug=therapist.slug,
        client=client.name if client else "",
        client_key=client.key if client else None,
        client_pk=client.pk if client else None,
        technique=technique_name(service.technique),
        technique_id=service.technique,
        service=service.pk,
        minutes=int((appointment.end - appointment.start).total_seconds()) // 60,
        price=money.price(appointment.price_minor, appointment.currency),
        practice=practice.name,
        practice_phone=practice.phone,
        location=location.name,
        address=location.address,
        how_to_find=location.how_to_find,
        note=appointment.note,
        on_hold=on_hold,
    )


def _of(client: Client) -> QuerySet[Appointment]:
    return _with_all(client.appointment_set.filter(booked_at__isnull=False))


def _with_all(found: QuerySet[Appointment]) -> QuerySet[Appointment]:
    return found.select_related("therapist__practice", "therapist__location", "service", "client")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days(
    therapist: Therapist, service: Service, monday: date, now: datetime, leave: Leave
) -> tuple[Day, ...]:
    practice = therapist.practice
    sunday, zone = monday + 6 * ONE_DAY, practice.tz
    today = now.astimezone(zone).date()
    last_bookable = today + timedelta(days=practice.horizon_days)
    opening, busy = _calendar(therapist, monday, sunday, now=now, leave=leave)
    names = {day: dateformat.format(day, "l j F") for day in hours.days(monday, sunday)}
    found: dict[date, list[Free]] = {}
    for slot in slots.offered(
        request_for(practice, service),
        opening=opening,
        busy=busy,
        zone=zone,
        now=now,
        first_day=max(monday, today),
        last_day=sunday,
    ):
        wall = slot.start.astimezone(zone)
        found.setdefault(wall.date(), []).append(_free(slot.start, wall, names[wall.date()]))
    open_days = {period.start.astimezone(zone).date() for period in opening}
    return tuple(
        _day(
            day,
            found.get(day, []),
            nothing=_why_nothing(day, today, last_bookable, is_open=day in open_days),
        )
        for day in hours.days(monday, sunday)
    )


def _free(start: datetime, wall: datetime, day: str) -> Free:
    time = f"{wall:%H:%M}"
    return Free(
        start=start,
        value=start.isoformat(),
        time=time,
        label=f"{day} {time}",
        hour=wall.hour,
        again=wall.fold == 1,
    )


def _why_nothing(day: date, today: date, last_bookable: date, *, is_open: bool) -> str:
    if day < today:
        return "past"
    if day > last_bookable:
        return "later"
    return "full" if is_open else "closed"


def _day(day: date, found: list[Free], *, nothing: str) -> Day:
    spans = ((_("Morning"), 0, 12), (_("Afternoon"), 12, 17), (_("Evening"), 17, 24))
    parts = (
        Part(name=name, slots=tuple(free for free in found if first <= free.hour < last))
        for name, first, last in spans
    )
    return Day(
        day=day,
        state="free" if found else nothing,
        count=len(found),
        parts=tuple(part for part in parts if part.slots),
    )


def _calendar(
    therapist: Therapist,
    first_day: date,
    last_day: date,
    *,
    now: datetime,
    leave: Leave,
    without: Appointment | None = None,
) -> tuple[tuple[Period, ...], tuple[Period, ...]]:
    """Open and busy periods, one day further on both sides, as the rule asks; 3 queries.

    A day on which the therapist's credentials do not let them be booked is not open at all, so
    that no list, no search and no booking can offer it.
    """
    first, last, zone = first_day - ONE_DAY, last_day + ONE_DAY, therapist.practice.tz
    week_of = [
        WeeklyHours(weekday=day, starts_minute=starts, ends_minute=ends)
        for day, starts, ends in WorkingHours.objects.filter(therapist=therapist).values_list(
            "weekday", "starts_minute", "ends_minute"
        )
    ]
    overrides = [
        DayOverride(day=day, windows=() if starts is None or ends is None else ((starts, ends),))
        for day, starts, ends in HoursOverride.objects.filter(
            therapist=therapist, day__range=(first, last)
        ).values_list("day", "starts_minute", "ends_minute")
    ]
    opening = hours.opening(week_of, overrides, zone=zone, first_day=first, last_day=last)
    closed = leave.closed_days(hours.days(first, last))
    opening = subtract(opening, (_whole_day(day, zone) for day in closed))
    span = DateTimeTZRange(
        hours.instant(first, 0, zone), hours.instant(last, hours.DAY_MINUTES, zone)
    )
    taken = Appointment.objects.blocking().filter(therapist=therapist, blocked__overlap=span)
    taken = taken.exclude(Q(status=Status.HELD, held_until__lte=now))
    if without is not None:
        taken = taken.exclude(pk=without.pk)
    busy = tuple(
        Period(period.lower, period.upper) for period in taken.values_list("blocked", flat=True)
    )
    return opening, busy


def _whole_day(day: date, zone: ZoneInfo) -> Period:
    return Period(hours.instant(day, 0, zone), hours.instant(day, hours.DAY_MINUTES, zone))


def _near(periods: tuple[Period, ...], day: date, zone: ZoneInfo) -> list[Period]:
    first = hours.instant(day - ONE_DAY, 0, zone)
    last = hours.instant(day + ONE_DAY, hours.DAY_MINUTES, zone)
    return [period for period in periods if period.end > first and period.start < last]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """One session that took place, as its review needs it."""

    therapist: Therapist
    technique: str
    on: date
    ended_at: datetime


def attended(client: Client, key: UUID) -> Attended | None:
    """The attended session of this client with this key, or None."""
    found = (
        Appointment.objects.select_related("therapist__practice", "service")
        .filter(client=client, key=key, status=Status.ATTENDED)
        .first()
    )
    if found is None:
        return None
    zone = found.therapist.practice.tz
    return Attended(
        therapist=found.therapist,
        technique=found.service.technique,
        on=found.start.astimezone(zone).date(),
        ended_at=found.end,
    )


def attended_days(client: Client) -> tuple[date, ...]:
    """The local days on which this client attended a session, oldest first."""
    starts = Appointment.objects.filter(client=client, status=Status.ATTENDED).order_by("start")
    zone = client.practice.tz
    return tuple(start.astimezone(zone).date() for start in starts.values_list("start", flat=True))
