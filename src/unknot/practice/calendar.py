"""The calendar of the practice: a day of everybody, a week of one therapist."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from unknot.journey.book import access
from unknot.journey.book.actions import arrange, booking
from unknot.journey.book.reads import clock, desk, staff_calendar
from unknot.journey.choose import access as choose_access
from unknot.journey.choose.reads import offering
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice.calendar_grid import Moving, grid
from unknot.practice.forms import DayForm
from unknot.web.errors import Conflict, Missing

ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)


@require_safe
@staff_required()
def calendar(request: StaffRequest) -> HttpResponse:
    """One day: for the desk and managers everybody, rooms and tools; else one's own column."""
    form, shown, today = _asked(request)
    now, moving = timezone.now(), _moving(request, shown, shown)
    only = None if _sees_all(request) else request.user
    columns = staff_calendar.of_day(request.practice, shown, now=now, only=only)
    context = {
        "practice": request.practice,
        "form": form,
        "day": shown,
        "is_today": shown == today,
        "before": shown - ONE_DAY,
        "after": shown + ONE_DAY,
        "moving": moving,
        "moved_to": f"&moving={moving.key}" if moving else "",
        "here": f"?day={shown}",
        "grid": grid(columns, request.practice.tz, now=now, moving=moving),
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
    moving = _moving(request, monday, monday + ONE_WEEK - ONE_DAY)
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
        "moving": moving,
        "moved_to": f"&moving={moving.key}" if moving else "",
        "here": f"?day={shown}&therapist={whose.slug}" if whose is not None else f"?day={shown}",
        "grid": grid(columns, request.practice.tz, now=now, moving=moving),
    }
    status = 422 if form.errors else 200
    return render(request, "practice/calendar_week.html", context, status=status)


def _moving(request: StaffRequest, first: date, last: date) -> Moving | None:
    """The appointment that somebody has taken up to move, and where on these days it can go."""
    asked = request.GET.get("moving", "")
    if not asked:
        return None
    try:
        key = UUID(asked)
    except ValueError as problem:
        raise Missing from problem
    found = access.appointment_at_desk(request.user, key)
    if found.therapist.practice_id != request.practice.pk:
        raise Missing
    wanted = booking.wanted_of(found)
    try:
        arrange.check_movable(found, by_client=False, now=timezone.now())
        moves = desk.moves(wanted, found.pk, first, last, now=clock.database_now())
    except Conflict:  # the page of the move says why; here nothing can be pressed
        moves = desk.Moves(free=(), with_reason=())
    return Moving(
        key=key,
        slug=found.therapist.slug,
        who=str(found.client),
        start=found.start,
        step=timedelta(minutes=request.practice.step_minutes),
        moves=moves,
    )


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
