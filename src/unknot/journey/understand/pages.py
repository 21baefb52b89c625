"""The check-in: seven steps and the result. Every step is saved when it is sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.questions import Questions
from unknot.journey.understand import access, actions, reads, results
from unknot.journey.understand.forms import (
    AboutForm,
    BodyForm,
    CallMeForm,
    FlagsForm,
    HistoryForm,
    MindForm,
    StartForm,
    StoryForm,
    WishesForm,
    as_initial,
)
from unknot.journey.understand.requests import CheckIn, CheckInRequest, checkin_required
from unknot.people.models import Practice
from unknot.people.requests import Page
from unknot.web.errors import Missing

STEPS = ("start", "body", "story", "mind", "safety", "history", "wishes")
UNPROCESSABLE = 422


def names() -> dict[str, str]:
    """The word for each step, beside its number."""
    return {
        "start": _("Before we begin"),
        "body": _("Body"),
        "story": _("Story"),
        "mind": _("Mind"),
        "safety": _("Safety"),
        "history": _("Health"),
        "wishes": _("Wishes"),
    }


def step(page: Callable[[CheckInRequest], HttpResponse]) -> Page[[]]:
    """Open one step of a check-in that may still change; others see its result."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @checkin_required
    @wraps(page)
    def guarded(request: CheckInRequest, /) -> HttpResponse:
        try:
            if reads.is_settled(request.checkin):
                raise actions.Finished
            return page(request)
        except (actions.Finished, reads.ScreeningStop) as problem:
            messages.info(request, str(problem.sentence))
            return redirect("understand:result")

    return guarded


# Begin ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for agreement and age, say what is kept; or offer to go on with what was begun."""
    checkin = access.current(request.session)
    practices = list(reads.open_practices())
    form = StartForm(request.POST if request.method == "POST" else None, practices=practices)
    if request.method != "POST" or not form.is_valid():
        return _start_page(request, form, practices, checkin)
    if form.cleaned_data["adult"] == "no":
        return redirect("understand:minor")
    if checkin is not None:
        return redirect(f"understand:{reads.next_step(checkin)}")
    practice = next(one for one in practices if one.slug == form.cleaned_data["practice"])
    return _begin(request, practice)


def _begin(request: HttpRequest, practice: Practice) -> HttpResponse:
    try:
        made = actions.start(
            practice,
            is_adult=True,
            language=translation.get_language() or "en",
            now=timezone.now(),
            actor=request.user,
        )
    except reads.ScreeningStop as problem:
        messages.info(request, str(problem.sentence))
        return redirect("understand:result")
    request.session[access.SESSION_KEY] = str(made.key)
    return redirect("understand:body")


