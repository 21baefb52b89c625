"""Rooms and tools: the list, one of them, out of use for a while or for good."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unknot.journey.book import access
from unknot.journey.book.actions import resources as actions
from unknot.journey.book.actions import time_off
from unknot.journey.book.reads import resources as rows
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.booking_forms import TimeOffForm
from unknot.practice.resource_forms import NewThingForm, ThingForm
from unknot.web.errors import BadInput, Conflict, UnknotError

HERE = "practice:resources"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def resources(request: StaffRequest) -> HttpResponse:
    """Every room and tool, and the form for new ones."""
    sent = request.POST if request.method == "POST" else None
    form = NewThingForm(sent, practice=request.practice)
    status = 422 if sent is not None else 200
    if sent is not None and form.is_valid():
        try:
            actions.add_things(
                request.user,
                request.practice,
                draft=form.draft,
                quantity=form.cleaned_data["quantity"],
                now=timezone.now(),
            )
        except (BadInput, Conflict) as problem:
            form.add_error("name", str(problem.sentence))
            status = int(problem.status)
        else:
            messages.success(request, _("Added. Say at your services which of them they take."))
            return redirect(HERE)
    context = {
        "tabs": tabs.of_practice(HERE, alone=tabs.works_alone(request.practice)),
        "things": rows.things(request.practice),
        "form": form,
    }
    return render(request, "practice/resources.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def resource(request: StaffRequest, pk: int) -> HttpResponse:
    """One room or tool: name, what it has, when it is out of use and who needs it."""
    found = access.thing(request.user, pk)
    form = _form(request, found, sent=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_thing(request.user, found, draft=form.draft, now=timezone.now())
        except (BadInput, Conflict) as problem:
            form.add_error("name", str(problem.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect(HERE)
    return _page(request, found, form, TimeOffForm(prefix="off"))


@require_POST
@staff_required(Role.MANAGER)
def resource_off(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a room or tool out of use for a while."""
    found = access.thing(request.user, pk)
    off = TimeOffForm(request.POST, prefix="off")
    if off.is_valid():
        try:
            time_off.add(request.user, found, away=off.away, now=timezone.now())
        except BadInput as problem:
            off.add_error("last_day", str(problem.sentence))
        else:
            messages.success(request, _("Saved. It is not given to anybody in this time."))
            return redirect("practice:resource", pk=found.pk)
    return _page(request, found, _form(request, found, sent=False), off)


@require_POST
@staff_required(Role.MANAGER)
def retire(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a room or tool out of use for good, unless somebody is booked into it."""
    found = access.thing(request.user, pk)
    try:
        actions.retire(request.user, found, now=timezone.now())
    except Conflict as problem:
        form = _form(request, found, sent=False)
        return _page(request, found, form, TimeOffForm(prefix="off"), problem=problem)
    messages.success(request, _("It is out of use now."))
    return redirect(HERE)


@require_POST
@staff_required(Role.MANAGER)
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Use a room or tool again."""
    actions.restore(request.user, access.thing(request.user, pk), now=timezone.now())
    messages.success(request, _("It is in use again."))
    return redirect(HERE)


def _form(request: StaffRequest, found: access.Thing, *, sent: bool) -> ThingForm:
    row = rows.thing(found)
    return ThingForm(
        request.POST if sent else None,
        practice=access.practice_of(found),
        kind=row.kind,
        initial={"name": row.name, "features": list(row.features), "location": row.location},
    )


def _page(
    request: StaffRequest,
    found: access.Thing,
    form: ThingForm,
    off: TimeOffForm,
    *,
    problem: UnknotError | None = None,
) -> HttpResponse:
    now, practice = timezone.now(), access.practice_of(found)
    status = int(problem.status) if problem else 422 if form.errors or off.errors else 200
    context = {
        "tabs": tabs.of_practice(HERE, alone=tabs.works_alone(practice)),
        "practice": practice,
        "thing": rows.thing(found),
        "away": rows.away(found, practice, now=now),
        "coming": rows.coming(found, practice, now=now),
        "form": form,
        "off": off,
        "problem": problem,
    }
    return render(request, "practice/resource.html", context, status=status)
