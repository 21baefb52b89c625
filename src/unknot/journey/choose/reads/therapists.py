"""The listed therapists: cards in an order that nobody can buy, and each one's page.

Units   minutes; `on` is the day it is for the reader; prices are written out with the currency.
Errors  Missing for a therapist who is not listed.
Source  domain/credentials, domain/reviews.py, reads/techniques.py: the rules behind each row
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from unknot.domain.reviews import Rating, rating
from unknot.journey.choose import access
from unknot.journey.choose.models import Credential, Experience, Review, Service, Therapist
from unknot.journey.choose.reads import papers, techniques
from unknot.journey.choose.reads.papers import CredentialRow
from unknot.journey.choose.reads.person import WHY_NOT, Person, Text, Wanted
from unknot.people.models import Practice
from unknot.web.money import price

NEWEST_REVIEWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """Something to book, with what keeps this person from it."""

    id: int
    technique: str
    name: str
    minutes: int
    price: str
    hindrance: str
    why_not: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistCard:
    """One therapist in the list."""

    slug: str
    name: str
    initials: str
    practice: str
    location: str
    address: str
    languages: tuple[str, ...]
    credentials: tuple[CredentialRow, ...]
    signed: int
    experience: tuple[tuple[str, int], ...]
    practising_since: int | None
    rating: Rating
    why: tuple[str, ...]
    services: tuple[ServiceRow, ...]

    @property
    def badge(self) -> bool:
        """Whether a register has confirmed a credential lately."""
        return any(one.state == "checked" for one in self.credentials)

    @property
    def bookable(self) -> bool:
        """Whether this person can book something here."""
        return any(not one.hindrance for one in self.services)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One review as it is published: no name, and the month instead of the day."""

    overall: int
    text: str
    technique: str
    attended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistPage:
    """One therapist, whole."""

    card: TherapistCard
    about: str
    reviews: tuple[ReviewRow, ...]


@dataclass(slots=True, kw_only=True)
class _Record:
    """Counted sessions and reviews of one therapist."""

    signed: int = 0
    by_technique: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)


def therapist_cards(
    practice: Practice | None, *, wanted: Wanted, person: Person, on: date
) -> tuple[TherapistCard, ...]:
    """The listed therapists who offer what is wanted, in an order that nobody can buy.

    First who can be booked by this person, then who has a checked credential, then by signed
    sessions with what is wanted (or suggested), then by name. Six queries, however many they are.
    """
    therapists = list(_listed(practice))
    records = _records(therapists)
    cards = [
        _card(each, records[each.pk], wanted=wanted, person=person, on=on) for each in therapists
    ]
    fitting = [card for card in cards if card.services or not (wanted.technique or wanted.minutes)]
    return tuple(sorted(fitting, key=_order))


def therapist_page(slug: str, *, person: Person, on: date) -> TherapistPage:
    """One listed therapist with their reviews, newest first; raises Missing."""
    therapist = access.listed_therapist(slug)
    whole = _with_papers().get(pk=therapist.pk)
    record = _records([whole])[whole.pk]
    names = techniques.names()
    found = Review.objects.filter(therapist=whole).order_by("-attended_on", "-pk")
    return TherapistPage(
        card=_card(whole, record, wanted=Wanted(), person=person, on=on),
        about=whole.about,
        reviews=tuple(
            ReviewRow(
                overall=one.overall,
                text=one.text,
                technique=names.get(one.technique, one.technique),
                attended=date_format(one.attended_on, "F Y"),
            )
            for one in found[:NEWEST_REVIEWS]
        ),
    )


def _with_papers() -> QuerySet[Therapist]:
    active = Service.objects.filter(active=True).order_by("technique", "minutes")
    ordered = Credential.objects.order_by("kind", "title", "pk")
    return Therapist.objects.select_related("practice", "location").prefetch_related(
        Prefetch("services", active), Prefetch("credentials", ordered)
    )


def _listed(practice: Practice | None) -> QuerySet[Therapist]:
    found = _with_papers().filter(listed_since__isnull=False).order_by("name", "pk")
    return found.filter(practice=practice) if practice is not None else found


