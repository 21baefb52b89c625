"""Give a check-in to an account: who owns it, and what its owner lets the therapist see.

Units   aware datetimes.
Errors  Missing: the check-in belongs to somebody else. Nothing is half-written.
Source  docs/decisions/0012-consent-per-purpose.md
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from unknot.journey.understand.actions.answers import locked
from unknot.journey.understand.models import CheckIn, CheckInState, Clearance, SafetyStop
from unknot.people import access as rights
from unknot.people import audit
from unknot.people.actions import give_consent, share_only
from unknot.people.models import Client, Purpose, User
from unknot.web.errors import Missing


@transaction.atomic(durable=True)
def claim(user: User, checkin: CheckIn, *, name: str, phone: str, now: datetime) -> Client:
    """Make the check-in and its stop the account's: a client of the practice, who agreed at start.

    The therapist sees what the check-in shares; without a word about it safety and body, not mood.
    """
    own = locked(checkin)
    client, _made = Client.objects.get_or_create(
        practice=own.practice,
        user=user,
        defaults={"name": name.strip() or user.name or user.email, "created_at": now},
    )
    if own.client_id not in (None, client.pk):
        raise Missing
    if phone.strip() and client.phone != phone.strip():
        client.phone = phone.strip()[:40]
        client.save(update_fields=["phone"])
    if not user.name:
        user.name = client.name
        user.save(update_fields=["name"])
    join(own, client, now=now)
    checkin.client = client
    audit.record(user, "check-in.claimed", own, at=now, client=client)
    return client


def join(checkin: CheckIn, client: Client | None, *, now: datetime) -> None:
    """Give a check-in without an owner to `client`; runs inside the caller's transaction.

    Its stop and clearances go along, what staff read of it, and the agreement given at its start.
    What a completed one shares holds for somebody who never decided about sharing; an earlier
    decision is only narrowed by it.
    """
    if client is None or checkin.client_id is not None:
        return
    checkin.client = client
    checkin.save(update_fields=["client"])
    SafetyStop.objects.filter(checkin=checkin).update(client=client)
    Clearance.objects.filter(checkin=checkin).update(client=client)
    audit.adopt(client, [checkin, *checkin.clearances.all(), *_stops(checkin)])
    give_consent(client, Purpose.CARE, now=now, version=checkin.consent_version)
    if checkin.state == CheckInState.COMPLETED:
        before = rights.shared_by(client)
        decided = rights.has_decided_on_sharing(client)
        share_only(client, before & set(checkin.shares) if decided else checkin.shares, now=now)


def _stops(checkin: CheckIn) -> QuerySet[SafetyStop]:
    return SafetyStop.objects.filter(checkin=checkin)
