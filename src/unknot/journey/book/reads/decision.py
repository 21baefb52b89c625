"""The one decision: what is asked, what stands in the calendars, and whether a start can be booked.

The lists of free times, the explanation of a refusal and the booking all load their state here
and ask `domain.calendar.slots`.

Units   aware datetimes; days of the practice's zone; minutes.
Errors  the screening's own refusals, from `check_may_book`.
Source  the booking policies in docs/decisions.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from unknot.domain.calendar import cells, hours, slots
from unknot.domain.calendar.hours import DayOverride, WeeklyHours
from unknot.domain.calendar.intervals import Period, merge, subtract
from unknot.domain.calendar.load import LoadLimits, Work
from unknot.domain.calendar.slots import Kind, Load, State, Taken, Unit
from unknot.journey.book import access
from unknot.journey.book.models import (
    BLOCKING,
    AddOn,
    Appointment,
    BusySource,
    HoursOverride,
    LoadLimit,
    LoadWeight,
    Need,
    Resource,
    WorkingHours,
)
from unknot.journey.book.reads import planned
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.choose.reads import leave as leaves
from unknot.journey.choose.reads.leave import Leave
from unknot.journey.understand import reads as screening
from unknot.journey.understand import stops
from unknot.journey.understand.models import CheckIn
from unknot.people.access import Actor, is_own
from unknot.people.models import Practice, UnreadableCalendar
from unknot.web.errors import UnknotError

ONE_DAY = timedelta(days=1)
#: How long the last reading of somebody's other calendar is believed.
BELIEVED: Final = timedelta(hours=24)
#: The pool of those who could be the second therapist of a couple.
PARTNER: Final = "partner"

#: What takes resources between two instants. A hold that has ended by `now` takes nothing; without
#: a `now`, every hold does. The index of allocations compares `int` with nothing else.
_TAKEN: Final = """
SELECT r.id, a.during, CASE WHEN p.status = 'held' THEN 'held' ELSE 'own' END
FROM book_resource r
JOIN book_allocation a ON a.market = r.market AND a.resource_id = r.id
    AND a.during && tstzrange(%(first)s, %(last)s)
JOIN book_appointment p ON p.id = a.appointment_id
WHERE r.id = ANY(%(ids)s::int[]) AND p.id <> ALL(%(without)s::bigint[])
    AND NOT (p.status = 'held' AND p.held_until <= coalesce(%(now)s::timestamptz, '-infinity'))
