"""The practice's day: who needs somebody, who has come, what is free, and every calendar."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from unknot.journey.book import access as book_access
from unknot.journey.book.actions import attendance
from unknot.journey.book.reads import day_list, gaps, recheck_marks
from unknot.journey.book.reads import desk as desk_reads
from unknot.journey.understand import stops
from unknot.people import access, alerts
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import actions, schedule, timeline
from unknot.practice.forms import DayForm

ONE_DAY = timedelta(days=1)


@require_safe
@staff_required()
def day(request: StaffRequest) -> HttpResponse:
    """One day: the therapist's own list, and for desk and manager everybody's names and times."""
    now = timezone.now()
    today = now.astimezone(request.practice.tz).date()
    form = DayForm(request.GET)
    asked = form.cleaned_data["day"] if form.is_valid() else None
    shown = asked or today
    to_call = stops.call_backs(request.practice)
    context = {
        "practice": request.practice,
        "form": form,
        "day": shown,
        "is_today": shown == today,
        "before": shown - ONE_DAY,
        "after": shown + ONE_DAY,
        "waiting": desk_reads.counts(request.user, request.practice, now=now),
        "alerts": alerts.open_alerts(request.user, request.practice),
        "to_call": to_call,
        "longest_wait": min((one.opened_at for one in to_call), default=None),
        **_own(request, shown, now=now, is_today=shown == today),
        **_everybody(request, shown, now=now),
    }
    return render(request, "practice/day.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required()
def arrived(request: StaffRequest, key: UUID) -> HttpResponse:
    """Note that a client is here."""
    appointment = book_access.appointment_to_arrange(request.user, key)
    attendance.mark_arrived(appointment, actor=request.user, now=timezone.now())
    messages.success(request, _("Noted: %(name)s is here.") % {"name": appointment.client})
    return _back(request, appointment.start)


@require_POST
@staff_required()
def no_show(request: StaffRequest, key: UUID) -> HttpResponse:
    """Note that a client did not come."""
    appointment = book_access.appointment_to_arrange(request.user, key)
    attendance.mark_no_show(appointment, actor=request.user, now=timezone.now())
    messages.success(request, _("Noted: %(name)s did not come.") % {"name": appointment.client})
    return _back(request, appointment.start)


def _own(request: StaffRequest, shown: date, *, now: datetime, is_today: bool) -> dict[str, Any]:
    if Role.THERAPIST not in request.roles:
        return {"is_therapist": False}
    visits = actions.open_own_day(request.user, request.practice, shown, now=now)
    free = gaps.of_day(request.practice, shown, now=now, only=request.user)
    return {
        "is_therapist": True,
        "visits": visits,
        "slug": free[0].slug if free else "",
        "in_care": access.clients_in_care(request.user, request.practice),
        "lines": schedule.lines(visits, now=now if is_today else None, gaps=free),
        "next": schedule.next_visit(visits) if is_today else None,
        "on_hold": [visit for visit in visits if visit.row.on_hold],
    }


def _everybody(request: StaffRequest, shown: date, *, now: datetime) -> dict[str, Any]:
    if not request.roles & {Role.FRONT_DESK, Role.MANAGER}:
        return {"sees_all": False}
    practice = request.practice
    rows = day_list.day_of_practice(practice, shown)
    rechecks = recheck_marks.marks(rows, now=now)
    visits = schedule.as_visits(rows, now=now, rechecks=rechecks)
    return {
        "sees_all": True,
        "calendars": schedule.by_therapist(visits),
        "count": len(visits),
        "held_back": sum(visit.row.on_hold for visit in visits),
        "arrivals": schedule.arrivals(visits, now=now),
        "timeline": timeline.timeline(practice, shown, now=now),
    }


def _back(request: StaffRequest, start: datetime) -> HttpResponse:
    local = start.astimezone(request.practice.tz).date()
    return redirect(f"{reverse('practice:day')}?day={local}")
