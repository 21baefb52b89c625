"""The pages of a series: plan it with its conflicts first, read it, move or cancel the rest."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.book import access
from unknot.journey.book.actions import booking
from unknot.journey.book.actions import series as actions
from unknot.journey.book.forms import series as forms
from unknot.journey.book.reads import booked, clock, decision
from unknot.journey.book.reads import series as reads
from unknot.people.access import is_own
from unknot.people.requests import MemberRequest, signed_in
from unknot.web import money
from unknot.web.errors import BadInput, Conflict, Denied, Missing, UnknotError

FIRST_FORM = {"every": "1", "count": "6"}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: MemberRequest, key: UUID) -> HttpResponse:
    """Repeat an appointment: the plan of a rule, with what each time would be; POST books it."""
    found = access.appointment_to_arrange(request.user, key)
    if found.client is None:
        raise Missing
    access.check_may_book_series(request.user, found.client, found.therapist)
    if found.series is not None:
        return redirect("book:series", found.series.key)
    if request.method != "POST":
        sent = request.GET if "count" in request.GET else None
        form = forms.RepeatForm(sent) if sent is not None else forms.RepeatForm(initial=FIRST_FORM)
        return _show_new(request, found, form)
    form = forms.BookForm(request.POST)
    if not form.is_valid():
        return _show_new(request, found, form, status=422)
    try:
        made = _book(request, found, form)
    except ValidationError as wrong:
        return _show_new(request, found, form, problem=BadInput(wrong.messages[0]), status=422)
    except UnknotError as problem:
        if isinstance(problem, Missing | Denied):
            raise
        fresh = access.appointment_to_arrange(request.user, key)
        return _show_new(request, fresh, form, problem=problem, status=problem.status)
    messages.success(request, _("The series is booked. We have written to both of you."))
    return redirect("book:series", made.key)


@require_safe
@signed_in
def overview(request: MemberRequest, key: UUID) -> HttpResponse:
    """A series: what is coming, and the ways to move or cancel the rest of it."""
    series = access.series_to_arrange(request.user, key)
    shown = reads.overview(series, now=clock.database_now())
    context = {"series": shown, "is_client": is_own(request.user, series.client)}
    return render(request, "book/series.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: MemberRequest, key: UUID) -> HttpResponse:
    """Another weekday or time for all that is coming or from one on; POST moves the chosen."""
    series = access.series_to_arrange(request.user, key)
    now = clock.database_now()
    if request.method != "POST":
        form = forms.FollowingForm(request.GET) if "time" in request.GET else None
        return _show_move(request, series, form, now=now)
    form = forms.FollowingForm(request.POST)
    names = [one.occurrence for one in reads.coming(series, now=now)]
    if not form.is_valid():
        return _show_move(request, series, form, now=now, status=422)
    try:
        actions.move_following(request.user, series, _chosen(request, names), now=now)
    except ValidationError as wrong:
        problem: UnknotError = BadInput(wrong.messages[0])
        return _show_move(request, series, form, now=now, problem=problem, status=422)
    except (Conflict, BadInput) as problem:
        return _show_move(request, series, form, now=now, problem=problem, status=problem.status)
    messages.success(request, _("Moved. We have written to both of you."))
    return redirect("book:series", key)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def cancel(request: MemberRequest, key: UUID) -> HttpResponse:
    """What would be cancelled and what that costs; POST cancels it."""
    series = access.series_to_arrange(request.user, key)
    now, since = clock.database_now(), _since(request)
    if request.method != "POST":
        return _show_cancel(request, series, since, now=now)
    form = forms.CancelForm(request.POST)
    if not form.is_valid():
        raise BadInput
    try:
        gone = actions.cancel_following(
            request.user,
            series,
            since=since,
            now=now,
            for_client=form.cleaned_data["asked_by"] == "client",
            expected_minor=form.cleaned_data["fee"],
        )
    except Conflict as problem:
        return _show_cancel(request, series, since, now=now, problem=problem)
    sentence = ngettext("%(n)d session is cancelled.", "%(n)d sessions are cancelled.", gone) % {
        "n": gone
    }
    messages.success(request, f"{sentence} {_('We have written to both of you.')}")
    return redirect("book:series", key)


def _book(request: MemberRequest, found: access.Held, form: forms.BookForm) -> access.Repeated:
    wanted, client, now = booking.wanted_of(found), found.client, clock.database_now()
    if client is None:
        raise Missing
    if is_own(request.user, client):  # what this browser answered since counts too
        checkin = access.checkin_to_book_with(request.session, request.user, wanted.practice)
        obstacle = decision.obstacle(
            checkin,
            actor=request.user,
            practice=wanted.practice,
            techniques=wanted.techniques,
            now=now,
        )
        if obstacle is not None:
            raise obstacle
    repeat = _repeat(found, form.rule())
    names = [one.local.strftime(reads.WALL) for one in reads.occurrences(repeat, wanted)]
    return actions.book(
        request.user,
        client,
        wanted,
        repeat,
        _chosen(request, names),
        now=now,
        request_key=form.cleaned_data["key"],
    )


def _repeat(found: access.Held, rule: str) -> reads.Repeat:
    zone = found.therapist.practice.tz
    first = found.start.astimezone(zone).replace(tzinfo=None)
    return reads.Repeat(first=first, rule=rule, based_on=found)


def _chosen(request: HttpRequest, names: list[str]) -> dict[str, datetime | None]:
    return forms.choices(request.POST.dict(), names)


def _since(request: HttpRequest) -> str:
    sent = request.POST if request.method == "POST" else request.GET
    name = sent.get("from", "")
    return name if re.fullmatch(reads.NAME, name) else ""


def _show_new(
    request: MemberRequest,
    found: access.Held,
    form: forms.RepeatForm,
    *,
    problem: UnknotError | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.database_now()
    wanted, client = booking.wanted_of(found), found.client
    if client is None:
        raise Missing
    row, plan = booked.row(found), None
    closed = row.status != "confirmed" or row.on_hold or found.pair is not None
    if not closed and form.is_bound and form.is_valid():
        repeat = _repeat(found, form.rule())
        try:
            plan = reads.plan(request.user, client, wanted, repeat, now=now)
        except reads.BadSeries as wrong:
            problem, status = wrong, 422
    context = {
        "row": row,
        "form": form,
        "plan": plan,
        "problem": problem or (plan.obstacle if plan is not None else None),
        "closed": closed,
        "is_client": is_own(request.user, client),
        "sent": _sent(form),
        "leave": forms.LEAVE,
        "horizon": wanted.practice.horizon_days,
    }
    return render(request, "book/series_new.html", context, status=status)


def _sent(form: forms.RepeatForm) -> list[tuple[str, object]]:
    """What the plan's form sends again, with a key of its own."""
    if not (form.is_bound and form.is_valid()):
        return []
    said = form.cleaned_data
    return [("every", said["every"]), ("count", said["count"]), ("key", uuid4())]


