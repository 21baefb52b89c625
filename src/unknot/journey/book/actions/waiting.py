"""The waiting list: join it, leave it, and offer a time that became free to the first in line.

Whatever frees times writes a `FreedTime` in its own transaction: a session that was cancelled,
moved or let go, and by `freed` the hours, time off, calendars elsewhere and limits that opened
something. A worker takes one such row at a time, holds a time in it for whoever came first and
writes them a mail; when they let it go, that writes a row again and the next is asked. A row with
room for several is asked about in turn, one place in one transaction, until nothing of it is free
or the line ends: nobody is asked about one row twice, so its cost is bounded by the line.

Units   aware datetimes; days and minutes from midnight of the practice's zone.
Errors  BadInput, AlreadyWaiting, CallThePractice, the screening's own refusals; Missing for a
        stranger. None leaves a trace.
Source  the booking policies in docs/decisions.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar.slots import Slot
from unknot.journey.book.actions import booking, locks, taking
from unknot.journey.book.actions.change import become
from unknot.journey.book.actions.refusals import NotOffered
from unknot.journey.book.models import Appointment, FreedTime, Status, WaitingEntry
from unknot.journey.book.reads import decision
from unknot.journey.book.reads import waiting as reads
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.understand import reads as screening
from unknot.journey.understand import stops
from unknot.journey.understand.models import CheckIn
from unknot.people import access as people
from unknot.people import audit, outbox
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Conflict, Missing, UnknotError

#: In how many lines one client may stand at once.
MOST_PLACES: Final = 5
#: How long a freed time that was dealt with stays in its table.
KEPT: Final = timedelta(days=7)
#: How many freed times one run deals with, so that other jobs have their turn.
BATCH: Final = 200

#: How many days ahead somebody may wait.
FURTHEST: Final = 365

State = WaitingEntry.State


class _PassedOver(Conflict):
    """This place in line is not asked about this time; nobody reads it."""


class AlreadyWaiting(Conflict):
    """The same client waits for the same already."""

    title = _("You are on this waiting list already")
    sentence = _("You are on this list already. To change your days, leave it and join again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """For what somebody waits: no therapist means any, no weekdays mean any."""

    service: Service
    therapist: Therapist | None
    first_day: date
    last_day: date
    from_minute: int = 0
    to_minute: int = 1440
    weekdays: tuple[int, ...] = ()


@transaction.atomic(durable=True)
def join(
    actor: User, client: Client, wish: Wish, *, now: datetime, checkin: CheckIn | None = None
) -> WaitingEntry:
    """Put a client at the end of a line; their safety answers must allow the service now.

    `checkin` is what their browser answered last, if that is another one than their newest.
    """
    if not people.is_own(actor, client):
        raise Missing
    newest = screening.latest_completed(client)
    for one in (checkin, newest) if checkin is not None and checkin != newest else (newest,):
        if one is None:
            raise screening.ScreeningMissing
        one = locks.lock_checkin(one)
        decision.check_may_book(
            one,
            actor=actor,
            practice=client.practice,
            techniques=[wish.service.technique],
            now=now,
        )
    people.lock(client)
    booking.check_not_blocked(client.practice_id, client)
    _check(wish, client, now)
    _settle_offers(WaitingEntry.objects.filter(client=client), now)
    places = WaitingEntry.objects.filter(client=client, state__in=reads.OPEN)
    if places.filter(service=wish.service, therapist=wish.therapist).exists():
        raise AlreadyWaiting
    if places.count() >= MOST_PLACES:
        raise BadInput(_("You wait for several times already. Leave one of the lists first."))
    entry = WaitingEntry.objects.create(
        client=client,
        service=wish.service,
        therapist=wish.therapist,
        first_day=wish.first_day,
        last_day=wish.last_day,
        from_minute=wish.from_minute,
        to_minute=wish.to_minute,
        weekdays=sorted(set(wish.weekdays)),
        since=now,
    )
    audit.record(actor, "waiting.joined", entry, at=now, client=client)
    return entry


@transaction.atomic(durable=True)
def leave(actor: User, entry: WaitingEntry, *, now: datetime) -> WaitingEntry:
    """Leave a line; a time that was held goes to the next. Twice is once."""
    if not people.is_own(actor, entry.client):
        raise Missing
    people.lock(entry.client)
    entry = _lock(entry)
    if entry.state not in reads.OPEN:
        return entry
    offer = entry.offer if entry.state == State.OFFERED else None
    if offer is not None and offer.booked_at is not None:
        _become(entry, State.BOOKED)
        return entry
    _become(entry, State.LEFT)
    if offer is not None:
        _give_back(offer, now)
    audit.record(actor, "waiting.left", entry, at=now, client=entry.client)
    return entry


def offer_freed(now: datetime) -> int:
    """Offer each time that became free to the first in line; return how many were offered.

    Two workers share the rows: one that another works on is passed over. A worker that dies in
    the middle leaves its row as it was.
    """
    _settle_offers(WaitingEntry.objects.all(), now)
    _end_places(now)
    due = FreedTime.objects.filter(settled_at__isnull=True).order_by("at", "pk")
    numbers = list(due.values_list("pk", flat=True)[:BATCH])
    offered = sum(_offer_on(number, now) for number in numbers)
    FreedTime.objects.filter(settled_at__lt=now - KEPT).delete()
    return offered


def _offer_on(number: int, now: datetime) -> int:
    """Ask one after the other about one freed time; how many were asked."""
    count, asked = 0, _offer(number, now)
    while asked is not None:
        count, asked = count + 1, _offer(number, now, behind=asked)
    return count


@transaction.atomic(durable=True)
def _offer(number: int, now: datetime, behind: WaitingEntry | None = None) -> WaitingEntry | None:
    """Ask the first who can have some of a freed time, in one transaction; without one, settle it.

    Those in front of `behind` were asked or passed over already.
    """
    freed = _claim(number)
    if freed is None:
        return None
    notice = timedelta(minutes=freed.therapist.practice.notice_minutes)
    if freed.end > now + notice and reads.is_left(freed):
        for entry in reads.in_line(freed, now=now, behind=behind):
            if _ask(entry, freed, now):
                return entry
    freed.settled_at = now
    freed.save(update_fields=["settled_at"])
    return None


def _claim(number: int) -> FreedTime | None:
    """A row that nobody works on and nobody has dealt with."""
    return (
        FreedTime.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .filter(pk=number, settled_at__isnull=True)
        .select_related("therapist__practice", "therapist__location", "therapist__user")
        .first()
    )


def _ask(entry: WaitingEntry, freed: FreedTime, now: datetime) -> bool:
    """Hold the time for this place in line; False when something speaks against it.

    In a savepoint: whoever is passed over keeps no lock, so each keeps to the order of `locks`.
    """
    try:
        with transaction.atomic():
            _hold(entry, freed, now)
    except UnknotError:
        return False
    return True


def _hold(entry: WaitingEntry, freed: FreedTime, now: datetime) -> None:
    client, user = entry.client, entry.client.user
    newest = screening.latest_completed(client)
    if user is None or newest is None:
        raise _PassedOver
    checkin = locks.lock_checkin(newest)
    people.lock(client)
    entry = _still_waiting(entry)
    persons = locks.lock_people([freed.therapist])
    wanted = booking.anew(
        Wanted(therapist=freed.therapist, service=entry.service, client=client.pk)
    )
    _check_may_be_asked(checkin, client, wanted, user, now)
    slot = reads.time_for(entry, wanted, freed, now=now)
    if slot is None or _is_elsewhere(client, slot):
        raise _PassedOver
    taking.prepare(wanted, list(persons.values()), slot.start, now=now)
    assigned = booking.check_offered(checkin, wanted, slot.start, now=now)
    until = reads.held_until(wanted, slot.start, now=now)
    values = {
        "checkin": checkin.pk,
        "client": client.pk,
        "status": Status.HELD,
        "held_until": until,
    }
    made = booking.insert(wanted, persons[wanted.therapist.user_id], assigned, values, now=now)
    entry.offer, entry.offered_until = made, until
    _become(entry, State.OFFERED, "offer", "offered_until")
    audit.record(None, "waiting.offered", made, at=now, client=client)
    context = {"appointment": made, "practice": wanted.practice, "until": until}
    outbox.queue("waiting-offer", user, context, at=now, practice=wanted.practice)


def _check_may_be_asked(
    checkin: CheckIn, client: Client, wanted: Wanted, user: User, now: datetime
) -> None:
    """Ask nobody who could not book it: on hold, blocked, or without answers that allow it."""
    if stops.is_on_hold(client):
        raise _PassedOver
    booking.check_not_blocked(wanted.practice.pk, client)
    decision.check_may_book(
        checkin, actor=user, practice=wanted.practice, techniques=wanted.techniques, now=now
    )


def _is_elsewhere(client: Client, slot: Slot) -> bool:
    """Whether the client has another session then."""
    standing = Appointment.objects.blocking().filter(client=client)
    return standing.filter(start__lt=slot.end, end__gt=slot.start).exists()


def _still_waiting(entry: WaitingEntry) -> WaitingEntry:
    """The place, locked; it may have been asked or left meanwhile."""
    entry = _lock(entry)
    if entry.state != State.WAITING:
        raise _PassedOver
    return entry


def _lock(entry: WaitingEntry) -> WaitingEntry:
    return (
        WaitingEntry.objects.select_for_update(no_key=True, of=("self",))
        .select_related("client__user", "client__practice", "service", "offer__therapist__practice")
        .get(pk=entry.pk)
    )


def _become(entry: WaitingEntry, state: WaitingEntry.State, *fields: str) -> None:
    entry.state = state
    entry.save(update_fields=["state", *fields])


def _give_back(offer: Appointment, now: datetime) -> None:
    """Let go of a time that was offered, unless it was booked or has run out meanwhile."""
    locks.lock_people([offer.therapist])
    offer = locks.lock_appointment(offer)
    if offer.status == Status.HELD:
        become(offer, Status.CANCELLED, now=now)
        taking.release([offer], now=now)


@transaction.atomic
def _settle_offers(places: QuerySet[WaitingEntry], now: datetime) -> None:
    """Bring places up to what became of their offers: booked, or waiting again where they were."""
    unlocked = places.select_for_update(no_key=True, skip_locked=True, of=("self",))
    booked = unlocked.filter(state__in=reads.OPEN, offer__booked_at__isnull=False)
    WaitingEntry.objects.filter(pk__in=[one.pk for one in booked]).update(state=State.BOOKED)
    lapsed = unlocked.filter(state=State.OFFERED).exclude(
        offer__status=Status.HELD, offer__held_until__gt=now
    )
    WaitingEntry.objects.filter(pk__in=[one.pk for one in lapsed]).update(
        state=State.WAITING, offered_until=None
    )


@transaction.atomic
def _end_places(now: datetime) -> None:
    """End the places whose last day is past where they are."""
    latest = now.astimezone(UTC).date() + timedelta(days=1)  # the furthest east it is tomorrow
    found = (
        WaitingEntry.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .filter(state=State.WAITING, last_day__lt=latest)
        .select_related("client__practice")
    )
    over = [one.pk for one in found if one.last_day < now.astimezone(one.client.practice.tz).date()]
    WaitingEntry.objects.filter(pk__in=over).update(state=State.OVER)


def _check(wish: Wish, client: Client, now: datetime) -> None:
    """Refuse a wish that no time could meet."""
    service, therapist = wish.service, wish.therapist
    offered = service.practice_id == client.practice_id and service.active
    if therapist is not None:
        offered = offered and service.therapists.filter(pk=therapist.pk).exists()
    if not offered or service.for_two:
        raise NotOffered(_("There is no waiting list for this."))
    today = now.astimezone(client.practice.tz).date()
    if wish.last_day < max(wish.first_day, today):
        raise BadInput(_("The last day is before the first, or past."))
    if wish.last_day > today + timedelta(days=FURTHEST):
        raise BadInput(_("Choose days within the next twelve months."))
    if wish.to_minute - wish.from_minute < service.minutes:
        raise BadInput(_("The session is longer than the hours you chose."))
