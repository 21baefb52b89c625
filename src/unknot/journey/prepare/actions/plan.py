"""Keep what a therapist plans for one session; opening a plan leaves an audit row.

Whoever changes a plan locks the client and then the appointment: until the commit neither the
status, the wishes, an agreement nor a stop changes, two tablets queue, and the older copy is
refused by its revision. A check-in completed meanwhile is heard whenever the plan is read.

Units   aware datetimes; whole minutes; places are regions of the body map, empty for the whole
        area.
Errors  NotShown: the appointment was cancelled, declined, missed or never confirmed.
        PlanClosed: the session is over, on hold, or ruled out by what was said since.
        OlderPlan: somebody saved the plan since this copy was opened.
        BadInput: a place that is not on the map, or one that safety or the client closes.
Source  the plan starts from a rule of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap.regions import UnknownRegion
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import plans, reads
from unknot.journey.prepare.actions.shown import check_is_shown
from unknot.journey.prepare.models import PlannedPart, SessionPlan
from unknot.people import access, audit
from unknot.people.models import User
from unknot.web.errors import BadInput, Conflict

ROWS_MAX = 30
NOTE_MAX = 120
MINUTES = range(1, 241)
#: The constraint that lets an appointment have one plan.
ONE_PLAN = "prepare_sessionplan_appointment_id_key"


class PlanClosed(Conflict):
    """There is nothing to plan: the session is over, on hold, or its technique is ruled out."""

    title = _("This session cannot be planned")
    sentence = _("The session is over, it is on hold, or what was said since rules it out.")
    mend = _("Look at the briefing: it says what has to happen first.")


class OlderPlan(Conflict):
    """Somebody, or another tab, has saved the plan since this copy was opened."""

    title = _("There is a newer copy of this plan")
    sentence = _(
        "This plan was saved somewhere else after you opened it, so yours was not saved. "
        "What you typed is below; saving it now replaces the newer copy."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a plan as the therapist wants it: empty region for the whole area."""

    region: str
    minutes: int
    note: str = ""


@transaction.atomic(durable=True)
def open_plan(actor: User, appointment: Appointment, *, now: datetime) -> reads.PlanPage:
    """Give the plan, or the proposal, and write down who read it; raises PlanClosed or NotShown."""
    page = page_of_plan(appointment)
    audit.record(actor, "plan.read", appointment, at=now, client=appointment.client)
    return page


def page_of_plan(appointment: Appointment) -> reads.PlanPage:
    """Give the plan, or the proposal, to who has opened it; raises PlanClosed or NotShown."""
    check_is_shown(appointment)
    return reads.plan_page(appointment, _plan_of(appointment))


@transaction.atomic(durable=True)
def save_plan(
    actor: User, appointment: Appointment, *, steps: Sequence[Step], revision: int, now: datetime
) -> int:
    """Keep the steps as the plan if `revision` is the newest, and return its new revision.

    Raises PlanClosed, OlderPlan or BadInput.
    """
    fresh, stored = _locked_plan(appointment)
    closed = _check_may_plan(fresh).closed
    _check_is_newest(stored, revision)
    _check_steps(steps, closed)
    saved = _begun(fresh, actor, now) if stored is None else _renewed(stored, actor, now)
    saved.parts.all().delete()
    PlannedPart.objects.bulk_create(
        PlannedPart(
            plan=saved,
            position=position,
            region=step.region,
            minutes=step.minutes,
            note=step.note.strip(),
        )
        for position, step in enumerate(steps, 1)
    )
    audit.record(actor, "plan.saved", fresh, at=now, client=fresh.client)
    return saved.revision


@transaction.atomic(durable=True)
def drop_plan(actor: User, appointment: Appointment, *, revision: int, now: datetime) -> None:
    """Go back to the proposal; raises PlanClosed or OlderPlan."""
    fresh, stored = _locked_plan(appointment)
    _check_may_plan(fresh)
    _check_is_newest(stored, revision)
    if stored is not None:
        stored.delete()
        audit.record(actor, "plan.dropped", fresh, at=now, client=fresh.client)


def _locked_plan(appointment: Appointment) -> tuple[Appointment, SessionPlan | None]:
    """Lock the client and then the appointment, as `book` does; load it anew, and its plan."""
    access.lock(appointment.client)
    fresh = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("client", "service", "therapist__practice")
        .get(pk=appointment.pk)
    )
    return fresh, SessionPlan.objects.filter(appointment=fresh).first()


def _plan_of(appointment: Appointment) -> plans.Plan:
    plan = reads.plan(appointment)
    if plan is None:
        raise PlanClosed
    return plan


def _check_may_plan(appointment: Appointment) -> plans.Plan:
    if appointment.client is None or not reads.can_plan(appointment):
        raise PlanClosed
    return _plan_of(appointment)


def _check_is_newest(stored: SessionPlan | None, revision: int) -> None:
    if revision != (stored.revision if stored is not None else 0):
        raise OlderPlan


def _check_steps(steps: Sequence[Step], closed: frozenset[str]) -> None:
    """Refuse what the form refuses too, so that no other way in can store it."""
    if not 1 <= len(steps) <= ROWS_MAX:
        raise BadInput(_("A plan has from 1 to 30 rows."))
    for step in steps:
        if step.minutes not in MINUTES or len(step.note) > NOTE_MAX:
            raise BadInput(_("Minutes go from 1 to 240; a note has up to 120 characters."))
        try:
            shut = plans.is_closed(step.region, closed)
        except UnknownRegion as error:
            raise BadInput(_("One of the places is not on the body map.")) from error
        if shut:
            raise BadInput(_("This place is not worked on: safety or the client closes it."))


def _begun(appointment: Appointment, actor: User, now: datetime) -> SessionPlan:
    try:
        with transaction.atomic():  # a savepoint: the outer transaction stays usable
            return SessionPlan.objects.create(
                appointment=appointment, changed_by=actor, changed_at=now
            )
    except IntegrityError as error:
        if ONE_PLAN in str(error):  # somebody began it a moment ago
            raise OlderPlan from error
        raise


def _renewed(plan: SessionPlan, actor: User, now: datetime) -> SessionPlan:
    plan.revision += 1
    plan.changed_by, plan.changed_at = actor, now
    plan.save(update_fields=["revision", "changed_by", "changed_at"])
    return plan
