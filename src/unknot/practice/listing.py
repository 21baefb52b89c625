"""A therapist's own listing: what clients read, and the consent to be shown."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.journey.choose.actions import listing as listings
from unknot.journey.choose.reads import offering
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.offer_forms import ListingForm
from unknot.web.errors import BadInput, Conflict

SHOWN = ("name", "about", "languages", "gender", "areas", "practising_since", "location")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST)
def listing(request: StaffRequest) -> HttpResponse:
    """The own listing to write and to change."""
    found = _found(request)
    form = _form(request, found, sent=request.method == "POST")
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return redirect("practice:listing")
    return _page(request, found, form)


def _found(request: StaffRequest) -> offering.Listing | None:
    today = timezone.now().astimezone(request.practice.tz).date()
    return offering.own_listing(request.user, request.practice, today)


def _form(request: StaffRequest, found: offering.Listing | None, *, sent: bool) -> ListingForm:
    initial = {"name": request.user.name}
    if found is not None:
        initial = {name: getattr(found, name) for name in SHOWN} | {"listed": found.is_listed}
    return ListingForm(
        request.POST if sent else None,
        practice=request.practice,
        year=timezone.now().astimezone(request.practice.tz).year,
        initial=initial,
    )


def _page(request: StaffRequest, found: offering.Listing | None, form: ListingForm) -> HttpResponse:
    context = {"tabs": tabs.my_work("practice:listing"), "listing": found, "form": form}
    return render(request, "practice/listing.html", context, status=422 if form.errors else 200)


def _saved(request: StaffRequest, form: ListingForm) -> bool:
    try:
        listings.save_listing(request.user, request.practice, draft=form.draft, now=timezone.now())
    except (BadInput, Conflict) as problem:
        form.add_error(None, str(problem.sentence))
        return False
    if form.draft.listed:
        messages.success(request, _("Saved. Clients can see this listing."))
    else:
        messages.success(request, _("Saved. Clients do not see this listing."))
    return True
