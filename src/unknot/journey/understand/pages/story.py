"""The story of the pain, and how much it gets in the way."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from unknot.journey.understand import questionnaires, reads, results
from unknot.journey.understand.actions import steps
from unknot.journey.understand.forms.everyday import EverydayForm, TodayForm
from unknot.journey.understand.forms.story import StoryForm
from unknot.journey.understand.pages.frame import leaving, saved, show, step
from unknot.journey.understand.requests import CheckInRequest


@step
def story(request: CheckInRequest) -> HttpResponse:
    """When it began, how it has gone, what bears on it, and what somebody wants back."""
    checkin = request.checkin
    today = reads.local_day(checkin, timezone.now())
    if request.method == "POST":
        form = StoryForm(request.POST, today=today)
        if form.is_valid():
            steps.save_story(checkin, story=form.story(), now=timezone.now())
            checkin.onset_on = form.cleaned_data["onset_on"]
            if said := results.duration_words(checkin, today):
                messages.info(request, said)
            return saved(request, "everyday")
    else:
        form = StoryForm.of(checkin, today=today)
    return show(
        request,
        "story",
        form,
        back="places" if reads.marks_of(checkin) else "body",
        duration=results.duration_words(checkin, today),
        skip=reverse("understand:everyday"),
    )


@step
def everyday(request: CheckInRequest) -> HttpResponse:
    """How often and how much it limits, and the activities somebody wants to do again."""
    checkin = request.checkin
    plan = questionnaires.plan_of(checkin, now=timezone.now(), actor=request.user)
    following = "today" if plan.items("rmdq24") else "mind"
    form = EverydayForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        activities=questionnaires.activities_of(checkin),
        points=questionnaires.points_of(checkin),
    )
    if request.method == "POST" and form.is_valid():
        named = form.activities()
        steps.save_activities(checkin, activities=named, now=timezone.now())
        steps.save_answers(checkin, points=form.points(), now=timezone.now())
        return saved(request, following)
    return show(request, "everyday", form, back="story", skip=reverse(f"understand:{following}"))


@step
def today(request: CheckInRequest) -> HttpResponse:
    """What the lower back keeps somebody from doing today: only for low back pain."""
    checkin = request.checkin
    if not questionnaires.asks_today(checkin, now=timezone.now()):
        return redirect("understand:mind")
    form = TodayForm(
        request.POST if request.method == "POST" else None, points=questionnaires.points_of(checkin)
    )
    if request.method == "POST" and form.is_valid():
        points = form.points(sent=not leaving(request))
        steps.save_answers(checkin, points=points, now=timezone.now())
        return saved(request, "mind")
    return show(request, "today", form, back="everyday")
