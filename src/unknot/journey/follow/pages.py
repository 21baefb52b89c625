"""The daily twenty seconds, the weekly questions, the two strands, a review."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unknot.domain.outcomes.wording import CHART_CAPTION, parts
from unknot.journey.follow import access, actions, reads
from unknot.journey.follow.charts import strands
from unknot.journey.follow.forms import DailyForm, ReviewForm, WeeklyForm
from unknot.people.models import Role
from unknot.people.requests import ClientRequest, StaffRequest, client_required, staff_required


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
    """The three questions that the first sentence is made from."""
    form = WeeklyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.save_weekly(
            request.user, request.client, answers=form.cleaned_data, now=timezone.now()
        )
        messages.success(request, _("Saved. Thank you for this week's answers."))
        return redirect("follow:progress")
    return render(request, "follow/weekly.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@client_required
def progress(request: ClientRequest) -> HttpResponse:
    """One's own two strands and the first honest sentence."""
    found = reads.progress(request.client, now=timezone.now())
    return render(
        request, "follow/progress.html", _shown(found) | {"client": request.client, "own": True}
    )


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
    """Say how one attended session was; one review for each."""
    attended = actions.reviewable(request.client, key)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.leave_review(
            request.client,
            key,
            scores=form.scores(),
            text=form.cleaned_data["text"],
            now=timezone.now(),
        )
        messages.success(request, _("Thank you. Your review is on the therapist's page."))
        return redirect("book:appointments")
    context = {"form": form, "attended": attended}
    return render(request, "follow/review.html", context, status=422 if form.errors else 200)


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
