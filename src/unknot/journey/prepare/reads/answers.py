"""What a check-in says to one appointment: where it hurts, and what its safety answers ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.functional import Promise

from unknot.domain.bodymap import regions
from unknot.domain.screening.clauses import Action
from unknot.journey.prepare import safety
from unknot.journey.prepare.story import Story, story_of, words_of
from unknot.journey.understand import reads as understand
from unknot.journey.understand.models import CheckIn, CheckInState
from unknot.people.models import Client

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One marked region: how strong it is, 1 to 10, what it feels like and since when."""

    label: str
    label_pro: str
    level: int
    told: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How one region differs from the check-in before; 0 means not marked."""

    label_pro: str
    before: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """What a check-in's safety answers ask of one technique."""

    rows: tuple[safety.SafetyRow, ...] = ()
    flags: tuple[safety.FlagRow, ...] = ()
    avoided: frozenset[str] = frozenset()
    checked_at: datetime | None = None
    ruled_out: bool = False  # what was said since the booking closes the booked technique
    waits_for_agreement: UUID | None = None  # the check-in in which some technique still does

    @property
    def for_everyone(self) -> tuple[safety.SafetyRow, ...]:
        return tuple(row for row in self.rows if row.everyone)

    @property
    def own(self) -> tuple[safety.SafetyRow, ...]:
        return tuple(row for row in self.rows if not row.everyone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a check-in says about where it hurts, since when, and how it has gone."""

    marks: Mapping[str, int]
    places: tuple[Place, ...] = ()
    checked_at: datetime | None = None
    onset_on: date | None = None
    story: Story = field(default_factory=Story)

    @property
    def front(self) -> bool:
        """Whether something is marked on the front of the figure."""
        return any(regions.load().region(place).view == "front" for place in self.marks)


def body_of(checkin: CheckIn | None) -> Body:
    """Give what a check-in says about where it hurts; empty without one."""
    if checkin is None:
        return Body(marks={})
    found = understand.places_of(checkin)
    levels = {place.region: place.level for place in found}
    body = regions.load()
    return Body(
        marks={region.id: levels[region.id] for region in body.regions if region.id in levels},
        places=tuple(
            Place(
                label=place.label,
                label_pro=body.region(place.region).label_pro,
                level=place.level,
                told=words_of(place),
            )
            for place in found
        ),
        checked_at=checkin.completed_at,
        onset_on=checkin.onset_on,
        story=story_of(checkin),
    )


def safety_of(checkin: CheckIn | None, technique: str) -> Safety:
    """Give what a check-in's safety answers ask of one technique; empty without one."""
    if checkin is None:
        return Safety()
    decision = understand.decision_of(checkin)
    waits = any(row.action is Action.CLEARANCE for row in decision.fired)
    return Safety(
        rows=safety.safety_rows(decision, technique),
        flags=safety.flag_rows(decision),
        avoided=decision.avoided_regions(technique),
        checked_at=checkin.completed_at,
        ruled_out=decision.action(technique) >= Action.CLEARANCE,
        waits_for_agreement=checkin.key if waits else None,
    )


def checkin_at(client: Client, at: datetime) -> CheckIn | None:
    """The newest check-in that a client had completed at an instant, or None."""
    return (
        CheckIn.objects.filter(client=client, state=CheckInState.COMPLETED, completed_at__lte=at)
        .select_related("practice")
        .order_by("-completed_at", "-pk")
        .first()
    )


def places_of(marks: Mapping[str, int]) -> tuple[Place, ...]:
    """Name marked regions in both vocabularies, the strongest first."""
    found = [
        Place(label=region.label, label_pro=region.label_pro, level=marks[region.id])
        for region in regions.load().regions
        if region.id in marks
    ]
    return tuple(sorted(found, key=lambda place: -place.level))


def two_checkins(client: Client) -> list[CheckIn]:
    """The newest completed check-in of a client and the one before it."""
    return list(
        CheckIn.objects.filter(client=client, state=CheckInState.COMPLETED)
        .select_related("practice")
        .order_by("-completed_at", "-pk")[:2]
    )


def changes(previous: CheckIn | None, body: Body) -> tuple[Change, ...]:
    """Every region whose level differs between two check-ins, the largest change first."""
    if previous is None:
        return ()
    before = understand.marks_of(previous)
    found = [
        Change(
            label_pro=region.label_pro,
            before=before.get(region.id, 0),
            now=body.marks.get(region.id, 0),
        )
        for region in regions.load().regions
        if before.get(region.id, 0) != body.marks.get(region.id, 0)
    ]
    return tuple(sorted(found, key=lambda change: -abs(change.now - change.before)))
