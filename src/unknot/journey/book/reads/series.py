"""A series before it is booked or moved: each time with what the one decision says of it.

The times of one series are asked in their order, each as if those before it were taken: together
they may be more than a therapist gives in a week. Nothing is written and nothing is promised; the
booking asks again under its locks.

Units   naive datetimes are wall times of the practice, starts are UTC; minutes from midnight.
Errors  BadSeries for a rule that no series follows; Missing for a stranger.
Source  domain/calendar/series.py; the booking policies in docs/decisions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import hours
from unknot.domain.calendar import series as rules
from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.slots import Assigned, Kind, Refusal, Slot, State, Taken, Work
from unknot.journey.book import access
from unknot.journey.book.models import Appointment, Series, Status
from unknot.journey.book.reads import booked, decision, weeks
from unknot.journey.book.reads.decision import Question, Wanted
from unknot.journey.understand import reads as screening
from unknot.people import access as people
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, UnknotError

#: How far around a time that cannot be had other times are looked for, and how many are shown.
AROUND: Final = timedelta(days=3)
OTHERS: Final = 3
WALL: Final = "%Y-%m-%dT%H:%M"
#: What the name of a time looks like: the wall time that its series gave it.
NAME: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"


class BadSeries(BadInput):
    """A rule that no series follows; the sentence says why."""

    title = _("These times do not make a series")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A series that somebody thinks of: the first wall time, the rule, what it grows from."""

    first: datetime
    rule: str
    based_on: Appointment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One time of a series; `reason` is empty when it can be had, or stands already.

    `name` is the wall time its series gave it and stays, wherever the session moves. `skipped`
    says that the clock never shows that time, so that it begins when the clock has moved on.
    """

    name: str
    start: datetime
    was: datetime | None = None
    stands: bool = False
    beyond: bool = False
    skipped: bool = False
    reason: str = ""
    others: tuple[weeks.Free, ...] = ()

    @property
    def is_free(self) -> bool:
        return not self.stands and not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a series would be, to be shown before anything is booked or moved."""

    lines: tuple[Line, ...]
    obstacle: UnknotError | None = None

    @property
    def conflicts(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.reason and not line.beyond)

    @property
    def free(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_free)

    @property
    def standing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.stands)

    @property
    def beyond(self) -> int:
        return sum(line.beyond for line in self.lines)

    @property
    def fitting(self) -> int:
        """How many lie within the days that the practice books ahead."""
        return len(self.lines) - self.beyond

    @property
    def can_be_chosen(self) -> bool:
        return any(line.is_free or line.others for line in self.lines)


def plan(actor: User, client: Client, wanted: Wanted, repeat: Repeat, *, now: datetime) -> Plan:
    """Each time of a series that `actor` might book for `client`; about 12 queries.

    For the client as for staff; `obstacle` is what the client's safety answers say against it.
    """
    access.check_may_book_series(actor, client, wanted.therapist)
    asked = tuple(
        Line(
            name=one.local.strftime(WALL),
            start=one.start,
            stands=repeat.based_on is not None and one.number == 1,
            skipped=one.moved,
        )
        for one in occurrences(repeat, wanted)
    )
    obstacle = None
    if people.is_own(actor, client):
        obstacle = decision.obstacle(
            screening.latest_completed(client),
            actor=actor,
            practice=wanted.practice,
            techniques=wanted.techniques,
            now=now,
        )
    return Plan(lines=_judged(wanted, asked, now=now), obstacle=obstacle)


def occurrences(repeat: Repeat, wanted: Wanted) -> tuple[rules.Occurrence, ...]:
    """The times of a series in the practice's zone, or BadSeries."""
    try:
        return rules.occurrences(repeat.rule, repeat.first, wanted.practice.tz)
    except rules.BadRule as problem:
        raise BadSeries(gettext(problem.sentence) % dict(problem.facts)) from problem


def following(
    actor: User,
    series: Series,
    *,
    since: str = "",
    weekday: int,
    minute: int,
    now: datetime,
) -> Plan:
    """The sessions still coming, from the one named `since` on, at another weekday or time.

    Each stays in the week its series gave it. About 10 queries.
    """
    access.check_may_book_series(actor, series.client, series.therapist)
    found = list(coming(series, since=since, now=now))
    zone = series.therapist.practice.tz
    asked = []
    for one in found:
        start, skipped = _in_its_week(one, weekday, minute)
        asked.append(
            Line(
                name=one.occurrence,
                start=start,
                was=one.start,
                stands=start == one.start,
                skipped=skipped,
            )
        )
    if not found:
        return Plan(lines=())
    first = found[0]
    wanted = Wanted(
        therapist=series.therapist,
        service=series.service,
        add_ons=tuple(first.add_ons.all()),
        client=series.client_id,
    )
    staying = {line.name for line in asked if line.stands}
    moved = [one.pk for one in found if one.occurrence not in staying]
    ordered = sorted(asked, key=lambda line: line.start.astimezone(zone))
    return Plan(lines=_judged(wanted, ordered, now=now, without=moved))


