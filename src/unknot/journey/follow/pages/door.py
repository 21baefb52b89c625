"""The five ratings right before a session."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from unknot.journey.book import access as book
from unknot.journey.follow.actions import door as actions
from unknot.journey.follow.forms import DoorForm
from unknot.journey.follow.reads import door as reads
from unknot.people.requests import ClientRequest, client_required


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def door(request: ClientRequest, key: UUID) -> HttpResponse:
    """Say how one is right now; the page also says when that opens, and that it is kept."""
    appointment = book.appointment_of_client(request.user, key)
    now = timezone.now()
    answered_at = reads.answered(appointment)
    is_open = answered_at is None and reads.is_open(appointment, now=now)
    form = DoorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (not is_open or form.is_valid()):
        answers = form.cleaned_data if is_open else {}
        actions.save_door(request.user, appointment, **answers, now=now)
        return redirect("follow:door", key)
    context = {
        "form": form,
        "key": key,
        "start": appointment.start,
        "zone": appointment.therapist.practice.tz,
        "therapist": appointment.therapist.name,
        "opens": reads.opens(appointment, now=now),
        "is_open": is_open,
        "answered_at": answered_at,
    }
    return render(request, "follow/door.html", context, status=422 if form.errors else 200)
