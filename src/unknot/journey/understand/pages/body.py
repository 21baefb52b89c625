"""Where it hurts, and what each place is like."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from unknot.journey.understand import reads
from unknot.journey.understand.actions import steps
from unknot.journey.understand.forms.body import BodyForm, PlacesForm
from unknot.journey.understand.pages.frame import leaving, saved, show, step
from unknot.journey.understand.requests import CheckInRequest


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
    marked = reads.places_of(checkin)
    asks_sides = reads.asks_sides(checkin)
    if request.method == "POST":
        form = PlacesForm(
            request.POST, marked=marked, asks_sides=asks_sides, partial=leaving(request)
        )
        if form.is_valid():
            steps.save_places(
                checkin, places=form.places(), sides=form.cleaned_data["sides"], now=timezone.now()
            )
            return saved(request, "story")
    else:
        form = PlacesForm(marked=marked, asks_sides=asks_sides)
    return show(request, "places", form, back="body", levels=levels, sides=reads.sides_of(levels))
