"""Open, save, sign and amend the record of one session; a signed note never changes again.

The note's row is locked first, so two tablets queue, and the older copy is merged part by part
with what is stored; of two first copies the second meets the key of the appointment and is merged
too. A draft that a device sends under a key of its own is stored once, however often it arrives.
The trigger `sessionnote_signed_is_immutable` keeps the promise below all of this.

Units   minutes of hands-on time; pressure 1 to 5; ratings 0 to 10; marks 1 to 10.
Errors  ClientOnHold, NotYet, NotTakingPlace: the session cannot be recorded now.
        RecheckFirst: nobody asked whether something is new, or the full check-in does not stand.
        OlderCopy: somebody saved since this copy was opened, and the two cannot be merged without
        a choice; `clashes` names where. NoteIsSigned: only amend it.
        NotComplete: parts are missing; `parts` names them. BadInput: a region, technique,
        number or text that cannot be. Nothing is half-written.
Source  src/unknot/domain/notes/soap.py has the rules of signing and amending,
        src/unknot/domain/notes/merge.py those of merging.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap import marks as bodymarks
from unknot.domain.bodymap import regions
from unknot.domain.guidance import catalogue
from unknot.domain.notes import merge, soap
from unknot.domain.screening.recheck import Reason
from unknot.journey.book.actions import attendance, letters
from unknot.journey.book.models import Appointment, Status
from unknot.journey.choose.actions import experience
from unknot.journey.prepare import reads as prepare
from unknot.journey.session import drafts
from unknot.journey.session.actions import versions
from unknot.journey.session.drafts import RATINGS as RATINGS
from unknot.journey.session.drafts import TEXTS as TEXTS
from unknot.journey.session.drafts import Draft as Draft
from unknot.journey.session.models import (
    Amendment,
    SavedDraft,
    SessionNote,
    TherapistMark,
    Treatment,
)
from unknot.journey.session.reads import note as reads
from unknot.journey.understand import stops
from unknot.people import audit, outbox
from unknot.people.models import User
from unknot.web.errors import BadInput, Conflict, Denied

TEXT_MAX = 5000
ROWS_MAX = 60
RECORDABLE = frozenset({Status.CONFIRMED, Status.ARRIVED, Status.ATTENDED})


class ClientOnHold(Conflict):
    """A safety stop is open for this client."""

    title = _("This client is on hold")
    sentence = _(
        "A safety answer must be looked at by a clinician first. Until the practice has recorded "
        "the clearance, no session can be recorded."
    )
    mend = _("Look at the call-backs, and do not treat before then.")


class RecheckFirst(Conflict):
    """The short recheck was not asked, or the session waits for the full check-in."""

    title = _("First one question")
    sentence = _(
        "Nobody has asked yet whether something is new. Ask it in the briefing before you write."
    )
    mend = _("Open the briefing, read the question aloud, and write down what is said.")


class WaitsForCheckIn(RecheckFirst):
    """The full check-in does not stand; nobody learns here what is new."""

    title = _("This session waits for the full check-in")
    sentence = _("Something may be new, or the last full check-in is too old to rely on.")
    mend = _("Ask the client to check in on their phone, then open the record again.")


class NotYet(Conflict):
    """The day of the appointment has not come."""

    title = _("This session has not begun")
    sentence = _("A record can be opened from the day of the appointment on.")
    mend = _("Come back on the day. The briefing is open before.")


class NotTakingPlace(Conflict):
    """The appointment was cancelled, missed or never confirmed."""

    title = _("There is no session to record")
    sentence = _("This appointment was cancelled, missed, or never confirmed.")
    mend = _("Look at your day for the appointment that counts.")


class OlderCopy(Conflict):
    """Somebody, or another tab, has changed the same parts since this copy was opened."""

    title = _("This record was also written somewhere else")
    sentence = _(
        "The same part was changed in two places, so yours is not saved yet. "
        "Choose below what stays. Nothing you typed is lost."
    )

    def __init__(self, clashes: tuple[merge.Clash, ...] = ()) -> None:
        super().__init__()
        self.clashes = clashes


class NoteIsSigned(Conflict):
    """A signed note stays as it was signed."""

    title = _("This record is signed")
    sentence = _("A signed record stays as it was signed. You can add to it below.")
    mend = _("Open the record and add an amendment.")


class NotComplete(BadInput):
    """Parts are missing that a signed note must have; `parts` names them."""

    title = _("Something is missing before you can sign")
    sentence = _("Something is missing before you can sign. What you wrote is saved.")

    def __init__(self, parts: tuple[str, ...]) -> None:
        super().__init__()
        self.parts = parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was chosen where two copies clash, and the revision that was shown beside one's own."""

    revision: int
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The revision that is stored now, and whether it holds more than what was sent."""

    revision: int
    merged: bool = False


@transaction.atomic(durable=True)
def open_record(actor: User, appointment: Appointment, *, now: datetime) -> reads.NotePage:
    """Give the record's page and write down who opened it; a signed one may always be read."""
    page = reads.note_page(appointment)
    if not page.note.signed:
        check_can_record(appointment, now)
        check_was_asked(appointment, now)
    audit.record(actor, "record.read", appointment, at=now, client=appointment.client)
    return page


