"""What the practices offer, with prices written out.

Units   minutes; prices written out with the currency.
Errors  none.
Source  the active services of listed therapists.
"""

from dataclasses import dataclass

from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext as _

from unknot.journey.choose.models import Service
from unknot.journey.choose.reads import techniques
from unknot.people.models import Practice
from unknot.web.money import price


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRow:
    """What one technique costs for so many minutes in a practice."""

    practice: str
    minutes: int
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the practices offer, to choose from."""

    techniques: tuple[tuple[str, str], ...]
    minutes: tuple[int, ...]


def prices(technique: str, practice: Practice | None = None) -> tuple[PriceRow, ...]:
    """What the active services of a technique cost, shortest first."""
    rows = (
        _services(practice)
        .filter(technique=technique)
        .values("practice__name", "practice__currency", "minutes")
        .annotate(low=Min("price_minor"), high=Max("price_minor"))
        .order_by("practice__name", "minutes")
    )
    return tuple(
        PriceRow(
            practice=row["practice__name"],
            minutes=row["minutes"],
            price=_range(row["low"], row["high"], row["practice__currency"]),
        )
        for row in rows
    )


def offer(practice: Practice | None = None) -> Offer:
    """The techniques and lengths that can be booked with a listed therapist."""
    names = techniques.names()
    found = list(_services(practice).values_list("technique", "minutes").distinct())
    offered = {technique for technique, _minutes in found}
    return Offer(
        techniques=tuple((name, names[name]) for name in names if name in offered),
        minutes=tuple(sorted({minutes for _technique, minutes in found})),
    )


def _services(practice: Practice | None) -> QuerySet[Service]:
    found = Service.objects.filter(active=True, therapists__listed_since__isnull=False)
    return found.filter(practice=practice) if practice is not None else found


def _range(low: int, high: int, currency: str) -> str:
    if low == high:
        return price(low, currency)
    return _("%(low)s to %(high)s") % {"low": price(low, currency), "high": price(high, currency)}
