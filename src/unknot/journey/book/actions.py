"""Hold, confirm, cancel an appointment: the only code that inserts one. Keep working hours.

The database, not this file, makes double booking impossible: see the exclusion constraint
`appointment_no_overlap` in models.py. The locks make rivals queue, so that a loser hears
SlotTaken and never a deadlock. Always in this order: the check-in, then the therapists by
number; whoever changes a blocking time holds the lock of its therapist.

Units   aware datetimes; money in minor units, frozen when the time is held; `HOLD` is how long
        a time is kept while the form is filled in.
Errors  SlotTaken, NotOffered, HoldEnded, TooManyHolds, NotPossible, and the screening's own
        refusals; HoursChanged, DayDiffers, BadHours for hours; Missing for a stranger. None
        leaves a trace.
Source  the booking policies, and the note on the lock beside the constraint, in docs/decisions.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import hours, slots
from unknot.domain.calendar import status as states
from unknot.domain.calendar.hours import WeeklyHours
from unknot.journey.book import access, opening, reads, weekly
from unknot.journey.book.models import Appointment, HoursOverride, Status, WorkingHours
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.choose.reads import leave
from unknot.journey.understand import stops
from unknot.journey.understand.models import CheckIn
from unknot.people import access as people
from unknot.people import audit, outbox
from unknot.people.access import Actor
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Conflict, Missing

HOLD = timedelta(minutes=10)
#: How many times one browser may hold at once, over all the check-ins it has begun.
OPEN_HOLDS = 3


class SlotTaken(Conflict):
    """An overlapping time is already held or booked."""

    title = _("Somebody was faster")
    sentence = _("This time has just been taken. Here is what is free now.")
    mend = _("Choose another time.")


class NotOffered(Conflict):
    """The slot rule refuses this start; the sentence is the rule's."""

    title = _("This time cannot be booked")
    mend = _("Choose another time.")


class HoldEnded(Conflict):
    """The time is no longer kept for this person."""

    title = _("The time is no longer held")
    sentence = _("We no longer hold this time for you.")
    mend = _("Choose a time again.")


class TooManyHolds(Conflict):
    """One browser holds as many times as it may."""

    title = _("You already hold several times")
    sentence = _("You already hold several times. Book one of them, or wait ten minutes.")


class NotPossible(Conflict):
    """The appointment is in a state from which this step does not lead."""

    title = _("This is no longer possible")
    sentence = _("This appointment has changed, so this is no longer possible.")


class OnHold(Conflict):
    """A safety question is open; until it is settled the appointment cannot go on."""

    title = _("This appointment is on hold")
    sentence = _("This appointment is on hold until the practice has spoken with the client.")


@transaction.atomic(durable=True)
def hold(
    checkin: CheckIn,
    *,
    actor: Actor,
    therapist: Therapist,
    service: Service,
    start: datetime,
    now: datetime,
    earlier: Collection[UUID] = (),
) -> Appointment:
    """Keep `start` for ten minutes, letting go of the time this check-in held before.

    `earlier` are the keys of holds the same browser asked for. The same start twice is one hold.
    """
    checkin = _lock_checkin(checkin)
    therapist = _lock_calendars(checkin, therapist)
    reads.check_may_book(
        checkin, actor=actor, practice=therapist.practice, technique=service.technique, now=now
    )
    _expire(therapist, now)
    if same := _same_hold(checkin, therapist, service, start):
        return same
    _release_all(checkin, now)
    _check_not_too_many(earlier, now)
    _check_offered(checkin, therapist, service, start, now=now)
    appointment = _insert(checkin, therapist, service, start, now=now)
    audit.record(actor, "appointment.held", appointment, at=now, client=checkin.client)
    return appointment


