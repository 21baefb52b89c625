"""The listed therapists: the cards of one page of the directory, and each one's own page.

Units   minutes; kilometres; prices are written out with the currency; `now` is aware, and days
        are those of the therapist's own practice.
Errors  Missing for a therapist who is not listed.
Source  reads/directory.py: who is found and in which order; domain/credentials, domain/reviews.py
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from unknot.domain.reviews import Rating, rating
from unknot.journey.choose import access
from unknot.journey.choose.models import (
    Credential,
    Experience,
    Service,
    TechniqueCount,
    Therapist,
)
from unknot.journey.choose.reads import directory, leave, papers, reasons, reviews, techniques
from unknot.journey.choose.reads.directory import Found, Hit, Wanted
from unknot.journey.choose.reads.leave import Leave
from unknot.journey.choose.reads.offers import AREAS
from unknot.journey.choose.reads.papers import CredentialRow
from unknot.journey.choose.reads.person import WHY_NOT, Person, Text
from unknot.people.models import Practice
from unknot.web import money

#: What stands in the place of "See times"; no more than that a credential is not in place.
NOT_BOOKABLE: Final = leave.SENTENCES | {
    "run_out": gettext_lazy("A credential that this therapist needs has run out."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """Something to book, with what keeps this person from it."""

    id: int
    technique: str
    name: str
    minutes: int
    price: str
    amount: str  # the price without its currency
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
    currency: str
    distance: str  # empty when nobody asked how far it is
    step_free: bool | None  # None: nobody has said
    gender: str
    areas: tuple[str, ...]
    languages: tuple[str, ...]
    credentials: tuple[CredentialRow, ...]
    trainings: tuple[CredentialRow, ...]
    signed: int
    experience: tuple[tuple[str, int], ...]
    practising_since: int | None
    rating: Rating
    why: tuple[str, ...]
    closed: Text  # why nobody can book here, or empty
    services: tuple[ServiceRow, ...]

    @property
    def badge(self) -> bool:
        """Whether a register has lately confirmed what somebody practises by: `BADGE_KINDS`."""
        return any(one.badge for one in self.credentials)

    @property
    def bookable(self) -> bool:
        """Whether this person can book something here."""
        return not self.closed and any(not one.hindrance for one in self.services)

    @property
    def first(self) -> ServiceRow | None:
        """The service that is shown before the others: the first that can be booked."""
        return self.services[0] if self.services else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPage:
    """One page of the list."""

    found: Found
    cards: tuple[TherapistCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistPage:
    """One therapist, whole; the coordinates only when the practice has given them."""

    card: TherapistCard
    about: str
    phone: str
    latitude: float | None
    longitude: float | None
    prices: str
    reviews: reviews.Reviews


@dataclass(slots=True, kw_only=True)
class _Record:
    """Counted sessions, reviews and the leave of one therapist."""

    leave: Leave
    signed: int = 0
    by_technique: Counter[str] = field(default_factory=Counter)
    rating: Rating = field(default_factory=lambda: rating({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """What the rows of a card depend on besides the therapist."""

    wanted: Wanted
    person: Person
    now: datetime


def directory_page(
    practice: Practice | None, *, wanted: Wanted, person: Person, now: datetime
) -> DirectoryPage:
    """One page of the list, in the order of reads/directory; 9 queries at most."""
    found = directory.search(wanted, practice=practice, person=person, now=now)
    return DirectoryPage(
        found=found, cards=cards(found.hits, wanted=wanted, person=person, now=now)
    )


def cards(
    hits: Sequence[Hit], *, wanted: Wanted, person: Person, now: datetime
) -> tuple[TherapistCard, ...]:
    """The cards of what was found, in the same order; 7 queries, however many they are."""
    whole = {each.pk: each for each in _with_papers().filter(pk__in=[hit.pk for hit in hits])}
    records = _records(tuple(whole.values()))
    reader = _Reader(wanted=wanted, person=person, now=now)
    return tuple(_card(whole[hit.pk], records[hit.pk], reader, hit) for hit in hits)


def therapist_page(slug: str, *, person: Person, now: datetime) -> TherapistPage:
    """One listed therapist with their reviews, newest first; raises Missing."""
    therapist = access.listed_therapist(slug)
    whole = _with_papers().get(pk=therapist.pk)
    said = reviews.of_therapist(whole)
    record = _records([whole], ratings={whole.pk: said.rating})[whole.pk]
    card = _card(whole, record, _Reader(wanted=Wanted(), person=person, now=now), None)
    return TherapistPage(
        card=card,
        about=whole.about,
        phone=whole.practice.phone,
        latitude=whole.location.latitude,
        longitude=whole.location.longitude,
        prices=_prices(whole),
        reviews=said,
    )


def _with_papers() -> QuerySet[Therapist]:
    active = Service.objects.filter(active=True).order_by("technique", "minutes")
    return Therapist.objects.select_related("practice", "location").prefetch_related(
        Prefetch("services", active), Prefetch("credentials", papers.ordered())
    )


def _records(
    therapists: Sequence[Therapist], ratings: Mapping[int, Rating] | None = None
) -> Mapping[int, _Record]:
    leaves = leave.of_many(therapists)
    records = {one.pk: _Record(leave=leaves[one.pk]) for one in therapists}
    counts = TechniqueCount.objects.filter(therapist__in=therapists)
    for pk, technique, number in counts.values_list("therapist", "technique", "sessions"):
        records[pk].by_technique[technique] = number
    experience = Experience.objects.filter(therapist__in=therapists).values_list("therapist")
    for pk, number in experience.annotate(n=Count("appointment_key", distinct=True)).order_by():
        records[pk].signed = number
    for pk, summed in (ratings or reviews.ratings(therapists)).items():
        records[pk].rating = summed
    return records


# Rows -----------------------------------------------------------------------------------------


def _card(therapist: Therapist, record: _Record, reader: _Reader, hit: Hit | None) -> TherapistCard:
    services, on = _services(therapist, reader), _today(therapist, reader)
    languages = tuple(language(code) for code in therapist.languages)
    return TherapistCard(
        slug=therapist.slug,
        name=therapist.name,
        initials="".join(word[0] for word in therapist.name.split()[:2]).upper(),
        practice=therapist.practice.name,
        location=therapist.location.name,
        address=therapist.location.address,
        currency=therapist.practice.currency,
        distance=reasons.distance(hit.km) if hit and reader.wanted.place else "",
        step_free=therapist.location.step_free,
        gender=therapist.get_gender_display(),
        areas=tuple(str(AREAS[area]) for area in therapist.areas if area in AREAS),
        languages=languages,
        credentials=_credentials(therapist, on),
        trainings=_trainings(therapist, on),
        signed=record.signed,
        experience=_experience(therapist, record, reader.wanted),
        practising_since=therapist.practising_since,
        rating=record.rating,
        why=_why(therapist, record, services, reader, hit) if hit else (),
        closed=_closed(therapist, record, on),
        services=services,
    )


def _today(therapist: Therapist, reader: _Reader) -> date:
    return reader.now.astimezone(therapist.practice.tz).date()


def _credentials(therapist: Therapist, on: date) -> tuple[CredentialRow, ...]:
    """All but the trainings, those with the badge first."""
    own = [one for one in therapist.credentials.all() if one.kind != Credential.Kind.TRAINING]
    rows = [papers.row(one, on) for one in own]
    return tuple(sorted(rows, key=lambda row: (not row.badge, row.state != "checked")))


def _trainings(therapist: Therapist, on: date) -> tuple[CredentialRow, ...]:
    own = [one for one in therapist.credentials.all() if one.kind == Credential.Kind.TRAINING]
    return tuple(papers.row(one, on) for one in own)


def _closed(therapist: Therapist, record: _Record, on: date) -> Text:
    """Why no day that can be booked is open; empty when one is."""
    why = record.leave.closed(on)
    if why is None:
        return ""
    coming = (on + timedelta(days=n + 1) for n in range(therapist.practice.horizon_days))
    if any(record.leave.closed(day) is None for day in coming):
        return ""
    return NOT_BOOKABLE[why.why]


def _services(therapist: Therapist, reader: _Reader) -> tuple[ServiceRow, ...]:
    """What fits and can be booked first, in the order of the reader's own suggestions."""
    guided = reader.person.guided
    ranks = {one.technique.id: one.place for one in guided.suggestions} if guided else {}
    rows = [
        _service(one, therapist.practice.currency, reader.person)
        for one in therapist.services.all()
        if _fits(one, reader.wanted)
    ]
    last = len(ranks) + 1
    rows.sort(key=lambda row: (bool(row.hindrance), ranks.get(row.technique, last)))
    return tuple(rows)


