"""A slow second opinion on slots: one byte per minute, no period algebra, no matching.

It shares no code with `unknot.domain.calendar.slots` but the values that go in and the names of
the reasons. It knows only whole minutes within four days around a day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.slots import (
    Kind,
    LoadLimits,
    Need,
    Refusal,
    Request,
    State,
    Taken,
    Unit,
    Work,
)

MINUTE = timedelta(minutes=1)
BEFORE, MINUTES = 2 * 1440, 6 * 1440

PLACES = [
    (ZoneInfo("Europe/Berlin"), date(2026, 3, 27)),
    (ZoneInfo("Europe/Berlin"), date(2026, 3, 29)),
    (ZoneInfo("Europe/Berlin"), date(2026, 10, 25)),
    (ZoneInfo("America/St_Johns"), date(2026, 3, 8)),
    (ZoneInfo("America/New_York"), date(2026, 11, 1)),
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 5)),
    (ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4)),
    (ZoneInfo("Asia/Kathmandu"), date(2026, 1, 5)),
    (ZoneInfo("Africa/Cairo"), date(2026, 4, 24)),
    (ZoneInfo("America/Santiago"), date(2026, 9, 6)),
]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One question: what is wanted, of whom, where and when."""

    zone: ZoneInfo
    day: date
    now: datetime
    request: Request
    state: State

    @property
    def midnight(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)

    @property
    def told(self) -> dict[str, object]:
        return {"zone": self.zone, "now": self.now}

    def local_minutes(self) -> Iterator[datetime]:
        """Every minute of the local day, found by asking each minute for its date."""
        for number in range(-BEFORE, MINUTES - BEFORE):
            moment = self.midnight + number * MINUTE
            if moment.astimezone(self.zone).date() == self.day:
                yield moment


def situation(random: Random) -> Situation:
    """A random question, crowded enough that each rule decides now and then."""
    zone, day = random.choice(PLACES)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone, fold=0).astimezone(UTC)
    return Situation(
        zone=zone,
        day=day,
        now=midnight + random.randint(-1500, 700) * MINUTE,
        request=_listed(_request(random), midnight),
        state=_state(random, midnight),
    )


def _listed(request: Request, midnight: datetime) -> Request:
    """The request under a list now and then: drawn apart, from what is asked."""
    random = Random(f"list {midnight} {request}")
    return replace(
        request,
        not_before=random.choice([None] * 9 + [midnight + 700 * MINUTE]),
        closed=random.choice([None] * 28 + [Refusal.NOT_NEXT, Refusal.NEXT_IS_BOOKED]),
    )


def _request(random: Random) -> Request:
    needs = [
        Need(
            random.choice(["room", "tool:lamp", "tool:lamp", "partner"]),
            random.choice([1, 1, 1, 2]),
            random.choice([0, 0, 10, 25]),
            random.choice([0, 0, 5, 20]),
        )
        for _ in range(random.choice([0, 0, 1, 1, 2, 3]))
    ]
    return Request(
        minutes=random.choice([15, 30, 45, 60, 90]),
        setup_minutes=random.choice([0, 0, 5, 15]),
        cleanup_minutes=random.choice([0, 0, 10, 15]),
        step_minutes=random.choice([15, 20, 30, 45, 60, 90]),
        notice_minutes=random.choice([0, 0, 60, 600]),
        horizon_days=random.choice([0, 1, 1, 30]),
        cleanup_past_closing=random.random() < 0.3,
        needs=tuple(needs),
        weight_percent=random.choice([100, 100, 50, 133]),
    )


def _state(random: Random, midnight: datetime) -> State:
    def some(lengths: tuple[int, int]) -> Period:
        start = midnight + random.randint(-200, 1600) * MINUTE
        return Period(start, start + random.randint(*lengths) * MINUTE)

    def several(most: int, lengths: tuple[int, int] = (1, 150)) -> tuple[Period, ...]:
        return tuple(some(lengths) for _ in range(random.randint(0, most)))

    kinds = [*Kind, Kind.OWN, Kind.OWN]
    limits = LoadLimits(
        minutes_per_day=random.choice([None, 120, 300]),
        minutes_per_week=random.choice([None, 200, 400]),
        longest_run_minutes=random.choice([None, 90, 180]),
        break_minutes=random.choice([0, 10, 30]),
    )
    return State(
        opening=(*several(2, (100, 700)), some((400, 1000))),
        taken=tuple(Taken(period, random.choice(kinds)) for period in several(4)),
        pools={
            pool: tuple(Unit(number, several(3)) for number in random.sample(range(1, 9), size))
            for pool in ("room", "tool:lamp", "partner")
            if (size := random.choice([0, 1, 2, 3]))
        },
        limits=random.choice([None, limits]),
        work=tuple(Work(one, random.choice([100, 150])) for one in several(3, (15, 90))),
        held_back_from=random.choice([None] * 9 + [midnight + 900 * MINUTE]),
    )


