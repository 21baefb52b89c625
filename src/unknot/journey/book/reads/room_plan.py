"""What each room and tool needs on one day: what to lay out, when to heat, when to clean.

        room   ├ set-up ┤ session ┤ clean-up ┤        tool   ├ on, warming ┤ in use ┤ off, cooling ┤

No name of a client and nothing they said: only times, the therapist and the technique, which says
what to lay out. The times are those of the allocations, so they are what the constraint guards.

Units   local days of the practice; aware datetimes.
Errors  none.
Source  docs/decisions/0020-one-constraint-for-people-rooms-and-tools.md; equipment and oil of
        knowledge/techniques
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from unknot.domain.calendar.intervals import Period
from unknot.domain.guidance import catalogue
from unknot.journey.book.models import BLOCKING, Allocation, Resource, Status
from unknot.journey.book.reads import decision
from unknot.people.models import Practice

#: What is laid out for: a time that somebody only holds may yet go to another technique.
LAID_OUT = sorted({*BLOCKING} - {Status.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One session in a room, or with a tool: `taken` holds set-up and clean-up around it."""

    taken: Period
    session: Period
    technique: str
    therapist: str
    lay_out: tuple[str, ...]
    stays_on: bool = False  # the next use begins before this one has cooled

    @property
    def set_up(self) -> bool:
        return self.taken.start < self.session.start

    @property
    def clean_up(self) -> bool:
        return self.session.end < self.taken.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A room, a tool, or the place of a therapist who has no room of their own, by time."""

    name: str
    kind: str  # room, tool, or person
    uses: tuple[Use, ...]


def room_plan(practice: Practice, day: date) -> tuple[Place, ...]:
    """Every room, then every tool that is used, then who works without a room; 2 queries."""
    things = list(
        Resource.objects.filter(practice=practice, active=True).order_by("kind", "name", "pk")
    )
    whole = Period(*decision.bounds((day, day), practice.tz))
    taken = _taken(practice, whole)
    in_a_room = {one.appointment_id for one in taken if one.resource.kind == Resource.Kind.ROOM}
    places = [
        Place(
            name=thing.name,
            kind=thing.kind,
            uses=_uses(one for one in taken if one.resource_id == thing.pk),
        )
        for thing in things
    ]
    rest = [
        one
        for one in taken
        if one.resource.kind == Resource.Kind.PERSON and one.appointment_id not in in_a_room
    ]
    for name in sorted({one.appointment.therapist.name for one in rest}):
        own = _uses(one for one in rest if one.appointment.therapist.name == name)
        places.append(Place(name=name, kind="person", uses=own))
    return tuple(one for one in places if one.uses or one.kind == Resource.Kind.ROOM)


def _taken(practice: Practice, whole: Period) -> list[Allocation]:
    """What sessions of this practice take that day, by time."""
    found = Allocation.objects.filter(
        market=practice.market,
        appointment__therapist__practice=practice,
        appointment__status__in=LAID_OUT,
        during__overlap=DateTimeTZRange(whole.start, whole.end),
    )
    related = found.select_related("resource", "appointment__service", "appointment__therapist")
    return sorted(related, key=lambda one: (one.during.lower, one.pk))


def _uses(taken: Iterable[Allocation]) -> tuple[Use, ...]:
    uses = [_use(one) for one in taken]
    stays = _stays_on(uses)
    return tuple(replace(use, stays_on=on) for use, on in zip(uses, stays, strict=True))


def _stays_on(uses: Sequence[Use]) -> list[bool]:
    if not uses:
        return []
    return [*(later.taken.start <= use.taken.end for use, later in pairwise(uses)), False]


def _use(allocation: Allocation) -> Use:
    appointment = allocation.appointment
    technique = catalogue.load().technique(appointment.service.technique)
    return Use(
        taken=Period(allocation.during.lower, allocation.during.upper),
        session=Period(appointment.start, appointment.end),
        technique=technique.name,
        therapist=appointment.therapist.name,
        lay_out=technique.equipment,
    )


def first_and_last(places: Iterable[Place]) -> tuple[datetime, datetime] | None:
    """When the first room or tool is taken and the last is done, or None on a free day."""
    taken = [use.taken for place in places for use in place.uses]
    if not taken:
        return None
    return min(one.start for one in taken), max(one.end for one in taken)
