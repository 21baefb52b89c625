"""Book for somebody at the desk or on the telephone, and settle what is not confirmed yet.

The same decision as for clients. Staff may break notice and buffers with a written reason, which
the audit keeps; never capacity, nor what a therapist's hands may do. Without valid safety answers
an appointment is provisional: it keeps its time and waits for them.

Units   aware datetimes.
Errors  SlotTaken, NotOffered, NotPossible, OnHold, NotForThem, OnTheBlockList, BadInput; Missing
        for a stranger. None leaves a trace.
Source  the booking policies in docs/decisions
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unknot.journey.book import access
from unknot.journey.book.actions import booking, locks, taking
from unknot.journey.book.actions.change import (
    become,
    beside,
    check_not_on_hold,
    write_to_both,
    write_to_client,
)
from unknot.journey.book.actions.refusals import NotOffered, NotPossible, OnHold
from unknot.journey.book.models import AddOn, Appointment, Awaits, Status
from unknot.journey.book.reads import desk as reads
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Service
from unknot.journey.understand import reads as screening
from unknot.journey.understand import stops
from unknot.journey.understand.models import CheckIn, CheckInState
from unknot.people import access as people
from unknot.people import audit, outbox
from unknot.people.models import Client, Practice, User
from unknot.web.errors import BadInput, Conflict, Missing


class ClientOnHold(OnHold):
    """A safety question of this client is open, so nothing is booked for them."""

    title = _("Booking is closed for this client")
    sentence = _(
        "Nothing can be booked for this client until the practice has spoken with them. "
        "The call-backs say whom to call."
    )


class NotForThem(Conflict):
    """What the client answered leaves this session out, or asks for a clinician's agreement."""

    title = _("This session cannot be booked for this client")
    sentence = _("Choose another session, or ask the therapist who treats this client.")


class OnTheBlockList(Conflict):
    """The practice does not book this person by itself."""

    title = _("This person is on the block list")
    sentence = _("Write down why you book anyway, or ask the manager.")


