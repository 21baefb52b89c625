"""Reads of a client's routine: what is known, what follows, what was spent, what can be booked.

Units   weeks between sessions; money in minor units of its currency; local days of the practice.
Errors  none: whatever is not known is left out of the suggestion.
Source  domain/outcomes/routine.py and spending.py
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Sum

from unknot.domain.bodymap import regions
from unknot.domain.guidance import catalogue as techniques
from unknot.domain.guidance.match import Guidance
from unknot.domain.instruments import catalogue as instruments
from unknot.domain.outcomes import routine as rules
from unknot.domain.outcomes import spending
from unknot.domain.outcomes.routine import Known, Measure, Suggestion
from unknot.domain.outcomes.series import Day, starting_level
from unknot.domain.screening.clauses import Action
from unknot.journey.book.models import Appointment, Status
from unknot.journey.book.reads import booked
from unknot.journey.choose.models import Service
from unknot.journey.follow.models import Routine, RoutineState
from unknot.journey.follow.reads import check_ins
from unknot.journey.understand import follow_ups, questionnaires, results, stops
from unknot.journey.understand import reads as understand
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Client
from unknot.web import money

#: The longest rhythm that a series of appointments knows.
MOST_WEEKS: Final = 8
DAYS_PER_WEEK: Final = 7
#: The questionnaires about mood and worry that have a cut-off.
OF_THE_MIND: Final = ("phq4", "gad7")
LIMBS: Final = ("arm", "legs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of session that a practice offers, with today's price; `id` is swedish-60."""

    id: str
    name: str
    minutes: int
    price_minor: int
    price: str
    service: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A routine as it stands; `budget_minor` is for a month, None when nothing was said."""

    state: RoutineState
    every_weeks: int
    kinds: tuple[str, ...]
    budget_minor: int | None
    currency: str
    starts_on: date
    made_by: str
    by_client: bool
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the attended sessions took, in one currency."""

    sessions: int
    minutes: int
    minor: int
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to book it: a series from an appointment that is coming, or a first time."""

    repeat: UUID | None = None  # the appointment that is repeated
    count: int = 0
    in_series: bool = False  # a series is booked already
    slug: str = ""  # the therapist and service of a first time
    service: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything one routine page shows, but the words."""

    known: Known
    suggestion: Suggestion
    plan: Plan | None
    kinds: tuple[Kind, ...]
    spent: tuple[Spent, ...]
    fit: spending.Fit | None
    cards: tuple[results.Card, ...] = ()  # for the client's own eyes
    way: Way | None = None

    @property
    def chosen(self) -> tuple[Kind, ...]:
        """The kinds of session of the routine that the practice still offers."""
        names = self.plan.kinds if self.plan is not None else ()
        return tuple(one for one in self.kinds if one.id in names)

    @property
    def is_going_on(self) -> bool:
        """Whether there is a routine that is neither paused nor stopped."""
        return self.plan is not None and self.plan.state == RoutineState.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a first routine is filled in with, and what trials gave for such a complaint."""

    every_weeks: int
    kinds: tuple[str, ...]
    starts_on: date
    dose: str  # what was given in trials, in the words of the catalogue; empty without a check-in
    less: str  # when that is too much time or money


def found(client: Client, *, now: datetime, with_mind: bool) -> Found:
    """Read one client's routine; without `with_mind` nothing about mood is even looked at."""
    plan, checkin = current(client), understand.latest_completed(client)
    kinds = offered(client, checkin)
    help_ = cards(client, checkin) if with_mind else ()
    told = known(client, plan, checkin, now=now, over_cut_off=bool(help_))
    shown = Found(
        known=told,
        suggestion=rules.suggest(told),
        plan=plan,
        kinds=kinds,
        spent=spent(client),
        fit=_fit(plan, kinds),
        cards=help_,
    )
    if not shown.suggestion.books or not shown.is_going_on:
        return shown
    return replace(shown, way=_way(client, shown.chosen, now=now))


