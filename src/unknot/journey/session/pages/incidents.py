"""What went wrong in sessions: the list, one incident, a new one; nothing for the front desk."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.journey.prepare import reads as prepare
from unknot.journey.session import access
from unknot.journey.session.actions import incidents as actions
from unknot.journey.session.reads import incidents as reads
from unknot.journey.session.safety_forms import CloseForm, EntryForm, IncidentForm
from unknot.people.models import Role
from unknot.people.requests import MemberRequest, StaffRequest, signed_in, staff_required
from unknot.web.errors import BadInput, UnknotError


@require_safe
@staff_required(Role.THERAPIST, Role.MANAGER)
def incidents(request: StaffRequest) -> HttpResponse:
    """The incidents of the practice: a manager sees all, a therapist those of their clients."""
    found = actions.open_list(request.user, request.practice, now=timezone.now())
    context = {"found": found, "shown": reads.CLOSED_SHOWN, "practice": request.practice}
    return render(request, "session/incidents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def incident_new(request: MemberRequest, key: UUID) -> HttpResponse:
    """Write down what went wrong with one session."""
    appointment = access.appointment_to_report(request.user, key)
    client, now = prepare.client_of(appointment), timezone.now()
    here = now.astimezone(appointment.therapist.practice.tz)
    people = access.who_may_follow_up(client)
    started = {"noticed_on": here.date(), "owner": request.user.pk}
    form = IncidentForm(request.POST or None, people=people, initial=started)
    if request.method == "POST" and form.is_valid():
        try:
            event = actions.report(request.user, appointment, told=form.told, now=now)
        except BadInput as problem:
            form.add_error(None, str(problem.sentence))
        else:
            messages.success(request, _("It is written down."))
            return redirect("session:incident", event.key)
    context = {"form": form, "visit": prepare.visit(appointment), "client_name": client.name}
    status = 422 if request.method == "POST" else 200
    return render(request, "session/incident_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def incident(request: MemberRequest, key: UUID) -> HttpResponse:
    """One incident with all its entries; what was done since is added."""
    event = access.incident(request.user, key)
    if request.method != "POST":
        return _page(request, event)
    form = EntryForm(request.POST, people=access.who_may_follow_up(event.client))
    if form.is_valid():
        try:
            actions.add_entry(request.user, event, **form.cleaned_data, now=timezone.now())
        except (BadInput, actions.AddedSince) as problem:
            return _page(request, event, entry=form, problem=problem)
        messages.success(request, _("Added, with your name and the time."))
        return redirect("session:incident", key)
    return _page(request, event, entry=form)


@require_POST
@signed_in
def incident_close(request: MemberRequest, key: UUID) -> HttpResponse:
    """Close an incident with what came of it."""
    event = access.incident(request.user, key)
    form = CloseForm(request.POST, auto_id="close_%s")
    if form.is_valid():
        try:
            actions.close(request.user, event, **form.cleaned_data, now=timezone.now())
        except (BadInput, actions.AddedSince) as problem:
            return _page(request, event, closing=form, problem=problem)
        messages.success(request, _("It is closed. Everything that was written stays."))
        return redirect("session:incident", key)
    return _page(request, event, closing=form)


def _page(
    request: MemberRequest,
    event: access.Incident,
    *,
    entry: EntryForm | None = None,
    closing: CloseForm | None = None,
    problem: UnknotError | None = None,
) -> HttpResponse:
    """Show an incident; a form that was refused keeps what was typed and sees the newest entry."""
    page = actions.open_incident(request.user, event, now=timezone.now())
    refused = entry or closing
    if refused is not None and problem is not None:
        refused.data = {**request.POST.dict(), "seen": str(page.seen)}
        refused.add_error(None, str(problem.sentence))
    people = access.who_may_follow_up(event.client)
    started = {"grade": page.row.grade.id, "owner": page.owner_pk, "seen": page.seen}
    context = {
        "page": page,
        "entry": entry or EntryForm(people=people, initial=started),
        "closing": closing or CloseForm(initial={"seen": page.seen}, auto_id="close_%s"),
    }
    status = int(problem.status) if problem else 422 if refused else 200
    return render(request, "session/incident.html", context, status=status)
