"""Where the practice treats people: address, way, coordinates and whether it is step-free."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.choose import access
from unknot.journey.choose.actions import places as actions
from unknot.journey.choose.reads import places as rows
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.place_forms import PlaceForm
from unknot.web.errors import BadInput

STEP_FREE = {True: "yes", False: "no", None: ""}


@require_safe
@staff_required(Role.MANAGER)
def places(request: StaffRequest) -> HttpResponse:
    """Every place of the practice."""
    context = {
        "tabs": tabs.of_practice("practice:places", alone=tabs.works_alone(request.practice)),
        "places": rows.of(request.practice),
    }
    return render(request, "practice/places.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def place(request: StaffRequest, pk: int) -> HttpResponse:
    """One place to change."""
    found = access.place_to_change(request.user, pk)
    row = rows.row(found)
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        initial={
            "name": row.name,
            "address": row.address,
            "how_to_find": row.how_to_find,
            "coordinates": row.coordinates,
            "step_free": STEP_FREE[row.step_free],
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_place(request.user, found, draft=form.draft, now=timezone.now())
        except BadInput as problem:
            form.add_error(None, str(problem.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect("practice:places")
    context = {
        "tabs": tabs.of_practice("practice:places", alone=tabs.works_alone(found.practice)),
        "place": row,
        "form": form,
    }
    return render(request, "practice/place.html", context, status=422 if form.errors else 200)
