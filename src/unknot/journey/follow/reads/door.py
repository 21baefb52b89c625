"""Reads of the check-in right before a session.

Units   aware datetimes.
Errors  none.
"""

from datetime import datetime

from unknot.domain.instruments import door
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.models import DoorCheckIn

#: A session that is still to come.
COMING = (Status.CONFIRMED, Status.ARRIVED)


def is_open(appointment: Appointment, *, now: datetime) -> bool:
    """Whether the questions right before this session can be answered now."""
    return appointment.status in COMING and door.is_open(appointment.start, now)


def answered(appointment: Appointment) -> datetime | None:
    """When they were answered, or None."""
    found = DoorCheckIn.objects.filter(appointment=appointment)
    return found.values_list("answered_at", flat=True).first()


def opens(appointment: Appointment, *, now: datetime) -> datetime | None:
    """From when they can be answered, while that is still to come."""
    opening = door.opens(appointment.start)
    return opening if appointment.status in COMING and now < opening else None
