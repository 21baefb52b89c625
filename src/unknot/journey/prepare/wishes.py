"""The wishes of a client in words, and what of them has changed shortly before the session.

        saved wishes ──▶ words ──▶ the client's page, the briefing
        each change  ──▶ news  ──▶ the briefing, the mark on the therapist's day

What was wished is kept as it was sent; the words are found when somebody reads it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import catalogue
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import places
from unknot.journey.prepare.models import Preparation, PreparationChange

Words = str | Promise

#: A change so shortly before the session is news: the briefing may have been read already.
NEWS: Final = timedelta(hours=24)
LABELS: Final[Mapping[str, Words]] = {
    "focus": _("Please work here"),
    "leave_out": _("Not today, please leave out"),
    "pressure": _("Pressure"),
    "warmth": _("Warmth"),
    "scent": _("Scent"),
    "music": _("Music"),
    "talk": _("Talk"),
    "to_tell": _("Anything else"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One wish that has changed: what it was and is, in words that are empty for no wish."""

    label: Words
    before: Words
    now: Words
    at: datetime


def pressure_words(pressure: int | None) -> Words:
    """Say a pressure of 1 to 5 in the words of the pressure scale; empty when not told."""
    levels = {level.value: level for level in catalogue.load().pressure.level}
    if pressure is None or pressure not in levels:
        return ""
    return f"{pressure}, {levels[pressure].name}: {levels[pressure].feel}"


def words(name: str, value: Any, *, professional: bool) -> Words:
    """Say one wish, named as the field it is kept in; empty when nothing was wished."""
    match name:
        case "focus" | "leave_out":
            say = places.label_pro if professional else places.label
            return "; ".join(str(say(place)) for place in value or ())
        case "pressure":
            return pressure_words(value)
        case "warmth":
            return dict(Preparation.Warmth.choices).get(value, "")
        case "talk":
            return dict(Preparation.Talk.choices).get(value, "")
        case "scent" | "music":
            return "" if value is None else _("Yes, please") if value else _("No, thank you")
        case _:
            return str(value or "")


def news(appointment: Appointment, *, professional: bool) -> tuple[Changed, ...]:
    """What has changed in the last 24 hours before the start, from first to last; 1 query.

    A wish that ended as it began is no news.
    """
    found: dict[str, list[PreparationChange]] = {}
    changes = PreparationChange.objects.filter(
        appointment=appointment, at__gte=appointment.start - NEWS
    )
    for change in changes.order_by("at", "pk"):
        found.setdefault(change.wish, []).append(change)
    return tuple(
        Changed(
            label=LABELS[name],
            before=words(name, rows[0].before, professional=professional),
            now=words(name, rows[-1].after, professional=professional),
            at=rows[-1].at,
        )
        for name, rows in found.items()
        if rows[0].before != rows[-1].after
    )


def changed_late(keys: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these appointments have wishes that changed in the 24 hours before; 1 query."""
    late = PreparationChange.objects.filter(
        appointment__key__in=list(keys), at__gte=F("appointment__start") - NEWS
    )
    return frozenset(late.values_list("appointment__key", flat=True))
