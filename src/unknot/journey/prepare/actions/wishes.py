"""Save what a client wishes for one appointment.

Units   aware datetimes; pressure 1 to 5; places are ids of the body map or of its groups.
Errors  WishesClosed: the client has arrived, the session has begun, or it is not going to be.
        BadInput: a place that is not on the map, or one both wished for and left out.
Source  clinical.md 3 names what both sides prepare.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap.regions import UnknownRegion
from unknot.domain.texts import paragraphs
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import places, reads
from unknot.journey.prepare.actions.notice import tell_at_short_notice
from unknot.journey.prepare.models import Preparation, PreparationChange
from unknot.people import audit
from unknot.people.models import User
from unknot.web.errors import BadInput, Conflict


class WishesClosed(Conflict):
    """Wishes can be changed until the client arrives or the session starts."""

    title = _("It is too late to change this here")
    sentence = _("Your wishes can be changed until you arrive or the session starts.")
    mend = _("Tell your therapist in the room: you can say everything there too.")


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
    asks: tuple[str, ...] = ()
    to_tell: str = ""


@transaction.atomic(durable=True)
def save_preparation(
    actor: User, appointment: Appointment, *, wishes: Wishes, now: datetime
) -> Preparation:
    """Keep the client's wishes and what differs from before; raises WishesClosed or BadInput."""
    locked = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("client", "therapist__practice", "therapist__user")
        .get(pk=appointment.pk)
    )
    if not reads.may_change(locked, now):
        raise WishesClosed
    _check_places(wishes)
    before = Preparation.objects.filter(appointment=locked).first()
    told = _columns(wishes)
    changes = _changes(before, told, locked, actor, now)
    saved, _made = Preparation.objects.update_or_create(
        appointment=locked, defaults={**told, "changed_at": now}
    )
    PreparationChange.objects.bulk_create(changes)
    audit.record(actor, "preparation.saved", locked, at=now, client=locked.client)
    if changes:
        tell_at_short_notice(locked, now=now)
    return saved


def _columns(wishes: Wishes) -> dict[str, Any]:
    return {
        "focus": list(dict.fromkeys(wishes.focus)),
        "leave_out": list(dict.fromkeys(wishes.leave_out)),
        "pressure": wishes.pressure,
        "warmth": wishes.warmth,
        "scent": wishes.scent,
        "music": wishes.music,
        "talk": wishes.talk,
        "asks": list(dict.fromkeys(wishes.asks)),
        "to_tell": paragraphs(wishes.to_tell),
    }


def _changes(
    before: Preparation | None,
    told: Mapping[str, Any],
    appointment: Appointment,
    actor: User,
    now: datetime,
) -> list[PreparationChange]:
    """One row for each answer that differs; the first wishes differ from having told nothing."""
    stood = before or Preparation()
    return [
        PreparationChange(
            appointment=appointment,
            field=name,
            before=getattr(stood, name),
            after=value,
            changed_by=actor,
            at=now,
        )
        for name, value in told.items()
        if getattr(stood, name) != value
    ]


def _check_places(wishes: Wishes) -> None:
    try:
        for place in (*wishes.focus, *wishes.leave_out):
            places.label(place)
    except UnknownRegion as error:
        raise BadInput(_("One of the places is not on the body map.")) from error
    if set(wishes.focus) & set(wishes.leave_out):
        raise BadInput(_("A place cannot be both wished for and left out."))
    if not set(wishes.asks) <= set(Preparation.Ask.values):
        raise BadInput(_("One of the answers is not offered."))
