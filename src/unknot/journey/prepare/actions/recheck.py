"""Whether the short recheck may be answered now.

Units   aware datetimes.
Errors  NotAsked: the short recheck is not open now.
Source  a rule of ours.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads
from unknot.journey.understand import stops
from unknot.web.errors import Conflict


class NotAsked(Conflict):
    """The short recheck is not open: too early, too late, or the appointment is on hold."""

    title = _("This question is not open")
    sentence = _("It is asked from two days before the appointment until the client arrives.")
    mend = _("In the room the therapist asks it aloud.")


def check_may_answer(appointment: Appointment, *, by_client: bool, now: datetime) -> None:
    """Raise NotAsked unless the short recheck of this appointment may be answered now."""
    on_hold = stops.is_on_hold(reads.client_of(appointment))
    if on_hold or not reads.may_answer(appointment, now, by_client=by_client):
        raise NotAsked
