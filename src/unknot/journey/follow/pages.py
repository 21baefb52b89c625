"""The daily, weekly and outcome questions, the two strands, a review."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.domain.outcomes.wording import CHART_CAPTION, parts
from unknot.domain.reviews import window
from unknot.journey.book import access as book
from unknot.journey.choose.forms.reviews import ReviewForm
from unknot.journey.choose.reads import reviews
from unknot.journey.follow import access, actions, reads
from unknot.journey.follow.charts import strands
from unknot.journey.follow.forms import (
    AfterForm,
    BatteryForm,
    DailyForm,
    OutcomeForm,
    WeeklyForm,
)
from unknot.journey.prepare import reads as prepare
from unknot.journey.understand import follow_ups, questionnaires, rechecks, results
from unknot.journey.understand.follow_ups import OUTCOME, WEEKLY, Asking
from unknot.people.models import Role
from unknot.people.requests import (
    ClientRequest,
    MemberRequest,
    StaffRequest,
    client_required,
    signed_in,
    staff_required,
)
from unknot.web.errors import BadInput, Missing


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def daily(request: ClientRequest) -> HttpResponse:
    """Three questions, twenty seconds; what was answered today can be changed."""
    now = timezone.now()
    given = reads.daily(request.client, reads.local_day(request.client, now))
    before = {"pain": given.pain, "stress": given.stress, "sleep": given.sleep} if given else {}
    initial = {name: int(value) for name, value in before.items() if value is not None}
    form = DailyForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.save_daily(request.user, request.client, **form.cleaned_data, now=now)
        messages.success(request, _("Saved. That is all for today."))
        return redirect("follow:progress")
    context = {"form": form, "given": given, "today": reads.local_day(request.client, now)}
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


@require_safe
@client_required
def progress(request: ClientRequest) -> HttpResponse:
    """One's own two strands and the first honest sentence."""
    now = timezone.now()
    found = reads.progress(request.client, now=now)
    rhythm = reads.rhythm(request.client, now=now, sessions=found.sessions)
    context = {
        "client": request.client,
        "own": True,
        "rhythm": rhythm,
        "open_question": reads.open_question(request.client, now=now),
    }
    return render(request, "follow/progress.html", _shown(found) | context)


@require_safe
@staff_required(Role.THERAPIST)
def client_progress(request: StaffRequest, key: UUID) -> HttpResponse:
    """The same page for the therapist who treats this client; mind only if the client shares it."""
    client = access.client_who_shares(request.user, key)
    found = actions.open_progress(request.user, client, now=timezone.now())
    with_mind = access.shares_mind(client)
    context = _shown(found, with_mind=with_mind)
    return render(
        request,
        "follow/progress.html",
        context | {"client": client, "own": False, "with_mind": with_mind},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def review(request: ClientRequest, key: UUID) -> HttpResponse:
    """Say how one attended session was, or change it; later it can only be read and taken back."""
    now, session = timezone.now(), actions.attended(request.client, key)
    own = reviews.own(request.client, key)
    is_closed = now > window(session.ended_at).closes
    if own is None or not is_closed or request.method == "POST":
        actions.check_reviewable(session, now=now)
    form = ReviewForm(request.POST if request.method == "POST" else None, own=own)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        actions.leave_review(request.client, key, scores=form.scores(), text=text, now=now)
        messages.success(request, _saved(own))
        return redirect("book:appointments")
    context = {
        "form": form,
        "session": session,
        "own": own,
        "is_closed": is_closed,
        "key": key,
        "closes": window(session.ended_at).closes,
        "zone": session.therapist.practice.tz,
    }
    return render(request, "follow/review.html", context, status=422 if form.errors else 200)


@require_POST
@client_required
def review_take_back(request: ClientRequest, key: UUID) -> HttpResponse:
    """Take one's own review back, published or not."""
    actions.take_back_review(request.client, key, now=timezone.now())
    messages.success(request, _("Your review is deleted."))
    return redirect("book:appointments")


@require_safe
@client_required
def after_care(request: ClientRequest, key: UUID) -> HttpResponse:
    """What usually helps after this technique, and whom to call when something worries."""
    appointment = book.appointment_of_client(request.user, key)
    context = {"care": reads.after_care(appointment, now=timezone.now())}
    return render(request, "follow/after_care.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def after(request: ClientRequest, key: UUID, hours: int) -> HttpResponse:
    """Say what was noticed a day or three days after a session; then read what follows from it."""
    appointment = book.appointment_of_client(request.user, key)
    now = timezone.now()
    given = reads.kept_after(appointment, hours)
    if given is not None:
        context = {"given": given, "told": reads.told_after(appointment, given)}
        return render(request, "follow/after_told.html", context)
    actions.check_asked(appointment, hours, now=now)
    form = AfterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_after_session(
                request.user, appointment, hours=hours, **form.cleaned_data, now=now
            )
        except BadInput as problem:
            form.add_error(None, str(problem.sentence))
        else:
            return redirect("follow:after", key, hours)
    context = {"form": form, "care": reads.after_care(appointment, now=now), "hours": hours}
    return render(request, "follow/after.html", context, status=422 if form.errors else 200)


@require_safe
@signed_in
def answers_after(request: MemberRequest, key: UUID) -> HttpResponse:
    """How the body answered after the session before this one, for its therapist."""
    appointment = book.appointment_of_therapist(request.user, key)
    found = actions.open_answers_after(request.user, appointment, now=timezone.now())
    context = {"found": found, "visit": prepare.visit(appointment)}
    part = bool(getattr(request, "htmx", False))
    template = "follow/_answers_after.html" if part else "follow/answers_after.html"
    return render(request, template, context)


def _saved(own: reviews.OwnReview | None) -> str:
    if own is not None and own.is_published:
        return _("Saved. What you had written stays readable as the earlier words.")
    return _("Thank you. Your review appears in three to four days, without your name.")


def _shown(found: reads.Progress, *, with_mind: bool = True) -> dict[str, object]:
    said = parts(found.finding, translate=_, dates=_long_day, numbers=_one_decimal)
    chart = strands(found, with_mind=with_mind)
    return {
        "progress": found,
        "said": said,
        "chart": chart,
        "caption": _(CHART_CAPTION),
        "with_mind": with_mind,
    }


def _long_day(day: date) -> str:
    return date_format(day, "j F Y")


def _one_decimal(number: float) -> str:
    return number_format(number, 1)
