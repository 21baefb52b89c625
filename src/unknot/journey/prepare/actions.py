"""Save a client's wishes and a therapist's plan; opening what was told leaves an audit row.

Whoever changes a plan locks the client and then the appointment: until the commit neither the
status, the wishes, an agreement nor a stop changes, two tablets queue, and the older copy is
refused by its revision. A check-in completed meanwhile is heard whenever the plan is read.

Units   aware datetimes; pressure 1 to 5; whole minutes; places are ids of the body map or of its
        groups, in a plan of regions alone, empty for the whole area.
Errors  WishesClosed: the client has arrived, the session has begun, or it is not going to be.
        NotShown: the appointment was cancelled, declined, missed or never confirmed.
        NotAsked: the short recheck is not open now.
        PlanClosed: the session is over, on hold, or ruled out by what was said since.
        OlderPlan: somebody saved the plan since this copy was opened.
        BadInput: a place that is not offered, one both wished for and left out, or a place in a
        plan that safety or the client closes.
Source  clinical.md 3 names what both sides prepare; the plan starts from a rule of ours.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap.regions import UnknownRegion
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import places, plans, reads
from unknot.journey.prepare.models import PlannedPart, Preparation, PreparationChange, SessionPlan
from unknot.journey.prepare.wishes import NEWS
from unknot.journey.understand import stops
from unknot.people import access, alerts, audit
from unknot.people.models import User
from unknot.web.errors import BadInput, Conflict

#: A late change of these changes what is done, so the therapist hears of it.
CLOSES: Final = frozenset({"focus", "leave_out", "pressure"})
NO_WISHES: Final = Preparation()
ROWS_MAX = 30
NOTE_MAX = 120
MINUTES = range(1, 241)
#: The constraint that lets an appointment have one plan.
ONE_PLAN = "prepare_sessionplan_appointment_id_key"


class WishesClosed(Conflict):
    """Wishes can be changed until the client arrives or the session starts."""

    title = _("It is too late to change this here")
    sentence = _("Your wishes can be changed until you arrive or the session starts.")
    mend = _("Tell your therapist in the room: you can say everything there too.")


class NotAsked(Conflict):
    """The short recheck is not open: too early, too late, or the appointment is on hold."""

    title = _("This question is not open")
    sentence = _("It is asked from two days before the appointment until the client arrives.")
    mend = _("In the room the therapist asks it aloud.")


class NotShown(Conflict):
    """There is nothing to prepare: the appointment is not going to take place."""

    title = _("There is nothing to prepare")
    sentence = _("This appointment was cancelled, or it was never confirmed.")
    mend = _("Look at your appointments for the one that counts.")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a client wants for one appointment; None and empty mean not told."""

    focus: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    pressure: int | None = None
    warmth: str = ""
    scent: bool | None = None
    music: bool | None = None
    talk: str = ""
    to_tell: str = ""


def check_is_shown(appointment: Appointment) -> None:
    """Raise NotShown unless the appointment is coming or was attended."""
    if appointment.status not in reads.SHOWN or appointment.client is None:
        raise NotShown


def check_may_answer(appointment: Appointment, *, by_client: bool, now: datetime) -> None:
    """Raise NotAsked unless the short recheck of this appointment may be answered now."""
    on_hold = stops.is_on_hold(reads.client_of(appointment))
    if on_hold or not reads.may_answer(appointment, now, by_client=by_client):
        raise NotAsked


@transaction.atomic(durable=True)
def save_preparation(
    actor: User, appointment: Appointment, *, wishes: Wishes, now: datetime
) -> Preparation:
    """Keep the client's wishes for one appointment; raises WishesClosed or BadInput."""
    locked = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("client", "therapist__practice", "therapist__user")
        .get(pk=appointment.pk)
    )
    if not reads.may_change(locked, now):
        raise WishesClosed
    _check_places(wishes)
    wanted = {
        **asdict(wishes),
        "focus": list(dict.fromkeys(wishes.focus)),
        "leave_out": list(dict.fromkeys(wishes.leave_out)),
    }
    before = Preparation.objects.filter(appointment=locked).first()
    saved, _made = Preparation.objects.update_or_create(
        appointment=locked, defaults={**wanted, "changed_at": now}
    )
    _keep_changes(locked, before, wanted, now)
    audit.record(actor, "preparation.saved", locked, at=now, client=locked.client)
    return saved


def _keep_changes(
    appointment: Appointment, before: Preparation | None, wanted: dict[str, Any], now: datetime
) -> None:
    """Keep what is different now; first wishes are no change, but news when they come late."""
    late = now >= appointment.start - NEWS
    if before is None and not late:
        return
    changes = [
        PreparationChange(appointment=appointment, wish=name, before=was, after=value, at=now)
        for name, value in wanted.items()
        if (was := getattr(before or NO_WISHES, name)) != value
    ]
    PreparationChange.objects.bulk_create(changes)
    if late and CLOSES & {change.wish for change in changes}:
        alerts.raise_alert(
            "wishes-changed",
            appointment.therapist.practice,
            url=reverse("prepare:briefing", args=[appointment.key]),
            client=appointment.client,
            first=appointment.therapist.user,
            now=now,
        )


@transaction.atomic(durable=True)
def open_briefing(actor: User, appointment: Appointment, *, now: datetime) -> reads.Briefing:
    """Give the briefing and write down who read it; raises NotShown."""
    check_is_shown(appointment)
    audit.record(actor, "briefing.read", appointment, at=now, client=appointment.client)
    return reads.briefing(appointment, now=now)


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


def _check_places(wishes: Wishes) -> None:
    try:
        for place in (*wishes.focus, *wishes.leave_out):
            places.label(place)
    except UnknownRegion as error:
        raise BadInput(_("One of the places is not on the body map.")) from error
    if set(wishes.focus) & set(wishes.leave_out):
        raise BadInput(_("A place cannot be both wished for and left out."))
