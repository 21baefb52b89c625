"""Keep credentials as their therapists tell them, and what somebody found when checking one.

Whoever changes what a credential says holds the lock of its therapist's calendar, so that a
booking comes before or after and never in between. The order is: the therapist, the credential.

Units   dates are calendar days in the practice's zone; `expires_on` is the last valid day.
Errors  BadInput; CheckedMeanwhile; Missing and Denied from access; none leaves a trace.
Source  domain/credentials: the badge rule.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from unknot.domain.credentials.required import LEAVE
from unknot.domain.credentials.standing import has_run_out
from unknot.domain.guidance import catalogue
from unknot.journey.choose import access
from unknot.journey.choose.actions.listing import lock_member
from unknot.journey.choose.models import Credential, Therapist
from unknot.journey.choose.reads import rosters
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Practice, Role, User
from unknot.web.errors import BadInput, Conflict, Missing

#: How many credentials one listing can have.
MOST: Final = 40
#: What a licence or registration keeps once it has run out, beside its last day.
FIXED: Final = frozenset({"kind", "number", "issued_on"})
LONGEST_TRAINING: Final = 10_000  # hours

_is_address = URLValidator(schemes=["http", "https"])


class CheckedMeanwhile(Conflict):
    """The credential is no longer what this person had before their eyes."""

    title = _("This credential has just changed")
    sentence = _("Somebody changed or checked this credential meanwhile, so nothing was saved.")
    mend = _("Read what it says now, and then decide.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialDraft:
    """A credential as the therapist tells it; `no_register` is their word that none exists.

    `holder` is the name on it, empty when that is the name of the listing.
    """

    kind: str
    title: str
    holder: str = ""
    number: str = ""
    jurisdiction: str = ""
    issuer: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    technique: str = ""
    hours: int | None = None
    no_register: bool = False


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
    told = _told(draft, therapist)
    lock_calendar(therapist)
    held = therapist.credentials.filter(method=Credential.Method.SELF, **told).first()
    if held is not None:
        return held
    if therapist.credentials.count() >= MOST:
        raise BadInput(_("You have added 40 already: remove one that you do not need any more."))
    made = Credential.objects.create(therapist=therapist, method=Credential.Method.SELF, **told)
    audit.record(actor, "credential.added", made, at=now)
    return made


@transaction.atomic(durable=True)
def change_credential(
    actor: User, practice: Practice, key: UUID, *, draft: CredentialDraft, now: datetime
) -> Credential:
    """Correct one's own credential while it rests on the own word alone.

    A licence that has run out stays the licence it is: only a later last day renews it.
    """
    locked = _own_unchecked(actor, practice, key)
    told = _told(draft, locked.therapist)
    changed = [name for name, value in told.items() if getattr(locked, name) != value]
    if not changed:
        return locked
    if has_run_out(locked, on=now.astimezone(practice.tz).date()):
        _check_lapsed(locked, told, changed)
    for name in changed:
        setattr(locked, name, told[name])
    locked.save(update_fields=changed)
    audit.record(actor, "credential.changed", locked, at=now, reason=", ".join(changed))
    return locked


@transaction.atomic(durable=True)
def remove_credential(actor: User, practice: Practice, key: UUID, *, now: datetime) -> None:
    """Take one's own credential and its documents away while nobody has checked it.

    What has run out stays: it is shown, never hidden.
    """
    locked = _own_unchecked(actor, practice, key)
    if has_run_out(locked, on=now.astimezone(practice.tz).date()):
        raise BadInput(_("What has run out stays to be seen. Renewed it? Change its last day."))
    audit.record(actor, "credential.removed", locked, at=now, reason=locked.kind)
    locked.delete()


def _check_lapsed(locked: Credential, told: dict[str, Any], changed: list[str]) -> None:
    """Refuse to word a licence or registration that has run out into something that has not."""
    if locked.kind not in LEAVE:
        return
    new, old = told["expires_on"], locked.expires_on
    renewed = new == old or (new is not None and old is not None and new > old)
    if not renewed or FIXED & set(changed):
        raise BadInput(
            _(
                "It has run out, so its kind, number and first day stay as they are. Renewed it? "
                "Change its last day to the later one, or add the renewed one."
            )
        )


def _own_unchecked(actor: User, practice: Practice, key: UUID) -> Credential:
    """Lock one's own credential; once somebody has checked it, it is theirs no more to change."""
    people.check_role(actor, practice, Role.THERAPIST)
    locked = lock_credential(access.own_credential(actor, practice, key))
    if locked.method != Credential.Method.SELF:
        raise CheckedMeanwhile(
            _("Somebody has checked this credential: it can no longer be changed or removed.")
        )
    return locked


