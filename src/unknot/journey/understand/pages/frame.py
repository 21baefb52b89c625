"""What the pages of all steps share: the guard, the frame around the question, where to go on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unknot.journey.understand import access, reads
from unknot.journey.understand.actions.answers import Finished
from unknot.journey.understand.requests import CheckInRequest, checkin_required
from unknot.people.requests import Page

#: The pages in their order, each with the number of its step; a step may have several pages.
PAGES = {
    "start": 1,
    "body": 2,
    "places": 2,
    "story": 3,
    "everyday": 3,
    "today": 3,
    "mind": 4,
    "more": 4,
    "safety": 5,
    "history": 6,
    "wishes": 7,
}
UNPROCESSABLE = 422


def names() -> dict[int, str]:
    """The word for each step, beside its number."""
    return {
        1: _("Before we begin"),
        2: _("Body"),
        3: _("Story"),
        4: _("Mind"),
        5: _("Safety"),
        6: _("Health"),
        7: _("Wishes"),
    }


def step(page: Callable[[CheckInRequest], HttpResponse]) -> Page[[]]:
    """Open one step of a check-in that may still change; others see its result."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @checkin_required
    @wraps(page)
    def guarded(request: CheckInRequest, /) -> HttpResponse:
        try:
            if not reads.may_change(request.checkin, page.__name__):
                raise Finished
            return page(request)
        except (Finished, reads.ScreeningStop) as problem:
            messages.info(request, str(problem.sentence))
            return redirect("understand:result")

    return guarded


def leaving(request: CheckInRequest) -> bool:
    """Whether somebody saves what there is and goes; then nothing needs to be complete."""
    return "leave" in request.POST


def saved(request: CheckInRequest, following: str) -> HttpResponse:
    """Go on to the page called `following`, or out with a word on how to come back."""
    if leaving(request):
        messages.success(
            request,
            _("Saved. Open this page again on this device within 7 days to go on."),
        )
        return redirect("understand:start")
    return redirect(f"understand:{following}")


def frame(name: str, back: str = "") -> dict[str, Any]:
    """The number and word of the step, and the way back."""
    return {
        "step": PAGES[name],
        "steps": max(PAGES.values()),
        "step_name": names()[PAGES[name]],
        "back": reverse(f"understand:{back}") if back else "",
    }


def show(
    request: CheckInRequest, name: str, form: forms.Form, *, back: str, **more: Any
) -> HttpResponse:
    """Draw the page called `name` around its form; one with mistakes answers 422."""
    status = UNPROCESSABLE if form.errors else 200
    context = {**frame(name, back), "form": form, "checkin": request.checkin, **more}
    return render(request, f"understand/{name}.html", context, status=status)


def without(request: Any) -> HttpResponse:
    """Send somebody without a check-in to its beginning, and say why."""
    problem = access.NoCheckIn()
    messages.info(request, f"{problem.sentence} {problem.mend}")
    return redirect("understand:start")
