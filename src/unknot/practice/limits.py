"""How much a therapist works in a day, in a week and without a break."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from unknot.journey.book.actions import limits as actions
from unknot.journey.book.reads import load_limits as rows
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice.booking_forms import LimitsForm
from unknot.practice.whose import About
from unknot.web.errors import BadInput, Missing

ABOUT = About(
    route="practice:limits",
    own=gettext_lazy("My limits"),
    whose=gettext_lazy("Whose limits"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST, Role.MANAGER)
def limits(request: StaffRequest) -> HttpResponse:
    """The limits of one therapist, saved whole."""
    calendar = ABOUT.calendar(request)
    if calendar is None:
        if request.method == "POST":
            raise Missing
        return ABOUT.choose(request)
    kept = rows.of(calendar)
    form = LimitsForm(
        request.POST if request.method == "POST" else None,
        techniques=kept.techniques,
        weights=kept.weights,
        initial=kept.initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_limits(request.user, calendar, draft=form.draft, now=timezone.now())
        except BadInput as problem:
            form.add_error(None, str(problem.sentence))
        else:
            messages.success(request, _("Saved. What is booked already stays."))
            return redirect(ABOUT.back(request, calendar))
    context = {**ABOUT.context(request, calendar), "form": form, "never": kept.never}
    return render(request, "practice/limits.html", context, status=422 if form.errors else 200)
