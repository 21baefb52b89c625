"""What a manager and a therapist may see of the follow-up of many clients.

Units   chances 0 to 1; counts of sessions and clients.
Errors  none.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from unknot.domain.outcomes import model
from unknot.domain.outcomes.findings import OF_THE_BODY, Better
from unknot.domain.outcomes.gates import bracketed
from unknot.domain.outcomes.practice_view import Share, is_not_improving, not_improving
from unknot.domain.outcomes.series import Session
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.models import DailyCheckIn, Finding
from unknot.journey.follow.reads.findings import BETTER
from unknot.journey.follow.reads.pooled import NAMES, EffectRow, effects, made_at
from unknot.journey.understand.models import InstrumentScore
from unknot.people import access as people
from unknot.people.models import Client, Practice, Purpose, User

#: How far back completeness looks.
RECENT = timedelta(days=90)
#: A second score this long after the first tells how somebody has changed.
FOLLOW_UP = timedelta(days=28)
#: The questionnaire that every battery asks.
QUESTIONNAIRE = "peg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How complete the follow-up of the last 90 days is."""

    sessions: Share  # with a check-in before and one after
    clients: Share  # who answered the questionnaire again after a month or more


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a manager sees of the clients together."""

    effects: tuple[EffectRow, ...]
    made_at: datetime | None
    completeness: Completeness
    not_improving: Share
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlikely:
    """A client of one's own who is unlikely to be a point better, by chance and not by change."""

    key: UUID
    name: str
    outcome: str | Promise
    chance: float

    @property
    def in_hundred(self) -> int:
        """The chance out of 100, never a bare 0."""
        return max(round(100 * self.chance), 1)


class Scored(NamedTuple):
    """One score of the outcome questionnaire."""

    client: int
    at: datetime
    value: float


def view(practice: Practice, *, now: datetime) -> View:
    """The page of a manager; a constant number of queries."""
    gate = model.load().gate
    return View(
        effects=effects(practice),
        made_at=made_at(practice),
        completeness=completeness(practice, now=now),
        not_improving=not_improving(
            [one for _client, one in _main_levels(counted(practice))], least=gate.small_cell
        ),
        needed=gate.practice_clients,
    )


def unlikely_to_improve(actor: User, practice: Practice) -> list[tuple[Client, Unlikely]]:
    """One's own clients who are unlikely to be a point better, and who share that; 4 queries.

    Pain and stiffness belong to the body answers, the others to those of the mind.
    """
    treated = people.clients_in_care(actor, practice)
    body, mind = (
        frozenset(people.who_consent_to(purpose).filter(client__in=treated))
        for purpose in (Purpose.SHARE_BODY, Purpose.SHARE_MIND)
    )
    rows = []
    for client, better in _main_levels(treated):
        shared = body if better.outcome in OF_THE_BODY else mind
        if client.pk in shared and is_not_improving(better) and better.p_point is not None:
            row = Unlikely(
                key=client.key,
                name=client.name,
                outcome=NAMES[better.outcome],
                chance=better.p_point,
            )
            rows.append((client, row))
    return rows


def completeness(practice: Practice, *, now: datetime) -> Completeness:
    """How many sessions stand between check-ins, and whose questionnaire came again; 5 queries."""
    least = model.load().gate.small_cell
    agreed = frozenset(one.pk for one in counted(practice))
    sessions = _sessions(practice, since=now - RECENT)
    asked = {one: sessions[one] for one in sessions if one in agreed}
    rated = _rated(asked, since=now - RECENT - timedelta(days=7))
    between = sum(len(bracketed(rated.get(one, ()), some)) for one, some in asked.items())
    again = _answered_again(asked)
    return Completeness(
        sessions=Share(part=between, whole=sum(map(len, asked.values())), least=least),
        clients=Share(part=len(again), whole=len(asked), least=least),
    )


def scored(clients: Collection[int]) -> list[Scored]:
    """Every score of the outcome questionnaire of these clients, oldest first; 1 query."""
    own = Q(checkin__client__in=clients, checkin__completed_at__isnull=False)
    rows = (
        InstrumentScore.objects.filter(own | Q(followup__client__in=clients))
        .filter(instrument=QUESTIONNAIRE, value__isnull=False)
        .annotate(
            whose=Coalesce("checkin__client_id", "followup__client_id"),
            at=Coalesce("checkin__completed_at", "followup__answered_at"),
        )
        .order_by("at", "pk")
    )
    return [
        Scored(client=whose, at=at, value=float(value))
        for whose, at, value in rows.values_list("whose", "at", "value")
        if value is not None
    ]


def counted(practice: Practice) -> tuple[Client, ...]:
    """The clients of a practice whose answers may be used."""
    agreed = people.who_consent_to(Purpose.CARE)
    return tuple(Client.objects.filter(practice=practice, pk__in=agreed))


def _main_levels(clients: Iterable[Client]) -> list[tuple[Client, Better]]:
    """How the main outcome of each client moved, as the newest fit says; 1 query."""
    by_pk = {client.pk: client for client in clients}
    newest = Finding.objects.filter(client__in=by_pk).order_by("client", "-made_at", "-pk")
    rows = []
    for one in newest.distinct("client"):
        moved = BETTER.validate_python(one.better)
        main = next((row for row in moved if row.outcome == one.inputs.get("main", "pain")), None)
        if main is not None:
            rows.append((by_pk[one.client_id], main))
    return sorted(rows, key=lambda row: row[0].name)


def _sessions(practice: Practice, *, since: datetime) -> dict[int, list[Session]]:
    found = Appointment.objects.filter(
        therapist__practice=practice, status=Status.ATTENDED, start__gte=since, client__isnull=False
    ).values_list("client_id", "start", "end", "service__technique", "service__minutes")
    rows: dict[int, list[Session]] = {}
    for client, start, end, technique, minutes in found:
        if client is not None:
            session = Session(start=start, end=end, technique=technique, minutes=minutes)
            rows.setdefault(client, []).append(session)
    return rows


def _rated(clients: Collection[int], *, since: datetime) -> dict[int, list[datetime]]:
    found = DailyCheckIn.objects.filter(client__in=clients, answered_at__gte=since)
    rows: dict[int, list[datetime]] = {}
    for client, at in found.values_list("client_id", "answered_at"):
        rows.setdefault(client, []).append(at)
    return rows


def _answered_again(clients: Collection[int]) -> frozenset[int]:
    """Who filled in the outcome questionnaire again, four weeks or more after the first time."""
    first: dict[int, datetime] = {}
    again = set()
    for one in scored(clients):
        if one.at - first.setdefault(one.client, one.at) >= FOLLOW_UP:
            again.add(one.client)
    return frozenset(again)
