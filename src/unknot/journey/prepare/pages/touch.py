"""What a client agrees to: signed by them, confirmed by either side on the day."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unknot.journey.book import access
from unknot.journey.prepare import actions, reads
from unknot.journey.prepare.touch_form import ConfirmTouchForm, TouchForm
from unknot.people.access import is_own
from unknot.people.requests import MemberRequest, signed_in
from unknot.web.errors import BadInput, UnknotError


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def touch(request: MemberRequest, key: UUID) -> HttpResponse:
    """Show what holds for this appointment; take a signature."""
    now = timezone.now()
    appointment = access.appointment_of_client(request.user, key)
    actions.check_is_shown(appointment)
    page = reads.touch_page(appointment, now=now)
    form = TouchForm(
        request.POST if request.method == "POST" else None,
        areas=page.areas,
        initial=page.begin_with,
    )
    problem: UnknotError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_touch(request.user, appointment, touch=form.touch, now=now)
        except (actions.TouchClosed, BadInput) as refused:
            problem = refused
        else:
            messages.success(request, _("Signed. Your therapist sees it before you arrive."))
            return redirect("prepare:touch", key)
    status = problem.status if problem else 422 if form.errors else 200
    context = {"page": page, "visit": page.visit, "form": form, "problem": problem}
    return render(request, "prepare/touch.html", context, status=status)


@require_POST
@signed_in
def confirm_touch(request: MemberRequest, key: UUID) -> HttpResponse:
    """Note on the day that what was signed still holds."""
    appointment = access.appointment_of_either(request.user, key)
    form = ConfirmTouchForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("Say which consent still holds."))
    version = form.cleaned_data["version"]
    actions.confirm_touch(request.user, appointment, version=version, now=timezone.now())
    if is_own(request.user, appointment.client):
        messages.success(request, _("Thank you. Your therapist sees that it still holds."))
        return redirect("prepare:touch", key)
    messages.success(request, _("Noted: it was read aloud, and it still holds."))
    return redirect("prepare:briefing", key)
