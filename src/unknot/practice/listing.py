"""A therapist's own listing: what clients read, the consent to be shown, the own credentials."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unknot.journey.choose import actions as choose
from unknot.journey.choose import offering
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.offer_forms import CredentialForm, ListingForm
from unknot.web.errors import BadInput, Conflict

SHOWN = ("name", "about", "languages", "practising_since", "location")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST)
def listing(request: StaffRequest) -> HttpResponse:
    """The own listing to write and to change."""
    form = _form(request)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return redirect("practice:listing")
    return _page(request, form, CredentialForm())


@require_POST
@staff_required(Role.THERAPIST)
def credential(request: StaffRequest) -> HttpResponse:
    """Add one credential on the own word."""
    form = CredentialForm(request.POST)
    if form.is_valid() and _added(request, form):
        return redirect("practice:listing")
    return _page(request, _form(request, sent=False), form)


def _form(request: StaffRequest, *, sent: bool = True) -> ListingForm:
    today = timezone.now().astimezone(request.practice.tz).date()
    found = offering.own_listing(request.user, request.practice, today)
    initial = {name: getattr(found, name) for name in SHOWN} if found else {}
    data = request.POST if sent and request.method == "POST" else None
    return ListingForm(
        data,
        practice=request.practice,
        year=today.year,
        initial={"name": request.user.name}
        | initial
        | {"listed": found.is_listed if found else False},
    )


def _page(request: StaffRequest, form: ListingForm, paper: CredentialForm) -> HttpResponse:
    today = timezone.now().astimezone(request.practice.tz).date()
    context = {
        "tabs": tabs.my_work("practice:listing"),
        "listing": offering.own_listing(request.user, request.practice, today),
        "form": form,
        "credential": paper,
    }
    wrong = form.errors or paper.errors
    return render(request, "practice/listing.html", context, status=422 if wrong else 200)


def _saved(request: StaffRequest, form: ListingForm) -> bool:
    try:
        choose.save_listing(request.user, request.practice, draft=form.draft, now=timezone.now())
    except (BadInput, Conflict) as problem:
        form.add_error(None, str(problem.sentence))
        return False
    if form.draft.listed:
        messages.success(request, _("Saved. Clients can see this listing."))
    else:
        messages.success(request, _("Saved. Clients do not see this listing."))
    return True


def _added(request: StaffRequest, form: CredentialForm) -> bool:
    try:
        choose.add_credential(request.user, request.practice, draft=form.draft, now=timezone.now())
    except BadInput as problem:
        form.add_error(None, str(problem.sentence))
        return False
    messages.success(request, _("Added, as your own word: nobody has checked it yet."))
    return True
