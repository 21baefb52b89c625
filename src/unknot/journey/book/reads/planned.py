"""The session that comes next where somebody's sessions follow a list: what it allows.

Units   aware datetimes.
Errors  none: what is not allowed is a refusal of the one decision.
Source  docs/explanation/trials.md
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from unknot.domain.calendar.slots import Refusal
from unknot.domain.guidance import catalogue
from unknot.journey.book.models import Appointment, PlannedSession, Status
from unknot.journey.book.models.appointments import AppointmentQuerySet
from unknot.journey.choose.models import Service, Therapist

#: What stands for a place of the list: coming, here or done. Whoever did not come comes again.
STANDING = (Status.HELD, Status.PENDING, Status.CONFIRMED, Status.ARRIVED, Status.ATTENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a page of free times says of the list: what comes next, and whether it is this."""

    service: int
    technique: str
    minutes: int
    not_before: datetime
    is_this: bool
    is_booked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The service that comes next, from when on, and whether it is booked already."""

    service: Service
    not_before: datetime
    is_booked: bool

    def refusal(self, service: Service, techniques: Collection[str]) -> Refusal | None:
        """Why this service cannot be booked at any time, or None."""
        if service.pk != self.service.pk or set(techniques) != {self.service.technique}:
            return Refusal.NOT_NEXT
        return Refusal.NEXT_IS_BOOKED if self.is_booked else None


def of(
    client: int | None, therapist: Therapist, *, without: Collection[int] = ()
) -> Planned | None:
    """What comes next for this client number with a therapist; 1 query, 2 while a list runs.

    `without` leaves appointments out by number, such as the one that is moved.
    """
    if client is None:
        return None
    found = (
        PlannedSession.objects.filter(client=client, therapist=therapist)
        .select_related("service")
        .first()
    )
    if found is None:
        return None
    standing = of_the_place(client, therapist, found.not_before).exclude(pk__in=without)
    return Planned(service=found.service, not_before=found.not_before, is_booked=standing.exists())


def notice(client: int | None, therapist: Therapist, service: Service) -> Notice | None:
    """What to say beside the free times of `service`; None while no list runs."""
    found = of(client, therapist)
    if found is None:
        return None
    return Notice(
        service=found.service.pk,
        technique=catalogue.load().technique(found.service.technique).name,
        minutes=found.service.minutes,
        not_before=found.not_before,
        is_this=found.service.pk == service.pk,
        is_booked=found.is_booked,
    )


def of_the_place(client: int, therapist: Therapist, since: datetime) -> AppointmentQuerySet:
    """The appointments that stand for the place that was open from `since` on, first first."""
    found = Appointment.objects.filter(
        client=client, therapist=therapist, start__gte=since, status__in=STANDING
    )
    return found.order_by("start", "pk")
