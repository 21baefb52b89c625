"""Keep the rooms and tools of a practice: each unit is one row that can be taken once.

Units   none.
Errors  NameTwice, StillNeeded, BadInput; Missing and Denied from access. None leaves a trace.
Source  docs/decisions/0020-one-constraint-for-people-rooms-and-tools.md
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.actions import days
from unknot.journey.book.actions.locks import lock_days
from unknot.journey.book.models import BLOCKING, Allocation, AvailDay, Resource
from unknot.journey.book.reads.resources import FEATURES, ROOM, TOOL
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Location, Practice, Role, User
from unknot.web.errors import BadInput, Conflict

#: How many units are made at once, and how many a practice can keep.
MOST_AT_ONCE: Final = 20
MOST: Final = 200
LONGEST_NAME: Final = 80


class NameTwice(Conflict):
    """Something of this practice is called so already."""

    sentence = _("You have a room or tool of this name already: choose another name.")


class StillNeeded(Conflict):
    """Coming appointments take place in this room or with this tool."""

    title = _("It is still needed")
    sentence = _("Coming appointments need it, so it stays in use. Move or cancel them first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingDraft:
    """A room or tool as staff describe it; without a `location` it serves at every place."""

    kind: str
    name: str
    features: frozenset[str] = frozenset()
    location: int | None = None


@transaction.atomic(durable=True)
def add_things(
    actor: User, practice: Practice, *, draft: ThingDraft, quantity: int = 1, now: datetime
) -> tuple[Resource, ...]:
    """Add a room or tool; of several each is its own unit with a number after its name."""
    people.check_role(actor, practice, Role.MANAGER)
    location = _checked(practice, draft)
    if not 1 <= quantity <= MOST_AT_ONCE:
        raise BadInput(_("Write a number from 1 to 20."))
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    kept = list(Resource.objects.filter(practice=practice).values_list("name", flat=True))
    if len(kept) + quantity > MOST:
        raise BadInput(_("A practice keeps at most 200 rooms and tools."))
    made = tuple(
        Resource.objects.create(
            market=practice.market,
            kind=draft.kind,
            practice=practice,
            location=location,
            name=name,
            features=sorted(draft.features),
        )
        for name in _names(draft.name.strip(), quantity, kept)
    )
    today = now.astimezone(practice.tz).date()
    days.ensure(days.calendars(made), today, days.last_day(practice, today))
    for one in made:
        audit.record(actor, "resource.added", one, at=now)
    return made


@transaction.atomic(durable=True)
def change_thing(actor: User, resource: Resource, *, draft: ThingDraft, now: datetime) -> Resource:
    """Change name, features or place; what is booked stays where it is."""
    practice = _practice(actor, resource)
    location = _checked(practice, draft)
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    locked = _locked(resource)
    name = draft.name.strip()
    if Resource.objects.filter(practice=practice, name=name).exclude(pk=locked.pk).exists():
        raise NameTwice
    locked.name, locked.features, locked.location = name, sorted(draft.features), location
    locked.save(update_fields=["name", "features", "location"])
    audit.record(actor, "resource.changed", locked, at=now)
    return locked


@transaction.atomic(durable=True)
def retire(actor: User, resource: Resource, *, now: datetime) -> None:
    """Take a room or tool out of use for good; refused while coming appointments need it.

    Its days are locked, so a booking under way has either taken it or looks again without it.
    """
    practice = _practice(actor, resource)
    locked = _locked(resource)
    if not locked.active:
        return
    today = now.astimezone(practice.tz).date()
    rows = AvailDay.objects.filter(market=locked.market, resource=locked, practice=practice)
    known = rows.filter(day__gte=today - days.ONE_DAY).values_list("day", flat=True)
    lock_days((locked.pk, practice.pk, day) for day in known)
    taken = Allocation.objects.filter(
        market=locked.market, resource=locked, during__endswith__gt=now
    )
    if (
        taken.filter(appointment__status__in=BLOCKING)
        .exclude(appointment__status="held", appointment__held_until__lte=now)
        .exists()
    ):
        raise StillNeeded
    locked.active = False
    locked.save(update_fields=["active"])
    rows.delete()
    audit.record(actor, "resource.retired", locked, at=now)


@transaction.atomic(durable=True)
def restore(actor: User, resource: Resource, *, now: datetime) -> None:
    """Use a room or tool again."""
    practice = _practice(actor, resource)
    locked = _locked(resource)
    if locked.active:
        return
    locked.active = True
    locked.save(update_fields=["active"])
    today = now.astimezone(practice.tz).date()
    days.ensure(days.calendars([locked]), today, days.last_day(practice, today))
    audit.record(actor, "resource.restored", locked, at=now)


def _practice(actor: User, resource: Resource) -> Practice:
    if resource.practice is None:
        raise BadInput(_("This is a person, not a room or a tool."))
    people.check_role(actor, resource.practice, Role.MANAGER)
    return resource.practice


def _locked(resource: Resource) -> Resource:
    found = Resource.objects.select_for_update(no_key=True, of=("self",))
    return found.select_related("practice").get(pk=resource.pk)


def _checked(practice: Practice, draft: ThingDraft) -> Location | None:
    """The place of a draft that can be kept; BadInput says what is wrong with another."""
    if draft.kind not in {ROOM, TOOL}:
        raise BadInput(_("Choose a room or a tool."))
    if not 1 <= len(draft.name.strip()) <= LONGEST_NAME:
        raise BadInput(_("Give it a name of at most 80 letters."))
    wrong = [
        name for name in draft.features if name not in FEATURES or FEATURES[name].kind != draft.kind
    ]
    if wrong:
        raise BadInput(_("Choose from the list what it has."))
    if draft.location is None:
        return None
    location = Location.objects.filter(practice=practice, pk=draft.location).first()
    if location is None:
        raise BadInput(_("Choose a place of this practice."))
    return location


def _names(name: str, quantity: int, kept: Sequence[str]) -> list[str]:
    """The names of new units: numbered on from those there are."""
    if quantity == 1:
        if name in kept:
            raise NameTwice
        return [name]
    free = (f"{name} {n}" for n in range(1, MOST + quantity + 1) if f"{name} {n}" not in kept)
    names = [next(free) for _number in range(quantity)]
    if max(len(one) for one in names) > LONGEST_NAME:
        raise BadInput(_("Give it a shorter name: a number is added to each."))
    return names
