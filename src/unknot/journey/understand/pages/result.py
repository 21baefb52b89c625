"""What the answers mean for booking: stop, go on with care, or go on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from unknot.journey.understand import access, reads, results, stops
from unknot.journey.understand.actions import stop
from unknot.journey.understand.forms.call import CallMeForm
from unknot.journey.understand.pages.frame import UNPROCESSABLE, without
from unknot.journey.understand.requests import CheckIn
from unknot.journey.understand.scores import score_words
from unknot.web.errors import Missing


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """Show the result; a check-in that goes on after a stop is taken up where it was left."""
    checkin = access.shown_to(request.user, request.session)
    if checkin is None:
        return without(request)
    if not reads.has_result(checkin):
        request.session[access.SESSION_KEY] = str(checkin.key)
        return redirect(f"understand:{reads.next_step(checkin)}")
    return _page(request, checkin, CallMeForm(), status=200)


@require_POST
def call_me(request: HttpRequest) -> HttpResponse:
    """Leave a name and a number for the practice to call back."""
    checkin = access.shown_to(request.user, request.session)
    if checkin is None:
        return without(request)
    if stops.open_stop_of(checkin) is None and not reads.agreements_needed(checkin):
        raise Missing
    form = CallMeForm(request.POST)
    if not form.is_valid():
        return _page(request, checkin, form, status=UNPROCESSABLE)
    stop.ask_for_call(checkin, **form.cleaned_data, now=timezone.now())
    messages.success(request, _("The practice has your number and will call you."))
    return redirect("understand:result")


def _page(request: HttpRequest, checkin: CheckIn, form: CallMeForm, *, status: int) -> HttpResponse:
    found = results.result_of(reads.gather(checkin), reads.local_day(checkin, timezone.now()))
    return render(
        request,
        "understand/result.html",
        {
            "result": found,
            "practice": checkin.practice,
            "emergency": checkin.practice.emergency_number,
            "form": form,
            "levels": reads.marks_of(checkin),
            "scores": score_words(checkin) if found.variant != "stop" else (),
            "may_change": reads.may_change(checkin, "body"),
        },
        status=status,
    )
