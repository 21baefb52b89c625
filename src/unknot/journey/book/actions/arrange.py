"""Cancel an appointment, or move it: the old time is kept until the new one is taken.

Units   aware datetimes; minor units of the currency the appointment was booked in.
Errors  NotPossible, OnHold, CostsMore, SlotTaken, NotOffered; Missing for a stranger. None leaves
        a trace.
Source  domain/calendar/fees.py; the booking policies in docs/decisions.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import fees, slots
from unknot.journey.book import access, links
from unknot.journey.book.actions import booking, locks, taking
from unknot.journey.book.actions.change import (
    become,
    beside,
    check_not_on_hold,
    write_to_both,
)
from unknot.journey.book.actions.refusals import CostsMore, NotPossible
from unknot.journey.book.models import BLOCKING, Appointment, Awaits, Resource, Status
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.understand import stops
from unknot.people import access as people
from unknot.people import audit
from unknot.people.access import Actor
from unknot.people.models import User
from unknot.web.errors import Missing


def rule(appointment: Appointment) -> fees.CancellationRule:
    """What is asked for cancelling this one late: the practice's rule as it was booked."""
    practice, window = appointment.therapist.practice, appointment.window_hours
    percent = appointment.late_percent
    return fees.CancellationRule(
        window_hours=practice.cancel_window_hours if window is None else window,
        fee_percent=practice.late_fee_percent if percent is None else percent,
    )


@transaction.atomic(durable=True)
def cancel(
    actor: User,
    appointment: Appointment,
    *,
    now: datetime,
    exempt: str = "",
    for_client: bool = False,
    expected_minor: int | None = None,
) -> Appointment:
    """Cancel for the client or the practice; late costs what the practice's rule says.

    When staff do so it costs nothing, unless the client asked them to (`for_client`); then they
    may still waive it with a reason in `exempt`. On hold it never costs. CostsMore when it would
    cost more than the `expected_minor` that somebody agreed to.
    """
    access.check_may_arrange(actor, appointment)
    return _cancel(
        actor,
        appointment,
        now=now,
        exempt=exempt,
        by_client=for_client or people.is_own(actor, appointment.client),
        at_practice=not people.is_own(actor, appointment.client),
        expected_minor=expected_minor,
    )


@transaction.atomic(durable=True)
def cancel_by_link(
    token: str, *, actor: Actor, now: datetime, expected_minor: int | None = None
) -> Appointment:
    """Cancel for whoever holds the signed address of an appointment, as its client would."""
    found = links.appointment_of(token)
    return _cancel(
        actor,
        found,
        now=now,
        by_client=True,
        at_practice=False,  # whoever is signed in: the link is the client's
        expected_minor=expected_minor,
    )


def _cancel(
    actor: Actor,
    appointment: Appointment,
    *,
    now: datetime,
    by_client: bool,
    at_practice: bool,
    exempt: str = "",
    expected_minor: int | None = None,
) -> Appointment:
    """`by_client`: the client's rule counts; `at_practice`: staff do it.

    Both halves of a couple go together. Only the half that has the price may cancel both for
    itself, and pays for both when late.
    """
    locks.lock_people([one.therapist for one in (appointment, *beside(appointment))])
    couple = locks.lock_appointments([appointment])
    appointment, *others = sorted(couple, key=lambda one: one.pk != appointment.pk)
    client = appointment.client
    if client is None:
        raise Missing
    if appointment.status == Status.CANCELLED:
        return appointment
    if not at_practice:
        exempt = ""
        check_not_begun(appointment, now)
        check_booked_it(appointment, others)
    on_hold = stops.is_on_hold(client)
    fee = charge(appointment, now=now, on_hold=on_hold, by_client=by_client, exempt=exempt)
    if expected_minor is not None and fee.fee_minor > expected_minor:
        raise CostsMore
    waived = fee.reason if fee.is_late else ""
    become(appointment, Status.CANCELLED, now=now, fee_minor=fee.fee_minor, fee_waived=waived[:200])
    going = [one for one in others if one.status in BLOCKING]
    for other in going:
        become(other, Status.CANCELLED, now=now)
    taking.release([appointment, *going], now=now)
    reason = "while on hold: no fee" if on_hold else exempt.strip()
    for one in (appointment, *going):
        audit.record(actor, "appointment.cancelled", one, at=now, client=one.client, reason=reason)
        write_to_both("appointment-cancelled", one, now)
    return appointment


def check_booked_it(appointment: Appointment, others: Collection[Appointment]) -> None:
    """Refuse the one who was brought along: both times were booked, and are paid, by the other."""
    if any(one.price_minor > appointment.price_minor for one in others):
        raise NotPossible(
            _("Two of you come together: whoever booked can cancel it, or call the practice.")
        )


