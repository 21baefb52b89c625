"""What somebody would like and lets the therapist see; sending it completes the check-in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from unknot.journey.understand import reads
from unknot.journey.understand.actions import checkin as actions
from unknot.journey.understand.actions import steps
from unknot.journey.understand.forms.wishes import WishesForm
from unknot.journey.understand.pages.frame import leaving, saved, show, step
from unknot.journey.understand.requests import CheckInRequest


@step
def wishes(request: CheckInRequest) -> HttpResponse:
    """What somebody would like; sending it completes the check-in."""
    checkin = request.checkin
    named = ("wants_clothed", "wants_heat", "no_oil", "first_time")
    if request.method != "POST":
        form = WishesForm(
            initial={
                "aims": checkin.aims,
                "pressure": checkin.pressure_wanted,
                "minutes": checkin.minutes_wanted,
                "wishes": [name for name in named if getattr(checkin, name)],
                "shares": reads.shares_of(checkin),
            }
        )
        return show(request, "wishes", form, back="history")
    form = WishesForm(request.POST)
    if not form.is_valid():
        return show(request, "wishes", form, back="history")
    steps.save_wishes(checkin, **form.cleaned_data, now=timezone.now())
    if leaving(request):
        return saved(request, "wishes")
    try:
        actions.complete(checkin, now=timezone.now(), actor=request.user)
    except (actions.AskAgain, reads.ConsentWithdrawn) as problem:
        messages.warning(request, f"{problem.sentence} {problem.mend}")
        return redirect("understand:start")
    except actions.NotComplete as problem:
        messages.warning(request, str(problem.sentence))
        return redirect(f"understand:{reads.missing_step(checkin)}")
    return redirect("understand:result")
