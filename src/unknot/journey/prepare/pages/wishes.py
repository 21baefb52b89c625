"""The page of a client before an appointment."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.domain.instruments import door
from unknot.journey.book import access
from unknot.journey.prepare import actions, reads
from unknot.journey.prepare.forms import PreparationForm
from unknot.people.requests import MemberRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def prepare(request: MemberRequest, key: UUID) -> HttpResponse:
    """Show what to know before the appointment; take the client's wishes."""
    now = timezone.now()
    appointment = access.appointment_of_client(request.user, key)
    actions.check_is_shown(appointment)
    facts = reads.client_preparation(appointment, now=now)
    form = PreparationForm(
        request.POST if request.method == "POST" else None,
        focus_choices=facts.focus_choices,
        leave_out_choices=facts.leave_out_choices,
        wishes=facts.wishes,
    )
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_preparation(request.user, appointment, wishes=form.wishes, now=now)
        except actions.WishesClosed as closed:
            problem = closed
        else:
            messages.success(request, _("Saved. Your therapist sees it before you arrive."))
            return redirect("prepare:prepare", key)
    status = 409 if problem else 422 if form.errors else 200
    at_the_door = door.is_open(appointment.start, now)
    return _answer(request, facts, form, status, problem=problem, at_the_door=at_the_door)


def _answer(
    request: HttpRequest,
    facts: reads.ClientPreparation,
    form: PreparationForm,
    status: int,
    **more: Any,
) -> HttpResponse:
    context = {"facts": facts, "visit": facts.visit, "form": form, **more}
    return render(request, "prepare/prepare.html", context, status=status)
