"""What the analysis of a comparison is computed from: ratings, and sessions that took place.

Units   aware instants; ratings 0 to 10 in the outcome's own direction; minutes.
Errors  none.
Source  docs/explanation/trials.md
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from unknot.domain.outcomes.series import Session
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.models import DailyCheckIn, Trial
from unknot.journey.follow.reads import check_ins
from unknot.people.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A session that took place for a place of the list."""

    place: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One rating at its time."""

    at: datetime
    value: float


def held(trial: Trial) -> tuple[Held, ...]:
    """The sessions of the list that took place, in their order; 1 query."""
    found = trial.sessions.filter(appointment__isnull=False).order_by("place")
    rows = found.values_list("place", "appointment__start", "appointment__end")
    return tuple(Held(place=place, start=start, end=end) for place, start, end in rows)


def attended(client: Client, first: datetime, last: datetime) -> tuple[Session, ...]:
    """Every session that took place between two instants, on the list or not; 1 query."""
    found = Appointment.objects.filter(
        client=client, status=Status.ATTENDED, end__gte=first, end__lte=last
    ).order_by("end")
    rows = found.values_list("start", "end", "service__technique")
    return tuple(
        Session(
            start=start,
            end=end,
            technique=technique,
            minutes=round((end - start).total_seconds() / 60),
        )
        for start, end, technique in rows
    )


def ratings(client: Client, outcome: str, first: datetime, last: datetime) -> Sequence[Rating]:
    """The ratings of one outcome between two instants, oldest first; 1 query."""
    zone = client.practice.tz
    rows = DailyCheckIn.objects.filter(client=client, **{f"{outcome}__isnull": False})
    found = []
    for day, value, answered in rows.values_list("day", outcome, "answered_at"):
        at = check_ins.instant(day, answered, zone)
        if first <= at <= last:
            found.append(Rating(at=at, value=float(value)))
    return sorted(found, key=lambda one: one.at)
