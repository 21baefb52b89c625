"""The signed address in a client's mails: whoever was sent it may move or cancel, without account.

Units   aware datetimes; the address is good until the appointment begins.
Errors  Missing for a token that we did not sign, or of an appointment that is gone.
Source  the booking policies in docs/decisions.
"""

from typing import Final
from uuid import UUID

from django.core import signing

from unknot.journey.book.models import Appointment
from unknot.web.errors import Missing

_SALT: Final = "unknot.book.link"


def token(appointment: Appointment) -> str:
    """Return the part of the address that stands for this appointment."""
    return signing.dumps(str(appointment.key), salt=_SALT)


def appointment_of(token: str) -> Appointment:
    """Load the booked appointment of a token, whatever became of it; Missing for any other."""
    try:
        key = UUID(signing.loads(token, salt=_SALT))
    except (signing.BadSignature, TypeError, ValueError, AttributeError) as error:
        raise Missing from error
    found = (
        Appointment.objects.select_related(
            "therapist__practice", "therapist__location", "therapist__user", "service"
        )
        .select_related("client__practice", "client__user")
        .filter(key=key, client__isnull=False, booked_at__isnull=False)
        .first()
    )
    if found is None:
        raise Missing
    return found
