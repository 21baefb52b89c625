"""One appointment as both pages show it, and what may be done about it at an instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from unknot.domain.guidance import catalogue
from unknot.domain.guidance.entries import Technique
from unknot.domain.screening.recheck import ASKED_BEFORE
from unknot.journey.book.models import Appointment, Status
from unknot.journey.understand import rechecks
from unknot.people.models import Client, Location

ARRIVE_EARLY = timedelta(minutes=10)
EDITABLE = frozenset({Status.PENDING, Status.CONFIRMED})
ASKABLE = EDITABLE | {Status.ARRIVED}
SHOWN = ASKABLE | {Status.ATTENDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """When and where, and what is booked."""

    key: str
    start: datetime
    end: datetime
    zone: ZoneInfo
    minutes: int
    technique: Technique
    therapist: str
    practice: str
    phone: str
    location: Location

    @property
    def arrive(self) -> datetime:
        return self.start - ARRIVE_EARLY


def visit(appointment: Appointment) -> Visit:
    """Give when, where and what of an appointment."""
    practice = appointment.therapist.practice
    return Visit(
        key=str(appointment.key),
        start=appointment.start,
        end=appointment.end,
        zone=practice.tz,
        minutes=appointment.service.minutes,
        technique=catalogue.load().technique(appointment.service.technique),
        therapist=appointment.therapist.name,
        practice=practice.name,
        phone=practice.phone,
        location=appointment.therapist.location,
    )


def may_change(appointment: Appointment, now: datetime) -> bool:
    """Whether wishes may still be changed: until the client arrives or the session starts."""
    return appointment.status in EDITABLE and now < appointment.start


def may_answer(appointment: Appointment, now: datetime, *, by_client: bool) -> bool:
    """Whether the short recheck may be answered: from two days before the session on.

    By the client until they arrive or the time is over, by the therapist until the record is
    signed.
    """
    open_for = EDITABLE if by_client else ASKABLE
    over = by_client and now >= appointment.end
    has_come = now >= appointment.start - ASKED_BEFORE
    return appointment.status in open_for and has_come and not over


def asking(appointment: Appointment, now: datetime) -> rechecks.Asking:
    """The short recheck of an appointment, as its client and its therapist see it."""
    return rechecks.asking(
        client_of(appointment),
        appointment.key,
        start=appointment.start,
        end=appointment.end,
        now=now,
    )


def client_of(appointment: Appointment) -> Client:
    """The client of a booked appointment; only a hold has none."""
    if appointment.client is None:
        raise Appointment.DoesNotExist("a held time has no client")
    return appointment.client


def first_name(client: Client) -> str:
    return client.name.strip().partition(" ")[0]


def last_visit(client: Client, appointment: Appointment) -> datetime | None:
    earlier = Appointment.objects.filter(
        client=client, status=Status.ATTENDED, start__lt=appointment.start
    ).order_by("-start")
    return earlier.values_list("start", flat=True).first()


def is_due(appointment: Appointment, now: datetime) -> bool:
    """Whether the appointment's day has come and it was not cancelled."""
    zone = appointment.therapist.practice.tz
    has_come = appointment.start.astimezone(zone).date() <= now.astimezone(zone).date()
    return has_come and appointment.status in SHOWN - {Status.PENDING}
