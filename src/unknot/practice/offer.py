"""What the practice offers: the list of services, a new one, and what can change about one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.journey.book.actions import needs
from unknot.journey.book.reads import resources
from unknot.journey.choose import access
from unknot.journey.choose.actions import offering as offers
from unknot.journey.choose.reads import offering
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.offer_forms import NewServiceForm, ServiceForm
from unknot.practice.resource_forms import NeedForm
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
    """One service: its price, who offers it, whether it can be booked, and what it takes."""
    found = access.service_to_change(request.user, pk)
    row, alone = offering.service(found), tabs.works_alone(found.practice)
    form = _service_form(request, found, row, alone=alone)
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
    return _service_page(request, found, row, form, NeedForm(prefix="need"), alone=alone)


def page_of_service(
    request: StaffRequest, found: access.Offering, *, need_form: NeedForm
) -> HttpResponse:
    """The page of one service with a need that could not be kept."""
    row, alone = offering.service(found), tabs.works_alone(found.practice)
    form = _service_form(request, found, row, alone=alone, sent=False)
    return _service_page(request, found, row, form, need_form, alone=alone)


def _service_form(
    request: StaffRequest,
    found: access.Offering,
    row: offering.Offered,
    *,
    alone: bool,
    sent: bool = True,
) -> ServiceForm:
    return ServiceForm(
        request.POST if sent and request.method == "POST" else None,
        practice=found.practice,
        team=offering.team(found.practice),
        alone=alone,
        initial={
            "price": row.amount,
            "therapists": [one.id for one in row.therapists],
            "active": row.active,
        },
    )


def _service_page(
    request: StaffRequest,
    found: access.Offering,
    row: offering.Offered,
    form: ServiceForm,
    need_form: NeedForm,
    *,
    alone: bool,
) -> HttpResponse:
    context = {
        "tabs": tabs.of_practice("practice:offer", alone=alone),
        "service": row,
        "form": form,
        "needs": resources.needs_of_service(found),
        "need_form": need_form,
    }
    status = 422 if form.errors or need_form.errors else 200
    return render(request, "practice/service.html", context, status=status)


def _add(request: StaffRequest, form: NewServiceForm) -> int:
    """Add the service; a refusal becomes an error of the form. Returns the status to answer."""
    add = needs.add_service_for_two if form.draft.for_two else offers.add_service
    try:
        add(request.user, request.practice, draft=form.draft, now=timezone.now())
    except (BadInput, Conflict) as problem:
        place = "minutes" if isinstance(problem, Conflict) else None
        form.add_error(place, str(problem.sentence))
        return int(problem.status)
    messages.success(request, _("Added. It can be booked with whoever is listed and has hours."))
    return 302