def _told(draft: CredentialDraft, therapist: Therapist) -> dict[str, Any]:
    """The fields that a therapist tells, once they can be kept."""
    _check_told(draft)
    texts = ("title", "holder", "number", "jurisdiction", "issuer")
    told: dict[str, Any] = asdict(draft)
    told |= {name: str(told[name]).strip() for name in texts}
    told["holder"] = told["holder"] or therapist.name
    if draft.kind != Credential.Kind.TRAINING:
        told |= {"technique": "", "hours": None}
    none = told.pop("no_register")
    told["status"] = Credential.Status.NO_REGISTER if none else Credential.Status.UNKNOWN
    return told


def _check_told(draft: CredentialDraft) -> None:
    if draft.kind not in Credential.Kind.values:
        raise BadInput(_("Choose what kind of credential it is."))
    if not draft.title.strip():
        raise BadInput(_("Write what the credential is called."))
    if draft.technique and draft.technique not in {one.id for one in catalogue.load().techniques}:
        raise BadInput(_("Choose a technique from the list."))
    if draft.hours is not None and not 1 <= draft.hours <= LONGEST_TRAINING:
        raise BadInput(_("Write the hours of the training, from 1 to 10,000."))
    issued, last = draft.issued_on, draft.expires_on
    if issued is not None and last is not None and issued > last:
        raise BadInput(_("The last valid day lies before the day it was issued."))


# Checks -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What somebody found who checked a credential; None for a day leaves the one known.

    `row` names the one row that a check by roster rests on (`EvidenceRow.key`), and only that.
    """

    status: str
    method: str
    checked_on: date
    matched: tuple[str, ...] = ()
    row: str = ""
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
#: What a checker has before their eyes beside it.
TOLD = ["holder", "kind", "title", "number", "jurisdiction", "issuer", "issued_on"]


@transaction.atomic(durable=True)
def record_verification(
    actor: User, credential: Credential, *, finding: Finding, now: datetime, seen: str = ""
) -> Credential:
    """Record what a manager or the operator found about a credential, how and on which day.

    `seen` is the fingerprint of what they had before their eyes: when the credential says
    something else by now, nothing is recorded. Whoever books this therapist at the same moment
    waits, and then sees what was found. The same check twice is one. A check by roster records
    what its row says: the row's last valid day, expired once that has passed, and its discipline.
    """
    access.check_may_verify(actor, credential)
    today = access.today_of(credential, now)
    _check_finding(finding, today=today)
    locked = lock_credential(credential)
    if finding.method == Credential.Method.ROSTER:
        finding = _of_roster(locked, finding, today=today)
    if _is_recorded(locked, finding, by=actor):
        return locked
    if seen and seen != fingerprint(locked):
        raise CheckedMeanwhile
    last = finding.expires_on or locked.expires_on
    for name in FOUND:
        setattr(locked, name, getattr(finding, name))
    locked.matched = sorted(finding.matched)
    locked.expires_on = last
    locked.checked_by = actor
    locked.save(update_fields=[*FOUND, "checked_by"])
    said = f"{finding.method}: {finding.status}"
    audit.record(actor, "credential.checked", locked, at=now, reason=said)
    return locked


def lock_calendar(therapist: Therapist) -> None:
    """Let a booking that asks for these credentials come before or after, never in between.

    In whichever practice: whom a register forbids to work is forbidden in all of them.
    """
    same = Therapist.objects.filter(user=therapist.user_id).order_by("pk")
    list(same.select_for_update(no_key=True, of=("self",)).values_list("pk"))


def lock_credential(credential: Credential) -> Credential:
    """Lock the therapist's calendar, then the credential, and give it as it is now."""
    lock_calendar(credential.therapist)
    found = Credential.objects.select_for_update(no_key=True, of=("self",))
    locked = found.select_related("therapist__practice").filter(pk=credential.pk).first()
    if locked is None:
        raise Missing
    return locked


