"""What changes of an appointment have in common: its state, and the mails to both.

Units   aware datetimes.
Errors  NotPossible for a step that does not lead from its state; OnHold.
Source  domain/calendar/status.py
"""

from datetime import datetime
from typing import Any

from unknot.domain.calendar import status as states
from unknot.journey.book import links
from unknot.journey.book.actions import letters
from unknot.journey.book.actions.refusals import NotPossible, OnHold
from unknot.journey.book.models import Appointment, Status
from unknot.journey.understand import stops
from unknot.people import outbox


def become(appointment: Appointment, after: Status, *, now: datetime, **fields: Any) -> None:
    """Move an appointment to another state; calendar programs see a new version of it."""
    try:
        states.check_transition(states.Status(appointment.status), states.Status(after))
    except states.NotAllowed as error:
        raise NotPossible from error
    appointment.status = after
    appointment.changed_at = now
    appointment.sequence += 1
    if after not in (Status.HELD, Status.PENDING):
        fields.setdefault("awaits", "")
    for name, value in fields.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=["status", "changed_at", "sequence", *fields])


def beside(appointment: Appointment) -> list[Appointment]:
    """The other half of a couple, if this is one."""
    if appointment.pair is None:
        return []
    found = Appointment.objects.filter(pair=appointment.pair).exclude(pk=appointment.pk)
    return list(found.select_related("therapist__practice").order_by("pk"))


def check_not_on_hold(appointment: Appointment) -> None:
    """Refuse what cannot go on while a safety question is open."""
    if appointment.client is not None and stops.is_on_hold(appointment.client):
        raise OnHold


def write_to_both(kind: str, appointment: Appointment, now: datetime) -> None:
    """Queue a mail to the client and one to the therapist; neither names a reason or a method."""
    write_to_client(kind, appointment, now)
    practice = appointment.therapist.practice
    outbox.queue(
        f"{kind}-therapist",
        appointment.therapist.user,
        _context(appointment),
        at=now,
        practice=practice,
    )


def write_to_client(kind: str, appointment: Appointment, now: datetime) -> None:
    """Queue a mail to the client, if they have an account; `link` moves or cancels without one.

    The planned mails follow: a moved appointment is not announced for its old time.
    """
    client = appointment.client
    if client is not None and client.user is not None:
        context = _context(appointment) | {"link": links.token(appointment)}
        outbox.queue(kind, client.user, context, at=now, practice=appointment.therapist.practice)
    letters.follow(appointment, now=now)


def _context(appointment: Appointment) -> dict[str, Any]:
    return {"appointment": appointment, "practice": appointment.therapist.practice}
