"""Tell the therapist the same day when a questionnaire got worse by more than chance.

Units   points of the instrument; days are local days of the practice.
Errors  none.
Source  reference note on statistics, part 9: worse by what matters, and z above 1.645, the same day
"""

from datetime import datetime

from django.urls import reverse

from unknot.journey.follow.reads import questionnaires
from unknot.people import access, alerts, audit
from unknot.people.models import Client, Purpose, User


def tell_if_worse(actor: User, client: Client, *, now: datetime) -> None:
    """Raise an alert about answers given today; runs inside the transaction that kept them.

    Nobody is told while the client shares no body answers: then their own page asks them to tell.
    """
    if questionnaires.worse_today(client, now=now) is None:
        return
    if not access.consents_to(client, Purpose.SHARE_BODY):
        return
    alerts.raise_alert(
        "worse",
        client.practice,
        url=reverse("follow:client-progress", args=[client.key]),
        client=client,
        first=access.newest_therapist(client),
        now=now,
    )
    audit.record(actor, "worsening.told", client, at=now, client=client)
