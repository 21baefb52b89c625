"""What helps after a session, and what was noticed since."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.book import access as book
from unknot.journey.follow.actions import after_session as actions
from unknot.journey.follow.forms import (
    AfterForm,
)
from unknot.journey.follow.reads import after_session as reads
from unknot.journey.follow.reads import check_ins
from unknot.journey.prepare import reads as prepare
from unknot.people.requests import (
    ClientRequest,
    MemberRequest,
    client_required,
    signed_in,
)
from unknot.web.errors import BadInput


@require_safe
@client_required
def after_care(request: ClientRequest, key: UUID) -> HttpResponse:
    """What usually helps after this technique, and whom to call when something worries."""
    appointment = book.appointment_of_client(request.user, key)
    context = {"care": reads.after_care(appointment, now=timezone.now())}
    return render(request, "follow/after_care.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def after(request: ClientRequest, key: UUID, hours: int) -> HttpResponse:
    """Say what was noticed a day or three days after a session; then read what follows from it."""
    appointment = book.appointment_of_client(request.user, key)
    now = timezone.now()
    given = reads.kept_after(appointment, hours)
    if given is not None:
        context = {"given": given, "told": reads.told_after(appointment, given)}
        return render(request, "follow/after_told.html", context)
    actions.check_asked(appointment, hours, now=now)
    with_day = not check_ins.is_answered(request.client, now=now)
    form = AfterForm(request.POST if request.method == "POST" else None, with_day=with_day)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_after_session(
                request.user,
                appointment,
                hours=hours,
                soreness=form.cleaned_data["soreness"],
                events=form.cleaned_data["events"],
                day=form.day,
                now=now,
            )
        except BadInput as problem:
            form.add_error(None, str(problem.sentence))
        else:
            return redirect("follow:after", key, hours)
    context = {"form": form, "care": reads.after_care(appointment, now=now), "hours": hours}
    return render(request, "follow/after.html", context, status=422 if form.errors else 200)


@require_safe
@signed_in
def answers_after(request: MemberRequest, key: UUID) -> HttpResponse:
    """How the body answered after the session before this one, for its therapist."""
    appointment = book.appointment_of_therapist(request.user, key)
    found = actions.open_answers_after(request.user, appointment, now=timezone.now())
    context = {"found": found, "visit": prepare.visit(appointment)}
    part = bool(getattr(request, "htmx", False))
    template = "follow/_answers_after.html" if part else "follow/answers_after.html"
    return render(request, template, context)
