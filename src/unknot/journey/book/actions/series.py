"""Book a series, and move or cancel what of it is still to come.

All chosen times or none: a time that somebody took meanwhile is named, and nothing is booked that
was not shown. Each session is an appointment of its own and keeps the wall time that the rule gave
it as its name, wherever it moves. The safety answers must allow the first now; before each later
one the short recheck asks again.

Units   naive datetimes are wall times of the practice; aware ones are instants; minor units.
Errors  TimesLost, BadSeries, NotPossible, CallThePractice, CostsMore, OnHold, ClientOnHold,
        NotForThem, the screening's own refusals; Missing for a stranger. None leaves a trace.
Source  domain/calendar/series.py, domain/calendar/fees.py; the booking policies in docs/decisions.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.journey.book import access
from unknot.journey.book.actions import arrange, booking, letters, locks, taking
from unknot.journey.book.actions.change import become
from unknot.journey.book.actions.desk import ClientOnHold, NotForThem, OnTheBlockList
from unknot.journey.book.actions.refusals import CostsMore, NotOffered, NotPossible, SlotTaken
from unknot.journey.book.models import Appointment, Awaits, Resource, Series, Status
from unknot.journey.book.reads import booked, decision, desk
from unknot.journey.book.reads import series as reads
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.book.reads.series import WALL, Repeat
from unknot.journey.understand import reads as screening
from unknot.journey.understand import stops
from unknot.journey.understand.models import CheckIn
from unknot.people import access as people
from unknot.people import audit, outbox
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Conflict

#: How many sessions a client may have coming before the practice wants to speak about more.
MOST_COMING: Final = 30

#: The start that somebody chose for each time of a series, by its name; None leaves it out.
Choices = Mapping[str, datetime | None]


class TimesLost(Conflict):
    """Some of the chosen times cannot be had any more, so nothing was booked."""

    title = _("Some of these times have gone")

    def __init__(self, starts: Sequence[datetime], wanted: Wanted) -> None:
        zone = wanted.practice.tz
        days = (dateformat.format(one.astimezone(zone), "j F, H:i") for one in starts)
        self.starts = tuple(starts)
        super().__init__(
            gettext("Nothing has been changed yet. These cannot be had any more: %(times)s.")
            % {"times": "; ".join(days)}
        )


@transaction.atomic(durable=True)
def book(
    actor: User,
    client: Client,
    wanted: Wanted,
    repeat: Repeat,
    choices: Choices,
    *,
    now: datetime,
    request_key: UUID,
) -> Series:
    """Book the chosen times of a series, all or none; the same `request_key` again is one series.

    For the client themselves, or by staff: then without valid safety answers each is provisional.
    """
    access.check_may_book_series(actor, client, wanted.therapist)
    newest = screening.latest_completed(client)
    newest = locks.lock_checkin(newest) if newest is not None else None
    people.lock(client)
    persons = locks.lock_people([wanted.therapist])
    if made := Series.objects.filter(key=request_key, client=client).first():
        return made
    wanted = replace(booking.anew(wanted), client=client.pk)
    checkin = _screened(actor, newest, client, wanted, now=now)
    base = _base(repeat, wanted, client)
    chosen = _chosen(repeat, wanted, choices, base)
    _check_not_too_many(actor, client, chosen, now)
    _prepare(wanted, persons, chosen.values(), now=now)
    series = Series.objects.create(
        key=request_key,
        client=client,
        therapist=wanted.therapist,
        service=wanted.service,
        rule=repeat.rule,
        first_start=repeat.first.strftime(WALL),
        created_by=actor,
        created_at=now,
    )
    if base is not None:
        base.series, base.occurrence = series, series.first_start
        base.save(update_fields=["series", "occurrence"])
    values = _values(actor, client, checkin, now) | {"series": series.pk}
    person = persons[wanted.therapist.user_id]

    def take(name: str, start: datetime) -> None:
        assigned = booking.check_offered(checkin, wanted, start, now=now)
        one = booking.insert(wanted, person, assigned, values | {"occurrence": name}, now=now)
        audit.record(actor, "appointment.booked", one, at=now, client=client)

    _all_or_none(chosen, wanted, take)
    people.start_care(client, wanted.therapist.user, now=now)
    audit.record(actor, "series.booked", series, at=now, client=client)
    _write("series-booked", series, now, questions=checkin is None)
    return series


@transaction.atomic(durable=True)
def move_following(actor: User, series: Series, choices: Choices, *, now: datetime) -> Series:
    """Move the named sessions of a series to the chosen starts, all or none; None leaves one be.

    The old times are kept until the new ones are taken. Late moves are remembered as late.
    """
    access.check_may_book_series(actor, series.client, series.therapist)
    people.lock(series.client)
    persons = locks.lock_people([series.therapist])
    still = {one.occurrence: one for one in reads.coming(series, now=now)}
    if unknown := choices.keys() - still.keys():
        raise NotPossible(_gone(unknown))
    by_client = people.is_own(actor, series.client)
    moving = {
        name: start
        for name, start in sorted(choices.items())
        if start is not None and start != still[name].start
    }
    if not moving:
        raise BadInput(_("Choose at least one session to move."))
    locked = _locked(still[name] for name in moving)
    for one in locked.values():
        arrange.check_movable(one, by_client=by_client, now=now)
    wanted = booking.anew(booking.wanted_of(next(iter(locked.values()))))
    _prepare(wanted, persons, moving.values(), now=now, also=list(locked.values()))
    taking.release(list(locked.values()), now=now)

    def take(name: str, start: datetime) -> None:
        own = booking.anew(booking.wanted_of(locked[name]))
        assigned = booking.check_offered(None, own, start, now=now)
        arrange.put(locked[name], own, assigned, now=now, persons=persons, by_client=by_client)
        audit.record(actor, "appointment.moved", locked[name], at=now, client=series.client)

    _all_or_none(moving, wanted, take)
    audit.record(actor, "series.moved", series, at=now, client=series.client)
    _write("series-moved", series, now)
    return series


@transaction.atomic(durable=True)
def cancel_following(
    actor: User,
    series: Series,
    *,
    now: datetime,
    since: str = "",
    for_client: bool = False,
    exempt: str = "",
    expected_minor: int | None = None,
) -> int:
    """Cancel what is still coming from the session named `since` on; return how many.

    Each costs what the practice's rule says of it; CostsMore beyond the `expected_minor` shown.
    """
    access.check_may_book_series(actor, series.client, series.therapist)
    people.lock(series.client)
    locks.lock_people([series.therapist])
    found = list(_locked(reads.coming(series, since=since, now=now)).values())
    if not found:
        return 0
    own = people.is_own(actor, series.client)
    on_hold = stops.is_on_hold(series.client)
    exempt = "" if own else exempt
    total = 0
    for one in found:
        fee = arrange.charge(
            one, now=now, on_hold=on_hold, by_client=own or for_client, exempt=exempt
        )
        waived = fee.reason[:200] if fee.is_late else ""
        total += fee.fee_minor
        become(one, Status.CANCELLED, now=now, fee_minor=fee.fee_minor, fee_waived=waived)
        reason = "while on hold: no fee" if on_hold else exempt.strip()
        audit.record(
            actor, "appointment.cancelled", one, at=now, client=series.client, reason=reason
        )
    if expected_minor is not None and total > expected_minor:
        raise CostsMore
    taking.release(found, now=now)
    if not reads.coming(series, now=now).exists():
        series.ended_at = now
        series.save(update_fields=["ended_at"])
    audit.record(actor, "series.cancelled", series, at=now, client=series.client)
    _write("series-cancelled", series, now, cancelled=found)
    return len(found)


def cost(actor: User, series: Series, *, since: str = "", now: datetime) -> int:
    """What the client would pay who cancels now, in minor units; nothing when staff cancel."""
    if not people.is_own(actor, series.client):
        return 0
    on_hold = stops.is_on_hold(series.client)
    return sum(
        arrange.charge(one, now=now, on_hold=on_hold, by_client=True).fee_minor
        for one in reads.coming(series, since=since, now=now)
    )


def _screened(
    actor: User, newest: CheckIn | None, client: Client, wanted: Wanted, *, now: datetime
) -> CheckIn | None:
    """The check-in that allows this now; for staff None where the answers are still to come."""
    if wanted.service.for_two:
        raise NotOffered(_("A session for two cannot be booked as a series."))
    if people.is_own(actor, client):
        booking.check_not_blocked(wanted.practice.pk, client)
        if booked.asks_first(wanted.practice, client):
            raise NotPossible(
                _("This practice answers first visits itself. Book a series after your first.")
            )
        if newest is None:
            raise screening.ScreeningMissing
        decision.check_may_book(
            newest, actor=actor, practice=wanted.practice, techniques=wanted.techniques, now=now
        )
        return newest
    if desk.is_blocked(wanted.practice, client):
        raise OnTheBlockList
    return _screened_at_desk(newest, client, wanted, now=now)


def _screened_at_desk(
    newest: CheckIn | None, client: Client, wanted: Wanted, *, now: datetime
) -> CheckIn | None:
    if stops.is_on_hold(client):
        raise ClientOnHold
    if newest is None:
        return None
    try:
        for technique in wanted.techniques:
            screening.check_may_book(newest, technique, now=now)
    except screening.ScreeningMissing:
        return None
    except screening.ScreeningStop as problem:
        raise ClientOnHold from problem
    except screening.TechniqueNotSafe as problem:
        raise NotForThem from problem
    return newest


def _base(repeat: Repeat, wanted: Wanted, client: Client) -> Appointment | None:
    """The appointment that becomes the first of the series, locked; it must still be that."""
    if repeat.based_on is None:
        return None
    base = locks.lock_appointment(repeat.based_on)
    same = (base.client_id, base.therapist_id, base.service_id) == (
        client.pk,
        wanted.therapist.pk,
        wanted.service.pk,
    )
    wall = base.start.astimezone(wanted.practice.tz).replace(tzinfo=None)
    stands = base.status == Status.CONFIRMED and base.series_id is None and base.pair is None
    if not (same and stands and wall == repeat.first):
        raise NotPossible
    return base


def _chosen(
    repeat: Repeat, wanted: Wanted, choices: Choices, base: Appointment | None
) -> dict[str, datetime]:
    """The starts to book by name, in the order of the series."""
    names = [one.local.strftime(WALL) for one in reads.occurrences(repeat, wanted)]
    if base is not None:
        names = names[1:]
    if choices.keys() - set(names):
        raise BadInput(_("Choose from the times of this series."))
    found = ((name, choices.get(name)) for name in names)
    chosen = {name: start for name, start in found if start is not None}
    if not chosen:
        raise BadInput(_("Choose at least one time to book."))
    return chosen


def _check_not_too_many(
    actor: User, client: Client, chosen: Collection[str], now: datetime
) -> None:
    if not people.is_own(actor, client):
        return
    coming = Appointment.objects.filter(client=client, status__in=booked.COMING, end__gt=now)
    if coming.count() + len(chosen) > MOST_COMING:
        raise NotPossible(
            gettext("At most %(most)s sessions can be coming. For more, call the practice.")
            % {"most": MOST_COMING}
        )


def _prepare(
    wanted: Wanted,
    persons: Mapping[int, Resource],
    starts: Iterable[datetime],
    *,
    now: datetime,
    also: Sequence[Appointment] = (),
) -> None:
    """Lock the days of all that can be booked at all; the rule refuses the others by itself."""
    last = now + timedelta(days=wanted.practice.horizon_days + 1)
    within = [start for start in starts if now <= start <= last]
    taking.prepare_all(wanted, list(persons.values()), within, now=now, also=also)


def _values(
    actor: User, client: Client, checkin: CheckIn | None, now: datetime
) -> dict[str, object]:
    return {
        "client": client.pk,
        "checkin": checkin.pk if checkin is not None else None,
        "status": Status.CONFIRMED if checkin is not None else Status.PENDING,
        "awaits": "" if checkin is not None else Awaits.SCREENING,
        "booked_at": now,
        "booked_by": actor.pk,
    }


def _all_or_none(
    chosen: Mapping[str, datetime], wanted: Wanted, take: Callable[[str, datetime], None]
) -> None:
    """Take each chosen start; when some cannot be had, name all of those and take none."""
    lost: list[datetime] = []
    for name, start in chosen.items():
        try:
            take(name, start)
        except (SlotTaken, NotOffered):
            lost.append(start)
    if lost:
        raise TimesLost(lost, wanted)


def _locked(appointments: Iterable[Appointment]) -> dict[str, Appointment]:
    """The appointments by name, locked in their one order."""
    return {one.occurrence: one for one in locks.lock_appointments(list(appointments))}


def _gone(names: Collection[str]) -> str:
    return gettext("Some of these sessions have changed meanwhile: %(names)s.") % {
        "names": "; ".join(sorted(name.replace("T", " ") for name in names)[:5])
    }


def _write(
    kind: str,
    series: Series,
    now: datetime,
    *,
    cancelled: Sequence[Appointment] = (),
    questions: bool = False,
) -> None:
    """One mail to each of both with all times; neither names a reason or a method."""
    coming = list(reads.coming(series, now=now))
    token = access.questions_token(coming[0].key) if questions and coming else ""
    practice = series.therapist.practice
    context = {
        "series": series,
        "practice": practice,
        "coming": coming,
        "path": reverse("book:questions", args=[token]) if token else "",
        "cancelled": sorted(cancelled, key=lambda one: one.start),
    }
    if series.client.user is not None:
        outbox.queue(kind, series.client.user, context, at=now, practice=practice)
    outbox.queue(f"{kind}-therapist", series.therapist.user, context, at=now, practice=practice)
    for one in (*coming, *cancelled):
        letters.follow(one, now=now)
