"""Stops and what ends them: calls, a clinician's clearance, a clinician's agreement.

Units   aware datetimes; the day a clinician spoke is a local day of the practice.
Errors  BadInput with the sentence for the field; Missing, Denied, Conflict.
        Nothing is half-written.
Source  docs/decisions/0009-a-stop-is-not-a-state.md; knowledge/screening/urgency.toml
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.clearance import flags_to_clear, not_covered
from unknot.domain.screening.decide import Decision
from unknot.journey.understand import access, reads, stops
from unknot.journey.understand.models import CallBack, CheckIn, Clearance, SafetyStop
from unknot.people import access as rights
from unknot.people import audit
from unknot.people.models import Practice, User
from unknot.web.errors import BadInput, Conflict, Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A clinician's word as it was typed."""

    clinician: str
    said_on: date
    statement: str
    covers: Collection[str]


def open_stop(
    checkin: CheckIn, decision: Decision, *, now: datetime, actor: rights.Actor | None
) -> SafetyStop:
    """Close booking for this person and ask for a call; runs inside the caller's transaction."""
    rights.lock(checkin.client)  # a booking that is being confirmed waits, or is seen
    stop = SafetyStop.objects.create(
        practice=checkin.practice,
        checkin=checkin,
        client=checkin.client,
        urgency=decision.urgency.id,
        flags=list(flags_to_clear(decision)),
        opened_at=now,
    )
    _ask_to_call(checkin, now=now)
    who = actor if isinstance(actor, User) else None
    audit.record(who, "stop.opened", stop, at=now, client=checkin.client)
    return stop


def stop_after_session(
    checkin: CheckIn, flags: Collection[str], *, urgency: str, now: datetime, actor: User
) -> None:
    """Close booking because of what was noticed after a session, as the check-in's stop.

    Runs inside the caller's transaction. A stop that has ended opens again and needs another
    clinician's word; one that is open is about these answers too.
    """
    rights.lock(checkin.client)
    stop = SafetyStop.objects.select_for_update(no_key=True).filter(checkin=checkin).first()
    if stop is None:
        stop = SafetyStop.objects.create(
            practice=checkin.practice,
            checkin=checkin,
            client=checkin.client,
            urgency=urgency,
            flags=sorted(flags),
            opened_at=now,
        )
    elif stop.ended_at is not None:
        stop.urgency, stop.flags = urgency, sorted(flags)
        stop.opened_at, stop.ended_at = now, None
        stop.save(update_fields=["urgency", "flags", "opened_at", "ended_at"])
    else:
        ranks = {str(level.id): level.rank for level in screening.load().levels}
        stop.urgency = max(stop.urgency, urgency, key=lambda one: ranks.get(one, 0))
        stop.flags = sorted({*stop.flags, *flags})
        stop.save(update_fields=["urgency", "flags"])
    call = _ask_to_call(checkin, now=now)
    if call.done_at is not None:  # they were called about something else
        call.opened_at, call.done_at, call.done_by = now, None, None
        call.save(update_fields=["opened_at", "done_at", "done_by"])
    audit.record(actor, "stop.opened", stop, at=now, client=checkin.client)


def _ask_to_call(checkin: CheckIn, *, now: datetime) -> CallBack:
    client = checkin.client
    defaults = {
        "practice": checkin.practice,
        "name": client.name if client else "",
        "phone": client.phone if client else "",
        "opened_at": now,
    }
    return CallBack.objects.get_or_create(checkin=checkin, defaults=defaults)[0]


@transaction.atomic(durable=True)
def ask_for_call(checkin: CheckIn, *, name: str, phone: str, now: datetime) -> None:
    """Leave a name and a telephone number for a call about an open stop or a missing agreement."""
    if stops.open_stop_of(checkin) is None and not reads.agreements_needed(checkin):
        raise Missing
    if not name.strip():
        raise BadInput(_("Write the name we should ask for."))
    if not 5 <= sum(letter.isdigit() for letter in phone) <= 20:
        raise BadInput(_("Write a telephone number with at least 5 digits."))
    call = _ask_to_call(_stopped_or_own(checkin), now=now)
    call.name, call.phone = name.strip()[:120], phone.strip()[:40]
    call.done_at = call.done_by = None
    call.save(update_fields=["name", "phone", "done_at", "done_by"])


def _stopped_or_own(checkin: CheckIn) -> CheckIn:
    stop = stops.open_stop_of(checkin)
    return checkin if stop is None else stop.checkin


