"""What a manager sees about the practice: its policies, and who approved the safety table."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.domain.screening import catalogue as screening
from unknot.journey.understand import reads as understand
from unknot.people.actions import approve_safety_table
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import checklist, tabs
from unknot.practice.forms import ApprovalForm
from unknot.web.errors import BadInput


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def settings(request: StaffRequest) -> HttpResponse:
    """The practice's facts, and the form that records an approval."""
    form = ApprovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _approved(request, form):
        messages.success(request, _("Recorded. Check-ins are open."))
        return redirect("practice:settings")
    table = screening.load()
    alone = tabs.works_alone(request.practice)
    counted = (*table.red_flags, *table.conditions, *table.medicines, *table.rules)
    context = {
        "practice": request.practice,
        "tabs": tabs.of_practice("practice:settings", alone=alone),
        "tasks": checklist.missing(
            request.practice, is_therapist=Role.THERAPIST in request.roles, alone=alone
        ),
        "form": form,
        "table": table,
        "is_open": understand.is_open(request.practice),
        "is_approved": request.practice.safety_approved_version == table.version,
        "unsourced": sum(row.basis is not None for row in counted),
        "counted": len(counted),
        "unsourced_rules": sum(rule.basis is not None for rule in table.rules),
    }
    return render(request, "practice/settings.html", context, status=422 if form.errors else 200)


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
