"""The planned mails of an appointment follow it: planned when it stands, withdrawn when not.

Units   aware datetimes.
Errors  none.
Source  domain/calendar/letters.py says when each is due; docs/decisions/0008-the-outbox.md
"""

from collections.abc import Iterable
from datetime import datetime

from unknot.domain.calendar import letters
from unknot.journey.book import links
from unknot.journey.book.models import Appointment, Status
from unknot.people import outbox
from unknot.people.models import Client


def follow(appointment: Appointment, *, now: datetime) -> None:
    """Plan the mails before a confirmed session anew, and withdraw those of any other."""
    withdraw(appointment, now=now)
    if appointment.status != Status.CONFIRMED:
        return
    window = appointment.therapist.practice.cancel_window_hours
    _plan(appointment, letters.before(appointment.start, cancel_window_hours=window, now=now), now)


def withdraw(appointment: Appointment, *, now: datetime) -> None:
    """Take back what is planned about this appointment."""
    outbox.withdraw(about(appointment), now=now)


def plan_after(appointment: Appointment, *, now: datetime) -> None:
    """Plan what comes after a session that has just been signed."""
    withdraw(appointment, now=now)
    _plan(appointment, letters.after(appointment.end, now=now), now)
    if appointment.client is not None:
        plan_weekly(appointment.client, now=now)


def plan_weekly(client: Client, *, now: datetime) -> None:
    """Plan the next weekly check-in; one that was planned before gives way to it."""
    if client.user is None:
        return
    name = f"weekly {client.key}"
    outbox.withdraw(name, now=now)
    due = letters.weekly(now)
    outbox.queue(
        "weekly",
        client.user,
        {},
        at=now,
        practice=client.practice,
        due=due.due,
        useless_at=due.useless_at,
        about=name,
    )


def about(appointment: Appointment) -> str:
    """What the outbox calls the mails of this appointment."""
    return f"appointment {appointment.key}"


def _plan(appointment: Appointment, planned: Iterable[letters.Letter], now: datetime) -> None:
    client = appointment.client
    if client is None or client.user is None:
        return
    practice = appointment.therapist.practice
    context = {
        "appointment": appointment,
        "practice": practice,
        "link": links.token(appointment),
    }
    for letter in planned:
        outbox.queue(
            letter.kind,
            client.user,
            context,
            at=now,
            practice=practice,
            due=letter.due,
            useless_at=letter.useless_at,
            about=about(appointment),
        )