def _records(therapists: Sequence[Therapist]) -> Mapping[int, _Record]:
    records: dict[int, _Record] = defaultdict(_Record)
    experience = Experience.objects.filter(therapist__in=therapists)
    for pk, technique, number in (
        experience.values_list("therapist", "technique").annotate(n=Count("pk")).order_by()
    ):
        records[pk].by_technique[technique] = number
    for pk, number in (
        experience.values_list("therapist")
        .annotate(n=Count("appointment_key", distinct=True))
        .order_by()
    ):
        records[pk].signed = number
    reviews = Review.objects.filter(therapist__in=therapists)
    for pk, overall, number in (
        reviews.values_list("therapist", "overall").annotate(n=Count("pk")).order_by()
    ):
        records[pk].scores[overall] = number
    return records


# Rows -----------------------------------------------------------------------------------------


def _card(
    therapist: Therapist, record: _Record, *, wanted: Wanted, person: Person, on: date
) -> TherapistCard:
    services = tuple(
        sorted(_service_rows(therapist, wanted, person), key=lambda one: bool(one.hindrance))
    )
    rows = tuple(papers.row(one, on) for one in therapist.credentials.all())
    return TherapistCard(
        slug=therapist.slug,
        name=therapist.name,
        initials="".join(word[0] for word in therapist.name.split()[:2]).upper(),
        practice=therapist.practice.name,
        location=therapist.location.name,
        address=therapist.location.address,
        languages=tuple(_language(code) for code in therapist.languages),
        credentials=rows,
        signed=record.signed,
        experience=_experience(therapist, record, wanted),
        practising_since=therapist.practising_since,
        rating=rating(record.scores),
        why=_why(therapist, record, services, rows, wanted=wanted, person=person),
        services=services,
    )


def _order(card: TherapistCard) -> tuple[bool, bool, int, str]:
    return (
        not card.bookable,
        not card.badge,
        -sum(number for _name, number in card.experience),
        card.name,
    )


def _service_rows(therapist: Therapist, wanted: Wanted, person: Person) -> Iterable[ServiceRow]:
    names = techniques.names()
    for one in therapist.services.all():
        if wanted.technique not in {"", one.technique} or wanted.minutes not in {None, one.minutes}:
            continue
        hindrance = person.hindrance(one.technique)
        yield ServiceRow(
            id=one.pk,
            technique=one.technique,
            name=names.get(one.technique, one.technique),
            minutes=one.minutes,
            price=price(one.price_minor, therapist.practice.currency),
            hindrance=hindrance,
            why_not=WHY_NOT.get(hindrance, ""),
        )


def _experience(
    therapist: Therapist, record: _Record, wanted: Wanted
) -> tuple[tuple[str, int], ...]:
    """Signed sessions with each technique that is offered here, or with the one wanted."""
    offered = {one.technique for one in therapist.services.all()}
    return tuple(
        (name, record.by_technique[technique])
        for technique, name in techniques.names().items()
        if (technique == wanted.technique if wanted.technique else technique in offered)
    )


def _why(
    therapist: Therapist,
    record: _Record,
    services: Sequence[ServiceRow],
    rows: Sequence[CredentialRow],
    *,
    wanted: Wanted,
    person: Person,
) -> tuple[str, ...]:
    """The named reasons why this therapist fits what the reader asked for or answered."""
    reasons: list[str] = []
    can = {one.technique for one in services if not one.hindrance}
    number = record.by_technique[wanted.technique] if wanted.technique else 0
    if number:
        text = ngettext(
            "%(n)d signed session with %(name)s.", "%(n)d signed sessions with %(name)s.", number
        )
        reasons.append(text % {"n": number, "name": techniques.names()[wanted.technique]})
    if can and not wanted.technique:
        text = ngettext(
            "Offers %(n)d technique that is suggested for you.",
            "Offers %(n)d techniques that are suggested for you.",
            len(can),
        )
        reasons.append(text % {"n": len(can)})
    if wanted.minutes and services:
        reasons.append(_("Offers the %(n)d minutes you want.") % {"n": wanted.minutes})
    if person.language and person.language in therapist.languages:
        reasons.append(_("Speaks %(language)s.") % {"language": _language(person.language)})
    if any(one.state == "checked" for one in rows):
        reasons.append(_("A credential was confirmed on the register in the last 90 days."))
    return tuple(reasons)


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
