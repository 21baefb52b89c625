"""What a practice offers: techniques for a number of minutes at a price, and who offers them.

Units   minutes; money in the currency's smallest unit.
Errors  ServiceTwice, BadInput; Missing and Denied from access; none leaves a trace.
Source  the minutes of each technique: knowledge/techniques
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose.models import Service, Therapist
from unknot.journey.choose.reads import offering
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Practice, Role, User
from unknot.web import money
from unknot.web.errors import BadInput, Conflict

LONGEST_BREAK = 60


class ServiceTwice(Conflict):
    """The practice has this technique in this length already."""

    sentence = _("You have this technique in this length already: change that one instead.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDraft:
    """A service to offer; `therapists` are numbers of listings."""

    technique: str
    minutes: int
    setup_minutes: int = 0
    cleanup_minutes: int = 10
    price_minor: int
    therapists: frozenset[int]
    for_two: bool = False


@transaction.atomic(durable=True)
def add_service(actor: User, practice: Practice, *, draft: ServiceDraft, now: datetime) -> Service:
    """Offer a technique for a number of minutes that it may last, to one client."""
    if draft.for_two:
        raise BadInput(_("A session for two needs its room: add it with the room."))
    return create_service(actor, practice, draft=draft, now=now)


def create_service(
    actor: User, practice: Practice, *, draft: ServiceDraft, now: datetime
) -> Service:
    """Create a service; runs inside the transaction that gives it what else it needs."""
    people.check_role(actor, practice, Role.MANAGER)
    _check_service(draft)
    therapists = _therapists(practice, draft.therapists, for_two=draft.for_two)
    try:
        with transaction.atomic():
            service = Service.objects.create(
                practice=practice,
                technique=draft.technique,
                minutes=draft.minutes,
                setup_minutes=draft.setup_minutes,
                cleanup_minutes=draft.cleanup_minutes,
                price_minor=draft.price_minor,
                for_two=draft.for_two,
            )
    except IntegrityError as error:
        if "service_once_per_length" in str(error):
            raise ServiceTwice from error
        raise
    service.therapists.set(therapists)
    audit.record(actor, "service.added", service, at=now)
    return service


@transaction.atomic(durable=True)
def change_service(
    actor: User,
    service: Service,
    *,
    price_minor: int,
    therapists: frozenset[int],
    active: bool,
    now: datetime,
) -> Service:
    """Change price, therapists or whether it can be booked; booked times keep what they have."""
    people.check_role(actor, service.practice, Role.MANAGER)
    _check_price(price_minor)
    locked = Service.objects.select_for_update(no_key=True, of=("self",)).get(pk=service.pk)
    locked.price_minor = price_minor
    locked.active = active
    locked.save(update_fields=["price_minor", "active"])
    locked.therapists.set(_therapists(service.practice, therapists, for_two=locked.for_two))
    audit.record(actor, "service.changed", locked, at=now)
    return locked


def _check_service(draft: ServiceDraft) -> None:
    try:
        problem = offering.length_problem(draft.technique, draft.minutes)
    except KeyError as error:
        raise BadInput(_("Choose a technique from the list.")) from error
    if problem:
        raise BadInput(problem)
    if not all(0 <= n <= LONGEST_BREAK for n in (draft.setup_minutes, draft.cleanup_minutes)):
        raise BadInput(_("Set-up and clean-up take 0 to 60 minutes each."))
    if any(n % 5 for n in (draft.minutes, draft.setup_minutes, draft.cleanup_minutes)):
        raise BadInput(_("Write minutes in steps of 5."))
    _check_price(draft.price_minor)


def _check_price(minor: int) -> None:
    if not 0 <= minor <= money.HIGHEST:
        raise BadInput(_("This is not a price that can be asked."))


def _therapists(practice: Practice, numbers: frozenset[int], *, for_two: bool) -> list[Therapist]:
    found = list(offering.therapists_of(practice).filter(pk__in=numbers))
    if len(found) != len(numbers):
        raise BadInput(_("Choose therapists of this practice."))
    if not found:
        raise BadInput(_("Choose who offers this."))
    if for_two and len(found) < 2:
        raise BadInput(_("A session for two needs two therapists who offer it."))
    return found
