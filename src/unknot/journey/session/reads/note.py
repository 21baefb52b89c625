"""The session record as its therapist sees it. Each function returns rows and never writes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from unknot.domain.bodymap import regions
from unknot.domain.guidance import catalogue
from unknot.domain.notes import soap
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads as prepare
from unknot.journey.session.models import SavedDraft, SessionNote
from unknot.journey.session.reads import shared, stones
from unknot.journey.understand import reads as understand
from unknot.journey.understand import rechecks
from unknot.journey.understand.models import CheckIn
from unknot.people import access
from unknot.people.models import Client, Purpose

Words = str | Promise
ARRIVED = 20  # more than a device sends between two visits of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentRow:
    """One region treated, with its words beside the ids."""

    region: str
    region_label: str
    technique: str
    technique_name: str
    minutes: int
    pressure: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentRow:
    """One text added after signing."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """A note as it is stored; `revision` is 0 before the first save."""

    subjective: str = ""
    objective: str = ""
    assessment: str = ""
    plan: str = ""
    pain_before: int | None = None
    pain_after: int | None = None
    tension_before: int | None = None
    tension_after: int | None = None
    treatments: tuple[TreatmentRow, ...] = ()
    marks: Mapping[str, int]
    revision: int = 0
    author: str = ""
    author_pk: int | None = None
    changed_at: datetime | None = None
    signed_at: datetime | None = None
    amendments: tuple[AmendmentRow, ...] = ()

    @property
    def signed(self) -> bool:
        return self.signed_at is not None

    @property
    def places(self) -> tuple[prepare.Place, ...]:
        """The therapist's marks in words, the strongest first."""
        return prepare.places_of(self.marks)

    @property
    def minutes(self) -> int:
        """Hands-on minutes of all rows together."""
        return sum(row.minutes for row in self.treatments)

    @property
    def firmest(self) -> int:
        """The firmest pressure used, 1 to 5; 0 without any row."""
        return max((row.pressure for row in self.treatments), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePage:
    """The record's page: the visit, what the client shares of safety and body, and the note."""

    visit: prepare.Visit
    client_name: str
    safety: prepare.Safety | None
    body: prepare.Body | None
    note: NoteRow
    touch: prepare.TouchConsentRow | None = None  # None: nothing was signed for this appointment
    has_stones: bool = False  # the booked technique, or one that was used, takes heated stones
    readings: tuple[stones.StoneRow, ...] = ()
    corrections: tuple[shared.CorrectionRow, ...] = ()  # of a signed record


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the record's page shows before the record opens: the question, or what it waits for."""

    visit: prepare.Visit
    client_name: str
    recheck: rechecks.Asking
    can_answer: bool

    @property
    def first_name(self) -> str:
        return self.client_name.strip().partition(" ")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSession:
    """The newest signed note before an appointment."""

    on: datetime
    note: NoteRow


def note_page(appointment: Appointment) -> NotePage:
    """Give everything the record's page shows; the number of queries does not grow with rows."""
    client = prepare.client_of(appointment)
    agreed = access.agreed(client)
    note = note_row(note_of(appointment))
    checkin = _checkin_for(note, client) if agreed else None
    technique = appointment.service.technique
    has_stones = bool(stones.heat_of(appointment, (row.technique for row in note.treatments)))
    return NotePage(
        visit=prepare.visit(appointment),
        client_name=client.name,
        safety=prepare.safety_of(checkin, technique) if Purpose.SHARE_SAFETY in agreed else None,
        body=prepare.body_of(checkin) if Purpose.SHARE_BODY in agreed else None,
        note=note,
        touch=prepare.consent_of(appointment),
        has_stones=has_stones,
        readings=stones.rows(appointment) if has_stones else (),
        corrections=shared.corrections(appointment) if note.signed else (),
    )


def for_its_client(page: NotePage, checkin: CheckIn | None) -> NotePage:
    """Leave what the client may have of a signed record: no safety rows, no text but the plan.

    What was added later is the practice's, as the other texts are. Their own map comes from
    `checkin`, whatever they share with the practice.
    """
    note = replace(page.note, subjective="", objective="", assessment="", marks={}, amendments=())
    return replace(page, safety=None, body=prepare.body_of(checkin), note=note)


def before(appointment: Appointment, *, now: datetime) -> Before:
    """Give what is still open before the record of an appointment may be written."""
    return Before(
        visit=prepare.visit(appointment),
        client_name=prepare.client_of(appointment).name,
        recheck=prepare.asking(appointment, now),
        can_answer=prepare.may_answer(appointment, now, by_client=False),
    )


def note_of(appointment: Appointment) -> SessionNote | None:
    """The note of an appointment with everything that hangs on it, or None."""
    return _whole(SessionNote.objects.filter(appointment=appointment)).first()


def _whole(notes: QuerySet[SessionNote]) -> QuerySet[SessionNote]:
    return notes.select_related("author").prefetch_related(
        "treatments", "marks", "amendments__author"
    )


def arrived(key: str) -> tuple[UUID, ...]:
    """Give the keys of the newest drafts that arrived, so that a device can forget its own.

    `key` is the appointment's.
    """
    found = SavedDraft.objects.filter(note__appointment__key=key)
    return tuple(found.order_by("-pk").values_list("key", flat=True)[:ARRIVED])


def note_row(note: SessionNote | None) -> NoteRow:
    """Turn a stored note into a row; an empty one for None."""
    if note is None:
        return NoteRow(marks={})
    return NoteRow(
        subjective=note.subjective,
        objective=note.objective,
        assessment=note.assessment,
        plan=note.plan,
        pain_before=note.pain_before,
        pain_after=note.pain_after,
        tension_before=note.tension_before,
        tension_after=note.tension_after,
        treatments=_treatments(note),
        marks={mark.region: mark.level for mark in note.marks.all()},
        revision=note.revision,
        author=note.author.name or note.author.email,
        author_pk=note.author_id,
        changed_at=note.changed_at,
        signed_at=note.signed_at,
        amendments=tuple(
            AmendmentRow(author=row.author.name or row.author.email, at=row.at, text=row.text)
            for row in sorted(note.amendments.all(), key=lambda row: (row.at, row.pk))
        ),
    )


def last_session(appointment: Appointment) -> LastSession | None:
    """Give the newest signed note of the same client before `appointment`, or None."""
    signed = SessionNote.objects.filter(
        appointment__client=prepare.client_of(appointment),
        appointment__start__lt=appointment.start,
        signed_at__isnull=False,
    )
    note = _whole(signed).select_related("appointment").order_by("-appointment__start").first()
    if note is None:
        return None
    return LastSession(on=note.appointment.start, note=note_row(note))


def signed_since(client: Client, since: datetime) -> tuple[LastSession, ...]:
    """Give the signed sessions of a client from an instant on, oldest first; 5 queries."""
    notes = _whole(SessionNote.objects.filter(appointment__client=client, signed_at__isnull=False))
    found = notes.filter(appointment__start__gte=since).select_related("appointment")
    return tuple(
        LastSession(on=note.appointment.start, note=note_row(note))
        for note in found.order_by("appointment__start")
    )


def as_soap(note: SessionNote) -> soap.Note:
    """Turn a stored note into the value that the rules of signing look at."""
    return soap.Note(
        subjective=note.subjective,
        objective=note.objective,
        assessment=note.assessment,
        plan=note.plan,
        regions=tuple(
            soap.TreatedRegion(
                region=row.region,
                technique=row.technique,
                minutes=row.minutes,
                pressure=row.pressure,
            )
            for row in note.treatments.all()
        ),
        before=note.pain_before,
        after=note.pain_after,
    )


def _checkin_for(note: NoteRow, client: Client) -> CheckIn | None:
    """The newest check-in; for a signed note the one that was the newest when it was signed."""
    if note.signed_at is None:
        return understand.latest_completed(client)
    return prepare.checkin_at(client, note.signed_at)


def _treatments(note: SessionNote) -> tuple[TreatmentRow, ...]:
    body, names = regions.load(), catalogue.load()
    return tuple(
        TreatmentRow(
            region=row.region,
            region_label=body.region(row.region).label_pro,
            technique=row.technique,
            technique_name=names.technique(row.technique).name,
            minutes=row.minutes,
            pressure=row.pressure,
        )
        for row in sorted(note.treatments.all(), key=lambda row: row.pk)
    )
