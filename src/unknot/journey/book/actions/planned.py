"""Say which session somebody books next, or that they book as they like again.

Both run inside the transaction of whoever keeps the list.

Units   aware datetimes.
Errors  none.
Source  docs/explanation/trials.md
"""

from datetime import datetime

from unknot.journey.book.models import PlannedSession
from unknot.journey.choose.models import Service, Therapist
from unknot.people.models import Client


def plan_next(
    client: Client, therapist: Therapist, service: Service, *, not_before: datetime, now: datetime
) -> None:
    """From now on this client books nothing but `service` with this therapist."""
    PlannedSession.objects.update_or_create(
        client=client,
        therapist=therapist,
        defaults={"service": service, "not_before": not_before, "since": now},
    )


def forget(client: Client, therapist: Therapist) -> None:
    """The list has ended: this client books what they like with this therapist."""
    PlannedSession.objects.filter(client=client, therapist=therapist).delete()
