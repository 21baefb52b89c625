"""Where it hurts, and what each place is like."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from unknot.journey.understand import reads
from unknot.journey.understand.actions import steps
from unknot.journey.understand.forms.body import BodyForm, PlacesForm
from unknot.journey.understand.pages.frame import leaving, saved, show, step
from unknot.journey.understand.requests import CheckInRequest
from unknot.web.bodymap import NAMES, views


@step
def body(request: CheckInRequest) -> HttpResponse:
    """Where it hurts and how much."""
    checkin = request.checkin
    form, levels = BodyForm(), reads.marks_of(checkin)
    if request.method == "POST":
        form = BodyForm(request.POST, partial=leaving(request))
        if form.is_valid():
            steps.save_body(checkin, marks=form.marks, now=timezone.now())
            return saved(request, "places" if form.marks else "story")
        levels = form.levels
    return show(request, "body", form, back="", levels=levels)


@step
def places(request: CheckInRequest) -> HttpResponse:
    """What each marked place feels like and since when; the sides are confirmed in words."""
    checkin = request.checkin
    levels = reads.marks_of(checkin)
    if not levels:
        return redirect("understand:body")
    posted = request.POST if request.method == "POST" else None
    marks_more = posted is not None and "mark" in posted
    sides = reads.sides_of(levels)
    form = PlacesForm(
        posted,
        marked=reads.places_of(checkin),
        sides=sides,
        confirmed=checkin.sides_confirmed,
        partial=leaving(request) or marks_more,
    )
    if form.is_stale:
        messages.info(request, _("Your marks have changed since. Look at them once more."))
        return redirect("understand:places")
    if form.is_valid():
        answered = form.cleaned_data.get("sides", "")
        steps.save_places(checkin, places=form.places(), sides=answered, now=timezone.now())
        return saved(request, "body" if marks_more else "story")
    pictures = [(name, NAMES[name]) for name in views(levels)]
    return show(request, "places", form, back="body", levels=levels, sides=sides, pictures=pictures)
