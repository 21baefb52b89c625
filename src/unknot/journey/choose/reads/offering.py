"""What a practice has of its own to show: listings, services, and who offers them.

Each function returns rows and never writes.

Units   minutes; prices written out with the currency, and as a field shows them.
Errors  KeyError for an unknown technique.
Source  the minutes of each technique: knowledge/techniques
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from unknot.domain.guidance import catalogue
from unknot.journey.choose import access
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.choose.reads import papers
from unknot.people.models import Practice, Role, User
from unknot.web import money

#: The languages a therapist can say they speak.
LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pl", "tr", "ar", "uk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A therapist's own listing as they edit it."""

    slug: str
    name: str
    about: str
    languages: tuple[str, ...]
    gender: str
    areas: tuple[str, ...]
    practising_since: int | None
    location: int
    is_listed: bool
    papers: tuple[papers.CredentialRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who can offer a service: has written a listing and is a therapist here now."""

    id: int
    slug: str
    name: str
    is_listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One service of a practice, active or not."""

    id: int
    technique: str
    name: str
    minutes: int
    setup_minutes: int
    cleanup_minutes: int
    price: str
    amount: str
    therapists: tuple[Member, ...]
    active: bool
    for_two: bool


def own_listing(actor: User, practice: Practice, on: date) -> Listing | None:
    """One's own listing with its credentials, None before it has been written; 2 queries."""
    therapist = access.own_listing(actor, practice)
    if therapist is None:
        return None
    return Listing(
        slug=therapist.slug,
        name=therapist.name,
        about=therapist.about,
        languages=tuple(therapist.languages),
        gender=therapist.gender,
        areas=tuple(therapist.areas),
        practising_since=therapist.practising_since,
        location=therapist.location_id,
        is_listed=therapist.listed_since is not None,
        papers=papers.of(therapist, on),
    )


def team(practice: Practice) -> tuple[Member, ...]:
    """Who can offer a service in this practice, by name; 1 query."""
    return tuple(_member(one) for one in therapists_of(practice))


def therapists_of(practice: Practice) -> QuerySet[Therapist]:
    """The listings of those who are therapists of the practice today."""
    return Therapist.objects.filter(
        practice=practice,
        user__membership__practice=practice,
        user__membership__role=Role.THERAPIST,
        user__membership__until__isnull=True,
    ).order_by("name", "pk")


def services(practice: Practice) -> tuple[Offered, ...]:
    """Every service of a practice, the active ones first; 2 queries."""
    found = practice.service_set.order_by("-active", "technique", "minutes").prefetch_related(
        Prefetch("therapists", Therapist.objects.order_by("name", "pk"))
    )
    return tuple(_offered(one, practice.currency) for one in found)


def service(one: Service) -> Offered:
    """The row of one service; 1 query."""
    return _offered(one, one.practice.currency)


def is_anybody_listed(practice: Practice) -> bool:
    """Whether clients see at least one therapist of this practice; 1 query."""
    return therapists_of(practice).filter(listed_since__isnull=False).exists()


def is_anything_offered(practice: Practice) -> bool:
    """Whether somebody who is listed offers an active service; 1 query."""
    offered = therapists_of(practice).filter(listed_since__isnull=False, services__active=True)
    return offered.exists()


def languages() -> tuple[tuple[str, str], ...]:
    """The languages to choose from, each with its name for the reader."""
    return tuple((code, str(get_language_info(code)["name_translated"])) for code in LANGUAGES)


def techniques() -> tuple[tuple[str, str], ...]:
    """Every technique by its id, named with the lengths it may have."""
    return tuple(
        (
            one.id,
            _("%(name)s, %(least)d to %(most)d minutes")
            % {"name": one.name, "least": one.minutes.min, "most": one.minutes.max},
        )
        for one in catalogue.load().techniques
    )


def technique_names() -> tuple[tuple[str, str], ...]:
    """Every technique by its id, with its name alone."""
    return tuple((one.id, one.name) for one in catalogue.load().techniques)


def length_problem(technique: str, minutes: int) -> str:
    """Say why a technique cannot last `minutes`, or nothing when it can."""
    one = catalogue.load().technique(technique)
    if one.minutes.min <= minutes <= one.minutes.max:
        return ""
    return _("%(name)s lasts %(least)d to %(most)d minutes: choose a length in between.") % {
        "name": one.name,
        "least": one.minutes.min,
        "most": one.minutes.max,
    }


def _member(one: Therapist) -> Member:
    return Member(id=one.pk, slug=one.slug, name=one.name, is_listed=one.listed_since is not None)


def _offered(one: Service, currency: str) -> Offered:
    return Offered(
        id=one.pk,
        technique=one.technique,
        name=catalogue.load().technique(one.technique).name,
        minutes=one.minutes,
        setup_minutes=one.setup_minutes,
        cleanup_minutes=one.cleanup_minutes,
        price=money.price(one.price_minor, currency),
        amount=money.amount(one.price_minor, currency),
        therapists=tuple(_member(each) for each in one.therapists.all()),
        active=one.active,
        for_two=one.for_two,
    )
