"""Rooms and tools of a practice: what they have, when they are out of use, who needs them.

Each function returns rows and never writes.

Units   minutes; aware datetimes; prices written out with the currency, and as a field shows them.
Errors  KeyError for an unknown technique.
Source  the booking policies in docs/decisions
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.calendar.intervals import Period
from unknot.journey.book.models import AddOn, Allocation, Appointment, Need, Resource, TimeOff
from unknot.journey.book.reads import booked, decision
from unknot.journey.choose.models import Service, Therapist
from unknot.people.models import Practice
from unknot.web import money

ROOM: Final = Resource.Kind.ROOM.value
TOOL: Final = Resource.Kind.TOOL.value
KINDS: Final = ((ROOM, Resource.Kind.ROOM.label), (TOOL, Resource.Kind.TOOL.label))
#: A couple's session takes place in a room with this.
DOUBLE: Final = "double"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something a room has or a tool is; no other words are kept."""

    kind: str
    label: str | Promise


#: Every feature there is, by the slug that is stored.
FEATURES: Final[Mapping[str, Feature]] = MappingProxyType(
    {
        DOUBLE: Feature(kind=ROOM, label=gettext_lazy("Room for two")),
        "heated": Feature(kind=ROOM, label=gettext_lazy("Heated")),
        "step_free": Feature(kind=ROOM, label=gettext_lazy("Step-free")),
        "stone_heater": Feature(kind=TOOL, label=gettext_lazy("Stone heater")),
        "towel_warmer": Feature(kind=TOOL, label=gettext_lazy("Towel warmer")),
        "table_lift": Feature(kind=TOOL, label=gettext_lazy("Table with a lift")),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayRow:
    """A time off, with the coming appointments that lie inside and stay."""

    id: int
    start: datetime
    end: datetime
    inside: tuple[booked.Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One room or tool."""

    id: int
    kind: str
    kind_label: str | Promise
    name: str
    features: tuple[str, ...]
    has: tuple[str | Promise, ...]
    location: int | None
    place: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """What a service or an add-on takes, and whether the practice has as many."""

    id: int
    label: str | Promise
    quantity: int
    before_minutes: int
    after_minutes: int
    kept: int

    @property
    def is_short(self) -> bool:
        """Whether nothing can be booked, because there are too few."""
        return self.kept < self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOnRow:
    """One add-on of a practice, active or not."""

    id: int
    name: str
    technique: str
    minutes: int
    price: str
    amount: str
    services: tuple[tuple[int, str], ...]
    active: bool
    needs: tuple[NeedRow, ...]


def things(practice: Practice) -> tuple[Thing, ...]:
    """Every room and tool of a practice, those in use first; 1 query."""
    found = Resource.objects.filter(practice=practice).select_related("location")
    return tuple(thing(one) for one in found.order_by("-active", "kind", "name", "pk"))


def thing(one: Resource) -> Thing:
    """The row of one room or tool; no query when its location is loaded."""
    return Thing(
        id=one.pk,
        kind=one.kind,
        kind_label=Resource.Kind(one.kind).label,
        name=one.name,
        features=tuple(one.features),
        has=tuple(FEATURES[name].label for name in FEATURES if name in one.features),
        location=one.location_id,
        place=one.location.name if one.location else "",
        active=one.active,
    )


def coming(resource: Resource, practice: Practice, *, now: datetime) -> tuple[booked.Row, ...]:
    """The booked appointments of a practice that still take this resource; 2 queries."""
    return tuple(row for row, _period in _coming(resource, practice, now))


def away(resource: Resource | None, practice: Practice, *, now: datetime) -> tuple[AwayRow, ...]:
    """The times off that are not over, soonest first, with what is booked inside; 3 queries."""
    if resource is None:
        return ()
    off = list(
        TimeOff.objects.filter(resource=resource, during__endswith__gt=now).order_by("during")
    )
    taken = _coming(resource, practice, now) if off else ()
    return tuple(
        AwayRow(
            id=one.pk,
            start=one.during.lower,
            end=one.during.upper,
            inside=tuple(
                row
                for row, period in taken
                if period.overlaps(Period(one.during.lower, one.during.upper))
            ),
        )
        for one in off
    )


def away_of(therapist: Therapist, *, now: datetime) -> tuple[AwayRow, ...]:
    """The times off of a therapist that are not over; 4 queries."""
    return away(decision.person_of(therapist), therapist.practice, now=now)


def pools() -> tuple[tuple[str, str | Promise], ...]:
    """Everything a service can take, by the name of its pool."""
    plain: list[tuple[str, str | Promise]] = [(ROOM, gettext_lazy("Any room"))]
    return (*plain, *((f"{one.kind}:{name}", _named(one)) for name, one in FEATURES.items()))


def needs(found: Iterable[Need], kept: Mapping[str, int]) -> tuple[NeedRow, ...]:
    """The rows of `found`; `kept` says how many units each pool has."""
    names = dict(pools())
    rows = []
    for one in found:
        pool = f"{one.kind}:{one.feature}" if one.feature else one.kind
        rows.append(
            NeedRow(
                id=one.pk,
                label=names.get(pool, pool),
                quantity=one.quantity,
                before_minutes=one.before_minutes,
                after_minutes=one.after_minutes,
                kept=kept.get(pool, 0),
            )
        )
    return tuple(rows)


def kept(practice: Practice) -> Mapping[str, int]:
    """How many units in use each pool of a practice has; 1 query."""
    counted: Counter[str] = Counter()
    for kind, features in Resource.objects.filter(practice=practice, active=True).values_list(
        "kind", "features"
    ):
        counted[kind] += 1
        counted.update(f"{kind}:{name}" for name in features)
    return counted


def needs_of_service(service: Service) -> tuple[NeedRow, ...]:
    """What a service takes besides its therapist; 2 queries."""
    return needs(Need.objects.filter(service=service).order_by("pk"), kept(service.practice))


def add_ons(practice: Practice) -> tuple[AddOnRow, ...]:
    """Every add-on of a practice, the active ones first; 4 queries."""
    found = AddOn.objects.filter(practice=practice).prefetch_related("services", "needs")
    counted = kept(practice)
    return tuple(_add_on(one, practice, counted) for one in found.order_by("-active", "name"))


def add_on(one: AddOn) -> AddOnRow:
    """The row of one add-on; 3 queries."""
    return _add_on(one, one.practice, kept(one.practice))


def service_choices(practice: Practice) -> tuple[tuple[int, str], ...]:
    """Every active service of a practice, as an add-on chooses among them; 1 query."""
    found = practice.service_set.filter(active=True).order_by("technique", "minutes", "pk")
    return tuple((one.pk, _service(one)) for one in found)


def _coming(
    resource: Resource, practice: Practice, now: datetime
) -> tuple[tuple[booked.Row, Period], ...]:
    taken = list(
        Allocation.objects.filter(
            market=resource.market,
            resource=resource,
            during__overlap=DateTimeTZRange(now, None),
            appointment__in=_standing(practice),
        )
        .select_related("appointment__therapist__practice", "appointment__therapist__location")
        .select_related("appointment__service", "appointment__client")
        .order_by("during")
    )
    rows = booked.rows(one.appointment for one in taken)
    return tuple(
        (row, Period(one.during.lower, one.during.upper))
        for row, one in zip(rows, taken, strict=True)
    )


def _standing(practice: Practice) -> Collection[Appointment]:
    return Appointment.objects.filter(
        therapist__practice=practice, status__in=booked.COMING, booked_at__isnull=False
    )


def _add_on(one: AddOn, practice: Practice, counted: Mapping[str, int]) -> AddOnRow:
    return AddOnRow(
        id=one.pk,
        name=one.name,
        technique=booked.technique_name(one.technique) if one.technique else "",
        minutes=one.minutes,
        price=money.price(one.price_minor, practice.currency),
        amount=money.amount(one.price_minor, practice.currency),
        services=tuple((each.pk, _service(each)) for each in one.services.all()),
        active=one.active,
        needs=needs(one.needs.all(), counted),
    )


def _service(one: Service) -> str:
    words = {"name": booked.technique_name(one.technique), "n": one.minutes}
    if one.for_two:
        return _("%(name)s, %(n)d minutes, for two") % words
    return _("%(name)s, %(n)d minutes") % words


def _named(feature: Feature) -> str | Promise:
    if feature.kind == ROOM:
        return _("Room: %(feature)s") % {"feature": str(feature.label).lower()}
    return feature.label