def current(client: Client) -> Plan | None:
    """The newest version of the client's routine; 1 query."""
    row = (
        Routine.objects.filter(client=client)
        .select_related("made_by")
        .order_by("-made_at", "-pk")
        .first()
    )
    if row is None:
        return None
    return Plan(
        state=RoutineState(row.state),
        every_weeks=row.every_weeks,
        kinds=tuple(row.sessions),
        budget_minor=row.budget_minor,
        currency=row.currency,
        starts_on=row.starts_on,
        made_by=row.made_by.name,
        by_client=row.made_by_id == client.user_id,
        made_at=row.made_at,
    )


def offered(client: Client, checkin: CheckIn | None) -> tuple[Kind, ...]:
    """What the practice offers to one person, without what their newest check-in closes."""
    closed = _closed(checkin)
    currency = client.practice.currency
    rows = Service.objects.filter(practice=client.practice, active=True, for_two=False)
    return tuple(
        Kind(
            id=f"{one.technique}-{one.minutes}",
            name=booked.technique_name(one.technique),
            minutes=one.minutes,
            price_minor=one.price_minor,
            price=money.price(one.price_minor, currency),
            service=one.pk,
        )
        for one in rows.order_by("technique", "minutes")
        if one.technique not in closed
    )


def _closed(checkin: CheckIn | None) -> frozenset[str]:
    """The techniques that a check-in rules out."""
    if checkin is None:
        return frozenset()
    decision = understand.decision_of(checkin)
    ids = (one.id for one in techniques.load().techniques)
    return frozenset(one for one in ids if decision.action(one) is Action.AVOID)


def known(
    client: Client, plan: Plan | None, checkin: CheckIn | None, *, now: datetime, over_cut_off: bool
) -> Known:
    """What is known about one person that bears on the next step; `checkin` is the newest."""
    today = check_ins.local_day(client, now)
    days, sessions = check_ins.days(client), booked.attended_days(client)
    going_on = plan is not None and plan.state == RoutineState.ACTIVE
    return Known(
        red_flag=stops.is_on_hold(client),
        measures=(_pain(days, today), _daily_life(client)),
        sessions=len(sessions),
        weeks=(today - sessions[0]).days // DAYS_PER_WEEK if sessions else 0,
        every_weeks=plan.every_weeks if plan is not None and going_on else None,
        limb=checkin is not None and _in_a_limb(understand.marks_of(checkin)),
        over_cut_off=over_cut_off,
    )


def _pain(days: Sequence[Day], today: date) -> Measure:
    """Pain at the start and now: the mean of enough answers of the last days, else not known."""
    rule = rules.load().recovered
    first = today - timedelta(days=rule.days - 1)
    lately = [one.pain for one in days if first <= one.day <= today and one.pain is not None]
    mean = math.fsum(lately) / len(lately) if len(lately) >= rule.answers else None
    return Measure(start=starting_level(days, "pain"), now=mean, recovered=rule.pain_at_most)


def _daily_life(client: Client) -> Measure:
    """Roland-Morris at the start and now; not known with one answer only."""
    scores = questionnaires.score_history(client, "rmdq24")
    facts = instruments.load().instrument("rmdq24").change
    gone = facts.recovered_at_most if facts is not None else None
    if len(scores) < 2 or gone is None:
        return Measure(start=None, now=None, recovered=0)
    return Measure(start=scores[0].value, now=scores[-1].value, recovered=gone)


def _in_a_limb(marked: Iterable[str]) -> bool:
    body = regions.load()
    limbs = {region.id for group in LIMBS for region in body.in_group(group)}
    return not limbs.isdisjoint(marked)


def cards(client: Client, checkin: CheckIn | None) -> tuple[results.Card, ...]:
    """The cards of help that the newest answers about mood and worry call for, for the client."""
    for sitting in (follow_ups.newest(client), checkin):
        points = questionnaires.points_of(sitting) if sitting is not None else {}
        asked = {name: given for name, given in points.items() if name in OF_THE_MIND}
        if asked:
            return results.cards_for(asked, client.practice)
    return ()


