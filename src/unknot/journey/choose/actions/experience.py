"""Count signed sessions, technique by technique.

Runs inside the transaction that signs, so that the count exists exactly when the record does.

Units   calendar days in the practice's zone.
Errors  none: counting the same session again adds nothing.
Source  the record of the session, handed in by `session`.
"""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from unknot.journey.choose.models import Experience, Therapist


@transaction.atomic
def count_session(
    therapist: Therapist, techniques: Iterable[str], appointment_key: uuid.UUID, on: date
) -> None:
    """Count one signed session towards each of its techniques; counting it again adds nothing."""
    Experience.objects.bulk_create(
        [
            Experience(
                therapist=therapist,
                technique=technique,
                appointment_key=appointment_key,
                signed_on=on,
            )
            for technique in sorted(set(techniques))
        ],
        ignore_conflicts=True,
    )
