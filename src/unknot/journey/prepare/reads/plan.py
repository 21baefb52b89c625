"""The plan of a session, made from what its therapist may know."""

from collections.abc import Collection
from dataclasses import dataclass

from unknot.journey.book.models import Appointment
from unknot.journey.prepare import plans
from unknot.journey.prepare.models import Preparation
from unknot.journey.prepare.reads.answers import Body, Safety, body_of, safety_of
from unknot.journey.prepare.reads.touch import areas_closed
from unknot.journey.prepare.reads.visits import ASKABLE, Visit, client_of, first_name, visit
from unknot.journey.understand import reads as understand
from unknot.journey.understand import stops
from unknot.people import access
from unknot.people.models import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """The page of a session's plan."""

    visit: Visit
    first_name: str
    plan: plans.Plan
    can_plan: bool


def plan(appointment: Appointment) -> plans.Plan | None:
    """Give the plan of a session, saved or proposed; None while it may not be given at all."""
    client = client_of(appointment)
    shared = access.agreed(client)
    newest = understand.latest_completed(client) if shared else None
    asked = safety_of(newest, appointment.service.technique)
    if asked.ruled_out or stops.is_on_hold(client):
        return None
    body = body_of(newest) if Purpose.SHARE_BODY in shared else None
    saved = Preparation.objects.filter(appointment=appointment).first()
    return plan_with(appointment, body, asked, saved, shared)


def plan_page(appointment: Appointment, found: plans.Plan) -> PlanPage:
    """Put a plan into its page."""
    return PlanPage(
        visit=visit(appointment),
        first_name=first_name(client_of(appointment)),
        plan=found,
        can_plan=can_plan(appointment),
    )


def can_plan(appointment: Appointment) -> bool:
    """Whether the plan may still be changed: until the session is over."""
    return appointment.status in ASKABLE


def plan_with(
    appointment: Appointment,
    body: Body | None,
    asked: Safety,
    saved: Preparation | None,
    shared: Collection[str],
) -> plans.Plan | None:
    """Give the plan with every place closed that safety, a wish or the consent closes."""
    wished_out = saved.leave_out if saved else ()
    closed = plans.closed_by(
        appointment.service.technique,
        avoided=asked.avoided,
        leave_out=(*wished_out, *areas_closed(appointment)),
        shares_safety=Purpose.SHARE_SAFETY in shared,
    )
    marks = body.marks if body is not None else {}
    return plans.plan_of(appointment, marks=marks, wishes=saved, closed=closed)
