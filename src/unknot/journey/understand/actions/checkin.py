"""Begin, complete and let go of a check-in.

Repeating `complete` changes nothing. Nothing is half-written.

Units   aware datetimes; age in years.
Errors  BadInput, PracticeClosed, NotComplete, NoCheckIn, ScreeningStop.
Source  decision 11: the safety table must be approved before it is used; clinical reference 2.1
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.screening.decide import Decision, Fired
from unknot.journey.understand import access, questionnaires, reads, stops
from unknot.journey.understand.actions.answers import locked, store_scores
from unknot.journey.understand.actions.belonging import join
from unknot.journey.understand.actions.stop import open_stop
from unknot.journey.understand.models import (
    CheckIn,
    CheckInState,
    SafetyStop,
    ScreeningResult,
    shared_at_first,
)
from unknot.people import access as rights
from unknot.people import audit
from unknot.people.actions import share_only
from unknot.people.models import Practice, Purpose, User
from unknot.people.reads import CONSENT_VERSION
from unknot.web.errors import BadInput, Conflict

#: What nobody claimed or finished is deleted this long after its last answer.
KEPT = timedelta(days=7)


class PracticeClosed(Conflict):
    """Nobody has approved the safety table for this practice, so its check-ins are closed."""

    title = gettext_lazy("Check-ins are closed here")
    sentence = gettext_lazy(
        "This practice has not yet recorded who approved its safety questions. "
        "Until then nobody can check in here."
    )
    mend = gettext_lazy("Call the practice, or try another day.")


class AskAgain(Conflict):
    """Time has passed since a clinician spoke, and an answer weighs more now."""

    title = gettext_lazy("Please start again")
    sentence = gettext_lazy(
        "Some time has passed since a clinician spoke, so the safety questions have to be asked "
        "again."
    )
    mend = gettext_lazy("Start a new check-in.")


class NotComplete(BadInput):
    """Questions that safety needs are still open."""

    sentence = gettext_lazy("Some safety questions have no answer yet. They cannot be skipped.")


@transaction.atomic(durable=True)
def start(
    practice: Practice,
    *,
    is_adult: bool,
    language: str,
    now: datetime,
    actor: rights.Actor | None = None,
) -> CheckIn:
    """Begin a check-in of somebody who agreed to it.

    It belongs to a signed-in client of the practice at once, so that nothing is asked again too
    soon; anybody else claims it when they book.
    """
    if not is_adult:
        raise BadInput(_("Under 18 nobody can book alone here. Ask a parent to call the practice."))
    if not reads.is_open(practice):
        raise PracticeClosed
    client = access.client_at(practice, actor)
    if client is not None and stops.is_on_hold(client):
        raise reads.ScreeningStop
    checkin = CheckIn.objects.create(
        practice=practice,
        language=language,
        consent_version=CONSENT_VERSION,
        consented_at=now,
        is_adult=True,
        started_at=now,
        changed_at=now,
        shares=sorted(rights.shared_by(client)) if client is not None else shared_at_first(),
    )
    if client is not None and not rights.agreed(client):
        share_only(client, (), now=now)  # what was paused does not come back unasked
    join(checkin, client, now=now)
    return checkin


@transaction.atomic(durable=True)
def discard(checkin: CheckIn, *, now: datetime) -> None:
    """Let go of a check-in to start another: what is unclaimed or unfinished is deleted at once."""
    if stops.open_stop_of(checkin) is not None:
        raise reads.ScreeningStop
    _left_behind().filter(pk=checkin.pk).delete()


@transaction.atomic(durable=True)
def complete(
    checkin: CheckIn, *, now: datetime, actor: rights.Actor | None = None
) -> ScreeningResult:
    """Score every instrument, decide, and open a stop with its call-back when booking is blocked.

    What a client ticked at the end is what their therapist sees from now on. Somebody who signed
    in on the way owns it now, so that a stop holds their appointments. Repeating changes nothing.
    Raises AskAgain when an answer has come to weigh more since a clinician spoke.
    """
    draft = locked(checkin)
    known = ScreeningResult.objects.filter(checkin=draft).first()
    if draft.state == CheckInState.COMPLETED and known is not None:
        return known
    if draft.age is None:
        raise NotComplete
    draft.completed_at = now
    decision = reads.decision_of(draft)
    if decision.incomplete:
        raise NotComplete
    cleared = SafetyStop.objects.filter(checkin=draft, ended_at__isnull=False).exists()
    if decision.blocked and cleared:
        raise AskAgain
    join(draft, access.client_at(draft.practice, actor), now=now)
    _share(draft, now=now)
    store_scores(draft, questionnaires.plan_of(draft, now=now))
    result = _store(draft, decision, now=now)
    draft.state = CheckInState.COMPLETED
    draft.changed_at = now
    draft.save(update_fields=["state", "completed_at", "changed_at"])
    audit.record(_user(actor), "check-in.completed", draft, at=now, client=draft.client)
    if decision.blocked and not SafetyStop.objects.filter(checkin=draft).exists():
        open_stop(draft, decision, now=now, actor=actor)
    return result


@transaction.atomic(durable=True)
def delete_left_behind(now: datetime) -> int:
    """Delete what nobody claimed or finished for 7 days, with its stop; return how many."""
    old = _left_behind().filter(changed_at__lte=now - KEPT)
    return old.delete()[1].get("understand.CheckIn", 0)


def _left_behind() -> QuerySet[CheckIn]:
    """Check-ins that nobody claimed, and drafts of clients; one with a stop is a record."""
    unfinished = Q(state=CheckInState.DRAFT, stop__isnull=True)
    return CheckIn.objects.filter(Q(client__isnull=True) | unfinished)


def _share(checkin: CheckIn, *, now: datetime) -> None:
    """Let what was ticked hold for the owner; raises ConsentWithdrawn without their agreement."""
    if checkin.client is None:
        return
    if Purpose.CARE not in rights.agreed(checkin.client):
        raise reads.ConsentWithdrawn
    share_only(checkin.client, checkin.shares, now=now)


def _user(actor: rights.Actor | None) -> User | None:
    return actor if isinstance(actor, User) else None


def _store(checkin: CheckIn, decision: Decision, *, now: datetime) -> ScreeningResult:
    return ScreeningResult.objects.update_or_create(
        checkin=checkin,
        defaults={
            "table_version": decision.table_version,
            "urgency": decision.urgency.id,
            "blocked": decision.blocked,
            "fired": [_as_row(row) for row in decision.fired],
            "decided_at": now,
        },
    )[0]


def _as_row(row: Fired) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "version": row.version,
        "urgency": row.urgency.id,
        "action": row.action.id,
        "text": row.text,
        "private": row.private,
    }
