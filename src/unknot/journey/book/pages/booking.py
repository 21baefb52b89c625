"""The time held and booking it; one's appointments, one of them, and cancelling it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from unknot.domain.instruments import door
from unknot.domain.reviews import window
from unknot.journey.book import access
from unknot.journey.book.actions import arrange, booking, refusals
from unknot.journey.book.forms.booking import CancelForm, ConfirmForm
from unknot.journey.book.pages import slots
from unknot.journey.book.reads import booked, clock, recheck_marks, waiting
from unknot.journey.choose.reads import reviews
from unknot.journey.understand import access as checkins
from unknot.journey.understand.actions import belonging as understand
from unknot.people.access import is_own
from unknot.people.models import Client, User
from unknot.people.requests import ClientRequest, MemberRequest, client_required, signed_in
from unknot.web import money
from unknot.web.errors import BadInput, Conflict, Denied, Missing, UnknotError

#: What was typed on the held page, kept in the session until it is booked.
WORDS = "booking-words"


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
    sent = {name: request.POST.get(name, "")[:600] for name in ConfirmForm.base_fields}
    request.session[WORDS] = sent
    try:
        appointment = access.held(request.session, request.user, key)
    except Missing:
        return _sign_in_or_missing(request, key)
    form = ConfirmForm(request.POST, for_two=appointment.service.for_two)
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
    address = reverse("book:slots", args=[appointment.therapist.slug, appointment.service_id])
    added = [("add", one.pk) for one in booking.wanted_of(appointment).add_ons]
    return redirect(f"{address}?{urlencode(added)}" if added else address)


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
        "waiting": waiting.mine(request.client, now=now),
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
        "added": booked.added(found),
        "is_client": is_client,
        "is_therapist": is_therapist,
        "may_report": not is_client and access.may_report(request.user, found),
        "in_series": found.series_id is not None,
        "can_cancel": row.is_coming and (found.start > now or not is_client),
        "at_the_door": is_client and row.is_coming and door.is_open(found.start, now),
    }
    if is_client and row.awaits == "screening":
        context["questions"] = access.questions_token(found.key)
    if context["can_cancel"]:
        context |= _cost(found, row, now, is_client=is_client)
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


def _cost(
    found: access.Held, row: booked.Row, now: datetime, *, is_client: bool
) -> dict[str, object]:
    """What cancelling would cost the client now; staff who cancel themselves cost them nothing."""
    charge = arrange.charge(found, now=now, on_hold=row.on_hold, by_client=True)
    return {
        "charge": charge,
        "why": _(charge.why.value),
        "fee": money.price(charge.fee_minor, found.currency) if charge.fee_minor else "",
        "window": arrange.rule(found).window_hours,
        "can_move": found.pair is None and not row.on_hold and found.start > now,
        "is_staff": not is_client,
    }


@require_POST
@signed_in
def cancel(request: MemberRequest, key: UUID) -> HttpResponse:
    """Cancel an appointment; a second press changes nothing."""
    found = access.appointment_to_arrange(request.user, key)
    form = CancelForm(request.POST)
    if not form.is_valid():
        raise BadInput
    made = arrange.cancel(
        request.user,
        found,
        now=timezone.now(),
        exempt=form.cleaned_data["reason"],
        for_client=form.cleaned_data["asked_by"] == "client",
        expected_minor=form.cleaned_data["fee"],
    )
    say_cancelled(request, made)
    return redirect("book:appointment", key)


def say_cancelled(request: HttpRequest, made: access.Held) -> None:
    """Say on the next page that it is cancelled, and what that costs."""
    said = [_("The appointment is cancelled. We have written to both of you.")]
    if made.fee_minor:
        fee = money.price(made.fee_minor, made.currency)
        said.append(_("The fee is %(fee)s.") % {"fee": fee})
    messages.success(request, " ".join(said))


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
        form = _blank(request, appointment)
    wanted = booking.wanted_of(appointment)
    client = access.client_in(request.user, wanted.practice)
    context = {
        "row": row,
        "added": [one.name for one in wanted.add_ons],
        "add_ons": [one.pk for one in wanted.add_ons],
        "for_two": wanted.service.for_two,
        "asks_first": booked.asks_first(wanted.practice, client),
        "key": uuid4(),
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
        guest = form.cleaned_data.get("guest", "")
        made = booking.confirm(user, client, appointment, note=note, now=now, guest=guest)
    except refusals.HoldEnded as problem:
        return _hold_again(request, appointment, problem, now)
    except UnknotError as problem:
        if isinstance(problem, Missing | Denied):
            raise
        return _show_held(request, appointment, form=form, problem=problem, status=409)
    request.session.pop(WORDS, None)
    if made.awaits:
        messages.success(request, _("Asked for. We write to you when the practice has answered."))
    else:
        messages.success(request, _("Booked. We have sent you a mail with the time."))
    return redirect("book:appointment", made.key)


def _hold_again(
    request: HttpRequest, appointment: access.Held, problem: UnknotError, now: datetime
) -> HttpResponse:
    """The hold ran out while somebody typed: take the same time again if it is still free."""
    checkin, wanted = appointment.checkin, booking.wanted_of(appointment)
    if checkin is None:
        raise Missing
    try:
        made = booking.hold(
            checkin,
            actor=request.user,
            wanted=wanted,
            start=appointment.start,
            now=now,
            earlier=slots.holds(request),
            asked_from=slots.asker(request),
        )
    except Conflict as refused:
        return slots.show(request, wanted, slots.Refused(problem=refused, around=appointment.start))
    slots.remember(request, made.key)
    sentence = _("It was still free, so we hold it for you again. Press the button once more.")
    problem = Conflict(f"{problem.sentence} {sentence}")
    again = access.held(request.session, request.user, made.key)
    return _show_held(request, again, problem=problem, status=409)


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


def _blank(request: HttpRequest, appointment: access.Held) -> ConfirmForm:
    words = _words(request, appointment)
    return ConfirmForm(initial=words, for_two=appointment.service.for_two)


def _words(request: HttpRequest, appointment: access.Held) -> dict[str, str]:
    """What the form starts with: what was typed before, else what the account knows."""
    checkin = appointment.checkin
    client = appointment.client or (checkin.client if checkin else None)
    known = {"name": getattr(request.user, "name", ""), "phone": ""}
    if client is not None:
        known = {"name": client.name, "phone": client.phone}
    typed: dict[str, str] = request.session.get(WORDS, {})
    return known | {name: text for name, text in typed.items() if text}
