"""Who came and who did not. Runs for whoever keeps the practice's list.

Units   aware datetimes.
Errors  NotPossible, OnHold; Missing for a stranger. None leaves a trace.
Source  domain/calendar/status.py
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.book import access
from unknot.journey.book.actions import letters, taking
from unknot.journey.book.actions.change import become, check_not_on_hold
from unknot.journey.book.actions.locks import lock_appointment, lock_people
from unknot.journey.book.actions.refusals import NotPossible
from unknot.journey.book.models import Appointment, Awaits, Status
from unknot.people import audit
from unknot.people.models import User


@transaction.atomic(durable=True)
def mark_arrived(appointment: Appointment, *, actor: User, now: datetime) -> None:
    """The client is here; refused while they are on hold."""
    access.check_may_keep_the_list(actor, appointment)
    appointment = lock_appointment(appointment)
    check_not_on_hold(appointment)
    _check_confirmed(appointment)
    become(appointment, Status.ARRIVED, now=now)
    audit.record(actor, "appointment.arrived", appointment, at=now, client=appointment.client)


@transaction.atomic(durable=True)
def mark_no_show(appointment: Appointment, *, actor: User, now: datetime) -> None:
    """The client did not come; refused before the start and while they are on hold."""
    access.check_may_keep_the_list(actor, appointment)
    lock_people([appointment.therapist])
    appointment = lock_appointment(appointment)
    check_not_on_hold(appointment)
    _check_confirmed(appointment)
    if now < appointment.start:
        raise NotPossible(_("This appointment has not begun yet."))
    become(appointment, Status.NO_SHOW, now=now)
    letters.withdraw(appointment, now=now)
    taking.release([appointment], now=now)
    audit.record(actor, "appointment.no-show", appointment, at=now, client=appointment.client)


def mark_attended(appointment: Appointment, *, actor: User, now: datetime) -> None:
    """The session took place; runs inside the transaction that signs its note.

    Refused while the client is on hold, unless they had arrived before that.
    """
    appointment = lock_appointment(appointment)
    if appointment.status == Status.ATTENDED:
        return
    if appointment.status != Status.ARRIVED:
        check_not_on_hold(appointment)
    _check_confirmed(appointment)
    become(appointment, Status.ATTENDED, now=now)
    audit.record(actor, "appointment.attended", appointment, at=now, client=appointment.client)


def _check_confirmed(appointment: Appointment) -> None:
    """Refuse a session that still waits for an answer of the practice or of its client."""
    if appointment.status != Status.PENDING:
        return
    if appointment.awaits == Awaits.SCREENING:
        raise NotPossible(
            _("This appointment is provisional until the safety questions are answered.")
        )
    raise NotPossible(_("This appointment waits for the practice's yes. Confirm it first."))