def fingerprint(credential: Credential) -> str:
    """Give a short mark of all that a check looks at and writes; another text, another mark."""
    values = [str(getattr(credential, name)) for name in (*TOLD, *FOUND, "checked_by_id")]
    return sha256("\0".join(values).encode()).hexdigest()[:32]


def _is_recorded(locked: Credential, finding: Finding, *, by: User) -> bool:
    """Whether this very check stands already: somebody pressed twice."""
    wanted = asdict(finding) | {"matched": sorted(finding.matched)}
    del wanted["row"]
    if finding.expires_on is None:
        del wanted["expires_on"]
    same = all(getattr(locked, name) == value for name, value in wanted.items())
    return same and locked.checked_by_id == by.pk


def _check_finding(finding: Finding, *, today: date) -> None:
    if finding.status not in Credential.Status.values:
        raise BadInput(_("Choose one of the listed states of a credential."))
    if finding.method not in CHECKS:
        raise BadInput(_("Say how it was checked: choose one of the listed ways."))
    if finding.discipline not in Credential.Discipline.values:
        raise BadInput(_("Say what is known of discipline: choose one of the listed answers."))
    if not set(finding.matched) <= MATCHABLE:
        raise BadInput(_("Choose what matched from the list."))
    if finding.status == Credential.Status.NO_REGISTER and finding.method != DOCUMENT:
        raise BadInput(_("Where no register exists nobody looked into one: choose the document."))
    _check_days(finding, today=today)
    for address in filter(None, (finding.source_url, finding.discipline_url)):
        try:
            _is_address(address)
        except ValidationError as problem:
            raise BadInput(_("Write a link that begins with https:// or http://.")) from problem


def _check_days(finding: Finding, *, today: date) -> None:
    if finding.checked_on > today:
        raise BadInput(_("A check cannot lie in the future: choose today or an earlier day."))
    if finding.discipline_on is not None and finding.discipline_on > today:
        raise BadInput(_("A finding cannot lie in the future: write the day it was made."))


def _of_roster(credential: Credential, finding: Finding, *, today: date) -> Finding:
    """Give what the one row says that the check rests on; refuse a finding that says more."""
    row = next((one for one in rosters.evidence_for(credential) if one.key == finding.row), None)
    if row is None:
        raise BadInput(_("Choose the row of a roster that you compared it with."))
    over = row.expires_on is not None and row.expires_on < today
    status = Credential.Status.EXPIRED if over and row.status == "active" else row.status
    _check_row(row, finding, status=status)
    warned = Credential.Discipline.PRESENT
    return replace(
        finding,
        source=row.source,
        status=status,
        expires_on=row.expires_on,
        discipline=warned if finding.discipline == warned else row.discipline,
    )


def _check_row(row: rosters.EvidenceRow, finding: Finding, *, status: str) -> None:
    """A roster says only what its own row says, on the day that the row was read."""
    if not set(finding.matched) <= row.matched:
        raise BadInput(_("This row does not agree in all that. Tick what it shows."))
    if finding.status not in {row.status, status}:
        raise BadInput(_("The row of this roster says another state. Record what it says."))
    if finding.expires_on not in {None, row.expires_on}:
        raise BadInput(_("Leave the last valid day empty: by a roster it is the one of its row."))
    if row.discipline == "present" and finding.discipline == "none":
        raise BadInput(_("The row of this roster has a disciplinary finding. Record it."))
    if finding.checked_on > row.read_on:
        raise BadInput(
            _("This roster was read on %s: a look at it counts from that day, not a later one.")
            % date_format(row.read_on, "j F Y")
        )


#: The ways in which somebody other than the therapist looks.
CHECKS = frozenset(Credential.Method.values) - {Credential.Method.SELF}
DOCUMENT = Credential.Method.DOCUMENT
MATCHABLE = frozenset({"number", "name", "state"})
