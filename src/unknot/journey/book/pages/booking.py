"""The booking pages: pick a time, the time held, one's appointments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from unknot.domain.reviews import window
from unknot.journey.book import access
from unknot.journey.book.actions import arrange, booking, refusals
from unknot.journey.book.forms.booking import ConfirmForm, HoldForm, WeekForm
from unknot.journey.book.reads import booked, clock, decision, recheck_marks, weeks
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.reads import reviews
from unknot.journey.understand import access as checkins
from unknot.journey.understand.actions import belonging as understand
from unknot.people.access import is_own
from unknot.people.models import Client, User
from unknot.people.requests import ClientRequest, MemberRequest, client_required, signed_in
from unknot.web.errors import Conflict, Denied, Missing, UnknotError

#: What was typed on the held page, kept in the session until it is booked.
WORDS = "booking-words"
#: Keys of the times this browser asked to hold.
HOLDS = "holds"
REMEMBERED_HOLDS = 20


@require_safe
def slots(request: HttpRequest, slug: str, service: int) -> HttpResponse:
    """A week of free times with one therapist for one service."""
    return _show_slots(request, slug, service)


@require_POST
def hold(request: HttpRequest, slug: str, service: int) -> HttpResponse:
    """Hold one time and go on to the form."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        sentence = str(form.errors["start"][0])
        return _show_slots(request, slug, service, problem=Conflict(sentence), status=422)
    wanted = _wanted(request, slug, service)
    start = form.cleaned_data["start"]
    checkin = access.checkin_to_book_with(request.session, request.user, wanted.practice)
    if checkin is None:
        return _show_slots(request, slug, service, around=start, status=409)
    earlier = _holds(request)
    try:
        made = booking.hold(
            checkin,
            actor=request.user,
            wanted=wanted,
            start=start,
            now=clock.database_now(),
            earlier=earlier,
            asked_from=asker(request),
        )
    except UnknotError as problem:
        if isinstance(problem, Missing | Denied):
            raise
        return _show_slots(request, slug, service, around=start, problem=problem, status=409)
    _remember(request, made.key)
    return redirect("book:held", made.key)


@require_safe
def held(request: HttpRequest, key: UUID) -> HttpResponse:
    """The time held: what it is, until when, and the form that books it."""
    try:
        appointment = access.held(request.session, request.user, key)
    except Missing:
        return _sign_in_or_missing(request, key)
    if appointment.booked_at is not None:
        return redirect("book:appointment", key)
    return _show_held(request, appointment)


@require_POST
def confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """Book the held time; the same press twice books once."""
    form = ConfirmForm(request.POST)
    request.session[WORDS] = {name: request.POST.get(name, "")[:600] for name in form.fields}
    try:
        appointment = access.held(request.session, request.user, key)
    except Missing:
        return _sign_in_or_missing(request, key)
    if not isinstance(request.user, User):
        return redirect_to_login(reverse("book:held", args=[key]))
    if appointment.booked_at is not None:
        return redirect("book:appointment", key)
    if not form.is_valid():
        return _show_held(request, appointment, form=form, status=422)
    return _book(request, request.user, appointment, form)


