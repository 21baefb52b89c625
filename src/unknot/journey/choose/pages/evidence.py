"""What is known of body and mind, for everybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from unknot.journey.choose.reads import evidence
from unknot.journey.understand import access
from unknot.journey.understand.results import crisis_card


@require_safe
def body_and_mind(request: HttpRequest) -> HttpResponse:
    """How body and mind pull on each other; help in reach, of the reader's country if known."""
    context: dict[str, Any] = {"page": evidence.body_and_mind()}
    checkin = access.shown_to(request.user, request.session)
    if checkin is not None:
        context["crisis"] = crisis_card(checkin.practice)
        context["emergency"] = checkin.practice.emergency_number
    return render(request, "choose/body_and_mind.html", context)
