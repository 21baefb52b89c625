"""The short recheck before each session, and whether somebody's full check-in still stands.

Reads for one client, or for a whole list at a cost that does not grow with it; nothing is written.
Staff learn that something may be new, never what.

Units   aware datetimes; clients are named by primary key, appointments by key.
Errors  none.
Source  clinical reference 2.1; `short_recheck_question` in knowledge/screening/table.toml
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import Q

from unknot.domain.screening import catalogue as screening
from unknot.domain.screening import recheck
from unknot.domain.screening.clauses import Reply
from unknot.domain.screening.recheck import Reason, Standing, Step, Told
from unknot.journey.understand.models import CheckIn, CheckInState, FollowUp, Recheck, SafetyStop
from unknot.people.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckRow:
    """What was answered before one session, when, and who wrote it down."""

    said: str
    at: datetime
    by: str

    @property
    def is_new(self) -> bool:
        """Whether something is new, or may be."""
        return _told(self.said, self.at).is_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One appointment's recheck, ready to be shown: the question, how far it is, and why."""

    question: str
    step: Step
    reason: Reason
    answered: RecheckRow | None

    @property
    def is_open(self) -> bool:
        return self.step is Step.OPEN

    @property
    def waits(self) -> bool:
        return self.step is Step.WAITS

    @property
    def may_begin(self) -> bool:
        """Whether the session may be recorded: it was asked, and the full check-in stands."""
        return self.answered is not None and self.reason is Reason.STANDS

    @property
    def something_new(self) -> bool:
        return self.reason is Reason.SOMETHING_NEW

    @property
    def too_old(self) -> bool:
        return self.reason is Reason.TOO_OLD


_Sitting = tuple[datetime, datetime]  # begun, completed


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One client's newest full check-in and what was said to be new."""

    newest: _Sitting | None
    said: tuple[Told, ...]

    def standing(self, at: datetime) -> Standing:
        """Whether the full check-in stands at an instant."""
        return _standing(self.newest, self.said, at)


def question() -> str:
    """The one question, as the table words it."""
    return screening.load().header.engine.short_recheck_question


def standing_of(client: Client, *, now: datetime, session: UUID | None = None) -> Standing:
    """Whether the client's newest full check-in stands at `now`; 3 queries.

    With `session` the answers of other sessions count only up to `now`, which may be the time of
    that session: what is said before the next one changes nothing about it.
    """
    newest = _newest([client.pk]).get(client.pk)
    return _standing(newest, _told_by(client, session, now), now)


def standing_with(checkin: CheckIn, client: Client | None, *, now: datetime) -> Standing:
    """Whether this completed check-in would stand for `client`; 2 queries, none for nobody."""
    done = checkin.completed_at
    newest = None if done is None else (checkin.started_at, done)
    said = _new_things([client.pk]).get(client.pk, []) if client is not None else []
    return _standing(newest, said, now)


def histories(clients: Collection[int]) -> Mapping[int, "History"]:
    """What decides whether the full check-in of each client stands, at any time; 3 queries."""
    newest, said = _newest(clients), _new_things(clients)
    return {pk: History(newest=newest.get(pk), said=tuple(said.get(pk, ()))) for pk in clients}


def time_of(start: datetime, end: datetime, now: datetime) -> datetime:
    """The time a session asks about: its start while it lies ahead, its end once it is over."""
    return min(max(now, start), end)


def recheck_of(key: UUID) -> RecheckRow | None:
    """What was answered before the session with this key, or None; 1 query."""
    row = Recheck.objects.filter(appointment_key=key).select_related("recorded_by").first()
    if row is None:
        return None
    by = row.recorded_by.name or row.recorded_by.email
    return RecheckRow(said=row.said, at=row.answered_at, by=by)


def said_in(followup: FollowUp | None) -> str:
    """What a weekly battery was told about anything new: yes, no, unsure, or empty; 1 query."""
    row = Recheck.objects.filter(followup=followup).first() if followup else None
    return row.said if row else ""


def asked_before(keys: Collection[UUID]) -> frozenset[UUID]:
    """The sessions before which the question was answered; 1 query."""
    found = Recheck.objects.filter(appointment_key__in=keys)
    return frozenset(key for key in found.values_list("appointment_key", flat=True) if key)


def is_outlived(row: Recheck) -> bool:
    """Whether a full check-in has been begun after this answer and completed; 1 query."""
    newest = _newest([row.client_id]).get(row.client_id)
    return newest is not None and newest[0] > row.answered_at


def asking(client: Client, key: UUID, *, start: datetime, end: datetime, now: datetime) -> Asking:
    """The recheck of one appointment as pages show it; 4 queries.

    The full check-in must stand at the time of the session, neither sooner nor later.
    """
    answered = recheck_of(key)
    found = standing_of(client, now=time_of(start, end, now), session=key)
    return Asking(
        question=question(),
        step=recheck.step(found, asked=answered is not None, start=start, now=now),
        reason=found.reason,
        answered=answered,
    )


def _newest(clients: Collection[int]) -> dict[int, _Sitting]:
    rows = (
        CheckIn.objects.filter(client__in=clients, state=CheckInState.COMPLETED)
        .order_by("client_id", "-completed_at", "-pk")
        .distinct("client_id")
        .values_list("client_id", "started_at", "completed_at")
    )
    return {pk: (began, done) for pk, began, done in rows if pk is not None and done is not None}


def _new_things(clients: Collection[int]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = {}
    rows = Recheck.objects.filter(client__in=clients).exclude(said="no")
    for pk, said, at in rows.values_list("client_id", "said", "answered_at"):
        found.setdefault(pk, []).append(_told(said, at))
    for pk, at in _left_stopped(clients):
        found.setdefault(pk, []).append(_told("yes", at))
    return found


def _told_by(client: Client, session: UUID | None, now: datetime) -> list[Told]:
    rows = Recheck.objects.filter(client=client).exclude(said="no")
    if session is not None:
        rows = rows.filter(Q(appointment_key=session) | Q(answered_at__lte=now))
    told = [_told(said, at) for said, at in rows.values_list("said", "answered_at")]
    return [*told, *(_told("yes", at) for _pk, at in _left_stopped([client.pk]))]


def _left_stopped(clients: Collection[int]) -> list[tuple[int, datetime]]:
    """When a check-in was stopped that never went on: what it said is newer than what stands."""
    stops = SafetyStop.objects.filter(client__in=clients, checkin__state=CheckInState.DRAFT)
    return [(pk, at) for pk, at in stops.values_list("client_id", "opened_at") if pk is not None]


def _told(said: str, at: datetime) -> Told:
    return Told(said=cast(Reply, said), at=at)


def _standing(newest: _Sitting | None, said: Collection[Told], now: datetime) -> Standing:
    began, done = newest or (None, None)
    days = screening.load().header.engine.rescreen.full_screen_days
    return recheck.standing(done, said, now=now, days=days, began_at=began)
