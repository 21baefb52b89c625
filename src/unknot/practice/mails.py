"""The practice's mails, each with its state; what a person may send again; the quiet hours."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from unknot.people import mails as people_mails
from unknot.people.models import MessageState, Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.mails_forms import QuietForm

ROUTE = "practice:mails"


@require_safe
@staff_required(Role.MANAGER, Role.FRONT_DESK)
def mails(request: StaffRequest) -> HttpResponse:
    """The mails of the last 30 days; `state` shows those of one state."""
    return _page(request, _quiet_form(request, sent=False))


@require_POST
@staff_required(Role.MANAGER, Role.FRONT_DESK)
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a mail once more that failed, came back, or may not have arrived."""
    people_mails.send_again(request.user, pk, now=timezone.now())
    messages.success(request, _("It is sent again with the next mails."))
    return redirect(ROUTE)


@require_POST
@staff_required(Role.MANAGER, Role.FRONT_DESK)
def bounced(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that a mail came back."""
    people_mails.note_bounced(request.user, pk, now=timezone.now())
    messages.success(request, _("Noted. Ask for the right address when you next speak."))
    return redirect(ROUTE)


@require_POST
@staff_required(Role.MANAGER)
def quiet_hours(request: StaffRequest) -> HttpResponse:
    """Keep from when to when planned mails wait."""
    form = _quiet_form(request, sent=True)
    if not form.is_valid():
        return _page(request, form)
    people_mails.set_quiet_hours(
        request.user, request.practice, **form.cleaned_data, now=timezone.now()
    )
    messages.success(request, _("Saved. What is planned already keeps its time."))
    return redirect(ROUTE)


def _quiet_form(request: StaffRequest, *, sent: bool) -> QuietForm:
    return QuietForm.of(request.practice, request.POST if sent else None)


def _page(request: StaffRequest, form: QuietForm) -> HttpResponse:
    manages = Role.MANAGER in request.roles
    alone = tabs.works_alone(request.practice) if manages else False
    shown = request.GET.get("state", "")
    context = {
        "practice": request.practice,
        "tabs": tabs.of_practice(ROUTE, alone=alone) if manages else (),
        "rows": people_mails.of_practice(request.practice, state=shown, now=timezone.now()),
        "states": MessageState.choices,
        "shown": shown if shown in MessageState.values else "",
        "form": form if manages else None,
    }
    return render(request, "practice/mails.html", context, status=422 if form.errors else 200)
