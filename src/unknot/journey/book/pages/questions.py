"""The safety questions of an appointment that the practice made, opened through a signed address.

Whoever was given the address may answer: at home, or on a device that the practice hands over.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from unknot.domain import consents
from unknot.domain.screening import catalogue as screening
from unknot.journey.book import access
from unknot.journey.book.actions import desk
from unknot.journey.book.reads import booked
from unknot.journey.understand import access as checkins
from unknot.journey.understand import reads, stops
from unknot.journey.understand.actions import by_link
from unknot.journey.understand.forms.start import StartForm
from unknot.journey.understand.requests import CheckIn
from unknot.people.models import Client, Purpose
from unknot.web.errors import Missing

#: Where the browser keeps the token of the appointment whose questions it answers.
ANSWERING = "answering"


class LinkEnded(Missing):
    """The address of an appointment that has begun, or was cancelled."""

    title = _("This address has ended")
    sentence = _("It was for one appointment, and only until that begins or is cancelled.")
    mend = _("Please call the practice.")


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, token: str) -> HttpResponse:
    """Agree and begin; opened again after the last answer, it says what became of the time."""
    if request.method == "POST" and "done" in request.POST:
        return _leave(request, token)
    now = timezone.now()
    appointment = access.appointment_to_answer(token)
    client = appointment.client
    own = _own(request, client)
    if own is not None and reads.is_complete(own):
        appointment = desk.settle(appointment, now=now)
    row = booked.row(appointment)
    if row.status not in ("pending", "confirmed") or row.start <= now or client is None:
        raise LinkEnded
    may_begin = row.awaits == "screening" and not row.on_hold and reads.is_open(client.practice)
    form = StartForm(
        request.POST if request.method == "POST" else None, practices=[client.practice]
    )
    if request.method == "POST" and may_begin and form.is_valid():
        return _begin(request, client, token, is_adult=form.cleaned_data["adult"] == "yes")
    under_way = own is not None and not reads.has_result(own)
    context = {
        "row": row,
        "practice": client.practice,
        "form": form,
        "may_begin": may_begin,
        "unsigned": client.practice.demonstration and not screening.load().signed_off,
        "care": consents.load().newest(Purpose.CARE, translation.get_language() or "en"),
        "has_answers": own is not None,
        "next_step": reads.next_step(own) if own is not None and under_way else "",
        "sees_result": own is not None and stops.open_stop_of(own) is not None,
        "left_out": own is not None and reads.is_complete(own) and row.awaits == "screening",
    }
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "book/questions.html", context, status=status)


def _own(request: HttpRequest, client: Client | None) -> CheckIn | None:
    """This browser's check-in, if it is of the client whose appointment this is."""
    current = checkins.current(request.session)
    if current is None or client is None or current.client_id != client.pk:
        return None
    return current


def _begin(request: HttpRequest, client: Client, token: str, *, is_adult: bool) -> HttpResponse:
    if not is_adult:
        return redirect("understand:minor")
    language = translation.get_language() or "en"
    made = by_link.begin_for(client, language=language, now=timezone.now())
    request.session[checkins.SESSION_KEY] = str(made.key)
    request.session[ANSWERING] = token
    return redirect("understand:body")


def _leave(request: HttpRequest, token: str) -> HttpResponse:
    """Forget the check-in in this browser, which may be a device that others use next."""
    if request.session.get(ANSWERING) == token:
        for name in (checkins.SESSION_KEY, ANSWERING):
            request.session.pop(name, None)
    return redirect("web:home")