@transaction.atomic(durable=True)
def reopen_record(actor: User, appointment: Appointment, *, now: datetime) -> reads.NotePage:
    """Give the page around a copy that was refused, so that nothing typed is lost."""
    page = reads.note_page(appointment)
    audit.record(actor, "record.read", appointment, at=now, client=appointment.client)
    return page


@transaction.atomic(durable=True)
def open_last_session(
    actor: User, appointment: Appointment, *, now: datetime
) -> reads.LastSession | None:
    """Give the client's signed session before this one and write down who read it."""
    last = reads.last_session(appointment)
    if last is not None:
        audit.record(actor, "record.read", appointment, at=now, client=appointment.client)
    return last


@transaction.atomic(durable=True)
def save_draft(
    actor: User,
    appointment: Appointment,
    *,
    draft: Draft,
    revision: int,
    now: datetime,
    base: Draft | None = None,
    key: UUID | None = None,
    settled: Settled | None = None,
) -> Saved:
    """Keep the draft, merged with what was saved since `revision`, and give what is stored.

    `base` is the copy that the draft grew from, empty for None; `key` names one sending, and the
    same key is answered as before; `settled` decides where both copies changed the same part.
    """
    fresh, note = lock(appointment)
    if (known := _answered(note, key)) is not None:
        return known
    _check_not_signed(note)
    check_can_record(fresh, now)
    check_was_asked(fresh, now)
    _check_draft(draft)
    note = note or _begin(fresh, actor, now)
    if (known := _answered(note, key)) is not None:  # twice at the same moment
        return known
    whole = draft
    if revision != note.revision:
        whole = _merged(base or Draft(), draft, note, settled)
        _check_draft(whole)
    merged = drafts.as_copy(whole) != drafts.as_copy(draft)
    note = _store(note, whole, now)
    versions.keep(actor, note, whole, now)
    saved = Saved(revision=note.revision, merged=merged)
    _remember(note, key, saved, now)
    audit.record(actor, "record.saved", fresh, at=now, client=fresh.client)
    return saved


@transaction.atomic(durable=True)
def sign(actor: User, appointment: Appointment, *, revision: int, now: datetime) -> None:
    """Sign the saved draft: it never changes again, counts as experience, and the client hears."""
    fresh, note = lock(appointment)
    _check_is_newest(note, revision)
    check_can_record(fresh, now)
    check_was_asked(fresh, now)
    if note is None:
        raise NotComplete(soap.missing_parts(soap.Note()))
    try:
        soap.check_can_sign(reads.as_soap(note))
    except soap.NotComplete as missing:
        raise NotComplete(missing.parts) from missing
    note.signed_at = note.changed_at = now
    note.save(update_fields=["signed_at", "changed_at"])
    newest = note.arrived.order_by("-pk").values_list("pk", flat=True)[: reads.ARRIVED]
    note.arrived.exclude(pk__in=list(newest)).delete()  # older ones are not sent again
    _tell_others(actor, fresh, note, now)
    audit.record(actor, "record.signed", fresh, at=now, client=fresh.client)


