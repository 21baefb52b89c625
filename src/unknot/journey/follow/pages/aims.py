"""What a client wants to get better first, chosen by them and read by their therapist."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.book import access as book
from unknot.journey.follow.actions import aims as actions
from unknot.journey.follow.aim_form import AimForm
from unknot.journey.follow.reads import aims as reads
from unknot.journey.prepare import reads as prepare
from unknot.people.requests import ClientRequest, MemberRequest, client_required, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def aim(request: ClientRequest) -> HttpResponse:
    """Choose the one of five that matters most, and what would be worth it."""
    chosen = reads.main_outcome(request.client)
    initial = {"outcome": chosen.outcome, "worth": chosen.worth_id} if chosen.chosen_on else {}
    form = AimForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.choose(request.user, request.client, **form.cleaned_data, now=timezone.now())
        messages.success(request, _("Saved. What we say about sessions rests on this."))
        return redirect("follow:progress")
    context = {
        "form": form,
        "aim": chosen,
        "is_late": reads.has_had_a_session(request.client),
    }
    return render(request, "follow/aim.html", context, status=422 if form.errors else 200)


@require_safe
@signed_in
def aim_told(request: MemberRequest, key: UUID) -> HttpResponse:
    """What the client of an appointment wants to get better first, for its therapist."""
    appointment = book.appointment_of_therapist(request.user, key)
    found = actions.open_aim(request.user, appointment, now=timezone.now())
    context = {"found": found, "visit": prepare.visit(appointment)}
    part = bool(getattr(request, "htmx", False))
    template = "follow/_aim_told.html" if part else "follow/aim_told.html"
    return render(request, template, context)
