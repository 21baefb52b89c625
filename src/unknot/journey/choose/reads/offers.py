"""What the practices offer, with prices written out, and by what a list of them can be narrowed.

Units   minutes; prices written out with the currency.
Errors  none.
Source  the active services; the area groups of knowledge/bodymap for the areas.
"""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Max, Min, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.journey.choose.models import Service, Therapist
from unknot.journey.choose.reads import techniques
from unknot.people.models import Practice
from unknot.web.money import price

#: Where on the body a therapist can say that they work most: groups of the body map.
AREAS: Final[dict[str, Promise]] = {
    "neck": gettext_lazy("Neck"),
    "shoulder": gettext_lazy("Shoulders"),
    "upper_back": gettext_lazy("Upper back"),
    "low_back": gettext_lazy("Low back"),
    "pelvis": gettext_lazy("Hips and pelvis"),
    "head": gettext_lazy("Head"),
    "jaw": gettext_lazy("Jaw"),
    "arm": gettext_lazy("Arms"),
    "legs": gettext_lazy("Legs"),
}
GENDERS: Final = tuple((one.value, one.label) for one in Therapist.Gender)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRow:
    """What one technique costs for so many minutes, in a practice or in several of them."""

    practice: str  # empty when there are several
    practices: int
    minutes: int
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the practices offer, to choose from; countries and currencies as codes."""

    techniques: tuple[tuple[str, str], ...]
    minutes: tuple[int, ...]
    countries: tuple[str, ...]
    currencies: tuple[str, ...]


def prices(technique: str, practice: Practice | None = None) -> tuple[PriceRow, ...]:
    """What the active services of a technique cost, shortest first; 1 query.

    One row for each length and currency, however many practices offer it.
    """
    rows = (
        _services(practice)
        .filter(technique=technique, therapists__listed_since__isnull=False)
        .values("minutes", "practice__currency")
        .annotate(
            low=Min("price_minor"),
            high=Max("price_minor"),
            practices=Count("practice", distinct=True),
            name=Min("practice__name"),
        )
        .order_by("minutes", "practice__currency")
    )
    return tuple(
        PriceRow(
            practice=row["name"] if row["practices"] == 1 else "",
            practices=row["practices"],
            minutes=row["minutes"],
            price=_range(row["low"], row["high"], row["practice__currency"]),
        )
        for row in rows
    )


def offer(practice: Practice | None = None) -> Offer:
    """What can be chosen to narrow the list, in one practice or in all; at most 2 queries."""
    names = techniques.names()
    found = list(_services(practice).order_by().values_list("technique", "minutes").distinct())
    offered = {technique for technique, _minutes in found}
    places = _countries(practice)
    return Offer(
        techniques=tuple((name, names[name]) for name in names if name in offered),
        minutes=tuple(sorted({minutes for _technique, minutes in found})),
        countries=tuple(sorted({country for country, _currency in places})),
        currencies=tuple(sorted({currency for _country, currency in places})),
    )


def lengths(practice: Practice | None = None) -> dict[str, frozenset[int]]:
    """The techniques that somebody who is listed offers, with their minutes; 1 query."""
    listed = _services(practice).filter(therapists__listed_since__isnull=False).order_by()
    found = set(listed.values_list("technique", "minutes").distinct())
    return {
        technique: frozenset(minutes for name, minutes in found if name == technique)
        for technique, _minutes in found
    }


def _countries(practice: Practice | None) -> list[tuple[str, str]]:
    if practice is not None:
        return [(practice.country, practice.currency)]
    return list(Practice.objects.order_by().values_list("country", "currency").distinct())


def _services(practice: Practice | None) -> QuerySet[Service]:
    found = Service.objects.filter(active=True)
    return found.filter(practice=practice) if practice is not None else found


def _range(low: int, high: int, currency: str) -> str:
    if low == high:
        return price(low, currency)
    return _("%(low)s to %(high)s") % {"low": price(low, currency), "high": price(high, currency)}
