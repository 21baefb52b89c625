"""Who was followed, by whom they were treated, and what they came with; for the nightly pool.

Units   points of the outcome questionnaire; months of pain and years of age at the first answer.
Errors  none.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.reads.practice import FOLLOW_UP, Scored, scored
from unknot.journey.understand.models import CheckIn, CheckInState
from unknot.people.models import Client

One = TypeVar("One", int, str)

#: Somebody came on fixed dates when nearly all their sessions were of a series.
NEARLY_ALL = 0.8
MONTH_DAYS = 30.4


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedUp:
    """One client with a first and a later score, at least four weeks apart."""

    therapist: int
    technique: str
    baseline: float
    change: float
    months: float | None
    age: float | None
    sessions: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """What a client said when they came."""

    age: int | None
    onset_on: date | None


def followed(clients: Collection[int]) -> tuple[FollowedUp, ...]:
    """Every client with follow-up and a session in between; 3 queries.

    The therapist and the technique are those of most sessions; a tie goes to the first.
    """
    came, sessions = _came(clients), _sessions(clients)
    return tuple(
        FollowedUp(
            therapist=_most(therapist for therapist, _technique in between),
            technique=_most(technique for _therapist, technique in between),
            baseline=first.value,
            change=last.value - first.value,
            months=_months(came.get(first.client), first.at),
            age=_age(came.get(first.client)),
            sessions=float(len(between)),
        )
        for first, last in _pairs(clients)
        if (between := _between(sessions.get(first.client, ()), first, last))
    )


def on_fixed_dates(clients: Sequence[Client]) -> frozenset[int]:
    """Which of these clients came on dates that were fixed beforehand; 1 query."""
    found = Appointment.objects.filter(client__in=clients, status=Status.ATTENDED)
    attended, planned = Counter[int](), Counter[int]()
    for client, series in found.values_list("client_id", "series_id"):
        if client is not None:
            attended[client] += 1
            planned[client] += series is not None
    return frozenset(one for one in attended if planned[one] >= NEARLY_ALL * attended[one])


def _pairs(clients: Collection[int]) -> Iterator[tuple[Scored, Scored]]:
    """The first and the last score of each client, where they lie far enough apart."""
    first: dict[int, Scored] = {}
    last: dict[int, Scored] = {}
    for one in scored(clients):
        first.setdefault(one.client, one)
        last[one.client] = one
    for client, one in first.items():
        if last[client].at - one.at >= FOLLOW_UP:
            yield one, last[client]


def _came(clients: Collection[int]) -> dict[int, _Came]:
    """What was said in the first completed check-in of each client."""
    found = CheckIn.objects.filter(client__in=clients, state=CheckInState.COMPLETED)
    rows: dict[int, _Came] = {}
    for client, age, onset_on in found.order_by("completed_at").values_list(
        "client_id", "age", "onset_on"
    ):
        if client is not None:
            rows.setdefault(client, _Came(age=age, onset_on=onset_on))
    return rows


def _sessions(clients: Collection[int]) -> dict[int, list[tuple[datetime, int, str]]]:
    found = Appointment.objects.filter(client__in=clients, status=Status.ATTENDED).order_by("start")
    rows: dict[int, list[tuple[datetime, int, str]]] = {}
    for client, start, therapist, technique in found.values_list(
        "client_id", "start", "therapist_id", "service__technique"
    ):
        if client is not None:
            rows.setdefault(client, []).append((start, therapist, technique))
    return rows


def _between(
    sessions: Sequence[tuple[datetime, int, str]], first: Scored, last: Scored
) -> list[tuple[int, str]]:
    return [(whose, what) for start, whose, what in sessions if first.at <= start <= last.at]


def _most(values: Iterable[One]) -> One:
    return Counter(values).most_common(1)[0][0]


def _months(came: _Came | None, at: datetime) -> float | None:
    if came is None or came.onset_on is None:
        return None
    return max((at.date() - came.onset_on).days, 0) / MONTH_DAYS


def _age(came: _Came | None) -> float | None:
    return None if came is None or came.age is None else float(came.age)