def check_not_begun(appointment: Appointment, now: datetime) -> None:
    """Refuse what a client does too late to do it alone."""
    if appointment.start <= now:
        raise NotPossible(_("This appointment has begun. Please call the practice."))


def charge(
    appointment: Appointment, *, now: datetime, on_hold: bool, by_client: bool, exempt: str = ""
) -> fees.Charge:
    """What cancelling would cost at this moment, and why."""
    why = None
    if on_hold:
        why = fees.Exempt.SAFETY
    elif appointment.awaits == Awaits.PRACTICE:
        why = fees.Exempt.ASKED
    elif exempt.strip():
        why = fees.Exempt.WAIVED
    elif not by_client:
        why = fees.Exempt.PRACTICE
    return fees.charge(
        rule(appointment),
        price_minor=appointment.price_minor,
        start=appointment.start,
        now=now,
        late_moved_at=appointment.late_moved_at,
        exempt=why,
        reason=exempt.strip() if why is fees.Exempt.WAIVED else "",
    )


@transaction.atomic(durable=True)
def move(
    actor: User,
    appointment: Appointment,
    start: datetime,
    *,
    now: datetime,
    reason: str = "",
    was: datetime | None = None,
) -> Appointment:
    """Move an appointment to another start, for its client or the practice.

    Staff may break notice and buffers with a `reason`; capacity never. Moving to the same start
    changes nothing. NotPossible when it no longer starts when somebody saw it start (`was`).
    """
    access.check_may_arrange(actor, appointment)
    by_client = people.is_own(actor, appointment.client)
    return _move(actor, appointment, start, now=now, reason=reason, by_client=by_client, was=was)


@transaction.atomic(durable=True)
def move_by_link(token: str, start: datetime, *, actor: Actor, now: datetime) -> Appointment:
    """Move for whoever holds the signed address of an appointment, as its client would."""
    return _move(actor, links.appointment_of(token), start, now=now, by_client=True)


def _move(
    actor: Actor,
    appointment: Appointment,
    start: datetime,
    *,
    now: datetime,
    by_client: bool,
    reason: str = "",
    was: datetime | None = None,
) -> Appointment:
    persons = locks.lock_people([appointment.therapist])
    appointment = locks.lock_appointment(appointment)
    client = appointment.client
    if client is None:
        raise Missing
    if appointment.start == start and appointment.status in BLOCKING:
        return appointment
    if was is not None and was != appointment.start:
        raise NotPossible(_("Somebody has moved this appointment meanwhile. Look at it again."))
    check_movable(appointment, by_client=by_client, now=now)
    wanted = booking.wanted_of(appointment)
    taking.prepare(wanted, list(persons.values()), start, now=now, also=[appointment])
    assigned = booking.assigned(
        wanted,
        start,
        now=now,
        without=[appointment.pk],
        may_relax=not by_client and bool(reason.strip()),
    )
    put(appointment, wanted, assigned, now=now, persons=persons, by_client=by_client)
    audit.record(
        actor, "appointment.moved", appointment, at=now, client=client, reason=reason.strip()
    )
    write_to_both("appointment-moved", appointment, now)
    return appointment


def check_movable(appointment: Appointment, *, by_client: bool, now: datetime) -> None:
    """Refuse a move of what is over, on hold, half of a couple or, for a client, has begun."""
    if appointment.status not in (Status.PENDING, Status.CONFIRMED):
        raise NotPossible
    check_not_on_hold(appointment)
    if appointment.pair is not None:
        raise NotPossible(_("Two of you come together: please call the practice to move it."))
    if by_client:
        check_not_begun(appointment, now)


def put(
    appointment: Appointment,
    wanted: Wanted,
    assigned: slots.Assigned,
    *,
    now: datetime,
    persons: dict[int, Resource],
    by_client: bool,
) -> None:
    """Give back and take in one transaction: if the new time is gone, the old one was never."""
    asked = appointment.awaits == Awaits.PRACTICE
    charged = charge(appointment, now=now, on_hold=False, by_client=True)
    late = by_client and not asked and charged.is_late
    taking.release([appointment], now=now)
    person = persons[wanted.therapist.user_id]
    taking.take(appointment, taking.taking(wanted, person, assigned))
    appointment.start, appointment.end = assigned.slot.start, assigned.slot.end
    said = taking.promised(wanted, assigned.slot.start)
    for name, value in said.items():
        setattr(appointment, name, value)
    appointment.late_moved_at = appointment.late_moved_at or (now if late else None)
    appointment.changed_at = now
    appointment.sequence += 1
    appointment.save(
        update_fields=["start", "end", *said, "late_moved_at", "changed_at", "sequence"]
    )
