"""The therapist's card of an appointment."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from unknot.journey.book import access
from unknot.journey.prepare import actions
from unknot.people.requests import MemberRequest, signed_in


@require_safe
@signed_in
def briefing(request: MemberRequest, key: UUID) -> HttpResponse:
    """Show the therapist of this appointment what to know; leaves an audit row."""
    appointment = access.appointment_of_therapist(request.user, key)
    card = actions.open_briefing(request.user, appointment, now=timezone.now())
    return render(request, "prepare/briefing.html", {"briefing": card, "visit": card.visit})
