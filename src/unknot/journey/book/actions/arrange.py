"""Cancel an appointment, or move it: the old time is kept until the new one is taken.

Units   aware datetimes; minor units of the currency the appointment was booked in.
Errors  NotPossible, OnHold, SlotTaken, NotOffered; Missing for a stranger. None leaves a trace.
Source  domain/calendar/fees.py; the booking policies in docs/decisions.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import fees, slots
from unknot.journey.book import access
from unknot.journey.book.actions import booking, locks, taking
from unknot.journey.book.actions.change import become, check_not_on_hold, write_to_both
from unknot.journey.book.actions.refusals import NotPossible
from unknot.journey.book.models import Appointment, Resource, Status
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.understand import stops
from unknot.people import access as people
from unknot.people import audit
from unknot.people.access import Actor
from unknot.people.models import Practice, User
from unknot.web.errors import Missing


def rule(practice: Practice) -> fees.CancellationRule:
    """What this practice asks for cancelling late."""
    return fees.CancellationRule(
        window_hours=practice.cancel_window_hours, fee_percent=practice.late_fee_percent
    )


@transaction.atomic(durable=True)
def cancel(
    actor: User, appointment: Appointment, *, now: datetime, exempt: str = ""
) -> Appointment:
    """Cancel for the client or the practice; late costs what the practice's rule says.

    Staff may let a late one cost nothing, with a reason in `exempt`; on hold it never costs.
    """
    access.check_may_arrange(actor, appointment)
    return _cancel(actor, appointment, now=now, exempt=exempt)


def _cancel(
    actor: Actor,
    appointment: Appointment,
    *,
    now: datetime,
    exempt: str = "",
    by_link: bool = False,
) -> Appointment:
    locks.lock_people([appointment.therapist])
    appointment = locks.lock_appointment(appointment)
    client = appointment.client
    if client is None:
        raise Missing
    if appointment.status == Status.CANCELLED:
        return appointment
    by_client = by_link or people.is_own(actor, client)
    if by_client and appointment.start <= now:
        raise NotPossible(_("This appointment has begun. Please call the practice."))
    on_hold = stops.is_on_hold(client)
    fee = charge(appointment, now=now, on_hold=on_hold, by_client=by_client, exempt=exempt)
    become(
        appointment,
        Status.CANCELLED,
        now=now,
        fee_minor=fee.fee_minor,
        fee_waived="" if by_client else exempt.strip(),
    )
    taking.release([appointment], now=now)
    audit.record(
        actor,
        "appointment.cancelled",
        appointment,
        at=now,
        client=client,
        reason="while on hold: no fee" if on_hold else exempt.strip(),
    )
    write_to_both("appointment-cancelled", appointment, now)
    return appointment


def charge(
    appointment: Appointment, *, now: datetime, on_hold: bool, by_client: bool, exempt: str = ""
) -> fees.Charge:
    """What cancelling would cost at this moment, and why."""
    why = None
    if on_hold:
        why = fees.Exempt.SAFETY
    elif exempt.strip():
        why = fees.Exempt.WAIVED
    elif not by_client:
        why = fees.Exempt.PRACTICE
    return fees.charge(
        rule(appointment.therapist.practice),
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
) -> Appointment:
    """Move an appointment to another start, for its client or the practice.

    Staff may break notice and buffers with a `reason`; capacity never. Moving to the same start
    changes nothing.
    """
    access.check_may_arrange(actor, appointment)
    return _move(actor, appointment, start, now=now, reason=reason)


def _move(
    actor: Actor,
    appointment: Appointment,
    start: datetime,
    *,
    now: datetime,
    reason: str = "",
    by_link: bool = False,
) -> Appointment:
    persons = locks.lock_people([appointment.therapist])
    appointment = locks.lock_appointment(appointment)
    client = appointment.client
    if client is None:
        raise Missing
    if appointment.start == start:
        return appointment
    by_client = by_link or people.is_own(actor, client)
    _check_movable(appointment, by_client=by_client, now=now)
    wanted = booking.wanted_of(appointment)
    taking.prepare(wanted, list(persons.values()), start, now=now, also=[appointment])
    assigned = booking.check_offered(
        None,
        wanted,
        start,
        now=now,
        without=[appointment.pk],
        for_staff=not by_client and bool(reason.strip()),
    )
    _to(appointment, wanted, assigned, now=now, persons=persons, by_client=by_client)
    audit.record(
        actor, "appointment.moved", appointment, at=now, client=client, reason=reason.strip()
    )
    write_to_both("appointment-moved", appointment, now)
    return appointment


def _check_movable(appointment: Appointment, *, by_client: bool, now: datetime) -> None:
    if appointment.status not in (Status.PENDING, Status.CONFIRMED):
        raise NotPossible
    check_not_on_hold(appointment)
    if appointment.pair is not None:
        raise NotPossible(_("Two of you come together: please call the practice to move it."))
    if by_client and appointment.start <= now:
        raise NotPossible(_("This appointment has begun. Please call the practice."))


def _to(
    appointment: Appointment,
    wanted: Wanted,
    assigned: slots.Assigned,
    *,
    now: datetime,
    persons: dict[int, Resource],
    by_client: bool,
) -> None:
    """Give back and take in one transaction: if the new time is gone, the old one was never."""
    late = by_client and charge(appointment, now=now, on_hold=False, by_client=True).is_late
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
