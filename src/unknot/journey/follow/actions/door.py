"""Keep how somebody is right before a session.

Its questions ask about now where the daily ones ask about the day, so each has an instrument of
its own; how the night was is the same question at any hour.

Units   ratings 0 to 10 or None for a skipped question; aware datetimes.
Errors  NotOpen: too early, begun, or answered. NotKept: the client took back their consent.
        BadInput: no rating at all. Nothing is half-written.
Source  battery "door" of knowledge/instruments
"""

from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy

from unknot.journey.book.models import Appointment
from unknot.journey.follow.actions.after_session import NotKept
from unknot.journey.follow.actions.check_ins import Question, Said, columns
from unknot.journey.follow.models import DoorCheckIn
from unknot.journey.follow.reads import door as reads
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Purpose, User
from unknot.web.errors import Conflict, Missing

#: The door battery, in the order of the daily one.
DOOR: tuple[Question, ...] = (
    ("pain", "pain_nrs", "pain_now", "body"),
    ("stiffness", "stiffness_now_nrs", "stiffness_now", "body"),
    ("stress", "stress_now_nrs", "stress_now", "mind"),
    ("sleep", "sleep_nrs", "sleep_last_night", "mind"),
    ("mood", "mood_now_nrs", "mood_now", "mind"),
)


class NotOpen(Conflict):
    """The questions right before a session are not open: too early, begun, or answered."""

    title = gettext_lazy("These questions are not open")
    sentence = gettext_lazy("They are open from two hours before a session until it starts, once.")
    mend = gettext_lazy("You can tell how your day was at any time, under Today.")


@transaction.atomic(durable=True)
def save_door(
    actor: User, appointment: Appointment, *, now: datetime, **said: Unpack[Said]
) -> DoorCheckIn:
    """Keep the answers of this moment with their versions; raises NotOpen, NotKept, BadInput."""
    client = appointment.client
    if client is None:
        raise Missing
    people.lock(client)
    appointment.refresh_from_db(fields=["status", "start"])
    if not reads.is_open(appointment, now=now) or reads.answered(appointment) is not None:
        raise NotOpen
    if not people.consents_to(client, Purpose.CARE):
        raise NotKept
    saved = DoorCheckIn.objects.create(
        client=client, appointment=appointment, answered_at=now, **columns(said, DOOR)
    )
    audit.record(actor, "door.saved", saved, at=now, client=client)
    return saved
