"""Reads about stops and calls: who is on hold, whom the practice should telephone.

Nothing here writes. What was answered is only for who may record a clinician's word.

Units   aware datetimes.
Errors  none.
Source  docs/decisions/0009-a-stop-is-not-a-state.md
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from unknot.domain.screening import catalogue as screening
from unknot.journey.understand.models import (
    CallBack,
    CheckIn,
    SafetyStop,
)
from unknot.people.models import Client, Practice


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A red flag with its question, as staff read it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """A safety stop with what was answered: only for who may clear it."""

    key: UUID
    who: str
    urgency: str
    action: str
    questions: tuple[Question, ...]
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackRow:
    """Somebody to telephone: who and since when, never why; no urgency without an open stop."""

    key: UUID
    asked: bool  # whether a call was asked for, or follows from a stop
    name: str
    phone: str
    urgency: str
    opened_at: datetime
    done_at: datetime | None


def open_stop_of(checkin: CheckIn) -> SafetyStop | None:
    """The open stop of this check-in, or of its client."""
    about = Q(checkin=checkin)
    if checkin.client_id is not None:
        about |= Q(client_id=checkin.client_id)
    return _stops().filter(about, ended_at__isnull=True).order_by("opened_at", "pk").first()


def is_on_hold(client: Client) -> bool:
    """Whether a stop of this client is open: their appointments wait."""
    return SafetyStop.objects.filter(client=client, ended_at__isnull=True).exists()


def clients_on_hold(clients: Iterable[int]) -> set[int]:
    """Which of these clients (primary keys) have an open stop."""
    held = SafetyStop.objects.filter(client__in=list(clients), ended_at__isnull=True)
    return {key for key in held.values_list("client_id", flat=True) if key is not None}


def stop_rows(practice: Practice) -> tuple[StopRow, ...]:
    """The open stops of a practice with what was answered, oldest first: for who may clear."""
    stops = _stops().filter(practice=practice, ended_at__isnull=True).order_by("opened_at", "pk")
    return tuple(stop_row(stop) for stop in stops)


def stop_row(stop: SafetyStop) -> StopRow:
    """One stop with the questions that were answered yes or not sure; none once it has ended."""
    table = screening.load()
    call = getattr(stop.checkin, "call_back", None)
    return StopRow(
        key=stop.checkin.key,
        who=stop.client.name if stop.client else (call.name if call else ""),
        urgency=stop.urgency,
        action=table.level(stop.urgency).action,
        questions=tuple(
            Question(id=flag, text=table.red_flag(flag).question)
            for flag in (stop.flags if stop.ended_at is None else ())
        ),
        opened_at=stop.opened_at,
        ended_at=stop.ended_at,
    )


def call_backs(practice: Practice, *, done: bool = False) -> tuple[CallBackRow, ...]:
    """Who the practice should telephone, most urgent first; with `done` who it has called."""
    rows = (
        CallBack.objects.filter(practice=practice, done_at__isnull=not done)
        .select_related("checkin__stop", "checkin__client", "checkin__call_back")
        .order_by("opened_at", "pk")
    )
    ranks = {str(level.id): level.rank for level in screening.load().levels}
    found = [call_back_row(row.checkin) for row in rows]
    return tuple(sorted(found, key=lambda row: -ranks.get(row.urgency, 0)))


def call_back_row(checkin: CheckIn) -> CallBackRow:
    """Whom to call about a check-in; without a call asked for, since it was answered."""
    call = getattr(checkin, "call_back", None) or CallBack(opened_at=checkin.changed_at)
    client, stop = checkin.client, getattr(checkin, "stop", None)
    return CallBackRow(
        key=checkin.key,
        asked=call.pk is not None,
        name=call.name or (client.name if client else ""),
        phone=call.phone or (client.phone if client else ""),
        urgency=stop.urgency if stop is not None and stop.ended_at is None else "",
        opened_at=call.opened_at,
        done_at=call.done_at,
    )


def _stops() -> QuerySet[SafetyStop]:
    return SafetyStop.objects.select_related("practice", "checkin__call_back", "client")