def _show_move(
    request: MemberRequest,
    series: access.Repeated,
    form: forms.FollowingForm | None,
    *,
    now: datetime,
    problem: UnknotError | None = None,
    status: int = 200,
) -> HttpResponse:
    since = _since(request)
    first = reads.first_wall(series, since=since, now=now)
    plan, sent = None, []
    if form is None:
        start = {"weekday": first.weekday(), "time": f"{first:%H:%M}"} if first else {}
        form = forms.FollowingForm(initial=start)
    elif form.is_valid() and first is not None:
        weekday, minute = form.cleaned_data["weekday"], form.minute()
        plan = reads.following(
            request.user, series, since=since, weekday=weekday, minute=minute, now=now
        )
        sent = [("weekday", weekday), ("time", f"{form.cleaned_data['time']:%H:%M}")]
    context: dict[str, Any] = {
        "series": reads.overview(series, now=now),
        "form": form,
        "plan": plan,
        "problem": problem,
        "since": since,
        "first": first,
        "sent": sent,
        "leave": forms.LEAVE,
        "horizon": series.therapist.practice.horizon_days,
    }
    return render(request, "book/series_move.html", context, status=status)


def _show_cancel(
    request: MemberRequest,
    series: access.Repeated,
    since: str,
    *,
    now: datetime,
    problem: Conflict | None = None,
) -> HttpResponse:
    fee = actions.cost(request.user, series, since=since, now=now)
    context = {
        "series": reads.overview(series, now=now),
        "going": booked.rows(reads.coming(series, since=since, now=now)),
        "since": since,
        "fee_minor": fee,
        "fee": money.price(fee, series.therapist.practice.currency) if fee else "",
        "window": series.therapist.practice.cancel_window_hours,
        "is_client": is_own(request.user, series.client),
        "problem": problem,
    }
    return render(request, "book/series_cancel.html", context, status=409 if problem else 200)
