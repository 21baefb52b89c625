"""What a manager sees about the practice: its policies, its numbers, the approved safety table."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unknot.domain.screening import catalogue as screening
from unknot.journey.understand import reads as understand
from unknot.journey.understand import results
from unknot.people.actions import approve_safety_table, check_numbers
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import checklist, tabs
from unknot.practice.forms import ApprovalForm
from unknot.practice.settings_forms import NumbersForm
from unknot.web.errors import BadInput


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def settings(request: StaffRequest) -> HttpResponse:
    """The practice's facts, and the form that records an approval."""
    form = ApprovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _approved(request, form):
        messages.success(request, _("Recorded. Check-ins are open."))
        return redirect("practice:settings")
    return _page(request, form, _numbers_form(request, sent=False))


@require_POST
@staff_required(Role.MANAGER)
def numbers(request: StaffRequest) -> HttpResponse:
    """Keep the emergency number and the phone, and who made sure of them."""
    form = _numbers_form(request, sent=True)
    if form.is_valid() and _checked(request, form):
        messages.success(request, _("Saved. Clients read these numbers from now on."))
        return redirect("practice:settings")
    return _page(request, ApprovalForm(), form)


def _numbers_form(request: StaffRequest, *, sent: bool) -> NumbersForm:
    practice = request.practice
    initial = {"phone": practice.phone, "emergency_number": practice.emergency_number}
    return NumbersForm(request.POST if sent else None, initial=initial, prefix="numbers")


def _page(request: StaffRequest, form: ApprovalForm, numbers_form: NumbersForm) -> HttpResponse:
    table = screening.load()
    alone = tabs.works_alone(request.practice)
    counted = (*table.red_flags, *table.conditions, *table.medicines, *table.rules)
    context = {
        "practice": request.practice,
        "tabs": tabs.of_practice("practice:settings", alone=alone),
        "tasks": checklist.missing(
            request.practice, is_therapist=Role.THERAPIST in request.roles, alone=alone
        ),
        "checks": checklist.to_check(request.practice),
        "form": form,
        "numbers_form": numbers_form,
        "help_lines": results.crisis_card(request.practice).lines,
        "table": table,
        "is_open": understand.is_open(request.practice),
        "is_approved": request.practice.safety_approved_version == table.version,
        "unsourced": sum(row.basis is not None for row in counted),
        "counted": len(counted),
        "unsourced_rules": sum(rule.basis is not None for rule in table.rules),
    }
    wrong = form.errors or numbers_form.errors
    return render(request, "practice/settings.html", context, status=422 if wrong else 200)


def _approved(request: StaffRequest, form: ApprovalForm) -> bool:
    """Record the approval of this version; a refusal becomes the form's error."""
    try:
        approve_safety_table(
            request.user,
            request.practice,
            **form.cleaned_data,
            version=screening.load().version,
            now=timezone.now(),
        )
    except BadInput as problem:
        form.add_error(None, str(problem.sentence))
        return False
    return True


def _checked(request: StaffRequest, form: NumbersForm) -> bool:
    """Keep the numbers; a refusal becomes the form's error."""
    try:
        check_numbers(
            request.user,
            request.practice,
            phone=form.cleaned_data["phone"],
            emergency_number=form.cleaned_data["emergency_number"],
            now=timezone.now(),
        )
    except BadInput as problem:
        form.add_error(None, str(problem.sentence))
        return False
    return True
