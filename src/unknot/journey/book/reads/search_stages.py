"""The two stages of the search: who fits and what they are worth, then when they are free.

The first ranks everybody by what needs no calendar, in one query. The second opens the calendars of
those it is given: a row of the read model for each wanted day, cut to the starts that are wanted
and to those at which the rooms and tools that a service takes are free as well.

Units   kilometres; minutes; days and times of day are those of each practice; `now` is aware.
Errors  none.
Source  docs/explanation/search.md; domain/calendar/search.py
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from unknot.domain.calendar import hours
from unknot.domain.calendar import search as rules
from unknot.domain.calendar.cells import CELLS
from unknot.domain.credentials import standing
from unknot.journey.book.models import Need
from unknot.journey.book.reads import search_query as query
from unknot.journey.choose.reads import directory, directory_query, places
from unknot.journey.choose.reads.person import Person
from unknot.journey.choose.reads.places import Place
from unknot.people.models import Practice

NO_PLACE_RADIUS: Final = 1  # nothing is divided by nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for; nothing chosen means all of it."""

    first_day: date
    last_day: date
    technique: str = ""
    minutes: int | None = None
    feature: str = ""  # that the service takes a room or tool with
    licence: bool = False
    place: Place | None = None
    radius: int | None = None  # only together with a place
    weekdays: frozenset[int] = frozenset()  # Monday is 0; none means any
    windows: tuple[rules.Window, ...] = ()  # of starts, on the wall; none means any
    page: int = 1

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which a session may begin."""
        span = hours.days(self.first_day, self.last_day)
        return tuple(day for day in span if not self.weekdays or day.weekday() in self.weekdays)

    @property
    def filters(self) -> directory.Wanted:
        """The same as the directory asks it, for the reasons on a card."""
        return directory.Wanted(
            technique=self.technique,
            minutes=self.minutes,
            licence=self.licence,
            place=self.place,
            radius=self.radius,
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """One therapist with the service that is meant, and what is known without a calendar."""

    therapist: int
    slug: str
    practice: int
    location: int
    service: int
    market: int | None  # None: nothing was ever kept of their time
    resource: int | None
    zone: str
    step_minutes: int
    notice_minutes: int
    horizon_days: int
    cleanup_past_closing: bool
    minutes: int
    setup_minutes: int
    cleanup_minutes: int
    price_minor: int
    currency: str
    verified: bool
    step: int
    stars: int  # in twentieths
    halves: int | None  # of a kilometre
    points: int
    turn: str

    @property
    def run(self) -> rules.Run:
        """The cells that a session takes; clean-up past closing is left to the decision."""
        after = 0 if self.cleanup_past_closing else self.cleanup_minutes
        return rules.run(self.setup_minutes, self.minutes, after)

    @property
    def policy(self) -> tuple[str, int, int, int]:
        """What the wanted starts of a day depend on besides the day."""
        return self.zone, self.step_minutes, self.notice_minutes, self.horizon_days


# Stage one: everybody who fits, by what needs no calendar ---------------------------------------


class Source:
    """The candidates in the order of their standing, loaded no further than they are needed."""

    def __init__(
        self, asked: Asked, *, practice: Practice | None, person: Person, now: datetime
    ) -> None:
        self.asked, self.now = asked, now
        self.practice, self.person = practice, person

    def candidates(self, most: int | None) -> list[Candidate]:
        """The best candidates, `None` for all; 1 query."""
        text, values = statement(
            self.asked, practice=self.practice, person=self.person, now=self.now
        )
        with connection.cursor() as cursor:
            cursor.execute(text, {**values, "most": most})
            return [Candidate(*row) for row in cursor.fetchall()]

    def first_days(self, found: Sequence[Candidate]) -> Mapping[int, date]:
        """Who of these has a free run on a wanted day, by place; 1 query, 3 where rooms matter."""
        return opened(found, self.asked, self.now)


def statement(
    asked: Asked, *, practice: Practice | None, person: Person, now: datetime
) -> tuple[str, dict[str, Any]]:
    """Give the one query that ranks whoever fits, with its values."""
    text = query.BEST.format(
        **_fitting(asked, practice, person),
        verified="true" if asked.licence else query.VERIFIED,
        step=query.STEP if asked.technique else "0",
    )
    return text, _values(asked, practice, person, now)


def counting(
    asked: Asked, *, practice: Practice | None, person: Person, now: datetime
) -> tuple[str, dict[str, Any]]:
    """Give the bare filter, which only counts whoever fits; a yardstick for the rest."""
    text = query.COUNTED.format(**_fitting(asked, practice, person))
    return text, _values(asked, practice, person, now)


def _fitting(asked: Asked, practice: Practice | None, person: Person) -> dict[str, str]:
    single = bool(asked.technique and asked.minutes)  # a practice has each length once
    chosen = (
        (asked.technique, "AND s.technique = %(technique)s"),
        (asked.minutes, "AND s.minutes = %(minutes)s"),
        (person.guided, "AND s.technique = ANY(%(open)s)"),
        (
            asked.feature,
            "AND EXISTS (SELECT 1 FROM book_need n"
            " WHERE n.service_id = s.id AND n.feature = %(feature)s)",
        ),
    )
    kept = (
        (practice, "AND t.practice_id = %(practice)s"),
        (asked.licence, f"AND {query.HOLDS_VERIFIED}"),
    )
    return {
        "km": directory_query.KM if asked.place is not None else "NULL::float8",
        "service": "s.id" if single else query.ONE_OF_SEVERAL,
        "grouped": "" if single else query.GROUPED,
        "offered": " ".join(text for applies, text in chosen if applies),
        "near": _near(asked),
        "where": " ".join(text for applies, text in kept if applies),
    }


def _near(asked: Asked) -> str:
    if asked.place is None or asked.radius is None:
        return "true"
    box = places.box(asked.place.latitude, asked.place.longitude, asked.radius)
    across = query.ACROSS if box.west > box.east else query.BETWEEN
    return query.NEAR.format(across=across)


def _values(
    asked: Asked, practice: Practice | None, person: Person, now: datetime
) -> dict[str, Any]:
    values: dict[str, Any] = {
        **directory_query.CREDENTIAL_VALUES,
        "now": now,
        "check_days": standing.CHECK_LASTS.days,
        "open": sorted(person.guided.bookable) if person.guided is not None else [],
        "practice": practice.pk if practice is not None else None,
        "technique": asked.technique,
        "minutes": asked.minutes,
        "feature": asked.feature,
        "radius": asked.radius or NO_PLACE_RADIUS,
        "day": now.date().isoformat(),
    }
    if asked.place is not None:
        here = asked.place
        box = places.box(here.latitude, here.longitude, asked.radius or 0)
        values |= {"latitude": here.latitude, "longitude": here.longitude}
        values |= {"south": box.south, "north": box.north, "west": box.west, "east": box.east}
    return values


# Stage two: calendars, for the best ones ---------------------------------------------------------


def opened(found: Sequence[Candidate], asked: Asked, now: datetime) -> Mapping[int, date]:
    """The first wanted day on which each of these has a free run, by place; 2 or 3 queries.

    A session over midnight lies in two rows and is not seen here.
    """
    known = [(place, one) for place, one in enumerate(found) if one.resource is not None]
    if not known or not asked.days:
        return {}
    rooms = _rooms([one for _place, one in known], asked.days)
    masks = _Masks(asked, now)
    runs = [rules.shifts(one.run.length) for _place, one in known]
    numbers = [masks.number(one, rooms) for _place, one in known]
    steps = max(len(run) for run in runs)
    values = masks.values() | _shift_values(runs, steps)
    values |= {
        "n": [place for place, _one in known],
        "market": [one.market for _place, one in known],
        "resource": [one.resource for _place, one in known],
        "practice": [one.practice for _place, one in known],
        "rule": numbers,
        "before": [one.run.before for _place, one in known],
    }
    with connection.cursor() as cursor:
        cursor.execute(query.first_days(steps), values)
        return dict(cursor.fetchall())


def _shift_values(runs: Sequence[tuple[int, ...]], steps: int) -> dict[str, list[int]]:
    """Each row's shifts, one array a step; laid over itself by nothing, a row stays as it is."""
    return {
        f"s{step + 1}": [run[step] if step < len(run) else 0 for run in runs]
        for step in range(steps)
    }


