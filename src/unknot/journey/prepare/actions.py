"""Save a client's wishes, and open a therapist's briefing, which leaves a row in the audit table.

Units   aware datetimes; pressure 1 to 5; places are ids of the body map or of its groups.
Errors  WishesClosed: the client has arrived, the session has begun, or it is not going to be.
        NotShown: the appointment was cancelled, declined, missed or never confirmed.
        NotAsked: the short recheck is not open now.
        BadInput: a place that is not offered, or one both wished for and left out.
Source  clinical.md 3 names what both sides prepare.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap.regions import UnknownRegion
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import places, reads
from unknot.journey.prepare.models import Preparation
from unknot.journey.understand import stops
from unknot.people import audit
from unknot.people.models import User
from unknot.web.errors import BadInput, Conflict


class WishesClosed(Conflict):
    """Wishes can be changed until the client arrives or the session starts."""

    title = _("It is too late to change this here")
    sentence = _("Your wishes can be changed until you arrive or the session starts.")
    mend = _("Tell your therapist in the room: you can say everything there too.")


class NotAsked(Conflict):
    """The short recheck is not open: too early, too late, or the appointment is on hold."""

    title = _("This question is not open")
    sentence = _("It is asked from two days before the appointment until the client arrives.")
    mend = _("In the room the therapist asks it aloud.")


class NotShown(Conflict):
    """There is nothing to prepare: the appointment is not going to take place."""

    title = _("There is nothing to prepare")
    sentence = _("This appointment was cancelled, or it was never confirmed.")
    mend = _("Look at your appointments for the one that counts.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a client wants for one appointment; None and empty mean not told."""

    focus: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    pressure: int | None = None
    warmth: str = ""
    scent: bool | None = None
    music: bool | None = None
    talk: str = ""
    to_tell: str = ""


def check_is_shown(appointment: Appointment) -> None:
    """Raise NotShown unless the appointment is coming or was attended."""
    if appointment.status not in reads.SHOWN or appointment.client is None:
        raise NotShown


def check_may_answer(appointment: Appointment, *, by_client: bool, now: datetime) -> None:
    """Raise NotAsked unless the short recheck of this appointment may be answered now."""
    on_hold = stops.is_on_hold(reads.client_of(appointment))
    if on_hold or not reads.may_answer(appointment, now, by_client=by_client):
        raise NotAsked


@transaction.atomic(durable=True)
def save_preparation(
    actor: User, appointment: Appointment, *, wishes: Wishes, now: datetime
) -> Preparation:
    """Keep the client's wishes for one appointment; raises WishesClosed or BadInput."""
    locked = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("client")
        .get(pk=appointment.pk)
    )
    if not reads.may_change(locked, now):
        raise WishesClosed
    _check_places(wishes)
    saved, _made = Preparation.objects.update_or_create(
        appointment=locked,
        defaults={
            "focus": list(dict.fromkeys(wishes.focus)),
            "leave_out": list(dict.fromkeys(wishes.leave_out)),
            "pressure": wishes.pressure,
            "warmth": wishes.warmth,
            "scent": wishes.scent,
            "music": wishes.music,
            "talk": wishes.talk,
            "to_tell": wishes.to_tell,
            "changed_at": now,
        },
    )
    audit.record(actor, "preparation.saved", locked, at=now, client=locked.client)
    return saved


@transaction.atomic(durable=True)
def open_briefing(actor: User, appointment: Appointment, *, now: datetime) -> reads.Briefing:
    """Give the briefing and write down who read it; raises NotShown."""
    check_is_shown(appointment)
    audit.record(actor, "briefing.read", appointment, at=now, client=appointment.client)
    return reads.briefing(appointment, now=now)


def _check_places(wishes: Wishes) -> None:
    try:
        for place in (*wishes.focus, *wishes.leave_out):
            places.label(place)
    except UnknownRegion as error:
        raise BadInput(_("One of the places is not on the body map.")) from error
    if set(wishes.focus) & set(wishes.leave_out):
        raise BadInput(_("A place cannot be both wished for and left out."))
