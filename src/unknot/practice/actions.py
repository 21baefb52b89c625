"""Open what staff may read about clients' health, and write down that they did.

The practice owns no tables: rows come from the steps, and the only thing written is the audit.

Units   local days of the practice; aware datetimes.
Errors  Missing and Denied from the steps' access.
Source  decision 14: docs/decisions/0004-roles-and-rights.md
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from unknot.domain.calendar import hours
from unknot.journey.book.reads import day_list, recheck_marks
from unknot.journey.prepare.reads import changed_since
from unknot.journey.understand import access as understand_access
from unknot.journey.understand import reads as understand
from unknot.journey.understand import stops
from unknot.journey.understand.day_flags import day_flags
from unknot.people import access, audit
from unknot.people.models import Practice, User
from unknot.practice.schedule import SHORT_NOTICE, Visit, as_visits


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackPage:
    """One call-back; who may not see why gets neither the stop nor the agreements."""

    call: stops.CallBackRow
    stop: stops.StopRow | None = None
    agreements: tuple[understand.AgreementRow, ...] = ()
    may_clear: bool = False


@transaction.atomic(durable=True)
def open_own_day(actor: User, practice: Practice, day: date, *, now: datetime) -> tuple[Visit, ...]:
    """Give a therapist's own day with what each client's answers ask, one audit row per client.

    The number of queries does not grow with the appointments.
    """
    rows = day_list.day_of_practice(practice, day, therapist_user=actor)
    keys = {row.client_key for row in rows if row.client_key is not None}
    clients = {client.pk: client for client in practice.client_set.filter(key__in=keys)}
    in_care = access.treated_by(actor, clients.values())
    flags = day_flags(in_care)
    known = day_list.been_here(clients.values(), hours.instant(day, 0, practice.tz))
    earliest = hours.instant(day, 0, practice.tz) - SHORT_NOTICE
    audit.record_reads(actor, "day.read", [clients[pk] for pk in sorted(flags)], at=now)
    return as_visits(
        rows,
        now=now,
        own=True,
        known=known,
        flags={clients[pk].key: found for pk, found in flags.items()},
        phones={client.key: client.phone for client in clients.values()},
        rechecks=recheck_marks.marks(rows, now=now),
        changed=changed_since({row.key for row in rows}, earliest) if rows else {},
    )


@transaction.atomic(durable=True)
def open_call_back(actor: User, key: UUID, *, now: datetime) -> CallBackPage:
    """Give one call-back; what was answered only to who may record a clinician's word, and audited.

    A stop comes before agreements: they are asked about once it has ended.
    """
    checkin = understand_access.checkin_to_call(actor, key)
    call = stops.call_back_row(checkin)
    if not understand_access.may_clear(actor, checkin):
        return CallBackPage(call=call)
    audit.record(actor, "call-back.read", checkin, at=now, client=checkin.client)
    stop = getattr(checkin, "stop", None)
    stopped = stop is not None and stop.ended_at is None
    return CallBackPage(
        call=call,
        stop=stops.stop_row(stop) if stop is not None else None,
        agreements=() if stopped else understand.agreements_shown(checkin),
        may_clear=True,
    )
