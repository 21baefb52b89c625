"""How the mind is; help is always within reach."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from unknot.journey.understand import questionnaires, results
from unknot.journey.understand.actions import steps
from unknot.journey.understand.forms.mind import MindForm, MoreForm
from unknot.journey.understand.pages.frame import saved, show, step
from unknot.journey.understand.requests import CheckInRequest


@step
def mind(request: CheckInRequest) -> HttpResponse:
    """Stress, sleep, mood and worry; each may be left out."""
    checkin = request.checkin
    now = timezone.now()
    plan = questionnaires.plan_of(checkin, now=now, actor=request.user)
    form = MindForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        known=questionnaires.instruments_for(checkin),
        points=questionnaires.points_of(checkin),
    )
    if request.method == "POST" and form.is_valid():
        steps.save_answers(checkin, points=form.points(), now=now)
        calls = questionnaires.asks_more(checkin, now=now, actor=request.user)
        return saved(request, "more" if calls else "safety")
    return show(
        request,
        "mind",
        form,
        back="today" if plan.items("rmdq24") else "everyday",
        left_out=results.left_out_words(plan),
        crisis=results.crisis_card(checkin.practice),
        skip=reverse("understand:safety"),
    )


@step
def more(request: CheckInRequest) -> HttpResponse:
    """The longer questions that the short ones call for; what was answered is not asked again."""
    checkin = request.checkin
    now = timezone.now()
    plan = questionnaires.plan_of(checkin, now=now, actor=request.user)
    form = MoreForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        points=questionnaires.points_of(checkin),
    )
    if not form.asked:
        return redirect("understand:safety")
    if request.method == "POST" and form.is_valid():
        steps.save_answers(checkin, points=form.points(), now=now)
        return saved(request, "safety")
    return show(
        request,
        "more",
        form,
        back="mind",
        crisis=results.crisis_card(checkin.practice),
        skip=reverse("understand:safety"),
    )
