"""What waits for somebody of the practice, and the press that takes it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from unknot.journey.book import access as book
from unknot.people import access
from unknot.people import alerts as people_alerts
from unknot.people.requests import StaffRequest, staff_required
from unknot.web.errors import Missing


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
    """Take an alert and go to the page it is about, or to what this person may see of it."""
    url = people_alerts.take(request.user, pk, now=timezone.now())
    return redirect(_as_seen(request, url))


def _as_seen(request: StaffRequest, url: str) -> str:
    """The page itself; what its therapist alone reads is the visit at the desk for a manager."""
    page = resolve(url)
    if page.view_name == "follow:client-progress":
        cared = access.clients_in_care(request.user, request.practice)
        theirs = page.kwargs["key"] in {one.key for one in cared}
        return url if theirs else reverse("practice:alerts")
    if page.namespace != "prepare":
        return url
    try:
        book.appointment_of_therapist(request.user, page.kwargs["key"])
    except Missing:
        return reverse("practice:desk-visit", args=[page.kwargs["key"]])
    return url
