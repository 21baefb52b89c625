"""Write to a therapist and the managers before a credential runs out: a job of the worker.

Units   whole days of the practice's zone; the last valid day is still valid.
Errors  none.
Source  domain/credentials/ending.py: 60, 30, 7 days; of those missed only the nearest.
        required.py: nothing is written of one that another of its kind outlasts.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet

from unknot.domain.credentials.ending import RENEWED, STEPS, step_due
from unknot.domain.credentials.required import outlasted
from unknot.domain.credentials.standing import is_valid
from unknot.journey.choose.models import Credential, CredentialWarning
from unknot.people import outbox
from unknot.people.models import Role, User

#: The days that are told apart by zone lie at most one day beside the one of the clock.
MARGIN: Final = timedelta(days=1)


def warn_of_ends(now: datetime) -> int:
    """Write each warning that is due once, and return how many credentials were warned of.

    Safe to run twice and by two workers: the credential is locked while its step is written.
    """
    near = _near_their_end(now)
    return sum(_warn(one, now) for one in near if _due(one, _today(one, now)) is not None)


def _near_their_end(now: datetime) -> list[Credential]:
    first = now.date() - MARGIN
    found = Credential.objects.filter(
        kind__in=RENEWED,
        expires_on__range=(first, first + timedelta(days=max(STEPS)) + 2 * MARGIN),
        therapist__user__is_active=True,
        therapist__user__membership__practice=F("therapist__practice"),
        therapist__user__membership__role=Role.THERAPIST,
        therapist__user__membership__until__isnull=True,
    )
    ordered = found.order_by("expires_on", "pk").select_related("therapist__practice")
    return list(ordered.prefetch_related("warnings", "therapist__credentials"))


def _due(credential: Credential, today: date) -> int | None:
    """The step to write about: never for one that is over already, or renewed already."""
    if not is_valid(credential, on=max(today, credential.issued_on or today)):
        return None
    if outlasted(credential, credential.therapist.credentials.all()):
        return None
    written = {
        one.days for one in credential.warnings.all() if one.expires_on == credential.expires_on
    }
    return step_due(credential.kind, credential.expires_on, on=today, written=written)


@transaction.atomic(durable=True)
def _warn(credential: Credential, now: datetime) -> bool:
    """Decide again under the lock, keep the step, and write the mails with it."""
    found = Credential.objects.select_for_update(no_key=True, of=("self",))
    locked = (
        found.select_related("therapist__practice", "therapist__user")
        .filter(pk=credential.pk)
        .first()
    )
    if locked is None:
        return False
    today = _today(locked, now)
    days = _due(locked, today)
    if days is None or locked.expires_on is None:
        return False
    CredentialWarning.objects.create(
        credential=locked, expires_on=locked.expires_on, days=days, written_at=now
    )
    _write(locked, left=(locked.expires_on - today).days, now=now)
    return True


def _write(credential: Credential, *, left: int, now: datetime) -> None:
    therapist = credential.therapist
    context: dict[str, Any] = {
        "credential": credential,
        "name": therapist.name,
        "practice": therapist.practice,
        "left": left,
    }
    practice = therapist.practice
    outbox.queue("credential-ends", therapist.user, context, at=now, practice=practice)
    for manager in _managers(credential):
        outbox.queue("credential-ends-manager", manager, context, at=now, practice=practice)


def _managers(credential: Credential) -> QuerySet[User]:
    """The managers of the practice; who is the therapist as well has read it already."""
    return (
        User.objects.filter(
            membership__practice=credential.therapist.practice,
            membership__role=Role.MANAGER,
            membership__until__isnull=True,
            is_active=True,
        )
        .exclude(pk=credential.therapist.user_id)
        .order_by("pk")
        .distinct()
    )


def _today(credential: Credential, now: datetime) -> date:
    return now.astimezone(credential.therapist.practice.tz).date()
