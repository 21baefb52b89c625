"""Hold a time and book it. Nothing here writes an allocation itself: see `taking`.

Units   aware datetimes; money in minor units, frozen when the time is held; `HOLD` is how long
        a time is kept while the form is filled in.
Errors  SlotTaken, NotOffered, HoldEnded, TooManyHolds, CallThePractice, NotPossible, and the
        screening's own refusals; Missing for a stranger. None leaves a trace.
Source  the booking policies, and the note on the lock beside the constraint, in docs/decisions.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import slots
from unknot.journey.book import access
from unknot.journey.book.actions import locks, taking
from unknot.journey.book.actions.change import become, beside, write_to_both
from unknot.journey.book.actions.refusals import (
    CallThePractice,
    HoldEnded,
    NotOffered,
    SlotTaken,
    TooManyHolds,
)
from unknot.journey.book.models import (
    AddOn,
    Appointment,
    Awaits,
    Resource,
    Status,
)
from unknot.journey.book.reads import booked, decision, desk
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.choose.reads import leave
from unknot.journey.understand.models import CheckIn
from unknot.people import access as people
from unknot.people import audit
from unknot.people.access import Actor
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Missing

HOLD: Final = timedelta(minutes=10)
#: How many times one browser or client may hold at once, over all the check-ins they have begun.
OPEN_HOLDS: Final = 3
#: How many times one network address may hold at once: a household or a small office, no more.
OPEN_HOLDS_OF_ADDRESS: Final = 10

#: In one order, so that two with the same client and address never wait for each other.
_LOCK_ASKERS: Final = """
SELECT pg_advisory_xact_lock(number)
FROM (
    SELECT DISTINCT hashtextextended(asker, 0) AS number FROM unnest(%s::text[]) asker ORDER BY 1
) askers
"""


@transaction.atomic(durable=True)
def hold(
    checkin: CheckIn,
    *,
    actor: Actor,
    wanted: Wanted,
    start: datetime,
    now: datetime,
    earlier: Collection[UUID] = (),
    asked_from: str = "",
    request_key: UUID | None = None,
) -> Appointment:
    """Keep `start` for ten minutes, letting go of the time this check-in held before.

    `earlier` are the keys of holds the same browser asked for, `asked_from` a keyed hash of its
    address. The same start twice is one hold, and so is the same `request_key`: HoldEnded when
    what it held is no longer held.
    """
    checkin = locks.lock_checkin(checkin)
    before = _held_by(checkin)
    persons = locks.lock_people(
        [wanted.therapist, *decision.partners(wanted), *(one.therapist for one in before)]
    )
    locked = {one.pk for one in locks.lock_appointments(before) if one.status == Status.HELD}
    before = [one for one in before if one.pk in locked]
    wanted = replace(anew(wanted), client=_client_of(checkin, actor, wanted))
    if wanted.therapist.listed_since is None:
        raise NotOffered(gettext("This practice does not offer this to you at the moment."))
    decision.check_may_book(
        checkin, actor=actor, practice=wanted.practice, techniques=wanted.techniques, now=now
    )
    check_not_blocked(wanted.practice.pk, checkin.client)
    taking.prepare(wanted, list(persons.values()), start, now=now, also=before)
    still = [one for one in before if one.held_until is not None and one.held_until > now]
    if same := _same_hold(still, wanted, start) or _same_request(checkin, request_key):
        return same
    _let_go([one for one in before if not _is_offer(one)], now)
    _check_not_too_many(checkin.client, earlier, asked_from, now)
    person = persons[wanted.therapist.user_id]
    assigned = check_offered(checkin, wanted, start, now=now)
    values = {
        "request_key": request_key,
        "checkin": checkin.pk,
        "client": checkin.client_id,
        "status": Status.HELD,
        "held_until": now + HOLD,
        "asked_from": asked_from,
    }
    appointment = insert(wanted, person, assigned, values, now=now)
    audit.record(actor, "appointment.held", appointment, at=now, client=checkin.client)
    return appointment


@transaction.atomic(durable=True)
def confirm(
    actor: User,
    client: Client,
    appointment: Appointment,
    *,
    note: str,
    now: datetime,
    guest: str = "",
) -> Appointment:
    """Book the held time for `client`; a second call returns the same appointment unchanged.

    Where a practice books first visits by request, it asks the practice instead. The second place
    of a couple is kept for `guest` by name, until the safety questions are answered for them.
    """
    if not people.is_own(actor, client) or appointment.checkin is None:
        raise Missing
    checkin = locks.lock_checkin(appointment.checkin)
    if checkin.client_id != client.pk:
        raise Missing
    people.lock(client)  # a stop of another check-in waits, or is seen
    wanted = replace(anew(wanted_of(appointment)), client=client.pk)
    persons = locks.lock_people([wanted.therapist, *decision.partners(wanted)])
    appointment = locks.lock_appointment(appointment)
    if appointment.client_id not in (None, client.pk):
        raise Missing
    if appointment.booked_at is not None and appointment.status in (
        Status.CONFIRMED,
        Status.PENDING,
    ):
        return appointment
    decision.check_may_book(
        checkin, actor=actor, practice=wanted.practice, techniques=wanted.techniques, now=now
    )
    check_not_blocked(wanted.practice.pk, client)
    held_at = _check_still_held(appointment, now)
    taking.prepare(wanted, list(persons.values()), appointment.start, now=held_at)
    own = [one.pk for one in (appointment, *beside(appointment))]
    check_offered(checkin, wanted, appointment.start, now=held_at, without=own)
    asks = booked.asks_first(wanted.practice, client)
    become(
        appointment,
        Status.PENDING if asks else Status.CONFIRMED,
        now=now,
        awaits=Awaits.PRACTICE if asks else "",
        client=client,
        note=note.strip(),
        held_until=None,
        asked_from="",
        booked_at=now,
        booked_by=actor,
    )
    people.start_care(client, wanted.therapist.user, now=now)
    if appointment.pair is not None:
        _bring(guest, appointment, actor, now)
    if asks:
        audit.record(actor, "appointment.requested", appointment, at=now, client=client)
        write_to_both("appointment-requested", appointment, now)
    else:
        audit.record(actor, "appointment.confirmed", appointment, at=now, client=client)
        write_to_both("appointment-confirmed", appointment, now)
    return appointment


@transaction.atomic(durable=True)
def release(appointment: Appointment, *, actor: Actor, now: datetime) -> None:
    """Give a held time back; nothing happens when it is no longer held."""
    locks.lock_people([one.therapist for one in (appointment, *beside(appointment))])
    appointment = locks.lock_appointment(appointment)
    if appointment.status != Status.HELD:
        return
    _let_go([appointment], now)
    audit.record(actor, "appointment.released", appointment, at=now, client=appointment.client)


def expire_holds(now: datetime) -> int:
    """Free every time whose hold has ended; return how many. Two workers may run it at once.

    Holds that somebody works on just now are left for the next run.
    """
    due = list(Appointment.objects.expired_holds(now).order_by("held_until", "pk"))
    return sum(_expire(one, now) for one in due)


@transaction.atomic(durable=True)
def _expire(appointment: Appointment, now: datetime) -> bool:
    return taking.expire_one(appointment, now=now)


def insert(
    wanted: Wanted,
    person: Resource,
    assigned: slots.Assigned,
    values: Mapping[str, object],
    *,
    now: datetime,
) -> Appointment:
    """Insert what was decided, under the locks it was decided under; SlotTaken if a cell is gone.

    A couple is two appointments that share a `pair`, the second with the other therapist.
    """
    mine, theirs = taking.taking(wanted, person, assigned), None
    if (number := taking.partner_of(assigned)) is not None:
        mine, theirs = taking.apart(mine, number)
        values = {**values, "pair": uuid4()}
    common = {
        "service": wanted.service.pk,
        "start": assigned.slot.start,
        "end": assigned.slot.end,
        "price_minor": wanted.price_minor,
        "currency": wanted.practice.currency,
        "now": now,
        **taking.promised(wanted, assigned.slot.start),
        **values,
    }
    made = taking.book(mine, {"key": uuid4(), "therapist": wanted.therapist.pk, **common})
    if wanted.add_ons:
        made.add_ons.add(*wanted.add_ons)
    if theirs is not None:
        second = Therapist.objects.get(
            user=theirs.resources[0][0].user_id, practice=wanted.practice
        )
        beside = {
            "request_key": None,
            "checkin": None,
            "client": None,
            "price_minor": 0,
            "asked_from": "",
        }
        other = {"key": uuid4(), "therapist": second.pk, **common, **beside}
        taking.book(theirs, other).add_ons.add(*wanted.add_ons)
    return made


def wanted_of(appointment: Appointment) -> Wanted:
    """What an appointment is of, as it was booked."""
    return Wanted(
        therapist=appointment.therapist,
        service=appointment.service,
        add_ons=tuple(appointment.add_ons.all()),
        client=appointment.client_id,
    )


def check_offered(
    checkin: CheckIn | None,
    wanted: Wanted,
    start: datetime,
    *,
    now: datetime,
    without: Collection[int] = (),
    for_staff: bool = False,
) -> slots.Assigned:
    """Ask the rule that also drew the list, after the locks, so that its answer stays true."""
    therapist, service = wanted.therapist, wanted.service
    offers = therapist.services.filter(pk=service.pk, active=True).exists()
    foreign = {one.practice_id for one in wanted.add_ons} - {therapist.practice_id}
    other = checkin is not None and checkin.practice_id != therapist.practice_id
    if other or foreign or not offers:
        raise NotOffered(gettext("This practice does not offer this to you at the moment."))
    day = start.astimezone(wanted.practice.tz).date()
    known = leave.of(therapist)
    if (closed := known.closed(day)) is not None:
        raise NotOffered(leave.SENTENCES[closed.why])
    question = decision.ask(wanted, day, day, now=now, leave=known, without=without)
    answer = (question.for_staff() if for_staff else question).decide(start, now=now)
    if isinstance(answer, slots.Assigned):
        return answer
    if answer.reason is slots.Refusal.OVERLAPS:
        raise SlotTaken
    raise NotOffered(gettext(answer.reason.value))


def assigned(
    wanted: Wanted,
    start: datetime,
    *,
    now: datetime,
    may_relax: bool,
    without: Collection[int] = (),
) -> slots.Assigned:
    """What `start` takes by the rule; if staff may, what it refuses without notice and buffers."""
    try:
        return check_offered(None, wanted, start, now=now, without=without)
    except (NotOffered, SlotTaken):
        if not may_relax:
            raise
    return check_offered(None, wanted, start, now=now, without=without, for_staff=True)


def check_not_blocked(practice: int, client: Client | None) -> None:
    """Refuse whom the practice has said it does not book here."""
    if client is not None and desk.is_blocked(practice, client):
        raise CallThePractice


def anew(wanted: Wanted) -> Wanted:
    """The same wish on rows as they are after the locks."""
    return Wanted(
        therapist=locks.therapist(wanted.therapist.pk),
        service=Service.objects.get(pk=wanted.service.pk),
        add_ons=tuple(AddOn.objects.filter(pk__in=[one.pk for one in wanted.add_ons], active=True)),
        client=wanted.client,
    )


def _client_of(checkin: CheckIn, actor: Actor, wanted: Wanted) -> int | None:
    """For whom a check-in holds a time: its client, or who is signed in there."""
    if checkin.client_id is not None:
        return checkin.client_id
    client = access.client_in(actor, wanted.practice)
    return client.pk if client is not None else None


def _held_by(checkin: CheckIn) -> list[Appointment]:
    """The times this check-in holds, with the second half of each couple."""
    held = Appointment.objects.filter(status=Status.HELD)
    held = held.select_related("therapist__practice", "service", "waitingentry")
    mine = list(held.filter(checkin=checkin).order_by("pk"))
    pairs = [one.pair for one in mine if one.pair is not None]
    if not pairs:
        return mine
    return list(held.filter(Q(checkin=checkin) | Q(pair__in=pairs)).order_by("pk"))


def _is_offer(held: Appointment) -> bool:
    """Whether the waiting list keeps this time for them: looking at another does not end that."""
    return getattr(held, "waitingentry", None) is not None


def _same_hold(
    before: Collection[Appointment], wanted: Wanted, start: datetime
) -> Appointment | None:
    added = {one.pk for one in wanted.add_ons}
    for one in before:
        if (
            one.checkin_id is not None
            and (one.therapist_id, one.service_id) == (wanted.therapist.pk, wanted.service.pk)
            and one.start == start
            and {add_on.pk for add_on in one.add_ons.all()} == added
        ):
            return one
    return None


def _same_request(checkin: CheckIn, request_key: UUID | None) -> Appointment | None:
    """What the same form has held or booked before."""
    if request_key is None:
        return None
    found = Appointment.objects.filter(request_key=request_key).first()
    if found is None:
        return None
    if found.checkin_id != checkin.pk or found.status not in (Status.HELD, *booked.COMING):
        raise HoldEnded
    return found


def _let_go(held: Collection[Appointment], now: datetime) -> None:
    pairs = [one.pair for one in held if one.pair is not None]
    asked = Q(pk__in=[one.pk for one in held]) | Q(pair__in=pairs)
    both = list(Appointment.objects.filter(asked, status=Status.HELD))
    Appointment.objects.filter(pk__in=[one.pk for one in both]).update(
        status=Status.CANCELLED, asked_from="", changed_at=now
    )
    taking.release(both, now=now)


def _bring(guest: str, appointment: Appointment, actor: User, now: datetime) -> None:
    """Give the second place of a couple to a client known by name alone."""
    if not guest.strip():
        raise BadInput(_("Write the name of the person who comes with you."))
    (other,) = beside(appointment)
    client = Client.objects.create(
        practice=appointment.therapist.practice, name=guest.strip()[:120], created_at=now
    )
    become(
        other,
        Status.PENDING,
        now=now,
        awaits=Awaits.SCREENING,
        client=client,
        held_until=None,
        asked_from="",
        booked_at=now,
        booked_by=actor,
    )
    people.start_care(client, other.therapist.user, now=now)
    audit.record(actor, "appointment.provisional", other, at=now, client=client)


def _check_not_too_many(
    client: Client | None, earlier: Collection[UUID], asked_from: str, now: datetime
) -> None:
    still = Appointment.objects.filter(status=Status.HELD, held_until__gt=now)
    _lock_askers(asked_from, client)
    own = Q(key__in=earlier)
    if client is not None:
        own |= Q(client=client) | Q(checkin__client=client)
    if still.filter(own).count() >= OPEN_HOLDS:
        raise TooManyHolds
    if asked_from and still.filter(asked_from=asked_from).count() >= OPEN_HOLDS_OF_ADDRESS:
        raise TooManyHolds


def _lock_askers(asked_from: str, client: Client | None) -> None:
    """Whoever asks many times at once is counted one time after the other."""
    askers = [asked_from] if asked_from else []
    askers += [f"client {client.pk}"] if client is not None else []
    if askers:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_ASKERS, [askers])


def _check_still_held(appointment: Appointment, now: datetime) -> datetime:
    """Return when the hold began: its limits are judged as of then, so it keeps its promise."""
    until = appointment.held_until
    if appointment.status not in (Status.HELD, Status.EXPIRED) or until is None:
        raise HoldEnded
    if appointment.status == Status.EXPIRED or until <= now:
        zone = appointment.therapist.practice.tz
        raise HoldEnded(
            gettext("We held this time for you until %(until)s. That has passed.")
            % {"until": f"{until.astimezone(zone):%H:%M}"}
        )
    if appointment.start <= now:
        raise NotOffered(gettext(slots.Refusal.IN_THE_PAST.value))
    return appointment.changed_at