class _Masks:
    """The wanted starts by day, under numbers: one for each policy, or for rooms beside it."""

    def __init__(self, asked: Asked, now: datetime) -> None:
        self._asked, self._now = asked, now
        self._windows = asked.windows or (rules.WHOLE_DAY,)
        self._numbers: dict[object, int] = {}
        self._by_policy: dict[object, Mapping[date, int]] = {}
        self._rows: list[tuple[int, date, str]] = []

    def number(self, one: Candidate, rooms: "Mapping[tuple[int, int], _Rooms]") -> int:
        """The number under which the wanted starts of a candidate stand."""
        needed = rooms.get((one.service, one.location))
        key = (one.policy, (one.service, one.location) if needed is not None else None)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            for day, bits in self._of(one).items():
                left = bits if needed is None else bits & needed.starts(day)
                if left:
                    self._rows.append((self._numbers[key], day, format(left, f"0{CELLS}b")))
        return self._numbers[key]

    def values(self) -> dict[str, list[Any]]:
        """The masks as arrays."""
        return {
            "rules": [number for number, _day, _bits in self._rows],
            "days": [day for _number, day, _bits in self._rows],
            "masks": [bits for _number, _day, bits in self._rows],
        }

    def _of(self, one: Candidate) -> Mapping[date, int]:
        if one.policy not in self._by_policy:
            zone = zone_of(one.zone)
            earliest = self._now + timedelta(minutes=one.notice_minutes)
            today = self._now.astimezone(zone).date()
            last = today + timedelta(days=one.horizon_days)
            asked = (
                (day, rules.asked_starts(day, zone, one.step_minutes, self._windows))
                for day in self._asked.days
                if today <= day <= last
            )
            self._by_policy[one.policy] = {
                day: rules.not_before(bits, day, zone, earliest) for day, bits in asked
            }
        return self._by_policy[one.policy]


