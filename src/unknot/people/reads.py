"""Reads about people: practices, consents, who read a record, the demonstration's inbox.

Each function returns rows and never writes.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise

from unknot.domain import consents as texts
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


#: The version of the text that somebody agrees to when a check-in begins.
CONSENT_VERSION = texts.load().newest(Purpose.CARE).version


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """One purpose: the text in force, the text agreed to, and since when.

    `agreed` and `given_at` are None unless an agreement stands; `withdrawn_at` is the moment the
    last one was taken back. `holds` is false for sharing while `care` is not agreed to.
    """

    purpose: str
    newest: texts.ConsentText
    agreed: texts.ConsentText | None
    given_at: datetime | None
    withdrawn_at: datetime | None
    holds: bool

    @property
    def is_care(self) -> bool:
        return self.purpose == Purpose.CARE

    @property
    def changed(self) -> bool:
        """Whether an older text was agreed to than the one in force."""
        return self.agreed is not None and self.agreed.version < self.newest.version


def newest_version(purpose: str) -> int:
    """The version of the text now in force for `purpose`; raises KeyError."""
    return texts.load().newest(purpose).version


def consents(client: Client, *, language: str = texts.FIRST_LANGUAGE) -> tuple[ConsentRow, ...]:
    """Every purpose with its texts, and the moment the client agreed to it; 1 query."""
    last = {row.purpose: row for row in Consent.objects.filter(client=client).order_by("pk")}
    care = last.get(Purpose.CARE)
    cared = care is not None and care.withdrawn_at is None
    return tuple(
        _consent_row(purpose, last.get(purpose), cared=cared, language=language)
        for purpose in Purpose
    )


def _consent_row(
    purpose: Purpose, last: Consent | None, *, cared: bool, language: str
) -> ConsentRow:
    stands = last is not None and last.withdrawn_at is None
    return ConsentRow(
        purpose=purpose.value,
        newest=texts.load().newest(purpose, language),
        agreed=texts.load().text(purpose, last.version, language) if last and stands else None,
        given_at=last.given_at if last and stands else None,
        withdrawn_at=last.withdrawn_at if last else None,
        holds=stands and cared,
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
