"""Reads about who and what can be chosen; rows that are ready to be shown, nothing written.

Units   minutes; `on` is the day it is for the reader; prices are written out with the currency.
Errors  Missing for a therapist who is not listed, KeyError for an unknown technique.
Source  credentials.py, reviews.py, techniques.py: the rules behind each row
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max, Min, Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from unknot.journey.choose import access, credentials, techniques
from unknot.journey.choose.models import Credential, Experience, Review, Service, Therapist
from unknot.journey.choose.prices import price
from unknot.journey.choose.reviews import Rating, rating
from unknot.journey.understand import reads as understand
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Practice

Text = str | Promise
DAY = "j F Y"
NEWEST_REVIEWS = 50

#: Why a service cannot be booked by this person, in words; the key "" means that it can.
WHY_NOT: dict[str, Text] = {
    "unknown": gettext_lazy("Check in first"),
    "clearance": gettext_lazy("Needs a clinician's agreement first"),
    "left_out": gettext_lazy("Not offered to you"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for; nothing chosen means all of it."""

    technique: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of the reader; the defaults stand for somebody without a check-in."""

    guided: techniques.Guided | None = None
    language: str = ""

    def hindrance(self, technique: str) -> str:
        """Say what keeps this person from booking `technique`: a key of WHY_NOT, or nothing."""
        if self.guided is None:
            return "unknown"
        if technique in self.guided.bookable:
            return ""
        waits = {one.technique.id for one in self.guided.clearance}
        return "clearance" if technique in waits else "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRow:
    """One credential: what it is, who says so, and whether it earned the badge."""

    text: str
    state: str  # "checked", "caution" or "none"
    checked: date | None


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


@dataclass(slots=True, kw_only=True)
class _Record:
    """Counted sessions and reviews of one therapist."""

    signed: int = 0
    by_technique: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)


def guided(checkin: CheckIn, on: date) -> techniques.Guided:
    """The guided list for a completed check-in on a day."""
    return techniques.guided(understand.guidance_of(checkin, on))


def service(pk: int) -> Service | None:
    """One active service with its practice, None when there is none."""
    return Service.objects.select_related("practice").filter(pk=pk, active=True).first()


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


def verified(credential: Credential, on: date) -> bool:
    """Whether a credential earns the badge on a day."""
    return credentials.verified(credential, on=on)


def papers(therapist: Therapist, on: date) -> tuple[CredentialRow, ...]:
    """Every credential of one therapist, as their page shows it; 1 query."""
    found = therapist.credentials.order_by("kind", "title", "pk")
    return tuple(_credential_row(one, on) for one in found)


# Queries --------------------------------------------------------------------------------------


def _services(practice: Practice | None) -> QuerySet[Service]:
    found = Service.objects.filter(active=True, therapists__listed_since__isnull=False)
    return found.filter(practice=practice) if practice is not None else found


def _with_papers() -> QuerySet[Therapist]:
    active = Service.objects.filter(active=True).order_by("technique", "minutes")
    papers = Credential.objects.order_by("kind", "title", "pk")
    return Therapist.objects.select_related("practice", "location").prefetch_related(
        Prefetch("services", active), Prefetch("credentials", papers)
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
    papers = tuple(_credential_row(one, on) for one in therapist.credentials.all())
    return TherapistCard(
        slug=therapist.slug,
        name=therapist.name,
        initials="".join(word[0] for word in therapist.name.split()[:2]).upper(),
        practice=therapist.practice.name,
        location=therapist.location.name,
        address=therapist.location.address,
        languages=tuple(_language(code) for code in therapist.languages),
        credentials=papers,
        signed=record.signed,
        experience=_experience(therapist, record, wanted),
        practising_since=therapist.practising_since,
        rating=rating(record.scores),
        why=_why(therapist, record, services, papers, wanted=wanted, person=person),
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
    papers: Sequence[CredentialRow],
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
    if any(one.state == "checked" for one in papers):
        reasons.append(_("A credential was confirmed on the register in the last 90 days."))
    return tuple(reasons)


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _credential_row(one: Credential, on: date) -> CredentialRow:
    standing = credentials.standing(one, on=on)
    text = f"{_called(one)}: {_stands(one, standing)}"
    if standing == "verified":
        return CredentialRow(text=text, state="checked", checked=one.checked_on)
    state = "caution" if standing in {"restricted", "expired"} else "none"
    return CredentialRow(text=text, state=state, checked=None)


def _called(one: Credential) -> str:
    parts = (" ".join(filter(None, (one.title, one.number))), one.issuer or one.jurisdiction)
    return ", ".join(part for part in parts if part)


def _stands(one: Credential, standing: credentials.Standing) -> str:
    """Who says what about a credential, and when they looked."""
    day = date_format(one.checked_on, DAY) if one.checked_on else _("an unknown day")
    match standing:
        case "verified":
            return _("active on the register")
        case "stale":
            return _("seen active on the register on %s, too long ago to rely on") % day
        case "expired" if one.expires_on is not None:
            return _("ran out on %s") % date_format(one.expires_on, DAY)
        case "expired" | "restricted":
            label = Credential.Status(one.status).label
            return _("%(status)s, as of %(day)s") % {"status": label, "day": day}
        case "claimed":
            return _claimed(one, day)


def _claimed(one: Credential, day: str) -> str:
    match Credential.Method(one.method):
        case Credential.Method.DOCUMENT:
            return _("a document was shown on %s; no register confirmed it") % day
        case Credential.Method.ROSTER:
            return _("listed in a roster, which confirms nothing")
        case Credential.Method.REGISTER:
            return _("the register did not show it as active on %s") % day
        case Credential.Method.SELF:
            return _("the therapist's own word, not checked")


def _range(low: int, high: int, currency: str) -> str:
    if low == high:
        return price(low, currency)
    return _("%(low)s to %(high)s") % {"low": price(low, currency), "high": price(high, currency)}
