"""Which starts are offered, and why any other start is refused: one decision for both.

`decide` judges one start, `offered` lists a day's starts and `refusal` explains one; all three
go through `_decided`, so what is shown is what is accepted. The rules run in a fixed order and
the first that applies is the reason: past, notice, horizon, grid, a list that the person's
sessions follow, hours, clean-up past closing,
unreadable calendar, credential, time off, taken, load of the day, of the week, without a break,
and last the rooms, tools and partners. A partner whose own limits the session would break is
not free for it.

Set-up before and clean-up after a session are real time of the therapist, so they belong to
`Slot.blocked`. Set-up must lie inside the opening hours; clean-up must too, unless the practice
allows it past closing. A room, tool or partner is occupied for the session and the buffers of
its own `Need`, and these block nobody else: a heater may warm up while another session runs.

Units   minutes of elapsed time; aware datetimes, results in UTC; limits in days count in the
        practice's local day; weights are whole percents.
Errors  BadRequest: a length, step, limit or need that makes no sense, or a time without a zone.
        A start that cannot be booked is not an error but a `Refused`.
Source  the booking policies in docs/decisions.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from unknot.domain.calendar import hours, load
from unknot.domain.calendar.intervals import Period, merge
from unknot.domain.calendar.load import LoadLimits, Work

MOST_UNITS = 100  # that one need may ask for

__all__ = [
    "Assigned",
    "BadRequest",
    "Kind",
    "Load",
    "LoadLimits",
    "Need",
    "Refusal",
    "Refused",
    "Request",
    "Slot",
    "State",
    "Taken",
    "Unit",
    "Work",
    "decide",
    "offered",
    "refusal",
    "relaxed",
    "slot",
]


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators' tools and return it unchanged."""
    return text


class BadRequest(ValueError):
    """A length, step, limit or need that makes no sense."""


class Refusal(Enum):
    """Why a start cannot be booked; the value is the sentence to show, to be translated."""

    IN_THE_PAST = gettext_noop("This time has passed. Please choose a later one.")
    INSIDE_NOTICE = gettext_noop(
        "This time is too soon for the practice. Please choose a later one."
    )
    BEYOND_HORIZON = gettext_noop("This day is too far ahead. Please choose an earlier one.")
    OFF_GRID = gettext_noop("No session starts at this minute. Please choose a time from the list.")
    OUTSIDE_HOURS = gettext_noop(
        "The session would not fit into the opening hours. Please choose another time."
    )
    CLEANUP_PAST_CLOSING = gettext_noop(
        "There is no time to clear the room before closing. Please choose an earlier time."
    )
    CALENDAR_UNREADABLE = gettext_noop(
        "We cannot see whether this time is free just now. Please choose another one."
    )
    CREDENTIAL = gettext_noop(
        "The therapist takes no sessions at this time. Please choose another one."
    )
    TIME_OFF = gettext_noop("The therapist is away at this time. Please choose another one.")
    OVERLAPS = gettext_noop("This time is taken. Please choose another one.")
    DAY_LIMIT = gettext_noop("The therapist's day is full. Please choose another day.")
    WEEK_LIMIT = gettext_noop("The therapist's week is full. Please choose another week.")
    NO_BREAK = gettext_noop("The therapist needs a break around this time. Please choose another.")
    NO_PARTNER = gettext_noop(
        "No second therapist is free at this time. Please choose another one."
    )
    NOT_NEXT = gettext_noop(
        "Your sessions with this therapist follow a list just now. "
        "Please choose the next one on it, or stop the comparison on its page."
    )
    NEXT_IS_BOOKED = gettext_noop(
        "The next session of your list is booked already. "
        "Please choose the one after it when that has taken place."
    )
    TOO_CLOSE = gettext_noop(
        "This is too close to your last session for the comparison. Please choose a later time."
    )
    NO_ROOM = gettext_noop("No room is free at this time. Please choose another one.")
    NO_TOOL = gettext_noop(
        "What the session needs is in use at this time. Please choose another one."
    )


class Kind(Enum):
    """What takes a therapist's time; free and empty entries of a calendar never get here."""

    OWN = "own"
    HELD = "held"
    EXTERNAL = "external"
    TENTATIVE = "tentative"
    TIME_OFF = "time_off"
    CREDENTIAL = "credential"


