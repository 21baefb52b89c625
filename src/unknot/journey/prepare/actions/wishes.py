"""Save what a client wishes for one appointment.

Units   aware datetimes; pressure 1 to 5; places are ids of the body map or of its groups.
Errors  WishesClosed: the client has arrived, the session has begun, or it is not going to be.
        BadInput: a place that is not on the map, or one both wished for and left out.
Source  clinical.md 3 names what both sides prepare.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap.regions import UnknownRegion
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import places, reads
from unknot.journey.prepare.actions.notice import tell_at_short_notice
from unknot.journey.prepare.models import Preparation, PreparationChange
from unknot.people import audit
from unknot.people.models import User
from unknot.web.errors import BadInput, Conflict

#: A late change of these changes what is done, so the therapist hears of it.
CLOSES: Final = frozenset({"focus", "leave_out", "pressure"})


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
    to_tell: str = ""


@transaction.atomic(durable=True)
def save_preparation(
    actor: User, appointment: Appointment, *, wishes: Wishes, now: datetime
) -> Preparation:
    """Keep the client's wishes for one appointment; raises WishesClosed or BadInput."""
    locked = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("client", "therapist__practice", "therapist__user")
        .get(pk=appointment.pk)
    )
    if not reads.may_change(locked, now):
        raise WishesClosed
    _check_places(wishes)
    wanted = {
        **asdict(wishes),
        "focus": list(dict.fromkeys(wishes.focus)),
        "leave_out": list(dict.fromkeys(wishes.leave_out)),
    }
    before = Preparation.objects.filter(appointment=locked).first()
    saved, _made = Preparation.objects.update_or_create(
        appointment=locked, defaults={**wanted, "changed_at": now}
    )
    _keep_changes(locked, before, wanted, now)
    audit.record(actor, "preparation.saved", locked, at=now, client=locked.client)
    return saved


def _keep_changes(
    appointment: Appointment, before: Preparation | None, wanted: dict[str, Any], now: datetime
) -> None:
    """Keep what is different now; first wishes are no change, but news when they come late."""
    late = now >= appointment.start - reads.NEWS
    if before is None and not late:
        return
    was = before or Preparation()
    if before is None and wanted["pressure"] == reads.pressure_of_checkin(appointment):
        wanted = {**wanted, "pressure": None}  # the form began with it: told before, so no news
    changes = [
        PreparationChange(appointment=appointment, wish=name, before=old, after=value, at=now)
        for name, value in wanted.items()
        if (old := getattr(was, name)) != value
    ]
    PreparationChange.objects.bulk_create(changes)
    if CLOSES & {change.wish for change in changes}:
        tell_at_short_notice(appointment, now=now)


def _check_places(wishes: Wishes) -> None:
    try:
        for place in (*wishes.focus, *wishes.leave_out):
            places.label(place)
    except UnknownRegion as error:
        raise BadInput(_("One of the places is not on the body map.")) from error
    if set(wishes.focus) & set(wishes.leave_out):
        raise BadInput(_("A place cannot be both wished for and left out."))
