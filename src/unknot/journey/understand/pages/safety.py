"""Is massage safe for this person now? These questions cannot be skipped."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from unknot.journey.understand import reads
from unknot.journey.understand.actions import steps
from unknot.journey.understand.forms.safety import AboutForm, FlagsForm, HistoryForm
from unknot.journey.understand.pages.frame import leaving, saved, show, step
from unknot.journey.understand.requests import CheckInRequest


@step
def safety(request: CheckInRequest) -> HttpResponse:
    """First what decides which questions are asked, then the red flags that apply."""
    checkin = request.checkin
    if "about" in request.GET or not reads.knows_about(checkin):
        return _about(request)
    questions = reads.questions_of(checkin)
    if request.method == "POST":
        form = FlagsForm(request.POST, questions=questions, partial=leaving(request))
        if form.is_valid():
            stop = steps.save_red_flags(
                checkin,
                said=form.said(),
                facts=form.facts(),
                now=timezone.now(),
                actor=request.user,
            )
            if stop is not None:
                return redirect("understand:result")
            return saved(request, "history")
    else:
        form = FlagsForm(questions=questions, initial=_initial(request))
    return show(request, "safety", form, back="mind")


def _about(request: CheckInRequest) -> HttpResponse:
    checkin = request.checkin
    if request.method == "POST":
        form = AboutForm(request.POST, partial=leaving(request))
        if form.is_valid():
            steps.save_about(
                checkin,
                age=form.cleaned_data["age"],
                pregnant=form.cleaned_data["pregnant"] or None,
                now=timezone.now(),
            )
            return saved(request, "safety")
    else:
        pregnant = reads.said_of(checkin).get(("condition", "pregnancy"))
        form = AboutForm(
            initial={"age": checkin.age, "pregnant": pregnant.said if pregnant else None}
        )
    return show(request, "safety", form, back="mind", about=True)


@step
def history(request: CheckInRequest) -> HttpResponse:
    """Conditions and medicines, with the place where it matters."""
    checkin = request.checkin
    if not reads.knows_about(checkin):
        messages.info(request, _("Two answers are needed before this page."))
        return redirect("understand:safety")
    questions = reads.questions_of(checkin)
    if request.method == "POST":
        form = HistoryForm(request.POST, questions=questions, partial=leaving(request))
        if form.is_valid():
            steps.save_history(
                checkin,
                conditions=form.said(),
                medicines=form.said("medicines"),
                where=form.where(),
                now=timezone.now(),
            )
            return saved(request, "wishes")
    else:
        form = HistoryForm(questions=questions, initial=_initial(request))
    return show(request, "history", form, back="safety")


def _initial(request: CheckInRequest) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    for (_kind, question), one in reads.said_of(request.checkin).items():
        initial[question] = one.said
        initial[f"where-{question}"] = one.where
    return initial
