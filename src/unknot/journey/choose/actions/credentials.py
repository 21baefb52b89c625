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
from unknot.journey.choose.models import Credential, Therapist
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What somebody found who checked a credential; None for a day leaves the one known."""

    status: str
    method: str
    checked_on: date
    matched: tuple[str, ...] = ()
    source: str = ""
    source_url: str = ""
    expires_on: date | None = None
    discipline: str = Credential.Discipline.UNKNOWN
    discipline_on: date | None = None
    discipline_url: str = ""
    scope_notes: str = ""


#: The fields of a credential that a check writes.
FOUND = [
    "status",
    "method",
    "checked_on",
    "matched",
    "source",
    "source_url",
    "expires_on",
    "discipline",
    "discipline_on",
    "discipline_url",
    "scope_notes",
]


@transaction.atomic(durable=True)
def record_verification(
    actor: User, credential: Credential, *, finding: Finding, now: datetime
) -> Credential:
    """Record what a manager or the operator found about a credential, how and on which day.

    Whoever books this therapist at the same moment waits, and then sees what was found.
    """
    access.check_may_verify(actor, credential)
    _check_finding(finding, today=access.today_of(credential, now))
    lock_calendar(credential.therapist)
    locked = Credential.objects.select_for_update(no_key=True, of=("self",)).get(pk=credential.pk)
    for name in FOUND:
        setattr(locked, name, getattr(finding, name))
    locked.matched = list(finding.matched)
    locked.expires_on = finding.expires_on or credential.expires_on
    locked.checked_by = actor
    locked.save(update_fields=[*FOUND, "checked_by"])
    said = f"{finding.method}: {finding.status}"
    audit.record(actor, "credential.checked", locked, at=now, reason=said)
    return locked


def lock_calendar(therapist: Therapist) -> None:
    """Let a booking that asks for these credentials come before or after, never in between."""
    Therapist.objects.select_for_update(no_key=True, of=("self",)).get(pk=therapist.pk)


def _check_finding(finding: Finding, *, today: date) -> None:
    if finding.status not in Credential.Status.values:
        raise BadInput(_("Choose one of the listed states of a credential."))
    if finding.method not in CHECKS:
        raise BadInput(_("Say how it was checked: choose one of the listed ways."))
    if finding.discipline not in Credential.Discipline.values:
        raise BadInput(_("Say what is known of discipline: choose one of the listed answers."))
    if not set(finding.matched) <= MATCHABLE:
        raise BadInput(_("Choose what matched from the list."))
    if finding.checked_on > today:
        raise BadInput(_("A check cannot lie in the future: choose today or an earlier day."))


#: The ways in which somebody other than the therapist looks.
CHECKS = frozenset(Credential.Method.values) - {Credential.Method.SELF}
MATCHABLE = frozenset({"number", "name", "state"})
