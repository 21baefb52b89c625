"""Rows of appointments: coming, past, one. Returns rows and never writes.

Instants are aware; each row carries the zone of its practice for the page to show them in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import catalogue
from unknot.journey.book.models import Appointment, Awaits, Status
from unknot.journey.choose.models import Therapist
from unknot.journey.understand import stops
from unknot.people.models import Client, Practice
from unknot.web import money

COMING = (Status.PENDING, Status.CONFIRMED, Status.ARRIVED)


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
    sequence: int
    awaits: str
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
    fee: str  # of a late cancellation; empty without one
    fee_waived: str  # the practice's reason for an exception
    on_hold: bool

    @property
    def is_coming(self) -> bool:
        """Whether it still stands; says nothing of the clock."""
        return self.status in COMING


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


def added(appointment: Appointment) -> tuple[str, ...]:
    """The names of what is added to an appointment; 1 query."""
    return tuple(appointment.add_ons.order_by("name").values_list("name", flat=True))


def asks_first(practice: Practice, client: Client | None) -> bool:
    """Whether a booking is a question to the practice: a first visit, where it books them so."""
    if not practice.first_visit_by_request:
        return False
    if client is None:
        return True
    return not client.appointment_set.filter(status=Status.ATTENDED).exists()


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
        label=_label(appointment, on_hold=on_hold),
        start=appointment.start,
        end=appointment.end,
        zone=practice.zone,
        changed_at=appointment.changed_at,
        sequence=appointment.sequence,
        awaits=appointment.awaits,
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
        fee=money.price(appointment.fee_minor, appointment.currency)
        if appointment.fee_minor
        else "",
        fee_waived=appointment.fee_waived,
        on_hold=on_hold,
    )


def _label(appointment: Appointment, *, on_hold: bool) -> str | Promise:
    if on_hold:
        return _("on hold")
    if appointment.awaits and appointment.status == Status.PENDING:
        return Awaits(appointment.awaits).label
    return Status(appointment.status).label


def _of(client: Client) -> QuerySet[Appointment]:
    return _with_all(client.appointment_set.filter(booked_at__isnull=False))


def _with_all(found: QuerySet[Appointment]) -> QuerySet[Appointment]:
    return found.select_related("therapist__practice", "therapist__location", "service", "client")


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


def first_start(client: Client) -> datetime | None:
    """When the first session that this client attended began; 1 query."""
    starts = Appointment.objects.filter(client=client, status=Status.ATTENDED).order_by("start")
    return starts.values_list("start", flat=True).first()


class AttendedSession(NamedTuple):
    """When a session that took place began and ended, and what was booked."""

    start: datetime
    end: datetime
    technique: str


def attended_sessions(client: Client) -> tuple[AttendedSession, ...]:
    """The client's sessions that took place, oldest first; 1 query."""
    found = Appointment.objects.filter(client=client, status=Status.ATTENDED).order_by("start")
    rows = found.values_list("start", "end", "service__technique")
    return tuple(AttendedSession(*row) for row in rows)
