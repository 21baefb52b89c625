"""When a therapist is away: the list, a new one, and taking one back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from unknot.journey.book import access
from unknot.journey.book.actions import time_off as actions
from unknot.journey.book.reads import resources as rows
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice.booking_forms import TimeOffForm
from unknot.practice.whose import About
from unknot.web.errors import BadInput, Missing

ROLES = (Role.THERAPIST, Role.MANAGER)
ABOUT = About(
    route="practice:time-off",
    own=gettext_lazy("My time off"),
    whose=gettext_lazy("Whose time off"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(*ROLES)
def time_off(request: StaffRequest) -> HttpResponse:
    """The times off that are not over, what is booked inside, and the form for another."""
    calendar = ABOUT.calendar(request)
    if calendar is None:
        if request.method == "POST":
            raise Missing
        return ABOUT.choose(request)
    form = TimeOffForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            actions.add(request.user, calendar, away=form.away, now=now)
        except BadInput as problem:
            form.add_error("last_day", str(problem.sentence))
        else:
            messages.success(request, _("Saved. Nobody can book in this time."))
            return redirect(ABOUT.back(request, calendar))
    context = {
        **ABOUT.context(request, calendar),
        "away": rows.away_of(calendar, now=now),
        "form": form,
    }
    return render(request, "practice/time_off.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required(*ROLES)
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a time off of a therapist, a room or a tool back."""
    subject, off = access.time_off(request.user, request.practice, pk)
    actions.remove(request.user, subject, off, now=timezone.now())
    messages.success(request, _("Removed. This time can be booked again."))
    if isinstance(subject, access.Calendar):
        return redirect(ABOUT.back(request, subject))
    return redirect("practice:resource", pk=subject.pk)