@transaction.atomic(durable=True)
def amend(
    actor: User, appointment: Appointment, *, text: str, now: datetime, key: UUID | None = None
) -> None:
    """Add a text to a signed note; only its author may, and the note itself stays as it was.

    `key` names one sending: under the same key the text is added once.
    """
    _fresh, note = lock(appointment)
    if _answered(note, key) is not None:
        return
    if note is None:
        raise Conflict(_("There is no signed record to add to. Write into the record itself."))
    try:
        soap.check_amendment(
            text,
            signed=note.signed_at is not None,
            by_author=note.author_id == actor.pk,
            by_manager=False,
        )
    except soap.NotSigned as error:
        raise Conflict(_("This record is not signed yet. Write into the record itself.")) from error
    except soap.MayNotAmend as error:
        raise Denied(_("Only the person who signed this record may add to it.")) from error
    except soap.AmendmentEmpty as error:
        raise BadInput(_("Write what you want to add.")) from error
    except soap.TextTooLong as error:
        raise BadInput(_("This text is too long for one amendment.")) from error
    Amendment.objects.create(note=note, author=actor, text=text.strip(), at=now)
    _remember(note, key, Saved(revision=note.revision), now)
    audit.record(actor, "record.amended", appointment, at=now, client=appointment.client)


def draft_of(note: reads.NoteRow) -> Draft:
    """Turn a stored note back into what a therapist may write."""
    values = {name: getattr(note, name) for name in (*TEXTS, *RATINGS)}
    rows = tuple(
        soap.TreatedRegion(
            region=row.region,
            technique=row.technique,
            minutes=row.minutes,
            pressure=row.pressure,
        )
        for row in note.treatments
    )
    return Draft(**values, treatments=rows, marks=dict(note.marks))


def lock(appointment: Appointment) -> tuple[Appointment, SessionNote | None]:
    """Load the appointment anew, and its note under a lock.

    The appointment is not locked here: `book` locks the therapist before it.
    """
    fresh = Appointment.objects.select_related(
        "client__user", "service", "therapist__practice", "therapist__user"
    ).get(pk=appointment.pk)
    note = SessionNote.objects.select_for_update(no_key=True).filter(appointment=fresh).first()
    return fresh, note


def check_can_record(appointment: Appointment, now: datetime) -> None:
    """Raise NotTakingPlace, NotYet or ClientOnHold unless the session can be recorded now."""
    if appointment.client is None or appointment.status not in RECORDABLE:
        raise NotTakingPlace
    zone = appointment.therapist.practice.tz
    if now.astimezone(zone).date() < appointment.start.astimezone(zone).date():
        raise NotYet
    if stops.is_on_hold(appointment.client):
        raise ClientOnHold


def check_was_asked(appointment: Appointment, now: datetime) -> None:
    """Raise RecheckFirst or WaitsForCheckIn unless the short recheck lets the session begin."""
    found = prepare.asking(appointment, now)
    if found.reason is not Reason.STANDS:
        raise WaitsForCheckIn
    if not found.may_begin:
        raise RecheckFirst


def _check_not_signed(note: SessionNote | None) -> None:
    if note is not None and note.signed_at is not None:
        raise NoteIsSigned


def _answered(note: SessionNote | None, key: UUID | None) -> Saved | None:
    """What was answered when this key arrived before; None when it is new."""
    if note is None or key is None:
        return None
    found = note.arrived.filter(key=key).first()
    return Saved(revision=found.revision, merged=found.merged) if found is not None else None


def _remember(note: SessionNote, key: UUID | None, saved: Saved, now: datetime) -> None:
    if key is not None:
        SavedDraft.objects.create(
            note=note, key=key, revision=saved.revision, merged=saved.merged, at=now
        )


