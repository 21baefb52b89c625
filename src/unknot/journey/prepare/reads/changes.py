"""What of a client's wishes has changed shortly before the session, in words.

saved wishes ──▶ words ──▶ the client's page, the briefing
each change  ──▶ news  ──▶ the briefing, the mark on the therapist's day
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F

from unknot.journey.book.models import Appointment
from unknot.journey.prepare.models import PreparationChange
from unknot.journey.prepare.reads.wishes import LABELS, Words, words

#: A change so shortly before the session is news: the briefing may have been read already.
NEWS: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One wish that has changed: what it was and is, in words that are empty for no wish."""

    label: Words
    before: Words
    now: Words
    at: datetime


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
