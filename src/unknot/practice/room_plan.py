"""What to lay out, heat and clean on one day: for whoever gets the rooms ready."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from unknot.journey.book.reads import room_plan as reads
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice.forms import DayForm

ONE_DAY = timedelta(days=1)


@require_safe
@staff_required()
def room_plan(request: StaffRequest) -> HttpResponse:
    """One day of every room and tool, to print and hang up: no client is named."""
    today = timezone.now().astimezone(request.practice.tz).date()
    form = DayForm(request.GET)
    asked = form.cleaned_data["day"] if form.is_valid() else None
    shown = asked or today
    places = reads.room_plan(request.practice, shown)
    context = {
        "practice": request.practice,
        "form": form,
        "day": shown,
        "is_today": shown == today,
        "before": shown - ONE_DAY,
        "after": shown + ONE_DAY,
        "places": places,
        "hours": reads.first_and_last(places),
    }
    return render(request, "practice/room_plan.html", context, status=422 if form.errors else 200)
