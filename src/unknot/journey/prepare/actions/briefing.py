"""Open the therapist's card of one appointment; opening it leaves an audit row.

Units   aware datetimes.
Errors  NotShown: the appointment was cancelled, declined, missed or never confirmed.
Source  clinical.md 3 names what both sides prepare.
"""

from datetime import datetime

from django.db import transaction

from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads
from unknot.journey.prepare.actions.shown import check_is_shown
from unknot.people import audit
from unknot.people.models import User


@transaction.atomic(durable=True)
def open_briefing(actor: User, appointment: Appointment, *, now: datetime) -> reads.Briefing:
    """Give the briefing and write down who read it; raises NotShown."""
    check_is_shown(appointment)
    audit.record(actor, "briefing.read", appointment, at=now, client=appointment.client)
    return reads.briefing(appointment, now=now)