_REASONS = {Kind.CREDENTIAL: Refusal.CREDENTIAL, Kind.TIME_OFF: Refusal.TIME_OFF}
_IN_ORDER = (Refusal.CREDENTIAL, Refusal.TIME_OFF, Refusal.OVERLAPS)


@dataclass(frozen=True, slots=True)
class Need:
    """A room, tool or partner that a session needs, and the buffers of that one alone.

    The pool's name before a colon says what it is: room, partner, or anything else for a tool.
    """

    pool: str
    quantity: int = 1
    before_minutes: int = 0
    after_minutes: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.quantity <= MOST_UNITS:
            raise BadRequest(f"{self.quantity} of {self.pool}, expected 1 to {MOST_UNITS}")
        if min(self.before_minutes, self.after_minutes) < 0:
            raise BadRequest(f"the buffers of {self.pool} cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be booked, and the practice's limits on booking it."""

    minutes: int
    setup_minutes: int = 0
    cleanup_minutes: int = 0
    step_minutes: int = 15
    notice_minutes: int = 0
    horizon_days: int = 90
    cleanup_past_closing: bool = False
    needs: tuple[Need, ...] = ()
    weight_percent: int = 100
    not_before: datetime | None = None  # of a list that the person's sessions follow
    closed: Refusal | None = None  # why no start at all can be booked

    def __post_init__(self) -> None:
        if not (0 < self.minutes <= hours.DAY_MINUTES and 0 < self.step_minutes <= 720):
            raise BadRequest("a session and a step need at least one minute and less than a day")
        limits = (self.setup_minutes, self.cleanup_minutes, self.notice_minutes, self.horizon_days)
        if min(*limits, self.weight_percent) < 0:
            raise BadRequest("set-up, clean-up, notice, horizon and weight cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One start: the client's time, and `blocked`, which includes set-up and clean-up."""

    start: datetime
    end: datetime
    blocked: Period


@dataclass(frozen=True, slots=True)
class Taken:
    """Time that the therapist does not have, and why."""

    period: Period
    kind: Kind = Kind.OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a start is refused, with the facts for the exact sentence that staff read.

    `period` is what stands in the way, or the run that would grow too long; `minutes` is the
    limit that would be broken.
    """

    reason: Refusal
    pool: str = ""
    period: Period | None = None
    minutes: int | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A start that can be booked: (pool, unit, occupied time) of whatever it needs."""

    slot: Slot
    units: tuple[tuple[str, int, Period], ...] = ()


class _Blocks:
    """Periods merged once, for quick questions; each block knows what it was made of."""

    __slots__ = ("_ends", "_parts", "_starts")

    def __init__(self, taken: Iterable[Taken]) -> None:
        by_start = sorted(taken, key=lambda one: one.period)
        blocks = merge(one.period for one in by_start)
        self._starts = [block.start for block in blocks]
        self._ends = [block.end for block in blocks]
        self._parts: list[list[Taken]] = [[] for _ in blocks]
        for one in by_start:
            self._parts[bisect_right(self._starts, one.period.start) - 1].append(one)

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether one block contains all of the time."""
        place = bisect_right(self._starts, start) - 1
        return place >= 0 and end <= self._ends[place]

    def hit(self, start: datetime, end: datetime) -> Taken | None:
        """The first part that overlaps the time."""
        place = bisect_right(self._ends, start)
        while place < len(self._starts) and self._starts[place] < end:
            for one in self._parts[place]:
                if one.period.start < end and start < one.period.end:
                    return one
            place += 1
        return None

    def free(self, start: datetime, end: datetime) -> bool:
        """Whether no block overlaps the time."""
        place = bisect_right(self._ends, start)
        return place == len(self._starts) or self._starts[place] >= end

    def within(self, moments: Sequence[datetime]) -> Iterator[datetime]:
        """Those of the sorted `moments` that lie in a block."""
        if not moments:
            return
        for place in range(bisect_right(self._ends, moments[0]), len(self._starts)):
            if self._starts[place] > moments[-1]:
                return
            first = bisect_left(moments, self._starts[place])
            yield from moments[first : bisect_left(moments, self._ends[place])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The limits of one pair of hands and what they have to do, added up once."""

    limits: LoadLimits
    work: tuple[Work, ...] = ()
    _runs: tuple[Period, ...] = field(init=False, repr=False, compare=False)
    _totals: dict[ZoneInfo, load.Totals] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        periods = (one.period for one in self.work)
        object.__setattr__(self, "_runs", load.runs(periods, self.limits.break_minutes))
        object.__setattr__(self, "_totals", {})  # by zone, each added up when first asked for

    def totals(self, zone: ZoneInfo) -> load.Totals:
        """What `work` adds up to in the days and weeks of `zone`."""
        if zone not in self._totals:
            self._totals[zone] = load.totals(self.work, zone)
        return self._totals[zone]

    def refusal(self, more: Work, zone: ZoneInfo) -> Refused | None:
        """Which limit `more` would break, or None."""
        limits, done = self.limits, self.totals(zone)
        day = more.period.start.astimezone(zone).date()
        if load.too_much(limits.minutes_per_day, done.days.get(day, timedelta()), more):
            return Refused(reason=Refusal.DAY_LIMIT, minutes=limits.minutes_per_day)
        week = done.weeks.get(load.week(day), timedelta())
        if load.too_much(limits.minutes_per_week, week, more):
            return Refused(reason=Refusal.WEEK_LIMIT, minutes=limits.minutes_per_week)
        longest = limits.longest_run_minutes
        if longest is not None:
            run = load.joined_run(self._runs, more.period, limits.break_minutes)
            if run.length > timedelta(minutes=longest):
                return Refused(reason=Refusal.NO_BREAK, period=run, minutes=longest)
        return None


@dataclass(frozen=True, slots=True)
class Unit:
    """One room, tool or partner, and when it is not to be had.

    A partner has limits of their own, and the same session may weigh more on them.
    """

    id: int
    taken: tuple[Period, ...] = ()
    load: Load | None = None
    weight_percent: int = 100
    _blocks: _Blocks = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        blocks = _Blocks(Taken(period=period) for period in self.taken)
        object.__setattr__(self, "_blocks", blocks)

    def is_free(self, period: Period) -> bool:
        """Whether nothing takes the unit during `period`."""
        return self._blocks.free(period.start, period.end)

    def can_carry(self, session: Period, zone: ZoneInfo) -> bool:
        """Whether `session` breaks none of the unit's own limits."""
        more = Work(session, self.weight_percent)
        return self.load is None or self.load.refusal(more, zone) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that is known about a therapist's time, prepared once for many questions.

    `opening` and `taken` may overlap and need no order; both should reach one day further than
    the days asked about, for sessions over midnight and long set-ups. `work` is what the load
    guard counts and blocks nothing by itself. From `held_back_from` on nothing is offered,
    because an outside calendar cannot be read.
    """

    opening: tuple[Period, ...]
    taken: tuple[Taken, ...] = ()
    pools: Mapping[str, tuple[Unit, ...]] = field(default_factory=dict)
    limits: LoadLimits | None = None
    work: tuple[Work, ...] = ()
    held_back_from: datetime | None = None
    _open: _Blocks = field(init=False, repr=False, compare=False)
    _away: tuple[tuple[Refusal, _Blocks], ...] = field(init=False, repr=False, compare=False)
    _units: Mapping[str, tuple[Unit, ...]] = field(init=False, repr=False, compare=False)
    _load: Load = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.held_back_from is not None and self.held_back_from.tzinfo is None:
            raise BadRequest("the time from which slots are held back needs a zone")
        by_reason: dict[Refusal, list[Taken]] = {}
        for one in self.taken:
            by_reason.setdefault(_REASONS.get(one.kind, Refusal.OVERLAPS), []).append(one)
        units = {
            pool: tuple(sorted(units, key=lambda unit: unit.id))
            for pool, units in self.pools.items()
        }
        prepared: dict[str, object] = {
            "_open": _Blocks(Taken(period=period) for period in self.opening),
            "_away": tuple((r, _Blocks(by_reason[r])) for r in _IN_ORDER if r in by_reason),
            "_units": units,
            "_load": Load(limits=self.limits or LoadLimits(), work=self.work),
        }
        for name, value in prepared.items():
            object.__setattr__(self, name, value)

    def totals(self, zone: ZoneInfo) -> load.Totals:
        """What `work` adds up to in the days and weeks of `zone`."""
        return self._load.totals(zone)


def slot(request: Request, start: datetime) -> Slot:
    """Return the times that a session at the aware `start` would take, in UTC."""
    begins = start.astimezone(UTC)
    ends = begins + timedelta(minutes=request.minutes)
    blocked = Period(
        begins - timedelta(minutes=request.setup_minutes),
        ends + timedelta(minutes=request.cleanup_minutes),
    )
    return Slot(start=begins, end=ends, blocked=blocked)


def relaxed(request: Request) -> Request:
    """Return `request` as staff may book it: no notice, no buffers; capacity and load stay."""
    needs = tuple(replace(need, before_minutes=0, after_minutes=0) for need in request.needs)
    return replace(request, notice_minutes=0, setup_minutes=0, cleanup_minutes=0, needs=needs)


def decide(
    request: Request, start: datetime, state: State, *, zone: ZoneInfo, now: datetime
) -> Assigned | Refused:
    """Return what a session at the aware `start` gets, or why it cannot start then."""
    if start.tzinfo is None:
        raise BadRequest("a start needs a zone")
    return _decided(_case(request, state, zone, now), start.astimezone(UTC))


def refusal(
    request: Request, start: datetime, state: State, *, zone: ZoneInfo, now: datetime
) -> Refused | None:
    """Return why a session cannot start at the aware `start`, or None if it can."""
    found = decide(request, start, state, zone=zone, now=now)
    return found if isinstance(found, Refused) else None


def offered(
    request: Request,
    state: State,
    *,
    zone: ZoneInfo,
    now: datetime,
    first_day: date,
    last_day: date,
) -> tuple[Slot, ...]:
    """Return the slots on the grid of the local days `first_day` to `last_day` that can be had."""
    case = _case(request, state, zone, now)
    made: list[Slot] = []
    for day in hours.days(first_day, last_day):
        # Outside opening hours every start is refused, and most starts lie there.
        for start in state._open.within(hours.grid(day, request.step_minutes, zone)):
            found = _decided(case, start)
            if isinstance(found, Assigned):
                made.append(found.slot)
    return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A question and what is the same for all of its starts."""

    request: Request
    state: State
    zone: ZoneInfo
    now: datetime
    earliest: datetime
    last_day: date
    setup: timedelta
    length: timedelta
    until_cleared: timedelta


def _case(request: Request, state: State, zone: ZoneInfo, now: datetime) -> _Case:
    if now.tzinfo is None:
        raise BadRequest("the present time needs a zone")
    today, _ = hours.local(now, zone)
    return _Case(
        request=request,
        state=state,
        zone=zone,
        now=now.astimezone(UTC),
        earliest=now.astimezone(UTC) + timedelta(minutes=request.notice_minutes),
        last_day=today + timedelta(days=request.horizon_days),
        setup=timedelta(minutes=request.setup_minutes),
        length=timedelta(minutes=request.minutes),
        until_cleared=timedelta(minutes=request.minutes + request.cleanup_minutes),
    )


def _decided(case: _Case, start: datetime) -> Assigned | Refused:
    """The one decision: every rule in its order, which is also from cheap to dear."""
    return (
        _limits(case, start)
        or _list(case, start)
        or _hours(case, start)
        or _away(case, start)
        or _load(case, start)
        or _assigned(case, start)
    )


def _limits(case: _Case, start: datetime) -> Refused | None:
    request = case.request
    if start < case.now:
        return Refused(reason=Refusal.IN_THE_PAST)
    if start < case.earliest:
        return Refused(reason=Refusal.INSIDE_NOTICE, minutes=request.notice_minutes)
    if start.astimezone(case.zone).date() > case.last_day:
        horizon = request.horizon_days * hours.DAY_MINUTES
        return Refused(reason=Refusal.BEYOND_HORIZON, minutes=horizon)
    if not hours.on_grid(start, request.step_minutes, case.zone):
        return Refused(reason=Refusal.OFF_GRID, minutes=request.step_minutes)
    return None


def _list(case: _Case, start: datetime) -> Refused | None:
    """What a list that the person's sessions follow says: not this one, or not yet."""
    request = case.request
    if request.closed is not None:
        return Refused(reason=request.closed)
    if request.not_before is not None and start < request.not_before:
        return Refused(reason=Refusal.TOO_CLOSE)
    return None


def _hours(case: _Case, start: datetime) -> Refused | None:
    open_, request = case.state._open, case.request
    if not open_.covers(start - case.setup, start + case.length):
        return Refused(reason=Refusal.OUTSIDE_HOURS)
    if not request.cleanup_past_closing and not open_.covers(
        start - case.setup, start + case.until_cleared
    ):
        return Refused(reason=Refusal.CLEANUP_PAST_CLOSING, minutes=request.cleanup_minutes)
    return None


def _away(case: _Case, start: datetime) -> Refused | None:
    """What takes the therapist: an unreadable calendar, a credential, leave, other sessions."""
    begins, ends = start - case.setup, start + case.until_cleared
    held_back_from = case.state.held_back_from
    if held_back_from is not None and ends > held_back_from:
        return Refused(reason=Refusal.CALENDAR_UNREADABLE)
    for reason, blocks in case.state._away:
        if taken := blocks.hit(begins, ends):
            return Refused(reason=reason, period=taken.period, kind=taken.kind)
    return None


def _load(case: _Case, start: datetime) -> Refused | None:
    if case.state.limits is None:
        return None
    more = Work(Period(start, start + case.length), case.request.weight_percent)
    return case.state._load.refusal(more, case.zone)


def _assigned(case: _Case, start: datetime) -> Assigned | Refused:
    """The lowest free units for every need, no unit twice, or the first need without one."""
    rows: list[tuple[Need, Period]] = []
    options: list[tuple[int, ...]] = []
    session = Period(start, start + case.length)
    for need in case.request.needs:
        occupied = Period(
            start - timedelta(minutes=need.before_minutes),
            start + case.length + timedelta(minutes=need.after_minutes),
        )
        units = case.state._units.get(need.pool, ())
        free = tuple(
            unit.id
            for unit in units
            if unit.is_free(occupied) and unit.can_carry(session, case.zone)
        )
        rows += [(need, occupied)] * need.quantity
        options += [free] * need.quantity
    chosen = _distinct(options)
    if len(chosen) < len(rows):
        need, occupied = rows[len(chosen)]
        return Refused(reason=_missing(need.pool), pool=need.pool, period=occupied)
    units_of = zip(rows, chosen, strict=True)
    return Assigned(
        slot=slot(case.request, start),
        units=tuple((need.pool, unit, period) for (need, period), unit in units_of),
    )


def _missing(pool: str) -> Refusal:
    match pool.partition(":")[0]:
        case "partner":
            return Refusal.NO_PARTNER
        case "room":
            return Refusal.NO_ROOM
        case _:
            return Refusal.NO_TOOL


def _distinct(options: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """One id from each row of options, none twice, the lowest that lets every row have one.

    Shorter than `options` when that cannot be: its length is the first row that goes without.
    """
    first: dict[int, None] = {}
    for ids in options:
        lowest = next((unit for unit in ids if unit not in first), None)
        if lowest is None:
            return _shared_out(options)
        first[lowest] = None
    return tuple(first)


def _shared_out(options: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """As `_distinct`, where an early row must leave its lowest id to a later one."""
    owner: dict[int, int] = {}
    for row in range(len(options)):
        if not _give(row, options, owner, set()):
            return tuple(sorted(owner))
    settled: list[int] = []
    for row, ids in enumerate(options):
        for unit in ids:
            lower = _moved(row, unit, options, owner, settled)
            if lower is not None:
                owner = lower
                settled.append(unit)
                break
    return tuple(settled)


def _moved(
    row: int,
    unit: int,
    options: Sequence[Sequence[int]],
    owner: Mapping[int, int],
    settled: Sequence[int],
) -> dict[int, int] | None:
    """The owners when `row` has `unit` and the later rows still have one each, if that can be."""
    if unit in settled:
        return None
    moved = {one: other for one, other in owner.items() if other != row}
    displaced = moved.get(unit)
    moved[unit] = row
    barred = {*settled, unit}
    return moved if displaced is None or _give(displaced, options, moved, barred) else None


def _give(
    row: int, options: Sequence[Sequence[int]], owner: dict[int, int], barred: set[int]
) -> bool:
    """Find `row` a unit, moving other rows to other units where needed (augmenting path)."""
    for unit in options[row]:
        if unit not in barred:
            barred.add(unit)
            if unit not in owner or _give(owner[unit], options, owner, barred):
                owner[unit] = row
                return True
    return False
