"""The page of a client before an appointment, and the briefing and plan of the therapist."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.journey.book import access
from unknot.journey.prepare import actions, reads
from unknot.journey.prepare.forms import PreparationForm, RecheckForm
from unknot.journey.prepare.plan_form import PlanForm
from unknot.journey.understand import access as checkins
from unknot.journey.understand import stops
from unknot.journey.understand.actions.recheck import answer_recheck
from unknot.people.access import is_own
from unknot.people.requests import MemberRequest, signed_in
from unknot.web.errors import BadInput, Conflict


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def prepare(request: MemberRequest, key: UUID) -> HttpResponse:
    """Show what to know before the appointment; take the client's wishes."""
    now = timezone.now()
    appointment = access.appointment_of_client(request.user, key)
    actions.check_is_shown(appointment)
    facts = reads.client_preparation(appointment, now=now)
    form = PreparationForm(
        request.POST if request.method == "POST" else None,
        focus_choices=facts.focus_choices,
        leave_out_choices=facts.leave_out_choices,
        wishes=facts.wishes,
    )
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_preparation(request.user, appointment, wishes=form.wishes, now=now)
        except actions.WishesClosed as closed:
            problem = closed
        else:
            messages.success(request, _("Saved. Your therapist sees it before you arrive."))
            return redirect("prepare:prepare", key)
    status = 409 if problem else 422 if form.errors else 200
    return _answer(request, facts, form, problem, status)


@require_safe
@signed_in
def briefing(request: MemberRequest, key: UUID) -> HttpResponse:
    """Show the therapist of this appointment what to know; leaves an audit row."""
    appointment = access.appointment_of_therapist(request.user, key)
    card = actions.open_briefing(request.user, appointment, now=timezone.now())
    return render(request, "prepare/briefing.html", {"briefing": card, "visit": card.visit})


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


@require_POST
@signed_in
def recheck(request: MemberRequest, key: UUID) -> HttpResponse:
    """Keep what was answered before a session, and go on with what follows from it."""
    appointment = access.appointment_of_either(request.user, key)
    by_client = is_own(request.user, appointment.client)
    now = timezone.now()
    actions.check_may_answer(appointment, by_client=by_client, now=now)
    form = RecheckForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("Choose one of the three answers."))
    kept = answer_recheck(
        request.user,
        reads.client_of(appointment),
        appointment_key=appointment.key,
        said=form.cleaned_data["said"],
        now=now,
    )
    if not by_client:
        back = "session:record" if form.cleaned_data["then"] else "prepare:briefing"
        return redirect(back, key)
    if kept.said != "no":
        return _ask_everything(request)
    messages.success(request, _("Thank you, nothing else to answer."))
    return redirect("prepare:prepare", key)


def _ask_everything(request: HttpRequest) -> HttpResponse:
    """Begin the full check-in; what this browser had answered before is let go of."""
    checkin = checkins.current(request.session)
    if checkin is not None and stops.open_stop_of(checkin) is not None:
        return redirect("understand:result")
    request.session.pop(checkins.SESSION_KEY, None)
    messages.info(
        request,
        _(
            "Thank you for telling us. Because something may be new, we ask all questions again "
            "before your session. It takes a few minutes."
        ),
    )
    return redirect("understand:start")


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


def _answer(
    request: HttpRequest,
    facts: reads.ClientPreparation,
    form: PreparationForm,
    problem: actions.WishesClosed | None,
    status: int,
) -> HttpResponse:
    context = {"facts": facts, "visit": facts.visit, "form": form, "problem": problem}
    return render(request, "prepare/prepare.html", context, status=status)
