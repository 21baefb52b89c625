"""The waiting list: one's own places, joining a line and leaving it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.journey.book import access
from unknot.journey.book.actions import waiting as actions
from unknot.journey.book.forms.waiting import WaitForm
from unknot.journey.book.reads import booked, clock, decision
from unknot.journey.book.reads import waiting as reads
from unknot.people.models import Client
from unknot.people.requests import ClientRequest, client_required
from unknot.web.errors import BadInput, Conflict, UnknotError

USUAL_DAYS = timedelta(days=28)


@require_safe
@client_required
def waiting(request: ClientRequest) -> HttpResponse:
    """One's own places in line, with what is held for one."""
    context = {
        "waiting": reads.mine(request.client, now=clock.database_now()),
        "zone": request.client.practice.zone,
    }
    return render(request, "book/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def join(request: ClientRequest, slug: str, service: int) -> HttpResponse:
    """Say for which times one waits; POST joins the line."""
    offered = access.offer(slug, service)
    therapist, _service = offered
    client = access.client_in(request.user, therapist.practice)
    if client is None:
        return redirect("understand:start")
    now = clock.database_now()
    if request.method != "POST":
        return _show(request, offered, _blank(therapist, now), now=now)
    form = WaitForm(request.POST, name=therapist.name)
    if not form.is_valid():
        return _show(request, offered, form, now=now, status=422)
    try:
        _join(request, client, offered, form, now)
    except (Conflict, BadInput) as problem:
        return _show(request, offered, form, now=now, problem=problem, status=problem.status)
    messages.success(
        request, _("You are on the waiting list. We write to you when a time becomes free.")
    )
    return redirect("book:waiting")


@require_POST
@client_required
def leave(request: ClientRequest, key: UUID) -> HttpResponse:
    """Leave a line, and give back what is held; a second press changes nothing."""
    entry = access.own_place_in_line(request.user, key)
    actions.leave(request.user, entry, now=clock.database_now())
    messages.success(request, _("You have left the waiting list."))
    return redirect("book:waiting")


def _join(
    request: ClientRequest, client: Client, offered: access.Offered, form: WaitForm, now: datetime
) -> None:
    therapist, service = offered
    said = form.cleaned_data
    first, last = form.minutes()
    wish = actions.Wish(
        service=service,
        therapist=therapist if said["who"] == "this" else None,
        first_day=said["first_day"],
        last_day=said["last_day"],
        from_minute=first,
        to_minute=last,
        weekdays=tuple(said["weekdays"]),
    )
    checkin = access.checkin_to_book_with(request.session, request.user, therapist.practice)
    actions.join(request.user, client, wish, now=now, checkin=checkin)


def _blank(therapist: access.Calendar, now: datetime) -> WaitForm:
    today = now.astimezone(therapist.practice.tz).date()
    start = {"who": "this", "first_day": today, "last_day": today + USUAL_DAYS}
    return WaitForm(initial=start, name=therapist.name)


def _show(
    request: ClientRequest,
    offered: access.Offered,
    form: WaitForm,
    *,
    now: datetime,
    problem: UnknotError | None = None,
    status: int = 200,
) -> HttpResponse:
    therapist, service = offered
    practice = therapist.practice
    checkin = access.checkin_to_book_with(request.session, request.user, practice)
    obstacle = decision.obstacle(
        checkin,
        actor=request.user,
        practice=practice,
        techniques=[service.technique],
        now=now,
    )
    context = {
        "therapist": therapist,
        "service": service,
        "practice": practice,
        "technique": booked.technique_name(service.technique),
        "form": form,
        "has_checkin": checkin is not None,
        "obstacle": obstacle,
        "problem": problem if obstacle is None else None,
    }
    return render(request, "book/waiting_join.html", context, status=status)
