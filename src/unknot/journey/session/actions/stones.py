"""Note what the thermometers read while heated stones are used; a reading is never changed.

Units   degrees Celsius with one decimal; aware datetimes.
Errors  Missing: this session uses no heated stones. TooHot: a reading is over its limit, and
        nothing is stored. BadInput: a time or number that cannot be. NoteIsSigned, and what
        `record` raises while a session cannot be recorded.
Source  src/unknot/domain/guidance/stones.py has the limits and where they come from.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import stones
from unknot.domain.guidance.entries import StoneHeat
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record
from unknot.journey.session.models import StoneReading
from unknot.journey.session.reads import stones as reads
from unknot.people import audit
from unknot.people.models import User
from unknot.web.errors import BadInput, Missing


class TooHot(BadInput):
    """A reading is over its limit; `findings` say which, the sentence says them all."""

    title = _("Too hot: this was not stored")

    def __init__(self, findings: tuple[stones.Finding, ...]) -> None:
        super().__init__(" ".join(one.sentence(translate) for one in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What somebody read off the thermometers, and when; None was not measured."""

    at: datetime
    bath_c: Decimal | None
    skin_c: Decimal | None
    skin: stones.Skin = "ordinary"


@transaction.atomic(durable=True)
def open_readings(actor: User, appointment: Appointment, *, now: datetime) -> reads.StonesPage:
    """Give the page of the readings and write down who opened it."""
    page = reads.page(appointment, _heat(appointment))
    if not page.signed:
        record.check_can_record(appointment, now)
        record.check_was_asked(appointment, now)
    audit.record(actor, "record.read", appointment, at=now, client=appointment.client)
    return page


@transaction.atomic(durable=True)
def note_reading(
    actor: User, appointment: Appointment, *, measured: Measured, now: datetime
) -> tuple[stones.Finding, ...]:
    """Store one reading and return what to be careful about; the same reading is stored once."""
    fresh, note = record.lock(appointment)
    if note is not None and note.signed_at is not None:
        raise record.NoteIsSigned
    record.check_can_record(fresh, now)
    record.check_was_asked(fresh, now)
    heat = _heat(fresh)
    _check_time(fresh, measured.at, now)
    skin = stones.stricter(measured.skin, reads.skin_of(fresh, heat)[0])
    findings = _judged(fresh, heat, measured, skin)
    _reading, made = StoneReading.objects.get_or_create(
        appointment=fresh,
        measured_at=measured.at,
        bath_c=measured.bath_c,
        skin_c=measured.skin_c,
        defaults={
            "author": actor,
            "skin": skin,
            "limit_c": stones.skin_limit(heat, skin),
            "noted_at": now,
        },
    )
    if made:
        audit.record(actor, "stones.noted", fresh, at=now, client=fresh.client)
    return findings


def _heat(appointment: Appointment) -> StoneHeat:
    heat = reads.heat_of(appointment) or reads.heat_of(
        appointment, reads.techniques_used(appointment)
    )
    if heat is None:
        raise Missing
    return heat


def _check_time(appointment: Appointment, at: datetime, now: datetime) -> None:
    zone = appointment.therapist.practice.tz
    if at > now:
        raise BadInput(_("This time has not come yet. Write when you measured."))
    if at.astimezone(zone).date() != appointment.start.astimezone(zone).date():
        raise BadInput(_("A reading belongs to the day of the session."))


def _judged(
    appointment: Appointment, heat: StoneHeat, measured: Measured, skin: stones.Skin
) -> tuple[stones.Finding, ...]:
    """Judge a reading; TooHot when any part of it is refused."""
    if measured.bath_c is None and measured.skin_c is None:
        raise BadInput(_("Write the temperature of the bath, of the stone at the skin, or both."))
    earlier = StoneReading.objects.filter(appointment=appointment, skin_c__isnull=False)
    reading = stones.Reading(
        bath_c=measured.bath_c, skin_c=measured.skin_c, skin=skin, first=not earlier.exists()
    )
    findings = stones.check(heat, reading)
    if refused := tuple(one for one in findings if one.refused):
        raise TooHot(refused)
    return findings
