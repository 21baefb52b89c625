"""What waits for somebody of the practice, and the press that takes it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from unknot.people import alerts as people_alerts
from unknot.people.requests import StaffRequest, staff_required


@require_safe
@staff_required()
def alerts(request: StaffRequest) -> HttpResponse:
    """The open alerts that this person has heard of; a manager sees all."""
    context = {
        "practice": request.practice,
        "alerts": people_alerts.open_alerts(request.user, request.practice),
    }
    return render(request, "practice/alerts.html", context)


@require_POST
@staff_required()
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an alert and go to the page it is about."""
    return redirect(people_alerts.take(request.user, pk, now=timezone.now()))
