"""What a service takes besides its therapist: rooms, tools, add-ons; and services for two.

Units   minutes in steps of 5; money in the currency's smallest unit.
Errors  AddOnTwice, BadInput, the errors of new services; Missing and Denied from access. None
        leaves a trace.
Source  docs/decisions/0020-one-constraint-for-people-rooms-and-tools.md
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import catalogue
from unknot.journey.book import access
from unknot.journey.book.actions.locks import lock_people
from unknot.journey.book.models import AddOn, Need
from unknot.journey.book.reads.resources import DOUBLE, FEATURES, ROOM, TOOL
from unknot.journey.choose.actions import offering
from unknot.journey.choose.models import Service
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Practice, Role, User
from unknot.web import money
from unknot.web.errors import BadInput, Conflict

MOST_UNITS: Final = 9
LONGEST_BUFFER: Final = 180
LONGEST_ADD_ON: Final = 60


class AddOnTwice(Conflict):
    """The practice has an add-on of this name."""

    sentence = _("You have an add-on of this name already: change that one instead.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDraft:
    """A room or tool to take; the minutes are its own, and block nobody else."""

    kind: str
    feature: str = ""
    quantity: int = 1
    before_minutes: int = 0
    after_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOnDraft:
    """Something to add to a session; `services` are numbers of services of the practice."""

    name: str
    technique: str = ""
    minutes: int = 0
    price_minor: int = 0
    services: frozenset[int]


@transaction.atomic(durable=True)
def add_service_for_two(
    actor: User, practice: Practice, *, draft: offering.ServiceDraft, now: datetime
) -> Service:
    """Offer a session for two clients with two therapists, in a room for two."""
    if not draft.for_two:
        raise BadInput(_("This service is for one client."))
    service = offering.create_service(actor, practice, draft=draft, now=now)
    Need.objects.create(service=service, kind=ROOM, feature=DOUBLE)
    lock_people(list(service.therapists.select_related("practice")))  # either can be the second
    return service


@transaction.atomic(durable=True)
def add_need(actor: User, owner: access.Needing, *, draft: NeedDraft, now: datetime) -> Need:
    """Let a service or an add-on take a room or tool; the same kind again replaces the first."""
    people.check_role(actor, owner.practice, Role.MANAGER)
    _check_need(draft)
    named = _owned(_locked(owner))
    standing = Need.objects.filter(**named)
    if draft.kind == ROOM:
        _check_room(owner, draft)
        if standing.filter(kind=ROOM).exclude(feature=draft.feature).exists():
            raise BadInput(_("A session takes place in one room: remove the other one first."))
    need, _made = Need.objects.update_or_create(
        **named,
        kind=draft.kind,
        feature=draft.feature,
        defaults={
            "quantity": draft.quantity,
            "before_minutes": draft.before_minutes,
            "after_minutes": draft.after_minutes,
        },
    )
    audit.record(actor, "need.added", need, at=now)
    return need


@transaction.atomic(durable=True)
def remove_need(actor: User, owner: access.Needing, need: Need, *, now: datetime) -> None:
    """Take nothing of this kind any more; a session for two keeps its room."""
    people.check_role(actor, owner.practice, Role.MANAGER)
    locked = _locked(owner)
    if isinstance(locked, Service) and locked.for_two and need.kind == ROOM:
        raise BadInput(_("A session for two keeps its room for two."))
    removed, _rows = Need.objects.filter(pk=need.pk, **_owned(locked)).delete()
    if removed:
        audit.record(actor, "need.removed", need, at=now)


@transaction.atomic(durable=True)
def add_add_on(actor: User, practice: Practice, *, draft: AddOnDraft, now: datetime) -> AddOn:
    """Offer something to add to sessions; its technique is judged as the session's own is."""
    people.check_role(actor, practice, Role.MANAGER)
    _check_add_on(draft)
    services = _services(practice, draft.services)
    try:
        with transaction.atomic():
            made = AddOn.objects.create(
                practice=practice,
                name=draft.name.strip(),
                technique=draft.technique,
                minutes=draft.minutes,
                price_minor=draft.price_minor,
            )
    except IntegrityError as error:
        if "addon_name_once" in str(error):
            raise AddOnTwice from error
        raise
    made.services.set(services)
    audit.record(actor, "add-on.added", made, at=now)
    return made


@transaction.atomic(durable=True)
def change_add_on(
    actor: User,
    add_on: AddOn,
    *,
    price_minor: int,
    services: frozenset[int],
    active: bool,
    now: datetime,
) -> AddOn:
    """Change price, services or whether it can be booked; booked times keep what they have."""
    people.check_role(actor, add_on.practice, Role.MANAGER)
    _check_price(price_minor)
    found = _services(add_on.practice, services)
    locked = AddOn.objects.select_for_update(no_key=True, of=("self",)).get(pk=add_on.pk)
    locked.price_minor, locked.active = price_minor, active
    locked.save(update_fields=["price_minor", "active"])
    locked.services.set(found)
    audit.record(actor, "add-on.changed", locked, at=now)
    return locked


def _locked(owner: access.Needing) -> access.Needing:
    if isinstance(owner, Service):
        return Service.objects.select_for_update(no_key=True, of=("self",)).get(pk=owner.pk)
    return AddOn.objects.select_for_update(no_key=True, of=("self",)).get(pk=owner.pk)


def _owned(owner: access.Needing) -> dict[str, Any]:
    return {"service": owner} if isinstance(owner, Service) else {"add_on": owner}


def _check_need(draft: NeedDraft) -> None:
    feature = FEATURES.get(draft.feature)
    known = draft.kind == ROOM if not draft.feature else feature and feature.kind == draft.kind
    if draft.kind not in {ROOM, TOOL} or not known:
        raise BadInput(_("Choose a room or a tool from the list."))
    if not 1 <= draft.quantity <= MOST_UNITS:
        raise BadInput(_("Write a number from 1 to 9."))
    for minutes in (draft.before_minutes, draft.after_minutes):
        if minutes % 5 or not 0 <= minutes <= LONGEST_BUFFER:
            raise BadInput(_("Minutes before and after are 0 to 180, in steps of 5."))


def _check_room(owner: access.Needing, draft: NeedDraft) -> None:
    if draft.quantity != 1:
        raise BadInput(_("A session takes place in one room."))
    if isinstance(owner, Service) and owner.for_two and draft.feature != DOUBLE:
        raise BadInput(_("A session for two takes place in a room for two."))


def _check_add_on(draft: AddOnDraft) -> None:
    if not 1 <= len(draft.name.strip()) <= 80:
        raise BadInput(_("Give it a name of at most 80 letters."))
    if draft.technique:
        try:
            catalogue.load().technique(draft.technique)
        except KeyError as error:
            raise BadInput(_("Choose a technique from the list.")) from error
    if draft.minutes % 5 or not 0 <= draft.minutes <= LONGEST_ADD_ON:
        raise BadInput(_("It lasts 0 to 60 minutes, in steps of 5."))
    _check_price(draft.price_minor)


def _check_price(minor: int) -> None:
    if not 0 <= minor <= money.HIGHEST:
        raise BadInput(_("This is not a price that can be asked."))


def _services(practice: Practice, numbers: frozenset[int]) -> list[Service]:
    found = list(Service.objects.filter(practice=practice, pk__in=numbers))
    if len(found) != len(numbers):
        raise BadInput(_("Choose services of this practice."))
    if not found:
        raise BadInput(_("Choose to which services it can be added."))
    return found
