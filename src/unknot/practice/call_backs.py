"""Who the practice should telephone, and a clinician's word that ends a stop."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.journey.understand import access, stops
from unknot.journey.understand.actions import stop as understand
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import actions
from unknot.practice.forms import AgreementForm, ClearanceForm
from unknot.web.errors import BadInput


@require_safe
@staff_required()
def call_backs(request: StaffRequest) -> HttpResponse:
    """Everybody to call, most urgent first, and who was called and waits; never why."""
    waiting = {row.key for row in stops.stop_rows(request.practice)}
    called = stops.call_backs(request.practice, done=True)
    context = {
        "practice": request.practice,
        "to_call": stops.call_backs(request.practice),
        "called": [row for row in called if row.key in waiting],
    }
    return render(request, "practice/call_backs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def call_back(request: StaffRequest, key: UUID) -> HttpResponse:
    """One call-back; who may clear it also reads what was answered and records what was said."""
    page = actions.open_call_back(request.user, key, now=timezone.now())
    if request.method == "POST":
        access.check_may_clear(request.user, access.checkin_to_call(request.user, key))
    form = _form(request, page)
    sent = request.method == "POST" and form is not None and form.is_valid()
    if sent and form is not None and _recorded(request, key, form, page):
        return redirect("practice:call-backs")
    failed = form is not None and bool(form.errors)
    return render(
        request,
        "practice/call_back.html",
        {"page": page, "form": form, "practice": request.practice},
        status=422 if failed else 200,
    )


def _form(request: StaffRequest, page: actions.CallBackPage) -> ClearanceForm | None:
    """The form for a clinician's word about an open stop, or about what needs an agreement."""
    if page.stop is not None and page.stop.ended_at is None:
        questions = [(one.id, one.text) for one in page.stop.questions]
        return ClearanceForm(request.POST or None, questions=questions)
    if page.agreements:
        asked = [(one.id, f"{one.techniques}: {one.text}") for one in page.agreements]
        return AgreementForm(request.POST or None, questions=asked)
    return None


@require_POST
@staff_required()
def called(request: StaffRequest, key: UUID) -> HttpResponse:
    """Note that somebody was telephoned; the stop stays until a clinician has spoken."""
    checkin = access.checkin_to_call(request.user, key)
    understand.mark_called(request.user, checkin, now=timezone.now())
    messages.success(
        request, _("Noted. What needs a clinician's word stays closed until it is recorded.")
    )
    return redirect("practice:call-backs")


def _recorded(
    request: StaffRequest, key: UUID, form: ClearanceForm, page: actions.CallBackPage
) -> bool:
    """Record a clinician's word; a refusal becomes the form's error, and nothing typed is lost."""
    checkin = access.checkin_to_call(request.user, key)
    said, now = form.cleaned_data, timezone.now()
    try:
        if page.agreements:
            understand.record_agreement(request.user, checkin, **said, now=now)
            messages.success(request, _("Recorded. These techniques can be booked now."))
        else:
            understand.record_clearance(request.user, checkin.stop, **said, now=now)
            messages.success(
                request, _("Recorded. The stop has ended, and appointments stand again.")
            )
    except BadInput as problem:
        form.add_error(None, str(problem.sentence))
        return False
    return True
