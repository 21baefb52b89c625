"""Sign what may be touched, how and how firmly, and say on the day that it still holds.

        signed ──▶ confirmed on the day        a change is signed anew and asked again

A signature is never changed: the newest version holds, and a trigger keeps every row as it was.

Units   aware datetimes; local days of the practice; pressure 1 to 5; areas are groups of the map.
Errors  TouchClosed: the session is over, or it is not going to be.
        NotToday: it is confirmed on the day of the session only.
        OlderConsent: another one was signed after this page was opened.
        BadInput: a part that a signature needs is missing.
Source  a rule of ours; docs/explanation/preparation.md
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.texts import one_line
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import plans, reads
from unknot.journey.prepare.actions.notice import tell_at_short_notice
from unknot.journey.prepare.models import TouchConfirmation, TouchConsent
from unknot.journey.prepare.reads.touch import local_day
from unknot.people import audit
from unknot.people.access import is_own
from unknot.people.models import User
from unknot.web.errors import BadInput, Conflict

PRESSURES: Final = range(1, 6)
STOP_MAX: Final = 80
NAME_MAX: Final = 120


class TouchClosed(Conflict):
    """There is nothing to agree to: the session is over, or it is not going to be."""

    title = _("It is too late to sign this")
    sentence = _("A consent can be signed until the session is over.")
    mend = _("In the room, say stop or no at any moment: it counts at once.")


class NotToday(Conflict):
    """A consent is confirmed on the day of the session."""

    title = _("It is not the day of the session")
    sentence = _("That a consent still holds is said on the day of the session.")
    mend = _("Come back to this page on that day.")


class OlderConsent(Conflict):
    """Another consent was signed after this page was opened, or there is none."""

    title = _("There is a newer consent")
    sentence = _("Another consent was signed after this page was opened, so nothing was confirmed.")
    mend = _("Read the newer one, and then confirm it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """What a client agrees to: each area yes or no, and how."""

    areas: Mapping[str, bool]
    draping: str
    pressure_limit: int
    stop_sign: str
    signed_name: str


@transaction.atomic(durable=True)
def sign_touch(actor: User, appointment: Appointment, *, touch: Touch, now: datetime) -> int:
    """Keep a signature as the consent that holds and return its version.

    The same once more on the same day is the one that is there; raises TouchClosed or BadInput.
    """
    locked = _locked(appointment)
    if not reads.may_sign_touch(locked, now):
        raise TouchClosed
    said = _checked(locked, touch)
    newest = _newest(locked)
    if newest is not None and _is_repeated(newest, said, local_day(locked, now)):
        return newest.version
    made = TouchConsent.objects.create(
        appointment=locked,
        version=newest.version + 1 if newest is not None else 1,
        statement=reads.statement(locked),
        signed_by=actor,
        signed_at=now,
        **said,
    )
    audit.record(actor, "touch.signed", made, at=now, client=locked.client)
    if newest is not None:
        tell_at_short_notice(locked, now=now)
    return made.version


@transaction.atomic(durable=True)
def confirm_touch(actor: User, appointment: Appointment, *, version: int, now: datetime) -> None:
    """Note that the client says the consent still holds; the second press changes nothing.

    Raises TouchClosed, NotToday, or OlderConsent unless `version` is the one that holds.
    """
    locked = _locked(appointment)
    if locked.status not in reads.ASKABLE:
        raise TouchClosed
    today = local_day(locked, now)
    if today != local_day(locked, locked.start):
        raise NotToday
    newest = _newest(locked)
    if newest is None or newest.version != version:
        raise OlderConsent
    said, made = TouchConfirmation.objects.get_or_create(
        consent=newest,
        day=today,
        defaults={
            "said_at": now,
            "written_by": actor,
            "read_aloud": not is_own(actor, locked.client),
        },
    )
    if made:
        audit.record(actor, "touch.confirmed", said, at=now, client=locked.client)


def _locked(appointment: Appointment) -> Appointment:
    return (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("client", "service", "therapist__practice", "therapist__user")
        .get(pk=appointment.pk)
    )


def _newest(appointment: Appointment) -> TouchConsent | None:
    signed = TouchConsent.objects.filter(appointment=appointment)
    return signed.select_related("appointment__therapist__practice").order_by("-version").first()


def _checked(appointment: Appointment, touch: Touch) -> dict[str, Any]:
    """The columns of a whole signature; refuses what the form refuses too."""
    areas = plans.areas_of(appointment.service.technique)
    if set(touch.areas) != set(areas):
        raise BadInput(_("Answer yes or no for each area."))
    if touch.draping not in TouchConsent.Draping.values:
        raise BadInput(_("Choose how you want to be covered."))
    if touch.pressure_limit not in PRESSURES:
        raise BadInput(_("Choose the firmest pressure that you agree to, 1 to 5."))
    stop_sign, signed_name = one_line(touch.stop_sign), one_line(touch.signed_name)
    if not 0 < len(stop_sign) <= STOP_MAX:
        raise BadInput(_("Write the word or sign that means stop."))
    if not 0 < len(signed_name) <= NAME_MAX:
        raise BadInput(_("Write your name: it is your signature."))
    return {
        "areas_yes": [area for area in areas if touch.areas[area]],
        "areas_no": [area for area in areas if not touch.areas[area]],
        "draping": touch.draping,
        "pressure_limit": touch.pressure_limit,
        "stop_sign": stop_sign,
        "signed_name": signed_name,
    }


def _is_repeated(newest: TouchConsent, said: Mapping[str, Any], today: date) -> bool:
    same = all(getattr(newest, name) == value for name, value in said.items())
    return same and local_day(newest.appointment, newest.signed_at) == today
