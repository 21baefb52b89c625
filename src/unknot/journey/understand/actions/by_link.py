"""Begin a check-in for a client whom the practice knows, opened through a signed address.

Units   aware datetimes.
Errors  PracticeClosed; ScreeningStop while a stop of the client is open. Nothing is half-written.
Source  decision 11: the safety table must be approved before it is used
"""

from datetime import datetime

from django.db import transaction

from unknot.journey.understand import reads, stops
from unknot.journey.understand.actions.belonging import join
from unknot.journey.understand.actions.checkin import PracticeClosed
from unknot.journey.understand.models import CheckIn, shared_at_first
from unknot.people import access as rights
from unknot.people.actions import share_only
from unknot.people.models import Client
from unknot.people.reads import CONSENT_VERSION


@transaction.atomic(durable=True)
def begin_for(client: Client, *, language: str, now: datetime) -> CheckIn:
    """Begin a check-in that belongs to `client` at once, account or not.

    Whoever opened the address has just agreed to it and said that they are an adult; a stop that
    follows holds the client's appointments from its first moment.
    """
    if not reads.is_open(client.practice):
        raise PracticeClosed
    rights.lock(client)
    if stops.is_on_hold(client):
        raise reads.ScreeningStop
    decided = rights.has_decided_on_sharing(client)
    checkin = CheckIn.objects.create(
        practice=client.practice,
        language=language,
        consent_version=CONSENT_VERSION,
        consented_at=now,
        is_adult=True,
        started_at=now,
        changed_at=now,
        shares=sorted(rights.shared_by(client)) if decided else shared_at_first(),
    )
    if decided and not rights.agreed(client):
        share_only(client, (), now=now)  # what was paused does not come back unasked
    join(checkin, client, now=now)
    return checkin
