"""The plan of a session."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unknot.journey.book import access
from unknot.journey.prepare import actions, reads
from unknot.journey.prepare.plan_form import PlanForm
from unknot.people.requests import MemberRequest, signed_in
from unknot.web.errors import BadInput, Conflict


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan(request: MemberRequest, key: UUID) -> HttpResponse:
    """Show the plan of a session, or save it; without a saved one the proposal stands."""
    appointment = access.appointment_of_therapist(request.user, key)
    now = timezone.now()
    if request.method == "GET":
        page = actions.open_plan(request.user, appointment, now=now)
    else:
        page = actions.page_of_plan(appointment)
    closed = page.plan.closed
    if request.method != "POST":
        return _planned(request, page, PlanForm.of(page.plan))
    if {"more", "move"} & request.POST.keys():
        return _planned(request, page, PlanForm.rearranged(request.POST, closed=closed))
    form = PlanForm.sent(request.POST, closed=closed)
    if not form.is_valid():
        return _planned(request, page, form, status=422)
    try:
        actions.save_plan(
            request.user, appointment, steps=form.steps, revision=form.revision, now=now
        )
    except (BadInput, Conflict) as problem:
        form.problem = problem
        if isinstance(problem, actions.OlderPlan):
            form.revision = page.plan.revision
        return _planned(request, page, form, status=int(problem.status))
    messages.success(request, _("Saved. The plan is yours to change until the session is over."))
    return redirect("prepare:plan", key)


@require_POST
@signed_in
def drop_plan(request: MemberRequest, key: UUID) -> HttpResponse:
    """Go back to the proposal."""
    appointment = access.appointment_of_therapist(request.user, key)
    form = PlanForm.sent(request.POST, closed=())
    actions.drop_plan(request.user, appointment, revision=form.revision, now=timezone.now())
    messages.success(request, _("This is the proposal again."))
    return redirect("prepare:plan", key)


def _planned(
    request: HttpRequest, page: reads.PlanPage, form: PlanForm, status: int = 200
) -> HttpResponse:
    over = form.total - page.plan.hands_on
    context = {
        "page": page,
        "visit": page.visit,
        "plan": page.plan,
        "form": form,
        "over": max(over, 0),
        "under": max(-over, 0),
    }
    return render(request, "prepare/plan.html", context, status=status)
