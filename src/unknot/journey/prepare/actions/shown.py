"""Whether an appointment has anything to prepare.

Units   none.
Errors  NotShown: it was cancelled, declined, missed or never confirmed.
Source  a rule of ours.
"""

from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads
from unknot.web.errors import Conflict


class NotShown(Conflict):
    """There is nothing to prepare: the appointment is not going to take place."""

    title = _("There is nothing to prepare")
    sentence = _("This appointment was cancelled, or it was never confirmed.")
    mend = _("Look at your appointments for the one that counts.")


def check_is_shown(appointment: Appointment) -> None:
    """Raise NotShown unless the appointment is coming or was attended."""
    if appointment.status not in reads.SHOWN or appointment.client is None:
        raise NotShown