def _start_page(
    request: HttpRequest,
    form: StartForm,
    practices: list[Practice],
    checkin: CheckIn | None,
) -> HttpResponse:
    return render(
        request,
        "understand/start.html",
        {
            **_frame("start"),
            "form": form,
            "practices": practices,
            "unsigned": not screening.load().signed_off,
            "demonstrations": [one for one in practices if one.demonstration],
            "checkin": checkin,
            "next_step": reads.next_step(checkin) if checkin is not None else "",
        },
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_safe
def minor(request: HttpRequest) -> HttpResponse:
    """Say why nobody under 18 books alone here, and what to do instead."""
    return render(request, "understand/minor.html", {"practices": list(reads.open_practices())})


@require_POST
def restart(request: HttpRequest) -> HttpResponse:
    """Let go of this browser's check-in and begin again; an open stop cannot be let go of."""
    checkin = access.current(request.session)
    if checkin is not None:
        try:
            actions.discard(checkin, now=timezone.now())
        except reads.ScreeningStop as problem:
            messages.info(request, str(problem.sentence))
            return redirect("understand:result")
    request.session.pop(access.SESSION_KEY, None)
    return redirect("understand:start")


# The steps ------------------------------------------------------------------------------------


@step
def body(request: CheckInRequest) -> HttpResponse:
    """Where it hurts and how much; the sides are confirmed once they are marked."""
    checkin = request.checkin
    saved = reads.marks_of(checkin)
    form, levels = BodyForm(), saved
    if request.method == "POST":
        form = BodyForm(request.POST, partial=_leaving(request))
        if form.is_valid():
            settled = actions.save_body(
                checkin,
                marks=form.marks,
                sides=form.cleaned_data["sides"],
                now=timezone.now(),
            )
            return _saved(request, "body" if not settled else "story")
        levels = form.levels
    sides = reads.sides_of(saved)
    return _page(
        request,
        "body",
        form,
        levels=levels,
        asks_sides=bool(sides.left or sides.right) and not checkin.sides_confirmed,
        left=sides.left,
        right=sides.right,
    )


@step
def story(request: CheckInRequest) -> HttpResponse:
    """When it began, what it is like, and how much it gets in the way."""
    checkin = request.checkin
    today = reads.local_day(checkin, timezone.now())
    if request.method == "POST":
        form = StoryForm(request.POST, today=today)
        if form.is_valid():
            actions.save_story(
                checkin,
                onset_on=form.cleaned_data["onset_on"],
                first_ever={"yes": True, "no": False}.get(form.cleaned_data["first_ever"]),
                feels_like=form.cleaned_data["feels_like"],
                points=form.points(),
                now=timezone.now(),
            )
            checkin.onset_on = form.cleaned_data["onset_on"]
            if said := results.duration_words(checkin, today):
                messages.info(request, said)
            return _saved(request, "mind")
    else:
        first = {True: "yes", False: "no"}.get(checkin.first_ever)  # type: ignore[arg-type]
        form = StoryForm(
            today=today,
            initial={
                "onset_on": checkin.onset_on,
                "first_ever": first,
                "feels_like": checkin.feels_like,
                **as_initial(reads.points_of(checkin)),
            },
        )
    return _page(
        request,
        "story",
        form,
        duration=results.duration_words(checkin, today),
        peg=reads.wording("peg"),
        skip=reverse("understand:mind"),
    )


@step
def mind(request: CheckInRequest) -> HttpResponse:
    """Stress, sleep, mood and worry; each may be left out, and help is always in reach."""
    checkin = request.checkin
    if request.method == "POST":
        form = MindForm(request.POST)
        if form.is_valid():
            actions.save_mind(checkin, points=form.points(), now=timezone.now())
            return _saved(request, "safety")
    else:
        form = MindForm(initial=as_initial(reads.points_of(checkin)))
    return _page(
        request,
        "mind",
        form,
        phq4=reads.wording("phq4"),
        crisis=results.crisis_card(checkin.practice),
        skip=reverse("understand:safety"),
    )


@step
def safety(request: CheckInRequest) -> HttpResponse:
    """First what decides which questions are asked, then the red flags that apply."""
    checkin = request.checkin
    if "about" in request.GET or not reads.knows_about(checkin):
        return _about(request)
    questions = reads.questions_of(checkin)
    partial = _leaving(request)
    if request.method == "POST":
        form = FlagsForm(request.POST, questions=questions, partial=partial)
        if form.is_valid():
            actions.save_red_flags(checkin, said=form.said(), now=timezone.now())
            return _saved(request, "history")
    else:
        form = FlagsForm(questions=questions, initial=_initial(request, questions))
    return _page(request, "safety", form)


def _about(request: CheckInRequest) -> HttpResponse:
    checkin = request.checkin
    if request.method == "POST":
        form = AboutForm(request.POST, partial=_leaving(request))
        if form.is_valid():
            actions.save_about(
                checkin,
                age=form.cleaned_data["age"],
                pregnant=form.cleaned_data["pregnant"] or None,
                now=timezone.now(),
            )
            return _saved(request, "safety")
    else:
        pregnant = reads.said_of(checkin).get(("condition", "pregnancy"))
        form = AboutForm(
            initial={"age": checkin.age, "pregnant": pregnant.said if pregnant else None}
        )
    return _page(request, "safety", form, about=True)


@step
def history(request: CheckInRequest) -> HttpResponse:
    """Conditions and medicines, with the place where it matters."""
    checkin = request.checkin
    if not reads.knows_about(checkin):
        messages.info(request, _("Two answers are needed before this page."))
        return redirect("understand:safety")
    questions = reads.questions_of(checkin)
    if request.method == "POST":
        form = HistoryForm(request.POST, questions=questions, partial=_leaving(request))
        if form.is_valid():
            actions.save_history(
                checkin,
                conditions=form.said(),
                medicines=form.said("medicines"),
                where=form.where(),
                now=timezone.now(),
            )
            return _saved(request, "wishes")
    else:
        form = HistoryForm(questions=questions, initial=_initial(request, questions))
    return _page(request, "history", form)


@step
def wishes(request: CheckInRequest) -> HttpResponse:
    """What somebody would like; sending it completes the check-in."""
    checkin = request.checkin
    named = ("wants_clothed", "wants_heat", "no_oil", "first_time")
    if request.method != "POST":
        form = WishesForm(
            initial={
                "pressure": checkin.pressure_wanted,
                "minutes": checkin.minutes_wanted,
                "wishes": [name for name in named if getattr(checkin, name)],
            }
        )
        return _page(request, "wishes", form)
    form = WishesForm(request.POST)
    if not form.is_valid():
        return _page(request, "wishes", form)
    actions.save_wishes(checkin, **form.cleaned_data, now=timezone.now())
    if _leaving(request):
        return _saved(request, "wishes")
    try:
        actions.complete(checkin, now=timezone.now(), actor=request.user)
    except actions.NotComplete as problem:
        messages.warning(request, str(problem.sentence))
        return redirect(f"understand:{reads.missing_step(checkin)}")
    return redirect("understand:result")


# The result -----------------------------------------------------------------------------------


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """What the answers mean for booking: stop, go on with care, or go on."""
    checkin = access.shown_to(request.user, request.session)
    if checkin is None:
        return _without(request)
    if not reads.is_complete(checkin):
        return redirect(f"understand:{reads.next_step(checkin)}")
    return _result_page(request, checkin, CallMeForm(), status=200)


@require_POST
def call_me(request: HttpRequest) -> HttpResponse:
    """Leave a name and a number for the practice to call back."""
    checkin = access.shown_to(request.user, request.session)
    if checkin is None:
        return _without(request)
    if reads.open_stop_of(checkin) is None:
        raise Missing
    form = CallMeForm(request.POST)
    if not form.is_valid():
        return _result_page(request, checkin, form, status=UNPROCESSABLE)
    actions.ask_for_call(checkin, **form.cleaned_data, now=timezone.now())
    messages.success(request, _("The practice has your number and will call you."))
    return redirect("understand:result")


def _result_page(
    request: HttpRequest, checkin: CheckIn, form: CallMeForm, *, status: int
) -> HttpResponse:
    found = results.result_of(checkin, reads.local_day(checkin, timezone.now()))
    return render(
        request,
        "understand/result.html",
        {
            "result": found,
            "practice": checkin.practice,
            "emergency": checkin.practice.emergency_number,
            "form": form,
            "levels": reads.marks_of(checkin),
            "may_change": not reads.is_settled(checkin),
        },
        status=status,
    )


# Parts ----------------------------------------------------------------------------------------


def _without(request: HttpRequest) -> HttpResponse:
    problem = access.NoCheckIn()
    messages.info(request, f"{problem.sentence} {problem.mend}")
    return redirect("understand:start")


def _leaving(request: HttpRequest) -> bool:
    """Whether somebody saves what there is and goes; then nothing needs to be complete."""
    return "leave" in request.POST


def _saved(request: HttpRequest, following: str) -> HttpResponse:
    if _leaving(request):
        messages.success(
            request,
            _("Saved. Open this page again on this device within 7 days to go on."),
        )
        return redirect("understand:start")
    return redirect(f"understand:{following}")


def _frame(name: str) -> dict[str, Any]:
    place = STEPS.index(name)
    back = reverse(f"understand:{STEPS[place - 1]}") if place > 1 else ""
    return {"step": place + 1, "steps": len(STEPS), "step_name": names()[name], "back": back}


def _page(request: CheckInRequest, name: str, form: forms.Form, **more: Any) -> HttpResponse:
    status = UNPROCESSABLE if form.errors else 200
    context = {**_frame(name), "form": form, "checkin": request.checkin, **more}
    return render(request, f"understand/{name}.html", context, status=status)


def _initial(request: CheckInRequest, questions: Questions) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    for (_kind, question), one in reads.said_of(request.checkin).items():
        initial[question] = one.said
        initial[f"where-{question}"] = one.where
    return initial
