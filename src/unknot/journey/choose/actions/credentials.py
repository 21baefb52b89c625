"""Keep credentials as their therapists tell them, and what somebody found when checking one.

Units   dates are calendar days in the practice's zone; `expires_on` is the last valid day.
Errors  BadInput; Missing and Denied from access; none leaves a trace.
Source  domain/credentials: the badge rule.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose import access
from unknot.journey.choose.actions.listing import lock_member
from unknot.journey.choose.models import Credential
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Practice, Role, User
from unknot.web.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialDraft:
    """A credential as the therapist tells it."""

    kind: str
    title: str
    number: str = ""
    jurisdiction: str = ""
    issuer: str = ""
    expires_on: date | None = None


@transaction.atomic(durable=True)
def add_credential(
    actor: User, practice: Practice, *, draft: CredentialDraft, now: datetime
) -> Credential:
    """Keep a credential on the therapist's own word; the same one twice is one."""
    people.check_role(actor, practice, Role.THERAPIST)
    lock_member(actor, practice)
    therapist = access.own_listing(actor, practice)
    if therapist is None:
        raise BadInput(_("Write your listing first."))
    if draft.kind not in Credential.Kind.values:
        raise BadInput(_("Choose what kind of credential it is."))
    if not draft.title.strip():
        raise BadInput(_("Write what the credential is called."))
    credential, made = Credential.objects.get_or_create(
        therapist=therapist,
        kind=draft.kind,
        title=draft.title.strip(),
        number=draft.number.strip(),
        jurisdiction=draft.jurisdiction.strip(),
        issuer=draft.issuer.strip(),
        expires_on=draft.expires_on,
        method=Credential.Method.SELF,
        status=Credential.Status.UNKNOWN,
        defaults={"holder": therapist.name},
    )
    if made:
        audit.record(actor, "credential.added", credential, at=now)
    return credential


@transaction.atomic(durable=True)
def record_verification(
    actor: User,
    credential: Credential,
    *,
    status: str,
    checked_on: date,
    method: str,
    now: datetime,
    expires_on: date | None = None,
) -> Credential:
    """Record what a manager or the operator found about a credential, how and on which day.

    An `expires_on` of None leaves the day that is known already.
    """
    access.check_may_verify(actor, credential)
    if status not in Credential.Status.values:
        raise BadInput(_("Choose one of the listed states of a credential."))
    if method not in Credential.Method.values:
        raise BadInput(_("Say how it was checked: choose one of the listed ways."))
    if checked_on > access.today_of(credential, now):
        raise BadInput(_("A check cannot lie in the future: choose today or an earlier day."))
    locked = Credential.objects.select_for_update(no_key=True, of=("self",)).get(pk=credential.pk)
    locked.status = status
    locked.method = method
    locked.checked_on = checked_on
    locked.checked_by = actor
    locked.expires_on = expires_on or locked.expires_on
    locked.save(update_fields=["status", "method", "checked_on", "checked_by", "expires_on"])
    audit.record(actor, "credential.checked", locked, at=now, reason=f"{method}: {status}")
    return locked
