"""When a therapist works: the week saved whole, and single days that differ."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unknot.journey.book import access
from unknot.journey.book.actions import working_hours
from unknot.journey.book.reads import opening
from unknot.journey.choose import access as choose_access
from unknot.journey.choose.reads import offering
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.hours_forms import OtherDayForm, WeekForm
from unknot.web.errors import BadInput, Conflict, Missing

ROLES = (Role.THERAPIST, Role.MANAGER)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(*ROLES)
def hours(request: StaffRequest) -> HttpResponse:
    """A week to save whole; a manager first chooses whose."""
    calendar = _calendar(request)
    if calendar is None:
        if request.method == "POST":
            raise Missing
        return _no_calendar(request)
    week = opening.week_of(calendar)
    if request.method != "POST":
        return _page(request, calendar, _week_form(calendar), OtherDayForm())
    form = WeekForm(request.POST, week=week)
    if not form.is_valid():
        return _page(request, calendar, form, OtherDayForm(), status=422)
    try:
        working_hours.save_hours(
            request.user,
            calendar,
            week=form.week,
            fingerprint=form.cleaned_data["fingerprint"],
            now=timezone.now(),
        )
    except Conflict as problem:
        return _changed_meanwhile(request, calendar, problem)
    messages.success(request, _("Saved. These hours count from now on."))
    return _back(request, calendar)


@require_POST
@staff_required(*ROLES)
def other_day(request: StaffRequest) -> HttpResponse:
    """Add one day that differs from the week."""
    calendar = _calendar(request)
    if calendar is None:
        raise Missing
    form = OtherDayForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            working_hours.add_override(
                request.user,
                calendar,
                day=form.cleaned_data["day"],
                window=form.window,
                now=timezone.now(),
            )
        except (BadInput, Conflict) as problem:
            form.add_error("day", str(problem.sentence))
            status = int(problem.status)
        else:
            messages.success(request, _("Saved. This day differs from the week now."))
            return _back(request, calendar)
    return _page(request, calendar, _week_form(calendar), form, status=status)


@require_POST
@staff_required(*ROLES)
def remove_other_day(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a day follow the week again."""
    found = access.other_day(request.user, pk)
    working_hours.remove_override(request.user, found, now=timezone.now())
    messages.success(request, _("Removed. This day follows the week again."))
    return _back(request, found.therapist)


def _calendar(request: StaffRequest) -> access.Calendar | None:
    """The calendar asked for; one's own without asking, None when there is none to show."""
    asked = request.GET.get("therapist")
    if asked:
        return access.calendar_to_keep(request.user, request.practice, asked)
    if asked is None and Role.THERAPIST in request.roles:
        return choose_access.own_listing(request.user, request.practice)
    return None


def _no_calendar(request: StaffRequest) -> HttpResponse:
    """Whose hours, for a manager; the listing comes first, for a therapist without one."""
    chooses = Role.MANAGER in request.roles and (
        "therapist" in request.GET or Role.THERAPIST not in request.roles
    )
    context = {
        "tabs": tabs.of_practice("practice:hours", alone=False)
        if chooses
        else tabs.my_work("practice:hours"),
        "chooses": chooses,
        "team": offering.team(request.practice) if chooses else (),
    }
    return render(request, "practice/hours_of.html", context)


def _week_form(calendar: access.Calendar) -> WeekForm:
    week = opening.week_of(calendar)
    return WeekForm(week=week, initial={"fingerprint": opening.fingerprint(week)})


def _changed_meanwhile(
    request: StaffRequest, calendar: access.Calendar, problem: Conflict
) -> HttpResponse:
    """Show what is saved now beside what was typed; the next save replaces it knowingly."""
    week = opening.week_of(calendar)
    sent = request.POST.copy()
    sent["fingerprint"] = opening.fingerprint(week)
    form = WeekForm(sent, week=week)
    return _page(request, calendar, form, OtherDayForm(), status=409, problem=problem)


def _page(
    request: StaffRequest,
    calendar: access.Calendar,
    form: WeekForm,
    other: OtherDayForm,
    *,
    status: int = 200,
    problem: Conflict | None = None,
) -> HttpResponse:
    now = timezone.now()
    own = calendar.user_id == request.user.pk
    context = {
        "tabs": tabs.my_work("practice:hours")
        if own
        else tabs.of_practice("practice:hours", alone=False),
        "own": own,
        "calendar": calendar,
        "query": "" if own else f"?therapist={calendar.slug}",
        "form": form,
        "other": other,
        "other_days": opening.other_days(
            calendar, since=now.astimezone(request.practice.tz).date()
        ),
        "outside": opening.outside_hours(calendar, now=now),
        "problem": problem,
        "stored": WeekForm(week=opening.week_of(calendar)) if problem else None,
        "practice": request.practice,
    }
    return render(request, "practice/hours.html", context, status=status)


def _back(request: StaffRequest, calendar: access.Calendar) -> HttpResponse:
    own = calendar.user_id == request.user.pk
    return redirect(reverse("practice:hours") + ("" if own else f"?therapist={calendar.slug}"))
