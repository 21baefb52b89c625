"""What can be added to a session. Returns rows and never writes."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from unknot.journey.book.models import AddOn
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Service
from unknot.web import money


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """One add-on of a service; `why_not` says why this person cannot have it."""

    number: int
    name: str
    minutes: int
    price: str
    is_chosen: bool
    why_not: str | Promise


def techniques(service: Service) -> tuple[str, ...]:
    """The techniques that can be added to a service; 1 query."""
    found = AddOn.objects.filter(services=service, active=True).exclude(technique="")
    return tuple(found.order_by("technique").values_list("technique", flat=True).distinct())


def offered(wanted: Wanted, closed: Mapping[str, str | Promise]) -> tuple[Extra, ...]:
    """The add-ons of the service by name, those in `wanted` chosen; 1 query.

    `closed` has the sentence for each technique that this person cannot have.
    """
    currency = wanted.practice.currency
    chosen = {one.pk for one in wanted.add_ons}
    return tuple(
        Extra(
            number=one.pk,
            name=one.name,
            minutes=one.minutes,
            price=money.price(one.price_minor, currency),
            is_chosen=one.pk in chosen,
            why_not=closed.get(one.technique, ""),
        )
        for one in AddOn.objects.filter(services=wanted.service, active=True).order_by("name")
    )
