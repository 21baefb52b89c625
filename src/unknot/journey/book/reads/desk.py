"""What the desk reads: clients by a few letters, a day to book, who waits, who is not booked.

Names, telephone numbers and times; never a word about health.

Units   aware datetimes; days of the practice's zone.
Errors  none.
Source  docs/decisions/0004-roles-and-rights.md
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, F, FloatField, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Greatest, Lower
from django.utils.translation import gettext

from unknot.domain.calendar import slots
from unknot.journey.book import access
from unknot.journey.book.models import Appointment, Awaits, BlockedPerson, Status
from unknot.journey.book.reads import booked, decision, why
from unknot.journey.book.reads.decision import Question, Wanted
from unknot.journey.choose.models import Service
from unknot.journey.choose.reads import leave as leaves
from unknot.people.models import Client, Practice, User

#: No more clients than a person reads through at a glance.
MOST_FOUND: Final = 20
#: How alike, from 0 to 1, a name or a mail address must be to what was typed.
ALIKE: Final = 0.4
#: Fewer digits are in too many numbers.
FEWEST_DIGITS: Final = 3
PHONE: Final = re.compile(r"[0-9+()/.\-\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One client of the practice, as the desk knows them."""

    key: UUID
    name: str
    phone: str
    has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One service with one therapist, to be chosen from a list."""

    value: str
    therapist: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start of a day: the instant as a form sends it, and the clock on the wall."""

    value: str
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What there is to say about one start; `reason` and `for_client` are empty when it is free.

    `with_reason` says that staff may book it if they write down why.
    """

    start: Start
    reason: str
    for_client: str
    with_reason: bool

    @property
    def is_free(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One day of a therapist: what is free, what is with a reason, and the start asked about."""

    free: tuple[Start, ...]
    with_reason: tuple[Start, ...]
    answer: Answer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Where an appointment can go on some days: the starts that are free, and with a reason."""

    free: tuple[datetime, ...]
    with_reason: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedRow:
    """Somebody whom the practice does not book by itself, and why: staff alone read it."""

    pk: int
    who: str
    reason: str
    by: str
    since: datetime


def find_clients(actor: User, practice: Practice, text: str) -> tuple[Found, ...]:
    """Clients by name, telephone or mail, the nearest first, twenty at most; 2 queries.

    Accents, capitals and slips are forgiven. A therapist finds only those whom they treat.
    """
    asked = text.strip()[:120]
    if not asked:
        return ()
    found = Client.objects.filter(practice=practice).select_related("user")
    if not access.at_desk(actor, practice):
        found = found.filter(carerelation__therapist_user=actor, carerelation__until__isnull=True)
    found = _by_phone(found, asked) if PHONE.fullmatch(asked) else _by_words(found, asked)
    return tuple(
        Found(key=one.key, name=one.name, phone=one.phone, has_account=one.user_id is not None)
        for one in found[:MOST_FOUND]
    )


def _by_phone(found: QuerySet[Client], asked: str) -> QuerySet[Client]:
    """Those whose number contains the digits: spaces, signs and a leading 0 or 00 do not count."""
    digits = re.sub(r"\D", "", asked).lstrip("0")
    if len(digits) < FEWEST_DIGITS:
        return found.none()
    stored = _without(r"\D", F("phone"))
    return found.annotate(digits=stored).filter(digits__contains=digits).order_by("name", "pk")


def phone_key(phone: F | Value) -> Func:
    """What two spellings of a number share: its digits, a leading + or 00 left out; 0 queries."""
    return _without("^00", _without(r"\D", phone))


def _without(pattern: str, text: F | Value | Func) -> Func:
    return Func(
        text, Value(pattern), Value(""), Value("g"),
        function="REGEXP_REPLACE", output_field=TextField(),
    )  # fmt: skip


def _by_words(found: QuerySet[Client], asked: str) -> QuerySet[Client]:
    words = _folded(Value(asked, output_field=TextField()))
    name, email = _folded(F("name")), Lower(F("user__email"))
    alike = Greatest(_alike(words, name, whole=True), _alike(words, name))
    if "@" in asked or " " not in asked:
        alike = Greatest(alike, _alike(words, email))
    near = found.annotate(plain=name, words=words, alike=alike)
    holds = Q(plain__contains=F("words")) | Q(user__email__icontains=asked)
    return near.filter(holds | Q(alike__gte=ALIKE)).order_by("-alike", "name", "pk")


def _folded(text: F | Value) -> Func:
    return Func(Lower(text), function="UNACCENT", output_field=TextField())


def _alike(words: Func, text: Func, *, whole: bool = False) -> Func:
    name = "SIMILARITY" if whole else "WORD_SIMILARITY"
    return Func(words, text, function=name, output_field=FloatField())


def offers(actor: User, practice: Practice) -> tuple[Offer, ...]:
    """What this person may book, by therapist; a session for two is arranged by its clients.

    2 queries.
    """
    whose = Q(therapists__listed_since__isnull=False)
    if not access.at_desk(actor, practice):
        whose &= Q(therapists__user=actor)
    found = Service.objects.filter(whose, practice=practice, active=True, for_two=False)
    rows = found.order_by("therapists__name", "technique", "minutes").values_list(
        "therapists__slug", "therapists__name", "pk", "technique", "minutes"
    )
    return tuple(
        Offer(
            value=f"{slug}:{pk}",
            therapist=name,
            label=f"{booked.technique_name(technique)}, {minutes} min",
        )
        for slug, name, pk, technique, minutes in rows
    )


def sheet(wanted: Wanted, day: date, *, now: datetime, at: datetime | None = None) -> Sheet:
    """A day to book from by the one decision, and what it says of the start `at`.

    As many queries as `decision.ask`.
    """
    leave = leaves.of(wanted.therapist)
    question = decision.ask(wanted, day, day, now=now, leave=leave)
    free = [slot.start for slot in question.offered(day, day, now=now)]
    eased = [slot.start for slot in question.for_staff().offered(day, day, now=now)]
    return Sheet(
        free=tuple(_start(one, question) for one in free),
        with_reason=tuple(_start(one, question) for one in sorted(set(eased) - set(free))),
        answer=_answer(wanted, question, at, now=now) if at is not None else None,
    )


def moves(wanted: Wanted, number: int, first: date, last: date, *, now: datetime) -> Moves:
    """Where the appointment `number` of `wanted` can go from `first` to `last`, without itself.

    As many queries as `decision.ask`.
    """
    question = decision.ask(wanted, first, last, now=now, without=[number])
    free = {slot.start for slot in question.offered(first, last, now=now)}
    eased = {slot.start for slot in question.for_staff().offered(first, last, now=now)}
    return Moves(free=tuple(sorted(free)), with_reason=tuple(sorted(eased - free)))


def answer_for_move(wanted: Wanted, number: int, start: datetime, *, now: datetime) -> Answer:
    """What the one decision says of moving there; as many queries as `decision.ask`."""
    day = start.astimezone(wanted.practice.tz).date()
    return _answer(
        wanted, decision.ask(wanted, day, day, now=now, without=[number]), start, now=now
    )


def answer(wanted: Wanted, start: datetime, *, now: datetime) -> Answer:
    """What the one decision says of a start; as many queries as `decision.ask`."""
    day = start.astimezone(wanted.practice.tz).date()
    return _answer(wanted, decision.ask(wanted, day, day, now=now), start, now=now)


def _answer(wanted: Wanted, question: Question, start: datetime, *, now: datetime) -> Answer:
    told = question.decide(start, now=now)
    if isinstance(told, slots.Assigned):
        return Answer(start=_start(start, question), reason="", for_client="", with_reason=False)
    case = why.Case(
        refused=told, question=question, start=start, now=now, therapist=wanted.therapist.name
    )
    eased = question.for_staff().decide(start, now=now)
    return Answer(
        start=_start(start, question),
        reason=why.sentence(case),
        for_client=gettext(told.reason.value),
        with_reason=isinstance(eased, slots.Assigned),
    )


def _start(start: datetime, question: Question) -> Start:
    return Start(value=start.isoformat(), time=f"{start.astimezone(question.zone):%H:%M}")


def waiting(
    actor: User, practice: Practice, *, now: datetime
) -> Mapping[str, tuple[booked.Row, ...]]:
    """What waits for the practice and for the safety questions, soonest first; 2 to 3 queries."""
    found = _waiting(actor, practice, now).select_related(
        "therapist__practice", "therapist__location", "service", "client"
    )
    rows = booked.rows(found.order_by("start", "pk"))
    return {
        name: tuple(row for row in rows if row.awaits == name)
        for name in (Awaits.PRACTICE, Awaits.SCREENING)
    }


def counts(actor: User, practice: Practice, *, now: datetime) -> Mapping[str, int]:
    """How many of each kind wait; 2 queries."""
    found = _waiting(actor, practice, now).values("awaits").annotate(n=Count("pk"))
    told = {row["awaits"]: row["n"] for row in found.order_by()}
    return {name: told.get(name, 0) for name in (Awaits.PRACTICE, Awaits.SCREENING)}


def _waiting(actor: User, practice: Practice, now: datetime) -> QuerySet[Appointment]:
    found = Appointment.objects.filter(
        therapist__practice=practice,
        status=Status.PENDING,
        client__isnull=False,
        booked_at__isnull=False,
        end__gt=now,
    )
    return found if access.at_desk(actor, practice) else found.filter(therapist__user=actor)


def blocked(practice: Practice) -> tuple[BlockedRow, ...]:
    """Whom the practice does not book by itself, newest first; 1 query."""
    found = BlockedPerson.objects.filter(practice=practice, ended_at__isnull=True)
    return tuple(
        BlockedRow(
            pk=one.pk,
            who=one.client.name if one.client else one.email or one.phone,
            reason=one.reason,
            by=one.by.name or one.by.email,
            since=one.since,
        )
        for one in found.select_related("client", "by").order_by("-since", "-pk")
    )


def is_blocked(practice: Practice | int, client: Client) -> bool:
    """Whether a client, their mail address or their telephone is on the block list; 1 query."""
    about = Q(client=client)
    if client.user is not None:
        about |= Q(email__iexact=client.user.email)
    found = BlockedPerson.objects.filter(practice=practice, ended_at__isnull=True)
    if client.phone:
        found = found.alias(number=phone_key(F("phone")))
        about |= Q(number=phone_key(Value(client.phone))) & ~Q(number="")
    return found.filter(about).exists()
