"""Move an appointment: its therapist's free weeks, and pressing another time."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.journey.book import access
from unknot.journey.book.actions import arrange, booking, refusals
from unknot.journey.book.forms.booking import MoveForm
from unknot.journey.book.pages import slots
from unknot.journey.book.reads import booked, clock
from unknot.people.access import is_own
from unknot.people.requests import MemberRequest, signed_in
from unknot.web.errors import Conflict


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: MemberRequest, key: UUID) -> HttpResponse:
    """The free times an appointment can move to; POST moves it, and lets go of the old one last."""
    found = access.appointment_to_arrange(request.user, key)
    if request.method != "POST":
        return _show(request, found)
    start, reason, refused = asked(request)
    if refused is None and start is not None:
        try:
            made = arrange.move(request.user, found, start, now=clock.database_now(), reason=reason)
        except Conflict as problem:
            refused = slots.Refused(problem=problem, around=start)
        else:
            say_moved(request, found, made)
            return redirect("book:appointment", key)
    return _show(request, access.appointment_to_arrange(request.user, key), refused)


def asked(request: HttpRequest) -> tuple[datetime | None, str, slots.Refused | None]:
    """The start that was pressed with its reason, or why it cannot be read."""
    form = MoveForm(request.POST)
    if form.is_valid():
        return form.cleaned_data["start"], form.cleaned_data["reason"], None
    sentence = str(next(iter(form.errors.values()))[0])
    problem = refusals.NotOffered(sentence)
    return None, "", slots.Refused(problem=problem, status=422)


def say_moved(request: HttpRequest, before: access.Held, after: access.Held) -> None:
    """Say on the next page that the time is another one, or that it stayed."""
    if before.start == after.start:
        messages.info(request, _("It stays at this time."))
    else:
        messages.success(request, _("Moved. We have written to both of you."))


def week_for(
    request: HttpRequest,
    found: access.Held,
    refused: slots.Refused | None,
    *,
    now: datetime,
    relaxed: bool = False,
) -> dict[str, object]:
    """The week around an appointment, as free as it is without it."""
    shown_first = None if request.GET.get("week") or request.GET.get("day") else found.start
    return slots.week_of(
        request,
        booking.wanted_of(found),
        refused,
        now=now,
        around=shown_first,
        without=[found.pk],
        relaxed=relaxed,
    )


def is_late(found: access.Held, now: datetime) -> bool:
    """Whether the client who moves it now, moves it late."""
    return arrange.charge(found, now=now, on_hold=False, by_client=True).is_late


def _show(
    request: MemberRequest, found: access.Held, refused: slots.Refused | None = None
) -> HttpResponse:
    now = clock.database_now()
    is_client = is_own(request.user, found.client)
    relaxed = not is_client and "also" in request.GET
    row = booked.row(found)
    context = {
        "row": row,
        "is_client": is_client,
        "relaxed": relaxed,
        "more": "&also=1" if relaxed else "",
        "reason": request.POST.get("reason", "")[:200],
        "late": is_client and is_late(found, now),
        "window": arrange.rule(found).window_hours,
        "closed": not row.is_coming or row.on_hold or found.pair is not None,
        **week_for(request, found, refused, now=now, relaxed=relaxed),
    }
    return render(request, "book/move.html", context, status=refused.status if refused else 200)
