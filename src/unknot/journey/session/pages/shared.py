"""What a client has of the record of their own session, and how they ask to correct it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from unknot.journey.book import access
from unknot.journey.session.actions import corrections as actions
from unknot.journey.session.reads import shared as reads
from unknot.journey.session.shared_forms import AskForm
from unknot.people.requests import ClientRequest, client_required
from unknot.web.errors import BadInput


@require_safe
@client_required
def shared(request: ClientRequest, key: UUID) -> HttpResponse:
    """The shared part of the record of one's own session."""
    appointment = access.appointment_of_client(request.user, key)
    return _page(request, appointment, AskForm())


@require_POST
@client_required
def correction_new(request: ClientRequest, key: UUID) -> HttpResponse:
    """Ask the practice to correct the record of one's own session."""
    appointment = access.appointment_of_client(request.user, key)
    form = AskForm(request.POST)
    if form.is_valid():
        text, now = form.cleaned_data["text"], timezone.now()
        try:
            actions.ask(request.user, appointment, text=text, now=now)
        except BadInput as problem:
            form.add_error("text", str(problem.sentence))
        else:
            messages.success(request, _("The practice has your request. We write when it answers."))
            return redirect("session:shared", key)
    return _page(request, appointment, form, status=422)


def _page(
    request: HttpRequest, appointment: access.Held, form: AskForm, *, status: int = 200
) -> HttpResponse:
    page = reads.shared_page(appointment)
    context = {"page": page, "visit": page.visit, "shared": page.shared, "form": form}
    return render(request, "session/shared.html", context, status=status)
