"""The limits a therapist keeps, beside the techniques that they offer. Never writes.

Units   minutes; whole percents.
Errors  KeyError for an unknown technique.
Source  domain/calendar/load.py
"""

from collections.abc import Mapping
from dataclasses import dataclass

from unknot.journey.book.models import LoadLimit, LoadWeight
from unknot.journey.book.reads import booked, decision
from unknot.journey.choose.models import Therapist


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept, by the names of its fields; `never` names what the limits leave no room for."""

    initial: Mapping[str, int | None]
    techniques: tuple[tuple[str, str], ...]
    weights: Mapping[str, int]
    never: tuple[tuple[str, int], ...]


def of(therapist: Therapist) -> Kept:
    """The limits and weights of a therapist, and what they offer; 4 queries."""
    services = list(
        therapist.services.filter(active=True)
        .order_by("technique", "minutes")
        .values_list("technique", "minutes")
    )
    person = decision.person_of(therapist)
    kept = LoadLimit.objects.filter(resource=person).first() if person is not None else None
    weights = dict(
        LoadWeight.objects.filter(resource=person).values_list("technique", "percent")
        if person is not None
        else ()
    )
    names = {technique: booked.technique_name(technique) for technique, _minutes in services}
    fields = ("minutes_per_day", "minutes_per_week", "longest_run_minutes", "break_minutes")
    return Kept(
        initial={name: getattr(kept, name) for name in fields} if kept else {},
        techniques=tuple(names.items()),
        weights=weights,
        never=tuple(
            (names[technique], minutes)
            for technique, minutes in services
            if kept is not None and _is_too_long(kept, minutes, weights.get(technique, 100))
        ),
    )


def _is_too_long(kept: LoadLimit, minutes: int, percent: int) -> bool:
    """Whether one such session alone is above a limit; a run is not weighted."""
    weighted = (kept.minutes_per_day, kept.minutes_per_week)
    run = kept.longest_run_minutes
    return any(one is not None and minutes * percent > one * 100 for one in weighted) or (
        run is not None and minutes > run
    )