def spent(client: Client) -> tuple[Spent, ...]:
    """The attended sessions' own prices and minutes, added up for each currency; 1 query."""
    rows = (
        Appointment.objects.filter(client=client, status=Status.ATTENDED)
        .values("currency")
        .annotate(n=Count("pk"), minor=Sum("price_minor"), lasted=Sum(F("end") - F("start")))
        .order_by("currency")
    )
    return tuple(
        Spent(
            sessions=row["n"],
            minutes=int(row["lasted"].total_seconds()) // 60,
            minor=row["minor"],
            price=money.price(row["minor"], row["currency"]),
        )
        for row in rows
    )


def _fit(plan: Plan | None, kinds: Sequence[Kind]) -> spending.Fit | None:
    """The routine against its budget by today's dearest price; None without one of the two."""
    if plan is None or plan.budget_minor is None:
        return None
    prices = [one.price_minor for one in kinds if one.id in plan.kinds]
    if not prices:
        return None
    weeks = range(1, MOST_WEEKS + 1)
    return spending.fit(max(prices), plan.every_weeks, plan.budget_minor, allowed=weeks)


def _way(client: Client, chosen: Collection[Kind], *, now: datetime) -> Way:
    """From what the routine is booked: a single appointment that is coming, or the last one."""
    mine = Appointment.objects.filter(client=client, pair__isnull=True)
    coming = mine.filter(status=Status.CONFIRMED, start__gt=now).order_by("start")
    rows = list(coming.values_list("key", "series"))
    single = next((key for key, series in rows if series is None), None)
    if single is not None:
        return Way(repeat=single, count=rules.load().plan.sessions, in_series=len(rows) > 1)
    if rows:
        return Way(in_series=True)
    last = (
        mine.filter(status=Status.ATTENDED, therapist__listed_since__isnull=False)
        .order_by("-start")
        .select_related("therapist")
        .first()
    )
    if last is None:
        return Way()
    with_them = last.therapist.services.filter(pk__in=[one.service for one in chosen])
    service = with_them.order_by("pk").values_list("pk", flat=True).first()
    return Way(slug=last.therapist.slug, service=service) if service else Way()


def proposal(client: Client, shown: Found, *, now: datetime) -> Proposal:
    """A routine from what is known: the last session's kind, else the first that is suggested."""
    today = check_ins.local_day(client, now)
    guided = _guided(understand.latest_completed(client), today)
    names = [one.technique.id for one in guided.suggestions] if guided is not None else []
    dose = guided.dose.dose if guided is not None and guided.dose is not None else None
    return Proposal(
        every_weeks=shown.suggestion.every_weeks or rules.load().plan.every_weeks,
        kinds=_last_kind(client, shown.kinds) or _first_kind(names, shown.kinds),
        starts_on=today,
        dose=dose.say if dose is not None else "",
        less=dose.less if dose is not None else "",
    )


def _guided(checkin: CheckIn | None, today: date) -> Guidance | None:
    decision = understand.decision_of(checkin) if checkin is not None else None
    if checkin is None or decision is None or decision.incomplete:
        return None
    return understand.guidance_of(checkin, today, decision)


def _last_kind(client: Client, kinds: Sequence[Kind]) -> tuple[str, ...]:
    last = Appointment.objects.filter(client=client, status=Status.ATTENDED).order_by("-start")
    service = last.values_list("service", flat=True).first()
    return tuple(one.id for one in kinds if one.service == service)


def _first_kind(suggested: Sequence[str], kinds: Sequence[Kind]) -> tuple[str, ...]:
    """The best suggested technique in the length nearest to that of the default plan."""
    wanted = rules.load().plan.minutes
    for technique in suggested:
        own = [one for one in kinds if one.id == f"{technique}-{one.minutes}"]
        if own:
            return (min(own, key=lambda one: abs(one.minutes - wanted)).id,)
    return ()


def asks_for_no_more(client: Client, *, now: datetime) -> bool:
    """Whether nothing may invite this client to book: no more is needed, or not wanted by them."""
    plan = current(client)
    if plan is not None and plan.state != RoutineState.ACTIVE:
        return True
    checkin = understand.latest_completed(client)
    return not rules.suggest(known(client, plan, checkin, now=now, over_cut_off=False)).books
