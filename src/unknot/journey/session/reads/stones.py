"""Readings of heated stones in one session. Each function returns rows and never writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise

from unknot.domain.guidance import catalogue, stones
from unknot.domain.guidance.entries import StoneHeat
from unknot.domain.screening import catalogue as screening
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads as prepare
from unknot.journey.session.models import SessionNote, StoneReading, Treatment
from unknot.journey.understand import reads as understand
from unknot.people import access
from unknot.people.models import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class StoneRow:
    """One reading: degrees Celsius of the bath and at the skin, and the limit there."""

    measured_at: datetime
    bath_c: Decimal | None
    skin_c: Decimal | None
    skin: str | Promise
    limit_c: int
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StonesPage:
    """The page of the readings; `skin` is what the shared safety answers ask for at least."""

    visit: prepare.Visit
    client_name: str
    heat: StoneHeat
    skin: stones.Skin
    skin_limit: int
    shares_safety: bool
    signed: bool
    after_a_burn: str
    rows: tuple[StoneRow, ...]


def heat_of(appointment: Appointment, techniques: Iterable[str] = ()) -> StoneHeat | None:
    """Give the limits of heated stones when the booked or a used technique has them, or None."""
    return stones.heat_of(catalogue.load(), (appointment.service.technique, *techniques))


def techniques_used(appointment: Appointment) -> tuple[str, ...]:
    """The techniques that the note of an appointment names; 1 query."""
    used = Treatment.objects.filter(note__appointment=appointment)
    return tuple(used.values_list("technique", flat=True).distinct())


def rows(appointment: Appointment) -> tuple[StoneRow, ...]:
    """The readings of one session, the first one first; 1 query."""
    found = StoneReading.objects.filter(appointment=appointment).select_related("author")
    return tuple(
        StoneRow(
            measured_at=row.measured_at,
            bath_c=row.bath_c,
            skin_c=row.skin_c,
            skin=StoneReading.Skin(row.skin).label if row.skin != "ordinary" else "",
            limit_c=row.limit_c,
            author=row.author.name or row.author.email,
        )
        for row in found.order_by("measured_at", "pk")
    )


def skin_of(appointment: Appointment, heat: StoneHeat) -> tuple[stones.Skin, bool]:
    """How the skin bears heat by the safety answers, and whether the client shares these."""
    client = prepare.client_of(appointment)
    if Purpose.SHARE_SAFETY not in access.agreed(client):
        return "ordinary", False
    checkin = understand.latest_completed(client)
    if checkin is None:
        return "ordinary", True
    fired = {row.id for row in understand.decision_of(checkin, with_clearances=False).fired}
    return stones.skin_of(heat, fired), True


def page(appointment: Appointment, heat: StoneHeat) -> StonesPage:
    """Give the page of the readings of a session that uses heated stones."""
    skin, shared = skin_of(appointment, heat)
    signed = SessionNote.objects.filter(appointment=appointment, signed_at__isnull=False)
    return StonesPage(
        visit=prepare.visit(appointment),
        client_name=prepare.client_of(appointment).name,
        heat=heat,
        skin=skin,
        skin_limit=stones.skin_limit(heat, skin),
        shares_safety=shared,
        signed=signed.exists(),
        after_a_burn=_after_a_burn(),
        rows=rows(appointment),
    )


def _after_a_burn() -> str:
    """What the table says to do with a burn."""
    return next(row.text for row in screening.load().after_session if row.when.event == "burn")
