"""Move an appointment from the calendar: whoever drags and whoever presses come to one form."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.domain.calendar import hours
from unknot.journey.book import access
from unknot.journey.book.actions import arrange, booking
from unknot.journey.book.reads import booked, clock
from unknot.journey.book.reads import desk as reads
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import calendar_grid
from unknot.practice.desk_forms import AtForm, MoveForm
from unknot.web.errors import BadInput, Conflict, UnknotError

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """One start to press: as an address sends it, and as the clock on the wall shows it."""

    value: str
    time: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def move(request: StaffRequest, key: UUID) -> HttpResponse:
    """Where an appointment can go; with a start, what would happen; POST moves it there."""
    found = access.appointment_at_desk(request.user, key)
    if request.method != "POST":
        return _show(request, found, MoveForm(request.GET) if "start" in request.GET else None)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=UNPROCESSABLE)
    said = form.cleaned_data
    try:
        made = arrange.move(
            request.user,
            found,
            said["start"],
            now=clock.database_now(),
            reason=said["reason"],
            was=said["was"],
        )
    except (Conflict, BadInput) as problem:
        anew = access.appointment_at_desk(request.user, key)
        return _show(request, anew, form, problem=problem, status=int(problem.status))
    if found.start == made.start:
        messages.info(request, _("It stays at this time."))
    else:
        messages.success(request, _("Moved. We have written to both of them."))
    return redirect(f"{reverse('practice:calendar')}?day={_day(made)}")


def _show(
    request: StaffRequest,
    found: access.Held,
    form: MoveForm | None,
    *,
    problem: UnknotError | None = None,
    status: int = 200,
) -> HttpResponse:
    now, zone = clock.database_now(), found.therapist.practice.tz
    readable = form is not None and form.is_valid()
    asked: datetime | None = form.cleaned_data["start"] if form is not None and readable else None
    day_form = AtForm(request.GET)
    sent = day_form.cleaned_data if day_form.is_valid() else {}
    day = asked.astimezone(zone).date() if asked else sent.get("day") or _day(found)
    if asked is None and sent.get("at"):
        asked = hours.instant(day, sent["at"].hour * 60 + sent["at"].minute, zone)
    context: dict[str, Any] = {
        "practice": found.therapist.practice,
        "row": booked.row(found),
        "form": form if readable else MoveForm(),
        "problem": problem,
        "day": day,
        "day_errors": [
            str(one) for field in (day_form, form) if field for one in _sentences(field)
        ],
        "asked": asked,
        "closed": _closed(found, now),
    }
    if context["closed"] is None:
        context |= _times(found, day, asked, now=now)
    if context["day_errors"]:
        status = UNPROCESSABLE
    return render(request, "practice/move.html", context, status=status)


def _times(
    found: access.Held, day: date, asked: datetime | None, *, now: datetime
) -> dict[str, Any]:
    """What the day offers, and what there is to say of the time asked about."""
    wanted, zone = booking.wanted_of(found), found.therapist.practice.tz
    moves = reads.moves(wanted, found.pk, day, day, now=now)

    def times(starts: Iterable[datetime]) -> tuple[Time, ...]:
        return tuple(
            Time(value=one.isoformat(), time=calendar_grid.clock(one, zone))
            for one in starts
            if one != found.start
        )

    told = {"free": times(moves.free), "bent": times(moves.with_reason)}
    if asked is None:
        return told
    wall = calendar_grid.clock(asked, zone)
    answer = reads.answer_for_move(wanted, found.pk, asked, now=now)
    return {**told, "answer": answer, "wall": wall if "(" in wall else ""}


def _closed(found: access.Held, now: datetime) -> UnknotError | None:
    """Why it cannot move at all: it is over, on hold, or one of two who come together."""
    try:
        arrange.check_movable(found, by_client=False, now=now)
    except Conflict as problem:
        return problem
    return None


def _sentences(form: AtForm | MoveForm) -> list[str]:
    return [str(one) for errors in form.errors.values() for one in errors]


def _day(found: access.Held) -> date:
    return found.start.astimezone(found.therapist.practice.tz).date()
