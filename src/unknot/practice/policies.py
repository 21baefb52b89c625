"""The rules by which the practice is booked."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.journey.book.actions import policies as actions
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.booking_forms import PoliciesForm
from unknot.web.errors import BadInput

HERE = "practice:policies"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def policies(request: StaffRequest) -> HttpResponse:
    """The rules of booking, saved whole."""
    form = PoliciesForm(
        request.POST if request.method == "POST" else None,
        initial=asdict(actions.policies_of(request.practice)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_policies(
                request.user, request.practice, draft=form.draft, now=timezone.now()
            )
        except BadInput as problem:
            form.add_error(None, str(problem.sentence))
        else:
            messages.success(request, _("Saved. What is booked already keeps its rules."))
            return redirect(HERE)
    context = {
        "tabs": tabs.of_practice(HERE, alone=tabs.works_alone(request.practice)),
        "form": form,
    }
    return render(request, "practice/policies.html", context, status=422 if form.errors else 200)
