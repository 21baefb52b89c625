"""What the practice offers: the list of services, a new one, and what can change about one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.journey.choose import access
from unknot.journey.choose.actions import offering as offers
from unknot.journey.choose.reads import offering
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.offer_forms import NewServiceForm, ServiceForm
from unknot.web.errors import BadInput, Conflict


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def offer(request: StaffRequest) -> HttpResponse:
    """Every service with its price and who offers it, and the form for a new one."""
    alone, team = tabs.works_alone(request.practice), offering.team(request.practice)
    form = NewServiceForm(
        request.POST if request.method == "POST" else None,
        practice=request.practice,
        team=team,
        alone=alone,
    )
    status = 200
    if request.method == "POST":
        status = _add(request, form) if form.is_valid() else 422
        if status == 302:
            return redirect("practice:offer")
    context = {
        "tabs": tabs.of_practice("practice:offer", alone=alone),
        "alone": alone,
        "is_therapist": Role.THERAPIST in request.roles,
        "team": team,
        "services": offering.services(request.practice),
        "form": form,
    }
    return render(request, "practice/offer.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def service(request: StaffRequest, pk: int) -> HttpResponse:
    """One service: its price, who offers it and whether it can be booked."""
    found = access.service_to_change(request.user, pk)
    row = offering.service(found)
    alone = tabs.works_alone(found.practice)
    form = ServiceForm(
        request.POST if request.method == "POST" else None,
        practice=found.practice,
        team=offering.team(found.practice),
        alone=alone,
        initial={
            "price": row.amount,
            "therapists": [one.id for one in row.therapists],
            "active": row.active,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            offers.change_service(
                request.user,
                found,
                price_minor=form.cleaned_data["price"],
                therapists=form.therapists_sent,
                active=form.cleaned_data["active"],
                now=timezone.now(),
            )
        except BadInput as problem:
            form.add_error(None, str(problem.sentence))
        else:
            messages.success(request, _("Saved. What is booked already keeps its price."))
            return redirect("practice:offer")
    context = {
        "tabs": tabs.of_practice("practice:offer", alone=alone),
        "service": row,
        "form": form,
    }
    return render(request, "practice/service.html", context, status=422 if form.errors else 200)


def _add(request: StaffRequest, form: NewServiceForm) -> int:
    """Add the service; a refusal becomes an error of the form. Returns the status to answer."""
    try:
        offers.add_service(request.user, request.practice, draft=form.draft, now=timezone.now())
    except (BadInput, Conflict) as problem:
        place = "minutes" if isinstance(problem, Conflict) else None
        form.add_error(place, str(problem.sentence))
        return int(problem.status)
    messages.success(request, _("Added. It can be booked with whoever is listed and has hours."))
    return 302
