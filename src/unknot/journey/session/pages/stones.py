"""Temperatures of heated stones while a session is recorded."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.journey.book import access
from unknot.journey.session.actions import record
from unknot.journey.session.actions import stones as actions
from unknot.journey.session.reads import stones as reads
from unknot.journey.session.safety_forms import StoneForm
from unknot.people.requests import MemberRequest, signed_in
from unknot.web.errors import BadInput


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def stones(request: MemberRequest, key: UUID) -> HttpResponse:
    """The readings of one session, and one more while its record is open."""
    appointment = access.appointment_of_therapist(request.user, key)
    now = timezone.now()
    try:
        page = actions.open_readings(request.user, appointment, now=now)
    except record.RecheckFirst:
        return redirect("session:record", key)
    zone = page.visit.zone
    if request.method != "POST":
        started = {"time": now.astimezone(zone).strftime("%H:%M"), "skin": page.skin}
        return _page(request, page, None if page.signed else StoneForm(initial=started))
    form = StoneForm(request.POST)
    if not form.is_valid():
        return _page(request, page, form)
    measured = form.measured(appointment.start, zone)
    try:
        findings = actions.note_reading(request.user, appointment, measured=measured, now=now)
    except actions.TooHot as problem:
        return _page(request, page, form, too_hot=problem)
    except BadInput as problem:
        form.add_error(None, str(problem.sentence))
        return _page(request, page, form)
    for one in findings:
        messages.warning(request, one.sentence(_))
    messages.success(request, _("The reading is saved."))
    return redirect("session:stones", key)


def _page(
    request: HttpRequest,
    page: reads.StonesPage,
    form: StoneForm | None,
    *,
    too_hot: actions.TooHot | None = None,
) -> HttpResponse:
    context = {"page": page, "visit": page.visit, "form": form, "too_hot": too_hot}
    if too_hot is not None:
        context["too_hot_sentences"] = [one.sentence(_) for one in too_hot.findings]
    wrong = too_hot is not None or (form is not None and bool(form.errors))
    return render(request, "session/stones.html", context, status=422 if wrong else 200)
