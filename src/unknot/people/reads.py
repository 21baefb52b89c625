"""Reads about people: practices, consents, who read a record, the demonstration's inbox.

Each function returns rows and never writes.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise

from unknot.people.deeds import WORDS
from unknot.people.models import (
    AuditEntry,
    Client,
    Consent,
    Heartbeat,
    Message,
    MessageState,
    Purpose,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """One line of "who saw my record"; `who` is empty for the program itself."""

    at: datetime
    who: str
    own: bool
    what: str | Promise


#: The version of the consent texts now in use; a changed text gets a new number.
CONSENT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    purpose: str
    label: str
    given_at: datetime | None


def consents(client: Client) -> tuple[ConsentRow, ...]:
    """Every purpose with the moment the client agreed to it, or None."""
    given = dict(
        Consent.objects.filter(client=client, withdrawn_at__isnull=True).values_list(
            "purpose", "given_at"
        )
    )
    return tuple(
        ConsentRow(purpose=purpose.value, label=str(purpose.label), given_at=given.get(purpose))
        for purpose in Purpose
    )


def record_access(client: Client, *, limit: int = 100) -> tuple[AccessRow, ...]:
    """Who read or changed this client's record, newest first; the client is "you"."""
    rows = AuditEntry.objects.filter(client=client).select_related("actor").order_by("-at", "-pk")
    return tuple(
        AccessRow(
            at=row.at,
            who="" if row.actor is None else row.actor.name or row.actor.email,
            own=row.actor_id is not None and row.actor_id == client.user_id,
            what=WORDS[row.action],
        )
        for row in rows[:limit]
    )


def inbox(*, limit: int = 200) -> QuerySet[Message]:
    """The newest messages of the outbox, for the demonstration's inbox page."""
    return Message.objects.order_by("-created_at", "-pk")[:limit]


#: A worker beats every few seconds; after this long it has stopped.
WORKER_SILENT_SECONDS = 120


def worker_is_alive(now: datetime) -> bool:
    """Whether the worker has beaten in the last two minutes."""
    beat = Heartbeat.objects.filter(name="worker").first()
    return beat is not None and beat.age_seconds(now) < WORKER_SILENT_SECONDS


def messages_waiting(now: datetime) -> int:
    """How many messages are due and not yet handed over."""
    return Message.objects.filter(state=MessageState.PLANNED, due_at__lte=now).count()
