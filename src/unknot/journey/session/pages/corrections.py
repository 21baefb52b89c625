"""Requests of clients to correct a record: the list, and one with its answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.session import access
from unknot.journey.session.actions import corrections as actions
from unknot.journey.session.reads import shared as reads
from unknot.journey.session.shared_forms import AnswerForm
from unknot.people.models import Role
from unknot.people.requests import MemberRequest, StaffRequest, signed_in, staff_required
from unknot.web.errors import BadInput


@require_safe
@staff_required(Role.THERAPIST, Role.MANAGER)
def corrections(request: StaffRequest) -> HttpResponse:
    """What clients ask to correct: a manager sees all, a therapist what they signed."""
    found = actions.open_list(request.user, request.practice, now=timezone.now())
    context = {"found": found, "shown": reads.ANSWERED_SHOWN, "practice": request.practice}
    return render(request, "session/corrections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correction(request: MemberRequest, key: UUID) -> HttpResponse:
    """One request beside what the client has read; answer it once."""
    asked, now = access.correction(request.user, key), timezone.now()
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(request.user, asked, **form.cleaned_data, now=now)
        except BadInput as problem:
            form.add_error("text", str(problem.sentence))
        else:
            messages.success(request, _("Answered on record. The client gets a mail."))
            return redirect("session:correction", key)
    page = actions.open_request(request.user, asked, now=now)
    context = {"page": page, "visit": page.visit, "shared": page.shared, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "session/correction.html", context, status=status)