class Oracle:
    """The minutes of one situation and the same rules, said without cleverness."""

    def __init__(self, asked: Situation) -> None:
        self.asked = asked
        self.base = asked.midnight - BEFORE * MINUTE
        state = asked.state
        self.open = self._minutes(state.opening)
        self.taken = {
            kind: self._minutes([one.period for one in state.taken if one.kind is kind])
            for kind in Kind
        }
        self.units = {
            pool: {unit.id: self._minutes(unit.taken) for unit in units}
            for pool, units in state.pools.items()
        }
        self.hands = self._minutes([one.period for one in state.work])

    def _minutes(self, periods: Sequence[Period]) -> bytearray:
        row = bytearray(MINUTES)
        for period in periods:
            for number in range(self.minute(period.start), self.minute(period.end)):
                row[number] = 1
        return row

    def minute(self, moment: datetime) -> int:
        return (moment - self.base) // MINUTE

    def reason(self, start: datetime) -> Refusal | None:
        """Why a session cannot start at the whole minute `start`, or None."""
        found = self.units_for(start)
        return (
            self._limits(start)
            or self._list(start)
            or self._hours(self.minute(start))
            or self._away(self.minute(start))
            or self._load(start)
            or (found if isinstance(found, Refusal) else None)
        )

    def _limits(self, start: datetime) -> Refusal | None:
        request, now, zone = self.asked.request, self.asked.now, self.asked.zone
        if start < now:
            return Refusal.IN_THE_PAST
        if (start - now) / MINUTE < request.notice_minutes:
            return Refusal.INSIDE_NOTICE
        ahead = start.astimezone(zone).date() - now.astimezone(zone).date()
        if ahead.days > request.horizon_days:
            return Refusal.BEYOND_HORIZON
        hour, minute = map(int, start.astimezone(zone).strftime("%H %M").split())
        return Refusal.OFF_GRID if (hour * 60 + minute) % request.step_minutes else None

    def _list(self, start: datetime) -> Refusal | None:
        request = self.asked.request
        early = request.not_before is not None and start < request.not_before
        return request.closed or (Refusal.TOO_CLOSE if early else None)

    def _blocked(self, start: int, *, cleanup: bool = True) -> slice:
        request = self.asked.request
        after = request.cleanup_minutes if cleanup else 0
        return slice(start - request.setup_minutes, start + request.minutes + after)

    def _hours(self, start: int) -> Refusal | None:
        if not all(self.open[self._blocked(start, cleanup=False)]):
            return Refusal.OUTSIDE_HOURS
        if not self.asked.request.cleanup_past_closing and not all(self.open[self._blocked(start)]):
            return Refusal.CLEANUP_PAST_CLOSING
        return None

    def _away(self, start: int) -> Refusal | None:
        blocked, held_back_from = self._blocked(start), self.asked.state.held_back_from
        if held_back_from is not None and blocked.stop > self.minute(held_back_from):
            return Refusal.CALENDAR_UNREADABLE
        kinds = {kind for kind in Kind if any(self.taken[kind][blocked])}
        if Kind.CREDENTIAL in kinds:
            return Refusal.CREDENTIAL
        if Kind.TIME_OFF in kinds:
            return Refusal.TIME_OFF
        return Refusal.OVERLAPS if kinds else None

    def _load(self, start: datetime) -> Refusal | None:
        limits, request = self.asked.state.limits, self.asked.request
        if limits is None:
            return None
        new = request.minutes * request.weight_percent
        for most, form, reason in (
            (limits.minutes_per_day, "%Y-%m-%d", Refusal.DAY_LIMIT),
            (limits.minutes_per_week, "%G-%V", Refusal.WEEK_LIMIT),
        ):
            when = start.astimezone(self.asked.zone).strftime(form)
            done = sum(
                one.weight_percent * (one.period.length // MINUTE)
                for one in self.asked.state.work
                if one.period.start.astimezone(self.asked.zone).strftime(form) == when
            )
            if most is not None and done + new > 100 * most:
                return reason
        hands = bytearray(self.hands)
        begin = self.minute(start)
        hands[begin : begin + request.minutes] = b"\1" * request.minutes
        longest = limits.longest_run_minutes
        if longest is not None and run_at(hands, begin, limits.break_minutes) > longest:
            return Refusal.NO_BREAK
        return None

    def units_for(self, start: datetime) -> tuple[int, ...] | Refusal:
        """The lowest units by trying all; a reason for the first need that none are left for."""
        begin = self.minute(start)
        rows: list[tuple[str, list[int]]] = []
        for need in self.asked.request.needs:
            when = slice(
                begin - need.before_minutes,
                begin + self.asked.request.minutes + need.after_minutes,
            )
            units = self.units.get(need.pool, {})
            free = sorted(number for number, row in units.items() if not any(row[when]))
            rows += [(need.pool, free)] * need.quantity
        for count in range(1, len(rows) + 1):
            if _first([free for _, free in rows[:count]], ()) is None:
                pool = rows[count - 1][0]
                return {"room": Refusal.NO_ROOM, "partner": Refusal.NO_PARTNER}.get(
                    pool, Refusal.NO_TOOL
                )
        return _first([free for _, free in rows], ()) or ()


def run_at(hands: Sequence[int], minute: int, break_minutes: int) -> int:
    """How long the run around a `minute` of work is, walking out until a break is found."""
    ends = []
    for step in (-1, 1):
        last = at = minute
        while 0 <= at < len(hands) and abs(at - last) <= max(break_minutes, 1):
            last = at if hands[at] else last
            at += step
        ends.append(last)
    return ends[1] - ends[0] + 1


def _first(rows: list[list[int]], chosen: tuple[int, ...]) -> tuple[int, ...] | None:
    if not rows:
        return chosen
    for number in rows[0]:
        if number not in chosen:
            found = _first(rows[1:], (*chosen, number))
            if found is not None:
                return found
    return None
