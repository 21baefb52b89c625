"""The calendar of the practice: a day of everybody, a week of one therapist."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from unknot.journey.book import access
from unknot.journey.book.reads import staff_calendar
from unknot.journey.choose import access as choose_access
from unknot.journey.choose.reads import offering
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice.calendar_grid import grid
from unknot.practice.forms import DayForm

ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)


@require_safe
@staff_required()
def calendar(request: StaffRequest) -> HttpResponse:
    """One day: for the desk and managers everybody, rooms and tools; else one's own column."""
    form, shown, today = _asked(request)
    now = timezone.now()
    only = None if _sees_all(request) else request.user
    columns = staff_calendar.of_day(request.practice, shown, now=now, only=only)
    context = {
        "practice": request.practice,
        "form": form,
        "day": shown,
        "is_today": shown == today,
        "before": shown - ONE_DAY,
        "after": shown + ONE_DAY,
        "grid": grid(columns, request.practice.tz, now=now),
    }
    return render(request, "practice/calendar.html", context, status=422 if form.errors else 200)


@require_safe
@staff_required()
def week(request: StaffRequest) -> HttpResponse:
    """Seven days of one therapist; the desk and managers choose whose."""
    form, shown, today = _asked(request)
    now, monday = timezone.now(), shown - shown.weekday() * ONE_DAY
    team = offering.team(request.practice) if _sees_all(request) else ()
    whose = _whose(request, team)
    columns = staff_calendar.of_week(whose, monday, now=now) if whose is not None else ()
    context: dict[str, Any] = {
        "practice": request.practice,
        "form": form,
        "whose": whose,
        "team": team,
        "day": shown,
        "monday": monday,
        "sunday": monday + ONE_WEEK - ONE_DAY,
        "is_this_week": monday <= today < monday + ONE_WEEK,
        "before": monday - ONE_WEEK,
        "after": monday + ONE_WEEK,
        "grid": grid(columns, request.practice.tz, now=now),
    }
    status = 422 if form.errors else 200
    return render(request, "practice/calendar_week.html", context, status=status)


def _asked(request: StaffRequest) -> tuple[DayForm, date, date]:
    """The form, the day it asks for, and today."""
    today = timezone.now().astimezone(request.practice.tz).date()
    form = DayForm(request.GET)
    asked = form.cleaned_data["day"] if form.is_valid() else None
    return form, asked or today, today


def _sees_all(request: StaffRequest) -> bool:
    return bool(request.roles & {Role.FRONT_DESK, Role.MANAGER})


def _whose(request: StaffRequest, team: tuple[offering.Member, ...]) -> access.Calendar | None:
    """Who was asked for, else oneself, else the first of the team."""
    asked = request.GET.get("therapist")
    if not asked and Role.THERAPIST in request.roles:
        own = choose_access.own_listing(request.user, request.practice)
        if own is not None or not team:
            return own
    if not asked and team:
        asked = team[0].slug
    return access.calendar_to_see(request.user, request.practice, asked) if asked else None