@dataclass(slots=True)
class _Rooms:
    """Where each need of a service is met: one mapping of starts by day for each need."""

    needs: list[Mapping[date, int]] = field(default_factory=list)

    def starts(self, day: date) -> int:
        """The cells of a day at which every need has something free."""
        bits = (1 << CELLS) - 1
        for free in self.needs:
            bits &= free.get(day, 0)
        return bits


def _rooms(found: Sequence[Candidate], days: Sequence[date]) -> Mapping[tuple[int, int], _Rooms]:
    """Where the rooms and tools of each service are free, by service and place; 1 or 2 queries."""
    houses = {(one.service, one.location): one for one in found}
    needs = needs_of({one.service for one in found})
    tasks: dict[tuple[Any, ...], int] = {}
    wanted: dict[tuple[int, int], list[int]] = {}
    for key, one in houses.items():
        for need in needs.get(one.service, ()):
            run = _run_of(need, one)
            task = (one.practice, one.location, need.kind, need.feature, run)
            wanted.setdefault(key, []).append(tasks.setdefault(task, len(tasks)))
    free = _free_rooms(list(tasks), days) if tasks else {}
    return {
        key: _Rooms([free.get(task, {}) for task in numbers]) for key, numbers in wanted.items()
    }


def needs_of(services: set[int]) -> Mapping[int, Sequence[Need]]:
    """The rooms and tools of each service as the decision reads them; 1 query."""
    found: dict[int, list[Need]] = {}
    for need in Need.objects.filter(service__in=services).order_by("pk"):
        found.setdefault(need.service_id or 0, []).append(need)
    return {service: _one_room(needs) for service, needs in found.items()}


def _run_of(need: Need, one: Candidate) -> rules.Run:
    """As the decision counts it: a room is set up and cleared with the session, a tool is not."""
    before, after = need.before_minutes, need.after_minutes
    if need.kind == "room":
        before, after = max(before, one.setup_minutes), max(after, one.cleanup_minutes)
    return rules.run(before, one.minutes, after)


def _one_room(needs: Sequence[Need]) -> tuple[Need, ...]:
    """As the decision counts them: one room is enough, the one that says what it must have."""
    rooms = sorted((one for one in needs if one.kind == "room"), key=lambda one: not one.feature)
    return (*rooms[:1], *(one for one in needs if one.kind != "room"))


def _free_rooms(
    tasks: Sequence[tuple[Any, ...]], days: Sequence[date]
) -> Mapping[int, Mapping[date, int]]:
    practices, locations, kinds, wanted, runs = zip(*tasks, strict=True)
    laid = [rules.shifts(run.length) for run in runs]
    steps = max(len(one) for one in laid)
    values = _shift_values(laid, steps) | {
        "n": list(range(len(tasks))),
        "practice": list(practices),
        "location": list(locations),
        "kind": list(kinds),
        "feature": list(wanted),
        "before": [run.before for run in runs],
        "days": list(days),
    }
    found: dict[int, dict[date, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query.open_rooms(steps), values)
        for task, day, bits in cursor.fetchall():
            found.setdefault(task, {})[day] = int(bits, 2)
    return found


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The zone of that name."""
    return ZoneInfo(name)