@transaction.atomic(durable=True)
def mark_called(actor: User, checkin: CheckIn, *, now: datetime) -> None:
    """Note that the practice has telephoned; a stop stays open. Repeating it changes nothing."""
    if not rights.roles(actor, checkin.practice):
        raise Missing
    if not _settle_call(checkin, actor, now=now):
        return
    audit.record(actor, "call-back.done", checkin, at=now, client=checkin.client)


@transaction.atomic(durable=True)
def record_clearance(
    actor: User,
    stop: SafetyStop,
    *,
    clinician: str,
    said_on: date,
    statement: str,
    covers: Collection[str],
    now: datetime,
) -> Clearance:
    """Record which clinician said what on which day; the stop ends when every flag is covered."""
    locked = (
        SafetyStop.objects.select_for_update(no_key=True, of=("self",))
        .select_related("checkin", "practice", "client")
        .get(pk=stop.pk)
    )
    access.check_may_clear(actor, locked.checkin)
    if locked.ended_at is not None:
        raise Conflict(_("This stop has already ended."))
    _check_statement(clinician, statement)
    opened = locked.opened_at.astimezone(locked.practice.tz).date()
    _check_day(said_on, earliest=opened, practice=locked.practice, now=now)
    _check_covers(locked.flags, covers)
    locked.ended_at = now
    locked.save(update_fields=["ended_at"])
    _settle_call(locked.checkin, actor, now=now)
    said = _Said(clinician=clinician, said_on=said_on, statement=statement, covers=covers)
    return _record(said, actor, locked.checkin, stop=locked, now=now)


@transaction.atomic(durable=True)
def record_agreement(
    actor: User,
    checkin: CheckIn,
    *,
    clinician: str,
    said_on: date,
    statement: str,
    covers: Collection[str],
    now: datetime,
) -> Clearance:
    """Record a clinician's agreement to rules of this check-in that ask for one.

    It opens the techniques these rules close, for this client from now on; no stop is needed.
    """
    access.check_may_clear(actor, checkin)
    _check_statement(clinician, statement)
    _check_day(said_on, earliest=None, practice=checkin.practice, now=now)
    needed = {row.id for row in reads.agreements_needed(checkin)}
    if not covers or set(covers) - needed:
        raise BadInput(_("Choose at least one of the points that ask for an agreement."))
    if stops.open_stop_of(checkin) is None and needed <= set(covers):
        _settle_call(checkin, actor, now=now)
    said = _Said(clinician=clinician, said_on=said_on, statement=statement, covers=covers)
    return _record(said, actor, checkin, stop=None, now=now)


def _record(
    said: _Said, actor: User, checkin: CheckIn, *, stop: SafetyStop | None, now: datetime
) -> Clearance:
    clearance = Clearance.objects.create(
        practice=checkin.practice,
        client=checkin.client,
        checkin=checkin,
        stop=stop,
        clinician=said.clinician.strip(),
        said_on=said.said_on,
        statement=said.statement.strip(),
        covers=sorted(said.covers),
        recorded_by=actor,
        recorded_at=now,
    )
    audit.record(actor, "clearance.recorded", clearance, at=now, client=checkin.client)
    return clearance


def _settle_call(checkin: CheckIn, actor: User, *, now: datetime) -> bool:
    open_calls = CallBack.objects.filter(checkin=checkin, done_at__isnull=True)
    return bool(open_calls.update(done_at=now, done_by=actor))


def _check_statement(clinician: str, statement: str) -> None:
    if not clinician.strip():
        raise BadInput(_("Write which clinician said so."))
    if len(clinician) > 120:
        raise BadInput(_("Write the clinician's name in at most 120 letters."))
    if not statement.strip():
        raise BadInput(_("Write what the clinician said."))
    if len(statement) > 2000:
        raise BadInput(_("Write what was said in at most 2000 letters."))


def _check_day(said_on: date, *, earliest: date | None, practice: Practice, now: datetime) -> None:
    if said_on > now.astimezone(practice.tz).date():
        raise BadInput(_("The day the clinician spoke lies in the future."))
    if earliest is not None and said_on < earliest:
        raise BadInput(_("The clinician must have spoken after the stop began."))


def _check_covers(flags: Sequence[str], covers: Collection[str]) -> None:
    if set(covers) - set(flags):
        raise BadInput(_("A clearance can only cover answers of this stop."))
    if missing := not_covered(flags, covers):
        table = screening.load()
        asked = " ".join(table.red_flag(flag).question for flag in missing)
        raise BadInput(_("The stop stays: the clinician has not spoken about: %s") % asked)
