"""The daily questions, those of a week, those before the first session."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.follow.actions import check_ins as actions
from unknot.journey.follow.forms import (
    BatteryForm,
    DailyForm,
    OutcomeForm,
    WeeklyForm,
)
from unknot.journey.follow.reads import baseline
from unknot.journey.follow.reads import check_ins as reads
from unknot.journey.understand import follow_ups, questionnaires, rechecks, results
from unknot.journey.understand.follow_ups import BEFORE_FIRST, OUTCOME, WEEKLY, Asking
from unknot.people.requests import (
    ClientRequest,
    client_required,
)
from unknot.web.errors import Missing


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def daily(request: ClientRequest) -> HttpResponse:
    """Five ratings, twenty seconds; what was answered today can be changed."""
    now = timezone.now()
    given = reads.daily(request.client, reads.local_day(request.client, now))
    form = DailyForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        actions.save_daily(request.user, request.client, **form.cleaned_data, now=now)
        messages.success(request, _("Saved. That is all for today."))
        return redirect("follow:progress")
    context = {
        "form": form,
        "given": given,
        "today": reads.local_day(request.client, now),
        "zone": request.client.practice.zone,
    }
    return render(request, "follow/daily.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def weekly(request: ClientRequest) -> HttpResponse:
    """The week in a few ratings; closed while an answer still tells about these days."""
    client, now = request.client, timezone.now()
    rhythm = reads.rhythm(client, now=now)
    if not rhythm.weekly_open:
        return _closed(request, "follow/weekly.html", rhythm)
    asking = follow_ups.asking(client, WEEKLY, now=now)
    given = follow_ups.given_on(client, WEEKLY, rhythm.today)
    form = WeeklyForm(
        request.POST if request.method == "POST" else None,
        asking=asking,
        points=questionnaires.points_of(given) if given else None,
        said=rechecks.said_in(given),
    )
    if request.method == "POST" and form.is_valid():
        actions.save_weekly(
            request.user,
            client,
            points=form.points(),
            anything_new=form.cleaned_data["anything_new"],
            now=now,
        )
        messages.success(request, _("Saved. Thank you for this week's answers."))
        return redirect("follow:answered")
    return _questions(request, "follow/weekly.html", form, asking, given=given, rhythm=rhythm)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def outcome(request: ClientRequest) -> HttpResponse:
    """How things are 4, 8, 12 and 26 weeks after the start."""
    client, now = request.client, timezone.now()
    rhythm = reads.rhythm(client, now=now)
    if not rhythm.outcome_open:
        return _closed(request, "follow/outcome.html", rhythm)
    asking = follow_ups.asking(client, OUTCOME, now=now)
    given = follow_ups.given_on(client, OUTCOME, rhythm.today)
    form = OutcomeForm(
        request.POST if request.method == "POST" else None,
        asking=asking,
        points=questionnaires.points_of(given) if given else None,
        start=_long_day(rhythm.start) if rhythm.start else "",
    )
    if request.method == "POST" and form.is_valid():
        actions.save_outcome(request.user, client, points=form.points(), now=now)
        messages.success(request, _("Saved. Thank you for looking back."))
        return redirect("follow:answered")
    return _questions(request, "follow/outcome.html", form, asking, given=given, rhythm=rhythm)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def before_first(request: ClientRequest) -> HttpResponse:
    """The questions of the check-in once more, in the two days before the first session."""
    client, now = request.client, timezone.now()
    found = baseline.before_first(client, now=now)
    if not found.is_open:
        if request.method == "POST":
            raise actions.NotDue
        context = {"before_first": found, "zone": client.practice.tz}
        return render(request, "follow/before_first.html", context)
    asking = follow_ups.asking(client, BEFORE_FIRST, now=now)
    given = follow_ups.given_on(client, BEFORE_FIRST, found.today)
    form = OutcomeForm(
        request.POST if request.method == "POST" else None,
        asking=asking,
        points=questionnaires.points_of(given) if given else None,
    )
    if request.method == "POST" and form.is_valid():
        actions.save_before_first(request.user, client, points=form.points(), now=now)
        messages.success(request, _("Saved. Thank you for answering twice."))
        return redirect("follow:answered")
    more = {"given": given, "before_first": found, "zone": client.practice.tz}
    return _questions(request, "follow/before_first.html", form, asking, **more)


def _closed(request: ClientRequest, template: str, rhythm: reads.Rhythm) -> HttpResponse:
    """Say when the questions are due; answers that are sent all the same are refused."""
    if request.method == "POST":
        raise actions.NotDue
    return render(request, template, {"rhythm": rhythm})


def _questions(
    request: ClientRequest, template: str, form: BatteryForm, asking: Asking, **more: Any
) -> HttpResponse:
    """Draw the questions, what is left out and why, and the help that is always within reach."""
    practice = request.client.practice
    context = {
        "form": form,
        "left_out": results.left_out_words(asking.plan),
        "crisis": results.crisis_card(practice) if asking.plan.items("phq4") else None,
        "emergency": practice.emergency_number,
        **more,
    }
    return render(request, template, context, status=422 if form.errors else 200)


@require_safe
@client_required
def answered(request: ClientRequest) -> HttpResponse:
    """What was answered last, what it adds up to, and the help it calls for: for one's own eyes."""
    followup = follow_ups.newest(request.client)
    if followup is None:
        raise Missing
    practice = request.client.practice
    context = {
        "followup": followup,
        "scores": [
            (row.name.partition(" (")[0], row)
            for row in questionnaires.scores_of(followup).values()
        ],
        "cards": results.cards_for(questionnaires.points_of(followup), practice),
        "emergency": practice.emergency_number,
        "anything_new": rechecks.said_in(followup) in ("yes", "unsure"),
    }
    return render(request, "follow/answered.html", context)


def _long_day(day: date) -> str:
    return date_format(day, "j F Y")