def coming(series: Series, *, now: datetime, since: str = "") -> QuerySet[Appointment]:
    """The sessions of a series that have not begun, from the one named `since` on, in order."""
    return (
        Appointment.objects.filter(
            series=series,
            status__in=[Status.PENDING, Status.CONFIRMED],
            start__gt=now,
            occurrence__gte=since,
        )
        .select_related("therapist__practice", "therapist__location", "therapist__user")
        .select_related("service", "client__practice", "client__user")
        .prefetch_related("add_ons")
        .order_by("start", "pk")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A series as its page shows it: what is coming, by the name each time has, and what was."""

    key: UUID
    client: str
    therapist: str
    technique: str
    minutes: int
    zone: str
    coming: tuple[tuple[str, booked.Row], ...]
    past: tuple[booked.Row, ...]


def overview(series: Series, *, now: datetime) -> Overview:
    """All sessions of a series; 2 queries."""
    found = list(
        Appointment.objects.filter(series=series)
        .select_related("therapist__practice", "therapist__location", "service", "client")
        .order_by("start")
    )
    names: Mapping[UUID, str] = {one.key: one.occurrence for one in found}
    rows = booked.rows(found)
    still = [row for row in rows if row.is_coming and row.end > now]
    return Overview(
        key=series.key,
        client=series.client.name,
        therapist=series.therapist.name,
        technique=booked.technique_name(series.service.technique),
        minutes=still[0].minutes if still else series.service.minutes,
        zone=series.therapist.practice.zone,
        coming=tuple((names[row.key], row) for row in still),
        past=tuple(row for row in rows if row not in still),
    )


def first_wall(series: Series, *, since: str = "", now: datetime) -> datetime | None:
    """The wall time of the first session still coming from `since` on, or None; 1 query."""
    start = coming(series, since=since, now=now).values_list("start", flat=True).first()
    if start is None:
        return None
    return start.astimezone(series.therapist.practice.tz).replace(tzinfo=None)


def _in_its_week(appointment: Appointment, weekday: int, minute: int) -> tuple[datetime, bool]:
    """The start on that weekday of the week its series gave it; whether the clock skips it."""
    zone = appointment.therapist.practice.tz
    given = datetime.fromisoformat(appointment.occurrence)
    day = given.date() + timedelta(days=weekday - given.weekday())
    start = hours.instant(day, minute, zone)
    wall = start.astimezone(zone)
    return start, wall.hour * 60 + wall.minute != minute


def _judged(
    wanted: Wanted, asked: Sequence[Line], *, now: datetime, without: Sequence[int] = ()
) -> tuple[Line, ...]:
    """The lines with what the decision says of each, and other times where it refuses."""
    zone = wanted.practice.tz
    today = now.astimezone(zone).date()
    last = today + timedelta(days=wanted.practice.horizon_days)
    days = [min(max(one.start.astimezone(zone).date(), today), last) for one in asked]
    if not days:
        return ()
    first_day, last_day = max(min(days) - AROUND, today), min(max(days) + AROUND, last)
    question = decision.ask(wanted, first_day, last_day, now=now, without=without)
    judged: list[Line] = []
    for line in asked:
        if line.stands:
            judged.append(line)
            continue
        answer = question.decide(line.start, now=now)
        if isinstance(answer, Assigned):
            question = replace(question, state=_with(question, answer.slot))
            judged.append(line)
        else:
            beyond = answer.reason is Refusal.BEYOND_HORIZON
            judged.append(replace(line, reason=gettext(answer.reason.value), beyond=beyond))
    return tuple(
        replace(line, others=_others(question, line.start, (today, last), now))
        if line.reason and not line.beyond
        else line
        for line in judged
    )


def _with(question: Question, slot: Slot) -> State:
    """The same calendars, with this time taken."""
    state = question.state
    work = Work(Period(slot.start, slot.end), question.request.weight_percent)
    taken = Taken(slot.blocked, Kind.OWN)
    return replace(state, taken=(*state.taken, taken), work=(*state.work, work))


def _others(
    question: Question, start: datetime, bounds: tuple[date, date], now: datetime
) -> tuple[weeks.Free, ...]:
    """The free starts nearest to one that cannot be had."""
    day = start.astimezone(question.zone).date()
    first, last = max(day - AROUND, bounds[0]), min(day + AROUND, bounds[1])
    if first > last:
        return ()
    free = [slot.start for slot in question.offered(first, last, now=now)]
    near = sorted(free, key=lambda one: (abs(one - start), one))[:OTHERS]
    return tuple(weeks.free_at(one, question.zone) for one in sorted(near))
