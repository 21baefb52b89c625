"""The part of a signed record that belongs to the client too, and what they asked about it.

What the client said, what was found and what the therapist thinks are not in it. Each function
returns rows and never writes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from unknot.domain.bodymap import regions
from unknot.domain.guidance import catalogue
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads as prepare
from unknot.journey.session import access
from unknot.journey.session.models import CorrectionRequest, SessionNote
from unknot.people.models import Client, Practice, User

Words = str | Promise

#: Answered requests that a list shows at most.
ANSWERED_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTreatment:
    """One region treated, in the client's words; pressure 1 to 5."""

    region: str
    technique: str
    minutes: int
    pressure: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """One request with its answer; `answered_at` is None while it waits."""

    key: UUID
    client_name: str
    session: datetime
    text: str
    at: datetime
    answered_at: datetime | None = None
    answered_by: str = ""
    accepted: bool = False
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What client and practice both have of one signed record; ratings 0 to 10."""

    signed_at: datetime
    signed_by: str
    treatments: tuple[SharedTreatment, ...]
    pain: tuple[int | None, int | None]
    tension: tuple[int | None, int | None]
    plan: str
    aftercare: tuple[tuple[str, tuple[str, ...]], ...]  # of each technique by its name

    @property
    def minutes(self) -> int:
        """Hands-on minutes of all regions together."""
        return sum(row.minutes for row in self.treatments)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPage:
    """The client's page; `shared` is None until the record is signed."""

    visit: prepare.Visit
    shared: Shared | None
    corrections: tuple[CorrectionRow, ...]

    @property
    def may_ask(self) -> bool:
        """Whether a correction can be asked for: of a signed record, one request at a time."""
        waits = any(row.answered_at is None for row in self.corrections)
        return self.shared is not None and not waits


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPage:
    """The page of who answers: the request beside what the client has read."""

    visit: prepare.Visit
    row: CorrectionRow
    shared: Shared


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionList:
    """The requests that somebody may answer, the oldest waiting one first."""

    waiting: tuple[CorrectionRow, ...]
    answered: tuple[CorrectionRow, ...]
    clients: tuple[Client, ...]


def shared_page(appointment: Appointment) -> SharedPage:
    """Give the client's page of one session; 4 queries, 1 while it is not signed."""
    notes = SessionNote.objects.filter(appointment=appointment, signed_at__isnull=False)
    note = notes.select_related("author").prefetch_related("treatments").first()
    return SharedPage(
        visit=prepare.visit(appointment),
        shared=_shared(note) if note else None,
        corrections=corrections(appointment) if note else (),
    )


def correction_page(request: CorrectionRequest) -> CorrectionPage:
    """Give the page of who answers one request."""
    appointment = request.note.appointment
    return CorrectionPage(
        visit=prepare.visit(appointment),
        row=_row(request),
        shared=_shared(request.note),
    )


def corrections(appointment: Appointment) -> tuple[CorrectionRow, ...]:
    """What was asked about the record of one session, the first one first; 1 query."""
    found = CorrectionRequest.objects.filter(note__appointment=appointment)
    return tuple(_row(one) for one in _whole(found).order_by("at", "pk"))


def correction_list(actor: User, practice: Practice) -> CorrectionList:
    """Give the requests of a practice that `actor` may answer; 5 queries at most."""
    found = _whole(access.corrections_of(actor, practice))
    waiting = list(found.filter(answer__isnull=True).order_by("at", "pk"))
    answered = list(found.filter(answer__isnull=False).order_by("-answer__at")[:ANSWERED_SHOWN])
    clients = {
        client.pk: client
        for one in waiting + answered
        if (client := one.note.appointment.client) is not None
    }
    return CorrectionList(
        waiting=tuple(_row(one) for one in waiting),
        answered=tuple(_row(one) for one in answered),
        clients=tuple(clients.values()),
    )


def _whole(found: QuerySet[CorrectionRequest]) -> QuerySet[CorrectionRequest]:
    return found.select_related("note__appointment__client", "answer__author")


def _row(request: CorrectionRequest) -> CorrectionRow:
    answer = getattr(request, "answer", None)
    appointment = request.note.appointment
    asked = CorrectionRow(
        key=request.key,
        client_name=prepare.client_of(appointment).name,
        session=appointment.start,
        text=request.text,
        at=request.at,
    )
    if answer is None:
        return asked
    return replace(
        asked,
        answered_at=answer.at,
        answered_by=answer.author.name or answer.author.email,
        accepted=answer.accepted,
        answer=answer.text,
    )


def _shared(note: SessionNote) -> Shared:
    if note.signed_at is None:
        raise SessionNote.DoesNotExist("the note is not signed")
    body, known = regions.load(), catalogue.load()
    treated = sorted(note.treatments.all(), key=lambda row: row.pk)
    return Shared(
        signed_at=note.signed_at,
        signed_by=note.author.name or note.author.email,
        treatments=tuple(
            SharedTreatment(
                region=body.region(row.region).label,
                technique=known.technique(row.technique).name,
                minutes=row.minutes,
                pressure=prepare.pressure_words(row.pressure),
            )
            for row in treated
        ),
        pain=(note.pain_before, note.pain_after),
        tension=(note.tension_before, note.tension_after),
        plan=note.plan,
        aftercare=_aftercare(row.technique for row in treated),
    )


def _aftercare(techniques: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = [catalogue.load().technique(name) for name in dict.fromkeys(techniques)]
    return tuple((one.name, one.aftercare) for one in found if one.aftercare)