class NoAccount(BadInput):
    """Nothing can be sent to a client without a mail address."""

    sentence = _("We have no mail address of this client. Read the address out, or copy it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody whom the practice does not know yet."""

    name: str
    phone: str


@transaction.atomic(durable=True)
def book(
    actor: User,
    practice: Practice,
    client: Client | Newcomer,
    wanted: Wanted,
    start: datetime,
    *,
    now: datetime,
    reason: str = "",
    request_key: UUID | None = None,
) -> Appointment:
    """Book `start` for a client of the practice or a newcomer; the same `request_key` books once.

    Confirmed when their safety answers stand and allow it, else provisional. With a `reason` staff
    may break notice and buffers, and book who is on the block list.
    """
    _check_may(actor, practice, client, wanted)
    if isinstance(client, Client):
        people.lock(client)
    persons = locks.lock_people([wanted.therapist])
    request_key = _key_of(request_key, client, wanted, start)
    if request_key and (made := Appointment.objects.filter(request_key=request_key).first()):
        return made
    wanted = _anew(wanted)
    who = client if isinstance(client, Client) else _welcome(client, practice, now)
    if not reason.strip() and reads.is_blocked(practice, who):
        raise OnTheBlockList
    wanted = replace(wanted, client=who.pk)
    checkin = _screened(who, wanted, now=now)
    taking.prepare(wanted, list(persons.values()), start, now=now)
    assigned = booking.assigned(wanted, start, now=now, may_relax=bool(reason.strip()))
    values = {
        "request_key": request_key,
        "client": who.pk,
        "checkin": checkin.pk if checkin is not None else None,
        "status": Status.CONFIRMED if checkin is not None else Status.PENDING,
        "awaits": "" if checkin is not None else Awaits.SCREENING,
        "booked_at": now,
        "booked_by": actor.pk,
    }
    person = persons[wanted.therapist.user_id]
    made = booking.insert(wanted, person, assigned, values, now=now)
    people.start_care(who, wanted.therapist.user, now=now)
    audit.record(actor, "appointment.booked", made, at=now, client=who, reason=reason.strip())
    _write(made, now)
    return made


@transaction.atomic(durable=True)
def accept(actor: User, appointment: Appointment, *, now: datetime) -> Appointment:
    """Say yes to a first visit that was asked for; a second yes changes nothing.

    When its safety answers have worn out meanwhile, it becomes provisional instead.
    """
    access.check_may_keep_the_list(actor, appointment)
    appointment, client = _locked(appointment)
    if appointment.status == Status.CONFIRMED:
        return appointment
    if appointment.awaits != Awaits.PRACTICE or appointment.start <= now:
        raise NotPossible
    check_not_on_hold(appointment)
    checkin = _screened(client, booking.wanted_of(appointment), now=now)
    if checkin is None:
        _wait_for_answers(appointment, now=now)
    else:
        become(appointment, Status.CONFIRMED, now=now, checkin=checkin)
    audit.record(actor, "appointment.accepted", appointment, at=now, client=client)
    _write(appointment, now)
    return appointment


@transaction.atomic(durable=True)
def decline(actor: User, appointment: Appointment, *, now: datetime) -> Appointment:
    """Say no to what waits, and give its time back; a second no changes nothing."""
    access.check_may_keep_the_list(actor, appointment)
    others = beside(appointment)
    appointment, client = _locked(appointment, *others)
    if appointment.status == Status.DECLINED:
        return appointment
    couple = [appointment, *beside(appointment)]
    waiting = [one for one in couple if one.status == Status.PENDING or one == appointment]
    for one in waiting:
        become(one, Status.DECLINED, now=now)
    taking.release(waiting, now=now)
    audit.record(actor, "appointment.declined", appointment, at=now, client=client)
    write_to_client("appointment-declined", appointment, now)
    return appointment


@transaction.atomic(durable=True)
def send_questions(actor: User, appointment: Appointment, *, now: datetime) -> None:
    """Write the client a mail with the address of the safety questions; each press writes one."""
    access.check_may_keep_the_list(actor, appointment)
    appointment, client = _locked(appointment)
    if appointment.awaits != Awaits.SCREENING or appointment.start <= now:
        raise NotPossible
    if client.user is None:
        raise NoAccount
    _send(appointment, client.user, now)
    audit.record(actor, "questions.sent", appointment, at=now, client=client)


@transaction.atomic(durable=True)
def settle(appointment: Appointment, *, now: datetime) -> Appointment:
    """Confirm a provisional appointment once its client's answers allow it; else leave it be.

    Who was brought along waits until the practice has said yes to whoever booked.
    What still waits when its time is over has expired.
    """
    appointment, client = _locked(appointment)
    if appointment.status != Status.PENDING:
        return appointment
    if appointment.end <= now:
        become(appointment, Status.EXPIRED, now=now)
        taking.release([appointment], now=now)
        return appointment
    unanswered = any(one.awaits == Awaits.PRACTICE for one in beside(appointment))
    if appointment.awaits != Awaits.SCREENING or unanswered:
        return appointment
    try:
        checkin = _screened(client, booking.wanted_of(appointment), now=now)
    except (ClientOnHold, NotForThem):
        return appointment
    if checkin is not None:
        become(appointment, Status.CONFIRMED, now=now, checkin=checkin)
        audit.record(client.user, "appointment.confirmed", appointment, at=now, client=client)
        write_to_both("appointment-confirmed", appointment, now)
    return appointment


def settle_provisional(now: datetime) -> int:
    """Settle whatever may have been answered or is over; return how many. Safe to run twice."""
    answered = Q(awaits=Awaits.SCREENING, client__checkin__state=CheckInState.COMPLETED)
    due = Appointment.objects.filter(status=Status.PENDING, client__isnull=False)
    waiting = due.filter(answered | Q(end__lte=now)).distinct().order_by("pk")
    settled = [settle(one, now=now).status for one in waiting.select_related("therapist")]
    return sum(status != Status.PENDING for status in settled)


def _check_may(actor: User, practice: Practice, client: Client | Newcomer, wanted: Wanted) -> None:
    if wanted.practice.pk != practice.pk:
        raise Missing
    access.check_may_book_with(actor, wanted.therapist)
    if isinstance(client, Newcomer):
        return
    if client.practice_id != practice.pk:
        raise Missing
    access.check_may_book_for(actor, client)


def _key_of(
    form: UUID | None, client: Client | Newcomer, wanted: Wanted, start: datetime
) -> UUID | None:
    """The form sent twice with the same choices is one booking; with others it is another."""
    if form is None:
        return None
    who = client.pk if isinstance(client, Client) else (client.name, client.phone)
    added = sorted(one.pk for one in wanted.add_ons)
    offer = (wanted.therapist.pk, wanted.service.pk, added, start.astimezone(UTC).isoformat())
    return uuid5(form, repr((who, offer)))


def _anew(wanted: Wanted) -> Wanted:
    """The same wish on rows as they are after the lock; a couple books for itself."""
    service = Service.objects.get(pk=wanted.service.pk)
    if service.for_two:
        raise NotOffered(_("A session for two is booked by the two who come."))
    return replace(
        wanted,
        therapist=locks.therapist(wanted.therapist.pk),
        service=service,
        add_ons=tuple(AddOn.objects.filter(pk__in=[one.pk for one in wanted.add_ons], active=True)),
    )


def _welcome(newcomer: Newcomer, practice: Practice, now: datetime) -> Client:
    name = " ".join(newcomer.name.split())[:120]
    if not name:
        raise BadInput(_("Write the name of the client."))
    return Client.objects.create(
        practice=practice, name=name, phone=newcomer.phone.strip()[:40], created_at=now
    )


def _screened(client: Client, wanted: Wanted, *, now: datetime) -> CheckIn | None:
    """The client's check-in that allows this now; None when there is none that still stands."""
    if stops.is_on_hold(client):
        raise ClientOnHold
    checkin = screening.latest_completed(client)
    if checkin is None:
        return None
    try:
        for technique in wanted.techniques:
            screening.check_may_book(checkin, technique, now=now)
    except screening.ScreeningMissing:
        return None
    except screening.ScreeningStop as problem:
        raise ClientOnHold from problem
    except screening.TechniqueNotSafe as problem:
        raise NotForThem from problem
    return checkin


def _locked(appointment: Appointment, *others: Appointment) -> tuple[Appointment, Client]:
    if appointment.client is None:
        raise Missing
    people.lock(appointment.client)
    locks.lock_people([one.therapist for one in (appointment, *others)])
    found = locks.lock_appointment(appointment)
    if found.client is None:
        raise Missing
    return found, found.client


def _wait_for_answers(appointment: Appointment, *, now: datetime) -> None:
    appointment.awaits = Awaits.SCREENING
    appointment.changed_at = now
    appointment.sequence += 1
    appointment.save(update_fields=["awaits", "changed_at", "sequence"])


def _write(appointment: Appointment, now: datetime) -> None:
    """The mails of an appointment that staff made: confirmed, or with what is still to be done."""
    if appointment.awaits == Awaits.SCREENING:
        if appointment.client is not None and appointment.client.user is not None:
            _send(appointment, appointment.client.user, now)
        context = {"appointment": appointment, "practice": appointment.therapist.practice}
        user = appointment.therapist.user
        practice = appointment.therapist.practice
        outbox.queue("appointment-provisional-therapist", user, context, at=now, practice=practice)
    else:
        write_to_both("appointment-confirmed", appointment, now)


def _send(appointment: Appointment, user: User, now: datetime) -> None:
    token = access.questions_token(appointment.key)
    context = {
        "appointment": appointment,
        "practice": appointment.therapist.practice,
        "path": reverse("book:questions", args=[token]),
    }
    practice = appointment.therapist.practice
    outbox.queue("appointment-questions", user, context, at=now, practice=practice)
