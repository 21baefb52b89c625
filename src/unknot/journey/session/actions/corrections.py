"""Ask to correct a signed record, and answer on record; neither is ever changed.

The note's row is locked first, so one request at a time waits for its answer and two answers
queue.

Units   aware datetimes.
Errors  NotSigned: there is nothing to correct yet. StillWaits: an earlier request has no answer.
        AnsweredAlready. BadInput: a text that cannot be. Nothing is half-written.
Source  the answer amends the note, or gives the reason: src/unknot/domain/notes/soap.py.
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unknot.domain.notes import soap
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads as prepare
from unknot.journey.session import access
from unknot.journey.session.models import (
    Amendment,
    CorrectionAnswer,
    CorrectionRequest,
    SessionNote,
)
from unknot.journey.session.reads import shared as reads
from unknot.people import access as people
from unknot.people import alerts, audit, outbox
from unknot.people.models import Practice, Role, User
from unknot.web.errors import BadInput, Conflict, Denied

TEXT_MAX = 5000


class NotSigned(Conflict):
    """Nothing is shared before the record is signed."""

    title = _("There is nothing to correct yet")
    sentence = _("The record of this session is not signed yet.")


class StillWaits(Conflict):
    """An earlier request about the same record has no answer yet."""

    title = _("Your first request waits for its answer")
    sentence = _("You can ask again as soon as the practice has answered.")


class AnsweredAlready(Conflict):
    """Somebody has answered this request."""

    title = _("This is answered already")
    sentence = _("Somebody has answered this request, so yours was not stored.")
    mend = _("Open the request and read the answer.")


@transaction.atomic(durable=True)
def ask(actor: User, appointment: Appointment, *, text: str, now: datetime) -> None:
    """Store what a client says is wrong, and alert who signed the record."""
    note = _lock(SessionNote.objects.filter(appointment=appointment).first())
    said = _text(text, _("Write what is wrong."))
    if CorrectionRequest.objects.filter(note=note, answer__isnull=True).exists():
        raise StillWaits
    request = CorrectionRequest.objects.create(note=note, author=actor, text=said, at=now)
    client = prepare.client_of(appointment)
    signed = note.author
    alerts.raise_alert(
        "correction",
        client.practice,
        url=reverse("session:correction", args=[request.key]),
        now=now,
        client=client,
        first=signed if people.treats(signed, client) else None,
    )
    audit.record(actor, "correction.asked", request, at=now, client=client)


@transaction.atomic(durable=True)
def open_list(actor: User, practice: Practice, *, now: datetime) -> reads.CorrectionList:
    """Give the requests that `actor` may answer and write down whose were read."""
    found = reads.correction_list(actor, practice)
    audit.record_reads(actor, "correction.read", found.clients, at=now)
    return found


@transaction.atomic(durable=True)
def open_request(actor: User, request: CorrectionRequest, *, now: datetime) -> reads.CorrectionPage:
    """Give one request and write down who opened it."""
    client = prepare.client_of(request.note.appointment)
    audit.record(actor, "correction.read", request, at=now, client=client)
    return reads.correction_page(request)


@transaction.atomic(durable=True)
def answer(
    actor: User, request: access.Correction, *, accepted: bool, text: str, now: datetime
) -> None:
    """Accept with `text` as an amendment of the note, or decline with it as the reason."""
    note = _lock(request.note)
    if CorrectionAnswer.objects.filter(request=request).exists():
        raise AnsweredAlready
    appointment = request.note.appointment
    client = prepare.client_of(appointment)
    said = _text(text, _("Write the answer."))
    manages = Role.MANAGER in people.roles(actor, client.practice)
    try:
        by_author = note.author_id == actor.pk
        soap.check_amendment(said, signed=True, by_author=by_author, by_manager=manages)
    except soap.MayNotAmend as error:
        raise Denied(_("Only who signed the record and a manager may answer.")) from error
    amendment = None
    if accepted:
        amendment = Amendment.objects.create(note=note, author=actor, text=said, at=now)
    CorrectionAnswer.objects.create(
        request=request, author=actor, at=now, accepted=accepted, text=said, amendment=amendment
    )
    if client.user is not None:
        told = {"key": appointment.key}
        outbox.queue("correction-answered", client.user, told, at=now, practice=client.practice)
    audit.record(actor, "correction.answered", request, at=now, client=client)


def _lock(note: SessionNote | None) -> SessionNote:
    """Lock a signed note; NotSigned when there is none."""
    if note is None:
        raise NotSigned
    locked = SessionNote.objects.select_for_update(no_key=True, of=("self",))
    fresh = locked.select_related("author").get(pk=note.pk)
    if fresh.signed_at is None:
        raise NotSigned
    return fresh


def _text(text: str, missing: object) -> str:
    if not text.strip():
        raise BadInput(str(missing))
    if len(text) > TEXT_MAX:
        raise BadInput(_("A text may have up to 5000 characters."))
    return text.strip()