@require_POST
def release(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give the held time back and return to the week."""
    try:
        appointment = access.held(request.session, request.user, key)
    except Missing:
        return _sign_in_or_missing(request, key)
    booking.release(appointment, actor=request.user, now=clock.database_now())
    return redirect("book:slots", appointment.therapist.slug, appointment.service_id)


@require_safe
@client_required
def appointments(request: ClientRequest) -> HttpResponse:
    """One's own appointments: what is coming, and what was."""
    now = timezone.now()
    coming = booked.coming(request.client, now=now)
    marks = recheck_marks.marks(coming, now=now)
    context = {
        "client": request.client,
        "coming": [(row, marks.get(row.key, "")) for row in coming],
        "past": booked.past(request.client, now=now),
        "zone": request.client.practice.zone,
    }
    return render(request, "book/appointments.html", context)


@require_safe
@signed_in
def appointment(request: MemberRequest, key: UUID) -> HttpResponse:
    """One appointment, for its client, its therapist and those who keep the practice's list."""
    found = access.appointment_to_arrange(request.user, key)
    is_client = is_own(request.user, found.client)
    is_therapist = found.therapist.user_id == request.user.pk
    row, now = booked.row(found), timezone.now()
    context = {
        "row": row,
        "is_client": is_client,
        "is_therapist": is_therapist,
        "can_cancel": row.is_coming and (found.start > now or not is_client),
    }
    if found.client is not None and is_client and not is_therapist and row.status == "attended":
        context |= _review(found.client, row, now)
    return render(request, "book/appointment.html", context)


def _review(client: Client, row: booked.Row, now: datetime) -> dict[str, object]:
    """From when on a session can be reviewed, whether it can be now, or was before it was late."""
    span = window(row.end)
    return {
        "review_opens": span.opens if now < span.opens else None,
        "may_review": span.is_open(now),
        "has_review": now > span.closes and reviews.has_own(client, row.key),
    }


@require_POST
@signed_in
def cancel(request: MemberRequest, key: UUID) -> HttpResponse:
    """Cancel an appointment; a second press changes nothing."""
    found = access.appointment_to_arrange(request.user, key)
    arrange.cancel(request.user, found, now=timezone.now())
    messages.success(request, _("The appointment is cancelled. We have written to both of you."))
    return redirect("book:appointment", key)


def asker(request: HttpRequest) -> str:
    """A keyed hash of the address that asks: enough to count holds by, and no address."""
    address = request.META.get("REMOTE_ADDR", "")
    return salted_hmac("book.asked_from", address).hexdigest()[:32] if address else ""


def _wanted(request: HttpRequest, slug: str, service_id: int) -> Wanted:
    """The therapist and service of the address, with the add-ons that the question names."""
    therapist, service = access.offer(slug, service_id)
    numbers = [int(one) for one in request.GET.getlist("add") if one.isdecimal()][:9]
    return Wanted(therapist=therapist, service=service, add_ons=access.add_ons(service, numbers))


def _show_slots(
    request: HttpRequest,
    slug: str,
    service_id: int,
    *,
    around: datetime | None = None,
    problem: UnknotError | None = None,
    status: int = 200,
) -> HttpResponse:
    wanted = _wanted(request, slug, service_id)
    therapist, service = wanted.therapist, wanted.service
    practice, now = therapist.practice, timezone.now()
    checkin = access.checkin_to_book_with(request.session, request.user, practice)
    obstacle = decision.obstacle(
        checkin, actor=request.user, practice=practice, techniques=wanted.techniques, now=now
    )
    wanted_week, wanted_day = WeekForm(request.GET).asked()
    if around is not None:
        wanted_week = wanted_day = around.astimezone(practice.tz).date()
    first = wanted_week or wanted_day or date.min
    week = weeks.week(wanted, first_day=first, now=now)
    context = {
        "therapist": therapist,
        "service": service,
        "initials": booked.initials(therapist.name),
        "technique": booked.technique_name(service.technique),
        "practice": practice,
        "lengths": weeks.lengths(therapist, service.technique),
        "week": week,
        "chosen": week.chosen(wanted_day),
        "has_checkin": checkin is not None,
        "obstacle": obstacle,
        "problem": problem if obstacle is None else None,
        "can_hold": checkin is not None and obstacle is None,
    }
    return render(request, "book/slots.html", context, status=status)


def _show_held(
    request: HttpRequest,
    appointment: access.Held,
    *,
    form: ConfirmForm | None = None,
    problem: UnknotError | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.database_now()
    row = booked.row(appointment)
    is_held = row.status == "held" and row.held_until is not None and row.held_until > now
    if form is None:
        form = ConfirmForm(initial=_words(request, appointment))
    context = {
        "row": row,
        "form": form,
        "is_held": is_held,
        "problem": problem,
        "start": appointment.start.isoformat(),
        "seconds_left": int((row.held_until - now).total_seconds()) if row.held_until else 0,
        "come_back": reverse("book:held", args=[row.key]),
    }
    return render(request, "book/held.html", context, status=status)


def _book(
    request: HttpRequest, user: User, appointment: access.Held, form: ConfirmForm
) -> HttpResponse:
    now = clock.database_now()
    try:
        client = _claim(request, user, appointment, form.cleaned_data, now)
        note = form.cleaned_data["note"]
        made = booking.confirm(user, client, appointment, note=note, now=now)
    except refusals.HoldEnded as problem:
        return _hold_again(request, appointment, problem, now)
    except UnknotError as problem:
        if isinstance(problem, Missing | Denied):
            raise
        return _show_held(request, appointment, form=form, problem=problem, status=409)
    request.session.pop(WORDS, None)
    messages.success(request, _("Booked. We have sent you a mail with the time."))
    return redirect("book:appointment", made.key)


def _hold_again(
    request: HttpRequest, appointment: access.Held, problem: UnknotError, now: datetime
) -> HttpResponse:
    """The hold ran out while somebody typed: take the same time again if it is still free."""
    slug, service = appointment.therapist.slug, appointment.service_id
    checkin = appointment.checkin
    if checkin is None:
        raise Missing
    try:
        made = booking.hold(
            checkin,
            actor=request.user,
            wanted=booking.wanted_of(appointment),
            start=appointment.start,
            now=now,
            earlier=_holds(request),
            asked_from=asker(request),
        )
    except Conflict as refused:
        return _show_slots(
            request, slug, service, around=appointment.start, problem=refused, status=409
        )
    _remember(request, made.key)
    sentence = _("It was still free, so we hold it for you again. Press the button once more.")
    problem = Conflict(f"{problem.sentence} {sentence}")
    again = access.held(request.session, request.user, made.key)
    form = ConfirmForm(initial=_words(request, again))
    return _show_held(request, again, form=form, problem=problem, status=409)


def _claim(
    request: HttpRequest, user: User, appointment: access.Held, said: dict[str, Any], now: datetime
) -> Client:
    """Give the hold's check-in to this account, and with it what the browser answered since.

    A later check-in of the same browser counts too: if it was stopped, so is this booking.
    """
    current = checkins.current(request.session)
    name, phone = said["name"], said["phone"]
    own = appointment.checkin
    if own is None:  # deleted meanwhile, as everything unclaimed is after seven days
        raise Missing
    if current is not None and current.pk != own.pk and current.client is None:
        understand.claim(user, current, name=name, phone=phone, now=now)
    return understand.claim(user, own, name=name, phone=phone, now=now)


def _sign_in_or_missing(request: HttpRequest, key: UUID) -> HttpResponse:
    """Somebody signed out sees the sign-in page, whatever the key; an account gets 404."""
    if request.user.is_authenticated:
        raise Missing
    return redirect_to_login(reverse("book:held", args=[key]))


def _words(request: HttpRequest, appointment: access.Held) -> dict[str, str]:
    """What the form starts with: what was typed before, else what the account knows."""
    checkin = appointment.checkin
    client = appointment.client or (checkin.client if checkin else None)
    known = {"name": getattr(request.user, "name", ""), "phone": ""}
    if client is not None:
        known = {"name": client.name, "phone": client.phone}
    typed: dict[str, str] = request.session.get(WORDS, {})
    return known | {name: text for name, text in typed.items() if text}


def _holds(request: HttpRequest) -> list[UUID]:
    return [UUID(key) for key in request.session.get(HOLDS, [])]


def _remember(request: HttpRequest, key: UUID) -> None:
    keys = [*request.session.get(HOLDS, []), str(key)]
    request.session[HOLDS] = keys[-REMEMBERED_HOLDS:]
