"""The appointments of one day in one practice, and who of its clients has been there before."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from unknot.domain.calendar import hours
from unknot.journey.book.models import Appointment, Status
from unknot.journey.book.reads import booked
from unknot.people.models import Client, Practice, User


def day_of_practice(
    practice: Practice, day: date, *, therapist_user: User | None = None
) -> tuple[booked.Row, ...]:
    """The booked appointments of a local day by time, of all therapists or of one; 2 queries."""
    first = hours.instant(day, 0, practice.tz)
    last = hours.instant(day, hours.DAY_MINUTES, practice.tz)
    found = (
        Appointment.objects.filter(
            therapist__practice=practice,
            start__gte=first,
            start__lt=last,
            client__isnull=False,
            booked_at__isnull=False,
        )
        .exclude(status__in=[Status.CANCELLED, Status.DECLINED])
        .select_related("therapist__practice", "therapist__location", "service", "client")
        .order_by("start", "therapist__name")
    )
    if therapist_user is not None:
        found = found.filter(therapist__user=therapist_user)
    return booked.rows(found)


def been_here(clients: Collection[Client], before: datetime) -> frozenset[UUID]:
    """The keys of those `clients` who attended a session before an instant; 1 query."""
    attended = Appointment.objects.filter(
        client__in=clients, status=Status.ATTENDED, start__lt=before
    )
    return frozenset(
        key for key in attended.values_list("client__key", flat=True) if key is not None
    )