@transaction.atomic(durable=True)
def confirm(
    actor: User, client: Client, appointment: Appointment, *, note: str, now: datetime
) -> Appointment:
    """Book the held time for `client`; a second call returns the same appointment unchanged."""
    if not people.is_own(actor, client) or appointment.checkin is None:
        raise Missing
    checkin = _lock_checkin(appointment.checkin)
    if checkin.client_id != client.pk:
        raise Missing
    people.lock(client)  # a stop of another check-in waits, or is seen
    therapist = _lock_calendars(checkin, appointment.therapist)
    appointment = _lock_appointment(appointment)
    if appointment.client_id not in (None, client.pk):
        raise Missing
    if appointment.status == Status.CONFIRMED:
        return appointment
    service = appointment.service
    reads.check_may_book(
        checkin, actor=actor, practice=therapist.practice, technique=service.technique, now=now
    )
    held_at = _check_still_held(appointment, now)
    _check_offered(checkin, therapist, service, appointment.start, now=held_at, own=appointment)
    _become(
        appointment,
        Status.CONFIRMED,
        now=now,
        client=client,
        note=note.strip(),
        held_until=None,
        booked_at=now,
        booked_by=actor,
    )
    people.start_care(client, therapist.user, now=now)
    audit.record(actor, "appointment.confirmed", appointment, at=now, client=client)
    _write_to_both("appointment-confirmed", appointment, now)
    return appointment


@transaction.atomic(durable=True)
def release(appointment: Appointment, *, actor: Actor, now: datetime) -> None:
    """Give a held time back; nothing happens when it is no longer held."""
    _lock_therapists([appointment.therapist_id])
    appointment = _lock_appointment(appointment)
    if appointment.status != Status.HELD:
        return
    _become(appointment, Status.CANCELLED, now=now)
    audit.record(actor, "appointment.released", appointment, at=now, client=appointment.client)


@transaction.atomic(durable=True)
def cancel(actor: User, appointment: Appointment, *, now: datetime) -> Appointment:
    """Cancel for the client or the practice; free of charge, and noted so when it is on hold."""
    access.check_may_arrange(actor, appointment)
    _lock_therapists([appointment.therapist_id])
    appointment = _lock_appointment(appointment)
    client = appointment.client
    if client is None:
        raise Missing
    if appointment.status == Status.CANCELLED:
        return appointment
    if people.is_own(actor, client) and appointment.start <= now:
        raise NotPossible(_("This appointment has begun. Please call the practice."))
    on_hold = stops.is_on_hold(client)
    _become(appointment, Status.CANCELLED, now=now)
    audit.record(
        actor,
        "appointment.cancelled",
        appointment,
        at=now,
        client=client,
        reason="while on hold: no fee" if on_hold else "",
    )
    _write_to_both("appointment-cancelled", appointment, now)
    return appointment


@transaction.atomic(durable=True)
def mark_arrived(appointment: Appointment, *, actor: User, now: datetime) -> None:
    """The client is here; refused while they are on hold."""
    access.check_may_keep_the_list(actor, appointment)
    appointment = _lock_appointment(appointment)
    _check_not_on_hold(appointment)
    _become(appointment, Status.ARRIVED, now=now)
    audit.record(actor, "appointment.arrived", appointment, at=now, client=appointment.client)


@transaction.atomic(durable=True)
def mark_no_show(appointment: Appointment, *, actor: User, now: datetime) -> None:
    """The client did not come; refused before the start and while they are on hold."""
    access.check_may_keep_the_list(actor, appointment)
    appointment = _lock_appointment(appointment)
    _check_not_on_hold(appointment)
    if now < appointment.start:
        raise NotPossible(_("This appointment has not begun yet."))
    _become(appointment, Status.NO_SHOW, now=now)
    audit.record(actor, "appointment.no-show", appointment, at=now, client=appointment.client)


def mark_attended(appointment: Appointment, *, actor: User, now: datetime) -> None:
    """The session took place; runs inside the transaction that signs its note.

    Refused while the client is on hold, unless they had arrived before that.
    """
    appointment = _lock_appointment(appointment)
    if appointment.status == Status.ATTENDED:
        return
    if appointment.status != Status.ARRIVED:
        _check_not_on_hold(appointment)
    _become(appointment, Status.ATTENDED, now=now)
    audit.record(actor, "appointment.attended", appointment, at=now, client=appointment.client)


@transaction.atomic(durable=True)
def expire_holds(now: datetime) -> int:
    """Free every time whose hold has ended; return how many. Two workers may run it at once.

    Calendars that somebody is booking in just now are left for the next run.
    """
    due = Appointment.objects.expired_holds(now).values("therapist")
    quiet = (
        Therapist.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(pk__in=due)
        .order_by("pk")
    )
    return (
        Appointment.objects.expired_holds(now)
        .filter(therapist__in=[therapist.pk for therapist in quiet])
        .update(status=Status.EXPIRED, changed_at=now)
    )


