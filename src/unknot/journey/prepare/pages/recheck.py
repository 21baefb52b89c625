"""The answer to the short recheck before a session."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from unknot.journey.book import access
from unknot.journey.prepare import actions, reads
from unknot.journey.prepare.forms import RecheckForm
from unknot.journey.understand import access as checkins
from unknot.journey.understand import stops
from unknot.journey.understand.actions.recheck import answer_recheck
from unknot.people.access import is_own
from unknot.people.requests import MemberRequest, signed_in
from unknot.web.errors import BadInput


@require_POST
@signed_in
def recheck(request: MemberRequest, key: UUID) -> HttpResponse:
    """Keep what was answered before a session, and go on with what follows from it."""
    appointment = access.appointment_of_either(request.user, key)
    by_client = is_own(request.user, appointment.client)
    now = timezone.now()
    actions.check_may_answer(appointment, by_client=by_client, now=now)
    form = RecheckForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("Choose one of the three answers."))
    kept = answer_recheck(
        request.user,
        reads.client_of(appointment),
        appointment_key=appointment.key,
        said=form.cleaned_data["said"],
        now=now,
    )
    if not by_client:
        back = "session:record" if form.cleaned_data["then"] else "prepare:briefing"
        return redirect(back, key)
    if kept.said != "no":
        return _ask_everything(request)
    messages.success(request, _("Thank you, nothing else to answer."))
    return redirect("prepare:prepare", key)


def _ask_everything(request: HttpRequest) -> HttpResponse:
    """Begin the full check-in; what this browser had answered before is let go of."""
    checkin = checkins.current(request.session)
    if checkin is not None and stops.open_stop_of(checkin) is not None:
        return redirect("understand:result")
    request.session.pop(checkins.SESSION_KEY, None)
    messages.info(
        request,
        _(
            "Thank you for telling us. Because something may be new, we ask all questions again "
            "before your session. It takes a few minutes."
        ),
    )
    return redirect("understand:start")
