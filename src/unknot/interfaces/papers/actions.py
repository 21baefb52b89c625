"""Read what a paper needs and write down that somebody asked for it.

Units   weeks of 7 days; instants with a zone.
Errors  Missing: a client asks for a record that is not signed. NotSigned: its therapist does.
        BadInput: a report without any part.
Source  docs/explanation/papers.md says who gets which paper.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.access import Held
from unknot.journey.book.reads import booked
from unknot.journey.follow.reads import check_ins, progress
from unknot.journey.prepare import reads as prepare
from unknot.journey.session.reads import note as session
from unknot.journey.session.reads import shared
from unknot.people import access, audit
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Conflict, Missing

BODY: Final = "body"
MIND: Final = "mind"
TECHNIQUES: Final = "techniques"
PARTS: Final = (BODY, MIND, TECHNIQUES)


class NotSigned(Conflict):
    """The record may still change, so no paper of it is made."""

    title = _("This record is not signed yet")
    sentence = _("A paper is made of a signed record only, so that it cannot differ from it.")
    mend = _("Sign the record, then print it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPaper:
    """A signed record for one reader; a client's holds the shared part and their own map.

    `aftercare` is what each technique asks for afterwards, as the client's page says it.
    """

    page: session.NotePage
    own: bool
    aftercare: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a client releases to a doctor: their days, their scores, their sessions, or some."""

    client: Client
    parts: frozenset[str]
    weeks: int
    since: date
    progress: progress.Progress
    sessions: tuple[session.LastSession, ...]


@transaction.atomic(durable=True)
def open_session(actor: User, appointment: Held, *, now: datetime) -> SessionPaper:
    """Give the signed record of an appointment to its client or its therapist, and note it."""
    client = prepare.client_of(appointment)
    own = access.is_own(actor, client)
    page = session.note_page(appointment)
    if not page.note.signed or page.note.signed_at is None:
        raise Missing if own else NotSigned
    audit.record(actor, "record.printed", appointment, at=now, client=client)
    if not own:
        return SessionPaper(page=page, own=False)
    part = shared.shared_page(appointment).shared
    return SessionPaper(
        page=session.for_its_client(page, prepare.checkin_at(client, page.note.signed_at)),
        own=True,
        aftercare=part.aftercare if part else (),
    )


@transaction.atomic(durable=True)
def open_form(actor: User, appointment: Held, *, now: datetime) -> booked.Row:
    """Give when, where and with whom for the form of one appointment, and note it."""
    audit.record(actor, "form.printed", appointment, at=now, client=appointment.client)
    return booked.row(appointment)


@transaction.atomic(durable=True)
def release_report(
    actor: User, client: Client, *, parts: Collection[str], weeks: int, now: datetime
) -> Report:
    """Gather what the client releases of the last `weeks`, and note which parts."""
    released = frozenset(parts) & frozenset(PARTS)
    if not released:
        raise BadInput(_("Choose at least one part of the report."))
    since = check_ins.local_day(client, now) - timedelta(weeks=weeks)
    begun = datetime.combine(since, time(), client.practice.tz)
    report = Report(
        client=client,
        parts=released,
        weeks=weeks,
        since=since,
        progress=progress.progress(client, now=now, since=since),
        sessions=session.signed_since(client, begun) if TECHNIQUES in released else (),
    )
    said = f"{', '.join(part for part in PARTS if part in released)}; {weeks} weeks"
    audit.record(actor, "report.released", client, at=now, client=client, reason=said)
    return report