def _lock_checkin(checkin: CheckIn) -> CheckIn:
    return (
        CheckIn.objects.select_for_update(no_key=True, of=("self",))
        .select_related("client", "practice")
        .get(pk=checkin.pk)
    )


def _lock_calendars(checkin: CheckIn, wanted: Therapist) -> Therapist:
    """Lock the wanted calendar and those in which this check-in still holds a time."""
    held = checkin.appointment_set.filter(status=Status.HELD).values_list("therapist", flat=True)
    return _lock_therapists({wanted.pk, *held})[wanted.pk]


def _lock_therapists(numbers: Collection[int]) -> dict[int, Therapist]:
    locked = (
        Therapist.objects.select_for_update(no_key=True, of=("self",))
        .select_related("practice", "location", "user")
        .filter(pk__in=numbers)
        .order_by("pk")
    )
    return {therapist.pk: therapist for therapist in locked}


def _lock_appointment(appointment: Appointment) -> Appointment:
    return (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("therapist__practice", "therapist__location", "therapist__user")
        .select_related("service", "client__practice", "client__user", "checkin")
        .get(pk=appointment.pk)
    )


def _expire(therapist: Therapist, now: datetime) -> None:
    """Free what has run out: an index cannot look at the clock, so the constraint counts it."""
    Appointment.objects.expired_holds(now).filter(therapist=therapist).update(
        status=Status.EXPIRED, changed_at=now
    )


def _same_hold(
    checkin: CheckIn, therapist: Therapist, service: Service, start: datetime
) -> Appointment | None:
    return checkin.appointment_set.filter(
        status=Status.HELD, therapist=therapist, service=service, start=start
    ).first()


def _release_all(checkin: CheckIn, now: datetime) -> None:
    checkin.appointment_set.filter(status=Status.HELD).update(
        status=Status.CANCELLED, changed_at=now
    )


def _check_not_too_many(earlier: Collection[UUID], now: datetime) -> None:
    still = Appointment.objects.filter(key__in=earlier, status=Status.HELD, held_until__gt=now)
    if still.count() >= OPEN_HOLDS:
        raise TooManyHolds


def _check_offered(
    checkin: CheckIn,
    therapist: Therapist,
    service: Service,
    start: datetime,
    *,
    now: datetime,
    own: Appointment | None = None,
) -> None:
    """Ask the rule that also drew the list, after the lock, so that its answer stays true."""
    offered_here = therapist.services.filter(pk=service.pk, active=True).exists()
    if checkin.practice_id != therapist.practice_id or not offered_here:
        raise NotOffered(_("This practice does not offer this to you at the moment."))
    closed = leave.of(therapist).closed(start.astimezone(therapist.practice.tz).date())
    if closed is not None:
        raise NotOffered(leave.SENTENCES[closed.why])
    refused = reads.refusal(therapist, service, start, now=now, without=own)
    if refused is slots.Refusal.OVERLAPS:
        raise SlotTaken
    if refused is not None:
        raise NotOffered(gettext(refused.value))


def _insert(
    checkin: CheckIn, therapist: Therapist, service: Service, start: datetime, *, now: datetime
) -> Appointment:
    slot = slots.slot(reads.request_for(therapist.practice, service), start)
    try:
        with transaction.atomic():  # a savepoint: the outer transaction stays usable
            return Appointment.objects.create(
                therapist=therapist,
                service=service,
                checkin=checkin,
                client=checkin.client,
                status=Status.HELD,
                start=slot.start,
                end=slot.end,
                blocked=DateTimeTZRange(slot.blocked.start, slot.blocked.end),
                held_until=now + HOLD,
                price_minor=service.price_minor,
                currency=therapist.practice.currency,
                changed_at=now,
            )
    except IntegrityError as error:
        if "appointment_no_overlap" in str(error):
            raise SlotTaken from error
        raise


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
    return until - HOLD


