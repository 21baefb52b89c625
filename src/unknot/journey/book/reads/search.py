"""Find a time: who fits, best first, each with their first free times. Returns rows, never writes.

Everybody who fits is ranked by what needs no calendar. Calendars are opened for the best 128 of
them, then for four times as many, and no further once nobody unopened could come before those who
were found. Whoever would be shown is asked of the one decision before they are: the cells say where
to look, the decision says what is offered. So a time that is shown can be booked.

Units   kilometres; minutes; days and times of day are those of each practice; `now` is aware.
Errors  none.
Source  docs/explanation/search.md; domain/calendar/search.py; book/reads/decision.py
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from unknot.domain.calendar import hours
from unknot.domain.calendar import search as rules
from unknot.journey.book.models import Need, Resource
from unknot.journey.book.reads import decision, planned
from unknot.journey.book.reads.search_stages import Asked, Candidate, Source, zone_of
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.choose.reads import leave, therapists
from unknot.journey.choose.reads.directory import Hit
from unknot.journey.choose.reads.leave import Leave
from unknot.journey.choose.reads.person import Person
from unknot.journey.choose.reads.therapists import ServiceRow, TherapistCard
from unknot.people.models import Practice

#: How many are shown at once, and how far the list can be turned: each one is asked for anew.
PAGE_SIZE: Final = 10
LAST_PAGE: Final = 5
#: How many free times a card has.
TIMES: Final = 4
#: How many calendars are opened first, and by how much the next round is larger.
OPENED_FIRST: Final = 128
MORE: Final = 4
#: How many of the best are loaded together to be asked.
LOADED: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A candidate with the first day that has a free time, in the order of the list."""

    candidate: Candidate
    points: int
    day: date
    times: tuple[datetime, ...] = ()  # once the decision was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCard:
    """One therapist in the list, with the service that is meant and its first free times."""

    card: TherapistCard
    service: ServiceRow
    zone: str
    times: tuple[datetime, ...]

    @property
    def first(self) -> datetime:
        return self.times[0]

    @property
    def later(self) -> tuple[datetime, ...]:
        return self.times[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of the list; `has_more` when somebody comes after it."""

    cards: tuple[TimeCard, ...]
    page: int
    has_more: bool


#: The times of somebody who would be shown; none, and they are not.
Asker = Callable[[Candidate, date], tuple[datetime, ...]]


def find(
    asked: Asked,
    *,
    practice: Practice | None,
    person: Person,
    now: datetime,
    client: int | None = None,
) -> Found:
    """One page of who has a free time, best first, each time as the one decision offers it.

    13 queries and 7 for each one asked, 8 to 10 with rooms or limits, however many therapists;
    1 more for a client who is known, whose sessions may follow a list.
    """
    source = Source(asked, practice=practice, person=person, now=now)
    asker = _Decided(asked, now, client)
    before = (min(asked.page, LAST_PAGE) - 1) * PAGE_SIZE
    ranked = best(source, before + PAGE_SIZE + 1, ask=asker.times, load=asker.load)
    shown = ranked[before : before + PAGE_SIZE]
    return Found(
        cards=_cards(shown, asked, person, now),
        page=asked.page,
        has_more=len(ranked) > before + PAGE_SIZE and asked.page < LAST_PAGE,
    )


def features(practice: Practice | None) -> tuple[str, ...]:
    """What rooms and tools have that some service takes one for, by name; 2 queries."""
    needed = Need.objects.filter(service__active=True, service__for_two=False).exclude(feature="")
    owned = Resource.objects.filter(active=True, practice__isnull=False)
    if practice is not None:
        needed = needed.filter(service__practice=practice)
        owned = owned.filter(practice=practice)
    wanted = set(needed.order_by().values_list("feature", flat=True).distinct())
    if not wanted:
        return ()
    kept = owned.filter(features__overlap=sorted(wanted)).values_list("features", flat=True)
    return tuple(sorted(wanted & {name for names in kept for name in names}))


# The order ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    """Who was opened, best first; and what the first of those who were not could be worth."""

    source: Source
    waiting: list[tuple[int, str, int, Ranked]] = field(default_factory=list)
    found: list[Candidate] = field(default_factory=list)
    is_whole: bool = False  # whether `found` is everybody
    done: int = 0  # how many of them were opened

    @property
    def ceiling(self) -> int | None:
        """The most points that somebody unopened can have, None when nobody is left."""
        if self.done < len(self.found):
            return self.found[self.done].points + rules.MOST_SOON
        return None if self.is_whole else 10**9

    def open_more(self) -> None:
        """Open the calendars of the next ones: 128, then four times as many each time."""
        most = max(self.done * MORE, OPENED_FIRST)
        if not self.is_whole and most >= len(self.found):
            limit = OPENED_FIRST + 1 if self.done == 0 else None
            fresh = self.source.candidates(limit)
            opened = {one.therapist for one in self.found[: self.done]}
            left = [one for one in fresh if one.therapist not in opened]
            self.found = [*self.found[: self.done], *left]
            self.is_whole = limit is None or len(fresh) < limit
        batch = self.found[self.done : most]
        for place, day in self.source.first_days(batch).items():
            days = (day - self.source.asked.first_day).days
            points = batch[place].points + rules.soon(days)
            self.push(Ranked(candidate=batch[place], points=points, day=day))
        self.done += len(batch)

    def push(self, one: Ranked) -> None:
        """Put somebody into the line; the points first, then whose turn it is."""
        entry = (-one.points, one.candidate.turn, one.candidate.therapist, one)
        heapq.heappush(self.waiting, entry)

    def is_first_final(self) -> bool:
        """Whether nobody unopened can come before the first of the line."""
        ceiling = self.ceiling
        return ceiling is None or bool(self.waiting and -self.waiting[0][0] > ceiling)


def best(
    source: Source,
    most: int,
    *,
    ask: Asker | None = None,
    load: Callable[[Sequence[Candidate]], None] | None = None,
) -> list[Ranked]:
    """The best ones with a free time, in their order; with `ask` each as it answers.

    An answer can only move somebody down: the cells show no later time than it gives.
    """
    line = _Line(source)
    accepted: list[Ranked] = []
    while len(accepted) < most:
        while not line.is_first_final():
            line.open_more()
        if not line.waiting:
            break
        first = line.waiting[0][-1]
        if ask is None or first.times:
            accepted.append(heapq.heappop(line.waiting)[-1])
            continue
        if load is not None:
            load([entry[-1].candidate for entry in heapq.nsmallest(LOADED, line.waiting)])
        heapq.heappop(line.waiting)
        times = ask(first.candidate, first.day)
        if times:
            line.push(_as_answered(first, times, source.asked.first_day))
    return accepted


def _as_answered(one: Ranked, times: tuple[datetime, ...], first_day: date) -> Ranked:
    day = times[0].astimezone(zone_of(one.candidate.zone)).date()
    points = one.candidate.points + rules.soon((day - first_day).days)
    return Ranked(candidate=one.candidate, points=points, day=day, times=times)


# Stage three: the one decision -------------------------------------------------------------------


class _Decided:
    """Asks the one decision for the times of whoever would be shown."""

    def __init__(self, asked: Asked, now: datetime, client: int | None) -> None:
        self._asked, self._now, self._client = asked, now, client
        self._lists = planned.therapists(client)
        self._windows = asked.windows or (rules.WHOLE_DAY,)
        self._wanted: dict[int, decision.Wanted] = {}
        self._leave: dict[int, Leave] = {}

    def load(self, found: Sequence[Candidate]) -> None:
        """Load whoever of these is not known yet, all at once; 3 queries, or none."""
        if found[0].therapist in self._wanted:
            return
        new = [one for one in found if one.therapist not in self._wanted]
        people = Therapist.objects.select_related("practice", "location").in_bulk(
            [one.therapist for one in new]
        )
        services = Service.objects.in_bulk({one.service for one in new})
        for one in new:
            if one.therapist in people and one.service in services:
                self._wanted[one.therapist] = decision.Wanted(
                    therapist=people[one.therapist],
                    service=services[one.service],
                    client=self._client if one.therapist in self._lists else None,
                )
        self._leave |= leave.of_many(list(people.values()))

    def times(self, one: Candidate, since: date) -> tuple[datetime, ...]:
        """The first few starts from `since` on that were asked for and that can be booked."""
        wanted = self._wanted.get(one.therapist)
        if wanted is None:
            return ()
        own = self._leave[one.therapist]
        days = [day for day in self._asked.days if day >= since and own.closed(day) is None]
        if not days:
            return ()
        question = decision.ask(wanted, days[0], days[-1], now=self._now, leave=own)
        found: list[datetime] = []
        for day in days:
            found += self._fitting(question, day)
            if len(found) >= TIMES:
                break
        return tuple(found[:TIMES])

    def _fitting(self, question: decision.Question, day: date) -> Iterator[datetime]:
        for slot in question.offered(day, day, now=self._now):
            minute = hours.local(slot.start, question.zone)[1]
            if any(first <= minute < last for first, last in self._windows):
                yield slot.start


# Rows --------------------------------------------------------------------------------------------


def _cards(
    ranked: Sequence[Ranked], asked: Asked, person: Person, now: datetime
) -> tuple[TimeCard, ...]:
    hits = [_hit(one.candidate) for one in ranked]
    cards = therapists.cards(hits, wanted=asked.filters, person=person, now=now) if hits else ()
    made = []
    for one, card in zip(ranked, cards, strict=True):
        service = next((row for row in card.services if row.id == one.candidate.service), None)
        if service is not None:  # None: it was closed between two queries
            zone = one.candidate.zone
            made.append(TimeCard(card=card, service=service, zone=zone, times=one.times))
    return tuple(made)


def _hit(one: Candidate) -> Hit:
    return Hit(
        pk=one.therapist,
        slug=one.slug,
        bookable=True,
        verified=one.verified,
        step=one.step,
        stars=one.stars / 20,
        km=one.halves / 2 if one.halves is not None else None,
        currency=one.currency,
        price=one.price_minor,
    )
