"""Before anything is asked: agreement and age, the way back in, the way out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.domain import consents
from unknot.domain.screening import catalogue as screening
from unknot.journey.understand import access, reads
from unknot.journey.understand.actions import checkin as actions
from unknot.journey.understand.forms.start import StartForm
from unknot.journey.understand.pages.frame import UNPROCESSABLE, frame
from unknot.journey.understand.requests import CheckIn
from unknot.people.models import Practice, Purpose


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for agreement and age, say what is kept; or offer to go on with what was begun."""
    checkin = _under_way(request)
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


def _under_way(request: HttpRequest) -> CheckIn | None:
    """This browser's check-in, unless it is completed and does not stand any more."""
    checkin = access.current(request.session)
    if checkin is None or not reads.still_counts(checkin, now=timezone.now()):
        return None
    return checkin


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
            **frame("start"),
            "form": form,
            "practices": practices,
            "unsigned": not screening.load().signed_off,
            "care": consents.load().newest(Purpose.CARE, translation.get_language() or "en"),
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
