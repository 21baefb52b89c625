"""What a service or an add-on takes, and the add-ons themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unknot.journey.book import access
from unknot.journey.book.actions import needs as actions
from unknot.journey.book.reads import resources as rows
from unknot.journey.choose import access as choose_access
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import offer, tabs
from unknot.practice.resource_forms import AddOnForm, NeedForm, NewAddOnForm
from unknot.web.errors import BadInput, Conflict

ADD_ONS = "practice:add-ons"


@require_POST
@staff_required(Role.MANAGER)
def add_need(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a service take a room or tool."""
    found = choose_access.service_to_change(request.user, pk)
    form = NeedForm(request.POST, prefix="need")
    if _added(request, found, form):
        return redirect("practice:service", pk=found.pk)
    return offer.page_of_service(request, found, need_form=form)


@require_POST
@staff_required(Role.MANAGER)
def remove_need(request: StaffRequest, pk: int) -> HttpResponse:
    """Take nothing of this kind any more."""
    owner, need = access.need_to_change(request.user, pk)
    try:
        actions.remove_need(request.user, owner, need, now=timezone.now())
    except BadInput as problem:
        messages.error(request, str(problem.sentence))
    else:
        messages.success(request, _("Removed."))
    return redirect(
        "practice:add-on" if need.service_id is None else "practice:service", pk=owner.pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def add_ons(request: StaffRequest) -> HttpResponse:
    """Every add-on, and the form for a new one."""
    sent = request.POST if request.method == "POST" else None
    services = rows.service_choices(request.practice)
    form = NewAddOnForm(sent, practice=request.practice, services=services)
    status = 422 if sent is not None else 200
    if sent is not None and form.is_valid():
        try:
            actions.add_add_on(request.user, request.practice, draft=form.draft, now=timezone.now())
        except (BadInput, Conflict) as problem:
            form.add_error("name", str(problem.sentence))
            status = int(problem.status)
        else:
            messages.success(request, _("Added. Clients can choose it with these services."))
            return redirect(ADD_ONS)
    context = {
        "tabs": tabs.of_practice("practice:offer", alone=tabs.works_alone(request.practice)),
        "add_ons": rows.add_ons(request.practice),
        "can_add": bool(services),
        "form": form,
    }
    return render(request, "practice/add_ons.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def add_on(request: StaffRequest, pk: int) -> HttpResponse:
    """One add-on: price, services, whether it can be booked, and what it takes."""
    found = access.add_on_to_change(request.user, pk)
    form = _add_on_form(request, found, sent=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_add_on(
                request.user,
                found,
                price_minor=form.cleaned_data["price"],
                services=frozenset(form.cleaned_data["services"]),
                active=form.cleaned_data["active"],
                now=timezone.now(),
            )
        except BadInput as problem:
            form.add_error(None, str(problem.sentence))
        else:
            messages.success(request, _("Saved. What is booked already keeps its price."))
            return redirect(ADD_ONS)
    return _add_on_page(request, found, form, NeedForm(prefix="need"))


@require_POST
@staff_required(Role.MANAGER)
def add_add_on_need(request: StaffRequest, pk: int) -> HttpResponse:
    """Let an add-on take a room or tool."""
    found = access.add_on_to_change(request.user, pk)
    form = NeedForm(request.POST, prefix="need")
    if _added(request, found, form):
        return redirect("practice:add-on", pk=found.pk)
    return _add_on_page(request, found, _add_on_form(request, found, sent=False), form)


def _added(request: StaffRequest, owner: access.Needing, form: NeedForm) -> bool:
    """Add the need; a refusal becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        actions.add_need(request.user, owner, draft=form.draft, now=timezone.now())
    except BadInput as problem:
        form.add_error("pool", str(problem.sentence))
        return False
    messages.success(request, _("Saved. It is taken with every new booking."))
    return True


def _add_on_form(request: StaffRequest, found: access.Adding, *, sent: bool) -> AddOnForm:
    row = rows.add_on(found)
    kept = dict(rows.service_choices(found.practice)) | dict(row.services)
    return AddOnForm(
        request.POST if sent else None,
        practice=found.practice,
        services=kept.items(),
        initial={
            "price": row.amount,
            "services": [number for number, _name in row.services],
            "active": row.active,
        },
    )


def _add_on_page(
    request: StaffRequest, found: access.Adding, form: AddOnForm, need: NeedForm
) -> HttpResponse:
    context = {
        "tabs": tabs.of_practice("practice:offer", alone=tabs.works_alone(found.practice)),
        "add_on": rows.add_on(found),
        "form": form,
        "need_form": need,
    }
    status = 422 if form.errors or need.errors else 200
    return render(request, "practice/add_on.html", context, status=status)