UNION ALL
SELECT resource_id, during, 'time_off' FROM book_timeoff
WHERE resource_id = ANY(%(ids)s::int[]) AND during && tstzrange(%(first)s, %(last)s)
UNION ALL
SELECT resource_id, during, CASE WHEN tentative THEN 'tentative' ELSE 'external' END
FROM book_externalbusy
WHERE resource_id = ANY(%(ids)s::int[]) AND during && tstzrange(%(first)s, %(last)s)
"""
_KINDS: Final = {
    "own": Kind.OWN,
    "held": Kind.HELD,
    "time_off": Kind.TIME_OFF,
    "external": Kind.EXTERNAL,
    "tentative": Kind.TENTATIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to book: a service of a therapist, with what is added to it.

    `client` is their number, once they are known: a list that their sessions follow counts.
    """

    therapist: Therapist
    service: Service
    add_ons: tuple[AddOn, ...] = ()
    client: int | None = None

    @property
    def practice(self) -> Practice:
        return self.therapist.practice

    @property
    def minutes(self) -> int:
        return self.service.minutes + sum(one.minutes for one in self.add_ons)

    @property
    def price_minor(self) -> int:
        return self.service.price_minor + sum(one.price_minor for one in self.add_ons)

    @property
    def techniques(self) -> tuple[str, ...]:
        """Every technique that has to be safe for this person."""
        added = (one.technique for one in self.add_ons if one.technique)
        return tuple(dict.fromkeys((self.service.technique, *added)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request beside the state of the calendars that it is asked of."""

    request: slots.Request
    state: State
    zone: ZoneInfo
    closed: frozenset[date] = frozenset()  # by credentials

    def decide(self, start: datetime, *, now: datetime) -> slots.Assigned | slots.Refused:
        """Whether a session can begin at `start`, and with which rooms and tools."""
        return slots.decide(self.request, start, self.state, zone=self.zone, now=now)

    def offered(self, first_day: date, last_day: date, *, now: datetime) -> tuple[slots.Slot, ...]:
        """The starts of these days that `decide` accepts."""
        return slots.offered(
            self.request,
            self.state,
            zone=self.zone,
            now=now,
            first_day=first_day,
            last_day=last_day,
        )

    def for_staff(self) -> "Question":
        """The same question without notice and buffers, which staff may break with a reason."""
        return replace(self, request=slots.relaxed(self.request))


def ask(
    wanted: Wanted,
    first_day: date,
    last_day: date,
    *,
    now: datetime,
    leave: Leave | None = None,
    without: Collection[int] = (),
) -> Question:
    """Load what decides about starts from `first_day` to `last_day`; 6 queries, more with needs.

    One more for a client who is known, and another while their sessions follow a list.

    The state reaches one day further on both sides, as the rule asks. `without` leaves
    appointments out by number, such as the one that is moved.
    """
    therapist, zone = wanted.therapist, wanted.practice.tz
    span = (first_day - ONE_DAY, last_day + ONE_DAY)
    leave = leave or leaves.of(therapist)
    person = person_of(therapist)
    needs = needs_of(wanted)
    pools = _members(wanted, needs)
    seconds = _partners(wanted) if wanted.service.for_two else {}
    hands = {person.pk} if person is not None else set()
    ids = {unit for units in pools.values() for unit in units} | set(seconds) | hands
    taken = taken_by(ids, span, zone, now=now, without=without)
    loads, weights = _loads(wanted.practice, hands | set(seconds), span, without)
    units = _units(pools, taken)
    if wanted.service.for_two:
        technique = wanted.service.technique
        units[PARTNER] = tuple(
            replace(
                one, load=loads.get(one.id), weight_percent=weights.get((one.id, technique), 100)
            )
            for one in _partner_units(seconds, taken, span)
        )
    question = _question(
        _Loaded(
            wanted=wanted,
            needs=needs,
            number=person.pk if person is not None else None,
            opening=_opening([therapist], span)[therapist.pk],
            closed=frozenset(leave.closed_days(hours.days(*span))),
            units=units,
            held_back_from=now if person and is_held_back(wanted, person, now) else None,
        ),
        taken,
        loads,
        weights,
    )
    return _by_list(question, wanted, without)


def ask_each(
    wishes: Sequence[Wanted], first_day: date, last_day: date, *, now: datetime
) -> tuple[Question, ...]:
    """What `ask` gives for each wish, all of one practice and none for two; at most 11 queries."""
    if not wishes:
        return ()
    practice, zone = wishes[0].practice, wishes[0].practice.tz
    span = (first_day - ONE_DAY, last_day + ONE_DAY)
    therapists = [one.therapist for one in wishes]
    found = Resource.objects.filter(user__in=[one.user_id for one in therapists])
    persons = {user: pk for pk, user in found.values_list("pk", "user")}
    needs = _needs_of_each(wishes)
    things = _things(practice) if any(needs) else ()
    pools = [
        _serving(wanted, own, things) if own else {}
        for wanted, own in zip(wishes, needs, strict=True)
    ]
    ids = {unit for one in pools for units in one.values() for unit in units}
    taken = taken_by(ids | set(persons.values()), span, zone, now=now)
    leave = leaves.of_many(therapists)
    opening = _opening(therapists, span)
    loads, weights = _loads(practice, set(persons.values()), span, ())
    held_back = _held_back(practice, persons.values(), now)
    return tuple(
        _question(
            _Loaded(
                wanted=wanted,
                needs=own,
                number=(number := persons.get(wanted.therapist.user_id)),
                opening=opening[wanted.therapist.pk],
                closed=frozenset(leave[wanted.therapist.pk].closed_days(hours.days(*span))),
                units=_units(serving, taken),
                held_back_from=now if number in held_back else None,
            ),
            taken,
            loads,
            weights,
        )
        for wanted, own, serving in zip(wishes, needs, pools, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    """What was loaded for one wish; `number` is the resource that its therapist is, if any."""

    wanted: Wanted
    needs: tuple[Need, ...]
    number: int | None
    opening: tuple[Period, ...]
    closed: frozenset[date]
    units: Mapping[str, tuple[Unit, ...]]
    held_back_from: datetime | None


def _question(
    one: _Loaded,
    taken: Mapping[int, tuple[Taken, ...]],
    loads: Mapping[int, Load],
    weights: Mapping[tuple[int, str], int],
) -> Question:
    wanted, number = one.wanted, one.number if one.number is not None else -1
    zone, carried = wanted.practice.tz, loads.get(number)
    state = State(
        opening=_whole_cells(one.opening),
        taken=(
            *taken.get(number, ()),
            *(Taken(_whole_day(day, zone), Kind.CREDENTIAL) for day in one.closed),
        ),
        pools=one.units,
        limits=carried.limits if carried else None,
        work=carried.work if carried else (),
        held_back_from=one.held_back_from,
    )
    weight = weights.get((number, wanted.service.technique), 100)
    return Question(
        request=request_for(wanted, one.needs, weight_percent=weight),
        state=state,
        zone=zone,
        closed=one.closed,
    )


def _by_list(question: Question, wanted: Wanted, without: Collection[int]) -> Question:
    """The same question under the list that this client's sessions follow, if one is running."""
    found = planned.of(wanted.client, wanted.therapist, without=without)
    if found is None:
        return question
    request = replace(
        question.request,
        not_before=found.not_before,
        closed=found.refusal(wanted.service, wanted.techniques),
    )
    return replace(question, request=request)


def refusal(
    wanted: Wanted, start: datetime, *, now: datetime, without: Collection[int] = ()
) -> slots.Refused | None:
    """Why `wanted` cannot begin at `start`, or None."""
    day = start.astimezone(wanted.practice.tz).date()
    answer = ask(wanted, day, day, now=now, without=without).decide(start, now=now)
    return answer if isinstance(answer, slots.Refused) else None


def request_for(
    wanted: Wanted, needs: Sequence[Need] = (), *, weight_percent: int = 100
) -> slots.Request:
    """What booking this asks of the calendars under the practice's policies."""
    practice, service = wanted.practice, wanted.service
    asked = tuple(_need(need, wanted) for need in needs)
    if service.for_two:
        asked = (*asked, _partner(wanted))
    return slots.Request(
        minutes=wanted.minutes,
        setup_minutes=cells.whole(service.setup_minutes),
        cleanup_minutes=_after(wanted.minutes, service.cleanup_minutes),
        step_minutes=practice.step_minutes,
        notice_minutes=practice.notice_minutes,
        horizon_days=practice.horizon_days,
        cleanup_past_closing=practice.cleanup_past_closing,
        needs=asked,
        weight_percent=weight_percent,
    )


def person_of(therapist: Therapist) -> Resource | None:
    """The resource that this therapist is, once anything was booked or kept of them; 1 query."""
    return Resource.objects.filter(user=therapist.user_id).first()


def needs_of(wanted: Wanted) -> tuple[Need, ...]:
    """The rooms and tools of the service and its add-ons; 1 query.

    One room is enough: of several, the one that says what it must have is meant.
    """
    found = list(
        Need.objects.filter(service=wanted.service)
        | Need.objects.filter(add_on__in=[one.pk for one in wanted.add_ons])
    )
    return _one_room(found)


def _needs_of_each(wishes: Sequence[Wanted]) -> list[tuple[Need, ...]]:
    """What `needs_of` gives for each wish without add-ons; 1 query."""
    services = {one.service.pk for one in wishes}
    found = list(Need.objects.filter(service__in=services).order_by("pk"))
    return [
        _one_room([need for need in found if need.service_id == one.service.pk]) for one in wishes
    ]


def _one_room(found: Sequence[Need]) -> tuple[Need, ...]:
    rooms = sorted((one for one in found if one.kind == "room"), key=lambda one: not one.feature)
    return (*rooms[:1], *(one for one in found if one.kind != "room"))


def candidates(wanted: Wanted) -> tuple[Resource, ...]:
    """Every room and tool that could serve; 2 queries, 1 without needs."""
    members = _members(wanted, needs_of(wanted))
    numbers = {number for units in members.values() for number in units}
    if not numbers:
        return ()
    return tuple(Resource.objects.filter(pk__in=numbers).select_related("practice").order_by("pk"))


def partners(wanted: Wanted) -> tuple[Therapist, ...]:
    """Who else of the practice could be the second therapist; none unless it is for two."""
    return tuple(_partners(wanted).values()) if wanted.service.for_two else ()


def pool_of(need: Need) -> str:
    """The name of the pool of rooms or tools that can serve a need."""
    return f"{need.kind}:{need.feature}" if need.feature else need.kind


def taken_by(
    ids: Iterable[int],
    span: tuple[date, date],
    zone: ZoneInfo,
    *,
    now: datetime | None,
    without: Collection[int] = (),
) -> Mapping[int, tuple[Taken, ...]]:
    """What takes each resource on the local days of `span`, both included; 1 query.

    A hold that has ended by `now` takes nothing; without a `now`, every hold does.
    """
    wanted = list(ids)
    if not wanted:
        return {}
    first, last = bounds(span, zone)
    values: dict[str, Any] = {
        "ids": wanted,
        "first": first,
        "last": last,
        "now": now,
        "without": list(without),
    }
    found: dict[int, list[Taken]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, values)
        for resource, during, kind in cursor.fetchall():
            period = cells.outward(Period(during.lower, during.upper))
            found.setdefault(resource, []).append(Taken(period, _KINDS[kind]))
    return {resource: tuple(taken) for resource, taken in found.items()}


def opening_of(therapist: Therapist, first: date, last: date) -> tuple[Period, ...]:
    """When a therapist works by week and by differing days; 2 queries."""
    return _opening([therapist], (first, last))[therapist.pk]


def openings_of(
    therapists: Sequence[Therapist], first: date, last: date
) -> Mapping[int, tuple[Period, ...]]:
    """When each of these therapists works on these days, by number; 2 queries."""
    return _opening(therapists, (first, last))


def is_held_back(wanted: Wanted, person: Resource, now: datetime) -> bool:
    """Whether an unreadable calendar of this therapist keeps their times back; 1 query or none."""
    if wanted.practice.unreadable_calendar != UnreadableCalendar.HOLD_BACK:
        return False
    return unreadable(person, now)


def _held_back(practice: Practice, numbers: Iterable[int], now: datetime) -> frozenset[int]:
    """Which of these people's times an unreadable calendar keeps back; 1 query or none."""
    if practice.unreadable_calendar != UnreadableCalendar.HOLD_BACK:
        return frozenset()
    sources = BusySource.objects.filter(resource__in=list(numbers)).exclude(url="")
    late = sources.exclude(last_ok_at__gt=now - BELIEVED)
    return frozenset(late.values_list("resource", flat=True))


def unreadable(person: Resource, now: datetime) -> bool:
    """Whether a calendar of this person elsewhere has not been read for too long; 1 query."""
    sources = BusySource.objects.filter(resource=person).exclude(url="")
    return sources.exclude(last_ok_at__gt=now - BELIEVED).exists()


def check_may_book(
    checkin: CheckIn,
    *,
    actor: Actor,
    practice: Practice,
    techniques: Iterable[str],
    now: datetime,
) -> None:
    """Raise what stands between this person and a booking: the check-in's and the client's own.

    A client who signs in with a fresh check-in that nobody has claimed yet is still the client
    for whom an older check-in opened a stop, or who said since that something may be new.
    """
    for technique in techniques:
        screening.check_may_book(checkin, technique, now=now)
    if is_own(actor, checkin.client):
        return
    client = access.client_in(actor, practice)
    if client is None:
        return
    if stops.is_on_hold(client):
        raise screening.ScreeningStop
    screening.check_nothing_new(checkin, client, now=now)


def obstacle(
    checkin: CheckIn | None,
    *,
    actor: Actor,
    practice: Practice,
    techniques: Iterable[str],
    now: datetime,
) -> UnknotError | None:
    """What stands between this person and a booking, or None; None for a missing check-in too."""
    if checkin is None:
        return None
    try:
        check_may_book(checkin, actor=actor, practice=practice, techniques=techniques, now=now)
    except UnknotError as error:
        return error
    return None


def _need(need: Need, wanted: Wanted) -> slots.Need:
    """A room is set up and cleared with the session; a tool warms and cools on its own."""
    room, service = need.kind == "room", wanted.service
    after = max(need.after_minutes, service.cleanup_minutes if room else 0)
    return slots.Need(
        pool=pool_of(need),
        quantity=need.quantity,
        before_minutes=cells.whole(max(need.before_minutes, service.setup_minutes if room else 0)),
        after_minutes=_after(wanted.minutes, after),
    )


def _partner(wanted: Wanted) -> slots.Need:
    return slots.Need(
        pool=PARTNER,
        before_minutes=cells.whole(wanted.service.setup_minutes),
        after_minutes=_after(wanted.minutes, wanted.service.cleanup_minutes),
    )


def _after(minutes: int, after: int) -> int:
    """Clean-up up to the end of a cell: what is taken, and what is shown, are whole cells."""
    return cells.whole(minutes + after) - minutes


def _whole_cells(opening: Iterable[Period]) -> tuple[Period, ...]:
    inward = (cells.inward(period) for period in opening)
    return tuple(period for period in inward if period is not None)


def _members(wanted: Wanted, needs: Sequence[Need]) -> dict[str, list[int]]:
    """The numbers of the rooms and tools that can serve each need; 1 query, none without needs."""
    return _serving(wanted, needs, _things(wanted.practice)) if needs else {}


def _things(practice: Practice) -> tuple[Resource, ...]:
    return tuple(Resource.objects.filter(practice=practice, active=True).order_by("pk"))


def _serving(
    wanted: Wanted, needs: Sequence[Need], things: Sequence[Resource]
) -> dict[str, list[int]]:
    """The numbers of those of the practice's `things` that can serve each need; 0 queries."""
    return {
        pool_of(need): [
            one.pk
            for one in things
            if one.kind == need.kind
            and (not need.feature or need.feature in one.features)
            and one.location_id in (None, wanted.therapist.location_id)
        ]
        for need in needs
    }


def _units(
    pools: Mapping[str, Sequence[int]], taken: Mapping[int, tuple[Taken, ...]]
) -> dict[str, tuple[Unit, ...]]:
    return {
        pool: tuple(Unit(id=one, taken=_merged(taken.get(one, ()))) for one in members)
        for pool, members in pools.items()
    }


def _partners(wanted: Wanted) -> dict[int, Therapist]:
    """Who else of the practice offers this service, by the number of their resource; 2 queries."""
    others = {
        one.user_id: one
        for one in wanted.service.therapists.filter(
            practice=wanted.practice, listed_since__isnull=False
        )
        .exclude(user=wanted.therapist.user_id)
        .select_related("practice")
    }
    found = Resource.objects.filter(user__in=others).order_by("pk").values_list("pk", "user")
    return {pk: others[user] for pk, user in found if user is not None}


def _partner_units(
    partners: Mapping[int, Therapist],
    taken: Mapping[int, tuple[Taken, ...]],
    span: tuple[date, date],
) -> tuple[Unit, ...]:
    """Partners as units: whenever they do not work, or may not, they are taken."""
    if not partners:
        return ()
    opening = _opening(list(partners.values()), span)
    leave = leaves.of_many(list(partners.values()))
    units = []
    for pk, therapist in partners.items():
        zone = therapist.practice.tz
        first, last = bounds(span, zone)
        away = subtract([Period(first, last)], opening[therapist.pk])
        closed = (
            _whole_day(day, zone) for day in leave[therapist.pk].closed_days(hours.days(*span))
        )
        own = (one.period for one in taken.get(pk, ()))
        units.append(Unit(id=pk, taken=merge([*away, *closed, *own])))
    return tuple(units)


def _opening(
    therapists: Sequence[Therapist], span: tuple[date, date]
) -> dict[int, tuple[Period, ...]]:
    """When each of these therapists works; 2 queries for all."""
    numbers = [one.pk for one in therapists]
    weeks: dict[int, list[WeeklyHours]] = {}
    for therapist, day, starts, ends in WorkingHours.objects.filter(
        therapist__in=numbers
    ).values_list("therapist", "weekday", "starts_minute", "ends_minute"):
        one = WeeklyHours(weekday=day, starts_minute=starts, ends_minute=ends)
        weeks.setdefault(therapist, []).append(one)
    differing: dict[int, list[DayOverride]] = {}
    for therapist, on, first, last in HoursOverride.objects.filter(
        therapist__in=numbers, day__range=span
    ).values_list("therapist", "day", "starts_minute", "ends_minute"):
        windows = () if first is None or last is None else ((first, last),)
        differing.setdefault(therapist, []).append(DayOverride(day=on, windows=windows))
    return {
        one.pk: hours.opening(
            weeks.get(one.pk, ()),
            differing.get(one.pk, ()),
            zone=one.practice.tz,
            first_day=span[0],
            last_day=span[1],
        )
        for one in therapists
    }


def _loads(
    practice: Practice, hands: Collection[int], span: tuple[date, date], without: Collection[int]
) -> tuple[Mapping[int, Load], Mapping[tuple[int, str], int]]:
    """The limits of each of these people with their work around, and what techniques weigh."""
    kept = list(LoadLimit.objects.filter(resource__in=hands)) if hands else []
    if not kept:
        return {}, {}
    numbers = [one.resource_id for one in kept]
    weights = {
        (person, technique): percent
        for person, technique, percent in LoadWeight.objects.filter(
            resource__in=numbers
        ).values_list("resource", "technique", "percent")
    }
    weeks = (span[0] - timedelta(days=7), span[1] + timedelta(days=7))
    first, last = bounds(weeks, practice.tz)
    found = Appointment.objects.filter(
        allocation__resource__in=numbers, status__in=BLOCKING, start__lt=last, end__gt=first
    ).exclude(pk__in=without)
    work: dict[int, list[Work]] = {number: [] for number in numbers}
    for person, start, end, technique in found.values_list(
        "allocation__resource", "start", "end", "service__technique"
    ):
        work[person].append(Work(Period(start, end), weights.get((person, technique), 100)))
    loads = {
        one.resource_id: Load(
            limits=LoadLimits(
                minutes_per_day=one.minutes_per_day,
                minutes_per_week=one.minutes_per_week,
                longest_run_minutes=one.longest_run_minutes,
                break_minutes=one.break_minutes,
            ),
            work=tuple(work[one.resource_id]),
        )
        for one in kept
    }
    return loads, weights


def _merged(taken: Iterable[Taken]) -> tuple[Period, ...]:
    return merge(one.period for one in taken)


def bounds(span: tuple[date, date], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which the first of these local days begins and the last one ends."""
    return (
        hours.instant(span[0], 0, zone),
        hours.instant(span[1], hours.DAY_MINUTES, zone),
    )


def _whole_day(day: date, zone: ZoneInfo) -> Period:
    return Period(*bounds((day, day), zone))
