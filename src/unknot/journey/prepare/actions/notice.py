"""Tell the therapist at once what changes shortly before a session.

Units   aware datetimes.
Errors  none.
Source  a rule of ours: the briefing is ready 24 hours before.
"""

from datetime import datetime

from django.urls import reverse

from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads
from unknot.people import alerts


def tell_at_short_notice(appointment: Appointment, *, now: datetime) -> None:
    """Raise an alert when the session begins within 24 hours; inside the transaction of its cause.

    While one is open the next change adds nothing.
    """
    if now < appointment.start - reads.NEWS:
        return
    alerts.raise_alert(
        "wishes-changed",
        appointment.therapist.practice,
        url=reverse("prepare:briefing", args=[appointment.key]),
        now=now,
        client=appointment.client,
        first=appointment.therapist.user,
    )