def _merged(base: Draft, mine: Draft, note: SessionNote, settled: Settled | None) -> Draft:
    """Both copies in one; OlderCopy where that needs a choice that was not made on this copy."""
    theirs = draft_of(reads.note_row(note))
    found = merge.merge(drafts.as_copy(base), drafts.as_copy(mine), drafts.as_copy(theirs))
    chosen = settled.choices if settled and settled.revision == note.revision else {}
    try:
        decided = merge.settle(found, chosen)
    except merge.UnknownChoice as error:
        raise BadInput(_("Choose one of the two copies.")) from error
    if decided.clashes:  # all are shown again, with what was chosen so far
        raise OlderCopy(found.clashes)
    return drafts.from_copy(decided.values)


def _check_is_newest(note: SessionNote | None, revision: int) -> None:
    _check_not_signed(note)
    if revision != (note.revision if note is not None else 0):
        raise OlderCopy


def _check_draft(draft: Draft) -> None:
    """Refuse what the forms refuse too, so that no other way in can store it."""
    if any(len(getattr(draft, name)) > TEXT_MAX for name in TEXTS):
        raise BadInput(_("A text may have up to 5000 characters."))
    given = [getattr(draft, name) for name in RATINGS]
    if any(value is not None and value not in soap.RATING for value in given):
        raise BadInput(_("A rating is a number from 0 to 10."))
    if len(draft.treatments) > ROWS_MAX:
        raise BadInput(_("A record holds up to 60 treated regions."))
    try:
        bodymarks.parse_marks(draft.marks)
    except ValueError as error:
        raise BadInput(_("One of the marks is not on the body map.")) from error
    for row in draft.treatments:
        _check_treatment(row)
    pairs = [(row.region, row.technique) for row in draft.treatments]
    if len(set(pairs)) != len(pairs):
        raise BadInput(_("A region stands twice with the same technique."))


def _check_treatment(row: soap.TreatedRegion) -> None:
    try:
        region = regions.load().region(row.region)
        catalogue.load().technique(row.technique)
    except (regions.UnknownRegion, KeyError) as error:
        raise BadInput(_("A treated region or its technique does not exist.")) from error
    if region.role == "no_press" or not region.markable:
        raise BadInput(_("This region is never pressed."))
    if row.minutes not in soap.MINUTES or row.pressure not in soap.PRESSURE:
        raise BadInput(_("Minutes go from 1 to 240, pressure from 1 to 5."))


def _begin(appointment: Appointment, actor: User, now: datetime) -> SessionNote:
    try:
        with transaction.atomic():  # a savepoint: the outer transaction stays usable
            return SessionNote.objects.create(
                appointment=appointment, author=actor, started_at=now, changed_at=now
            )
    except IntegrityError:  # another tab began it a moment ago
        return SessionNote.objects.select_for_update(no_key=True).get(appointment=appointment)


def _store(note: SessionNote, draft: Draft, now: datetime) -> SessionNote:
    for name in (*TEXTS, *RATINGS):
        setattr(note, name, getattr(draft, name))
    note.revision += 1
    note.changed_at = now
    note.save(update_fields=[*TEXTS, *RATINGS, "revision", "changed_at"])
    note.treatments.all().delete()
    note.marks.all().delete()
    Treatment.objects.bulk_create(
        Treatment(
            note=note,
            region=row.region,
            technique=row.technique,
            minutes=row.minutes or 0,  # checked before: None never comes here
            pressure=row.pressure or 0,
        )
        for row in draft.treatments
    )
    TherapistMark.objects.bulk_create(
        TherapistMark(note=note, region=region, level=level)
        for region, level in draft.marks.items()
    )
    return note


def _tell_others(actor: User, appointment: Appointment, note: SessionNote, now: datetime) -> None:
    """Mark the appointment, hand the proof of experience to `choose`, and write to the client."""
    attendance.mark_attended(appointment, actor=actor, now=now)
    zone = appointment.therapist.practice.tz
    experience.count_session(
        appointment.therapist,
        sorted({row.technique for row in note.treatments.all()}),
        appointment.key,
        now.astimezone(zone).date(),
    )
    client = appointment.client
    if client is not None and client.user is not None:
        outbox.queue(
            "session-done",
            client.user,
            {"key": appointment.key, "therapist": appointment.therapist.name},
            at=now,
            practice=appointment.therapist.practice,
        )
        letters.plan_after(appointment, now=now)
