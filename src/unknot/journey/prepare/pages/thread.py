"""Questions about an appointment, asked and answered by its client and its therapist."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from unknot.journey.book import access
from unknot.journey.prepare import actions
from unknot.journey.prepare.forms import MessageForm
from unknot.people.requests import MemberRequest, signed_in
from unknot.web.errors import BadInput, UnknotError


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def questions(request: MemberRequest, key: UUID) -> HttpResponse:
    """Show the messages about this appointment, which reads them; take one."""
    now = timezone.now()
    appointment = access.appointment_of_either(request.user, key)
    form = MessageForm(request.POST if request.method == "POST" else None)
    problem: UnknotError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_entry(request.user, appointment, text=form.cleaned_data["text"], now=now)
        except (actions.NotShown, BadInput) as refused:
            problem = refused
        else:
            return redirect("prepare:questions", key)
    thread = actions.open_thread(request.user, appointment, now=now)
    status = problem.status if problem else 422 if form.errors else 200
    context = {"thread": thread, "visit": thread.visit, "form": form, "problem": problem}
    return render(request, "prepare/questions.html", context, status=status)