def _check_not_on_hold(appointment: Appointment) -> None:
    if appointment.client is not None and stops.is_on_hold(appointment.client):
        raise OnHold


def _become(appointment: Appointment, after: Status, *, now: datetime, **fields: Any) -> None:
    try:
        states.check_transition(states.Status(appointment.status), states.Status(after))
    except states.NotAllowed as error:
        raise NotPossible from error
    appointment.status = after
    appointment.changed_at = now
    for name, value in fields.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=["status", "changed_at", *fields])


def _write_to_both(kind: str, appointment: Appointment, now: datetime) -> None:
    """Queue a mail to the client and one to the therapist; neither names a reason or a method."""
    context = {"appointment": appointment, "practice": appointment.therapist.practice}
    client = appointment.client
    if client is not None and client.user is not None:
        outbox.queue(kind, client.user, context, at=now)
    outbox.queue(f"{kind}-therapist", appointment.therapist.user, context, at=now)


# Working hours ------------------------------------------------------------------------------------

#: How far ahead a single day can differ.
FURTHEST = timedelta(days=731)
#: Every weekday in words, Monday first.
WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class HoursChanged(Conflict):
    """The hours were saved somewhere else since this page was opened."""

    title = _("These hours have changed")
    sentence = _("Somebody saved other hours while this page was open, so nothing was saved now.")
    mend = _("Look at both, and save again what is right.")


class DayDiffers(Conflict):
    """This day has hours of its own already."""

    sentence = _("This day differs from the week already: remove that first.")


class BadHours(BadInput):
    """Hours that cannot be kept; the sentence names the day."""


@transaction.atomic(durable=True)
def save_hours(
    actor: User,
    therapist: Therapist,
    *,
    week: Collection[WeeklyHours],
    fingerprint: str,
    now: datetime,
) -> None:
    """Replace a therapist's whole week if it is still the one with this `fingerprint`.

    The same week twice is one save. What is booked already stays as it is.
    """
    access.check_may_keep_hours(actor, therapist)
    day = weekly.overlapping(week)
    if day is not None:
        raise BadHours(gettext("The hours of %(day)s overlap.") % {"day": WEEKDAYS[day]})
    _lock_therapists([therapist.pk])
    stored = opening.week_of(therapist)
    wanted = tuple(sorted(week, key=lambda one: (one.weekday, one.starts_minute)))
    if stored == wanted:
        return
    if opening.fingerprint(stored) != fingerprint:
        raise HoursChanged
    WorkingHours.objects.filter(therapist=therapist).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(
            therapist=therapist,
            weekday=one.weekday,
            starts_minute=one.starts_minute,
            ends_minute=one.ends_minute,
        )
        for one in wanted
    )
    audit.record(actor, "hours.saved", therapist, at=now)


@transaction.atomic(durable=True)
def add_override(
    actor: User,
    therapist: Therapist,
    *,
    day: date,
    window: weekly.Stretch | None,
    now: datetime,
) -> HoursOverride:
    """Let one day differ from the week: open only in `window`, or closed without one."""
    access.check_may_keep_hours(actor, therapist)
    today = now.astimezone(therapist.practice.tz).date()
    if not today <= day <= today + FURTHEST:
        raise BadInput(_("Choose today or a day of the next two years."))
    try:
        hours.DayOverride(day=day, windows=() if window is None else (window,))
    except hours.BadHours as error:
        raise BadInput(_("The end must come after the start.")) from error
    _lock_therapists([therapist.pk])
    if HoursOverride.objects.filter(therapist=therapist, day=day).exists():
        raise DayDiffers
    starts, ends = window or (None, None)
    override = HoursOverride.objects.create(
        therapist=therapist, day=day, starts_minute=starts, ends_minute=ends
    )
    audit.record(actor, "hours-day.added", override, at=now)
    return override


@transaction.atomic(durable=True)
def remove_override(actor: User, override: HoursOverride, *, now: datetime) -> None:
    """Let a day follow the week again; a second press removes nothing more."""
    access.check_may_keep_hours(actor, override.therapist)
    _lock_therapists([override.therapist_id])
    removed, _rows = HoursOverride.objects.filter(pk=override.pk).delete()
    if removed:
        audit.record(actor, "hours-day.removed", override, at=now)