def _fits(one: Service, wanted: Wanted) -> bool:
    return (
        wanted.technique in {"", one.technique}
        and wanted.minutes in {None, one.minutes}
        and (wanted.most_minor is None or one.price_minor <= wanted.most_minor)
    )


def _service(one: Service, currency: str, person: Person) -> ServiceRow:
    hindrance = person.hindrance(one.technique)
    return ServiceRow(
        id=one.pk,
        technique=one.technique,
        name=techniques.names().get(one.technique, one.technique),
        minutes=one.minutes,
        price=money.price(one.price_minor, currency),
        amount=money.amount(one.price_minor, currency),
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


def _prices(therapist: Therapist) -> str:
    found = sorted(one.price_minor for one in therapist.services.all())
    currency = therapist.practice.currency
    if not found:
        return ""
    if found[0] == found[-1]:
        return money.price(found[0], currency)
    low, high = money.price(found[0], currency), money.price(found[-1], currency)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _why(
    therapist: Therapist,
    record: _Record,
    services: Sequence[ServiceRow],
    reader: _Reader,
    hit: Hit,
) -> tuple[str, ...]:
    """Each key that put somebody where they are, then what fits what was asked for."""
    can = {one.technique for one in services if not one.hindrance} if hit.bookable else set()
    yes = [
        _suggested(len(can)) if can and not reader.wanted.technique else "",
        *reasons.of_keys(hit, reader.wanted, record.by_technique, record.rating),
        *reasons.of_filters(reader.wanted, practice_step_free=bool(therapist.location.step_free)),
        _speaks(therapist, reader),
    ]
    return tuple(one for one in yes if one)


def _suggested(number: int) -> str:
    text = ngettext(
        "Offers %(n)d technique that is suggested for you.",
        "Offers %(n)d techniques that are suggested for you.",
        number,
    )
    return text % {"n": number}


def _speaks(therapist: Therapist, reader: _Reader) -> str:
    wanted = (reader.wanted.language, reader.person.language)
    spoken = [code for code in dict.fromkeys(wanted) if code and code in therapist.languages]
    if not spoken:
        return ""
    return _("Speaks %(language)s.") % {"language": ", ".join(language(one) for one in spoken)}


def language(code: str) -> str:
    """The name of a language for the reader, or its code when it has none here."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
