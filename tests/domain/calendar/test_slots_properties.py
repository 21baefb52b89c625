"""Ten thousand random states: what is offered is accepted, what is not is refused with a reason."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from tests.domain.calendar.slot_oracle import MINUTE, Oracle, Situation, run_at, situation
from unknot.domain.calendar import load, slots
from unknot.domain.calendar.hours import grid
from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.slots import (
    Assigned,
    LoadLimits,
    Need,
    Refusal,
    Refused,
    Request,
    Slot,
    State,
    Taken,
    Unit,
    Work,
    decide,
    offered,
    refusal,
)

PARTS, EACH = 10, 1000


def of(asked: Situation, **changed: object) -> tuple[Slot, ...]:
    """What is offered on the day, perhaps with another request or state."""
    request, state = changed.get("request", asked.request), changed.get("state", asked.state)
    return offered(request, state, **asked.told, first_day=asked.day, last_day=asked.day)


def starts(found: Iterable[Slot]) -> set[datetime]:
    return {one.start for one in found}


def overlaps_nothing(made: Assigned, state: State) -> bool:
    """Whether neither the therapist nor a unit is taken, and no unit is given twice."""
    units = {(pool, one.id): one for pool, pool_units in state.pools.items() for one in pool_units}
    free = all(
        not taken.overlaps(period)
        for pool, number, period in made.units
        for taken in units[pool, number].taken
    )
    numbers = [number for _, number, _ in made.units]
    here = not any(one.period.overlaps(made.slot.blocked) for one in state.taken)
    return free and here and len(set(numbers)) == len(numbers)


def check_agreement(asked: Situation, random: Random) -> None:
    """Each start offered is accepted; every other, on the grid or off it, has its reason."""
    found = {one.start: one for one in of(asked)}
    every = grid(asked.day, asked.request.step_minutes, asked.zone)
    off = [random.choice(every) + random.randint(1, 14) * MINUTE for _ in range(3)]
    assert found.keys() <= set(every)
    for start in (*every, *off):
        made = decide(asked.request, start, asked.state, **asked.told)
        if start in found:
            assert isinstance(made, Assigned)
            assert made.slot == found[start]
            wanted = [need.pool for need in asked.request.needs for _ in range(need.quantity)]
            assert [pool for pool, _, _ in made.units] == wanted
            assert overlaps_nothing(made, asked.state)
        else:
            same_day = start.astimezone(asked.zone).date() == asked.day
            assert isinstance(made, Refused) or not same_day, (start, made)


def check_agreements(seed: str, rounds: int) -> None:
    random = Random(seed)
    for _ in range(rounds):
        check_agreement(situation(random), random)


@pytest.mark.parametrize("part", range(PARTS))
def test_offered_and_accepted_are_the_same_in_ten_thousand_states(part: int) -> None:
    check_agreements(f"agreement {part}", EACH)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_minute_by_minute_oracle_finds_the_same_reason(part: int) -> None:
    random = Random(f"oracle {part}")
    for _ in range(20):
        disagreement = differs(situation(random), random)
        assert disagreement is None, disagreement


def differs(asked: Situation, random: Random) -> object:
    """The first start of the day on which engine and oracle disagree, or None."""
    oracle = Oracle(asked)
    every = [*asked.local_minutes()]
    judged = [one for one in every if not (one - every[0]) % (5 * MINUTE)]
    for start in [*judged, *random.sample(every, 10)]:
        made = decide(asked.request, start, asked.state, **asked.told)
        told = made.reason if isinstance(made, Refused) else None
        if told is not oracle.reason(start):
            return start, told, oracle.reason(start), asked
        given = isinstance(made, Assigned) and tuple(number for _, number, _ in made.units)
        if given is not False and given != oracle.units_for(start):
            return start, made, oracle.units_for(start), asked
    return None


def test_every_reason_decides_somewhere_in_the_random_states() -> None:
    random, seen = Random("reasons"), set()
    for _ in range(200):
        asked = situation(random)
        for start in grid(asked.day, 15, asked.zone):
            made = refusal(asked.request, start, asked.state, **asked.told)
            seen.add(made.reason if made else None)
    assert seen == {None, *Refusal}


def test_a_busy_period_more_or_a_unit_less_never_adds_a_start() -> None:
    random = Random("monotone")
    lost = 0
    for _ in range(300):
        asked = situation(random)
        before, state = starts(of(asked)), asked.state
        start = asked.midnight + random.randint(0, 1400) * MINUTE
        period = Period(start, start + random.randint(1, 90) * MINUTE)
        busier = replace(state, taken=(*state.taken, Taken(period)))
        assert starts(of(asked, state=busier)) <= before
        for pool, units in state.pools.items():
            fewer = replace(state, pools={**state.pools, pool: units[1:]})
            left = starts(of(asked, state=fewer))
            assert left <= before
            lost += len(before - left)
            first = replace(units[0], taken=(*units[0].taken, period))
            fuller = replace(state, pools={**state.pools, pool: (first, *units[1:])})
            assert starts(of(asked, state=fuller)) <= before
    assert lost > 50  # the states are tight enough for this to mean something


def booked(state: State, made: Assigned, percent: int) -> State:
    """The state after a start was booked."""
    given = {(pool, number): period for pool, number, period in made.units}
    pools = {
        pool: tuple(
            replace(one, taken=(*one.taken, given[pool, one.id]))
            if (pool, one.id) in given
            else one
            for one in units
        )
        for pool, units in state.pools.items()
    }
    session = Work(Period(made.slot.start, made.slot.end), percent)
    return replace(
        state,
        taken=(*state.taken, Taken(made.slot.blocked)),
        work=(*state.work, session),
        pools=pools,
    )


def fill(asked: Situation, random: Random) -> State:
    """Book offered starts of the day in a random order until none is left."""
    state = asked.state
    while found := of(asked, state=state):
        start = random.choice(found).start
        made = decide(asked.request, start, state, **asked.told)
        assert isinstance(made, Assigned)
        assert overlaps_nothing(made, state)
        state = booked(state, made, asked.request.weight_percent)
    return state


def within_limits(asked: Situation, state: State) -> bool:
    """Whether the totals and every run of a filled day are within the limits, by minutes."""
    limits = state.limits
    assert limits is not None
    minutes = {"%Y-%m-%d": limits.minutes_per_day, "%G-%V": limits.minutes_per_week}
    for form, most in minutes.items():
        totals: dict[str, int] = {}
        for one in state.work:
            when = one.period.start.astimezone(asked.zone).strftime(form)
            spent = one.period.length // MINUTE * one.weight_percent
            totals[when] = totals.get(when, 0) + spent
        if most is not None and max(totals.values(), default=0) > 100 * most:
            return False
    oracle = Oracle(replace(asked, state=state))
    longest = max(
        (
            run_at(oracle.hands, oracle.minute(one.period.start), limits.break_minutes)
            for one in state.work
        ),
        default=0,
    )
    return limits.longest_run_minutes is None or longest <= limits.longest_run_minutes


def loaded(random: Random) -> Situation:
    """A long open day of a therapist with limits and nothing booked."""
    asked = situation(random)
    noon = asked.midnight + 720 * MINUTE
    limits = LoadLimits(
        minutes_per_day=random.choice([None, 150, 300]),
        minutes_per_week=random.choice([None, 200, 250]),
        longest_run_minutes=random.choice([None, 90, 180]),
        break_minutes=random.choice([0, 10, 30]),
    )
    state = State(
        opening=(Period(noon - timedelta(days=1), noon + timedelta(days=1)),), limits=limits
    )
    request = replace(asked.request, needs=(), notice_minutes=0, horizon_days=30)
    return replace(asked, request=request, state=state, now=noon - timedelta(days=2))


def test_the_load_limits_hold_in_whatever_order_the_day_is_booked() -> None:
    random, sessions = Random("load"), 0
    for _ in range(60):
        asked = loaded(random)
        state = fill(asked, random)
        sessions += len(state.work)
        assert within_limits(asked, state)
    assert sessions > 120


def test_a_crowded_day_can_be_booked_until_nothing_is_left() -> None:
    random = Random("fill")
    for _ in range(150):
        asked = situation(random)
        state = fill(asked, random)
        assert of(asked, state=state) == ()


def test_neighbours_touch_down_to_the_minute() -> None:
    random, touched = Random("neighbours"), 0
    for _ in range(600):
        asked = situation(random)
        request = replace(asked.request, step_minutes=15)
        asked = replace(asked, request=request, state=replace(asked.state, limits=None))
        before = of(asked)
        if not before:
            continue
        chosen = random.choice(before)
        made = decide(asked.request, chosen.start, asked.state, **asked.told)
        assert isinstance(made, Assigned)
        state = replace(asked.state, taken=(*asked.state.taken, Taken(made.slot.blocked)))
        clear = {one.start for one in before if not one.blocked.overlaps(chosen.blocked)}
        assert starts(of(asked, state=state)) == clear
        touched += sum(
            one.blocked.end == chosen.blocked.start or one.blocked.start == chosen.blocked.end
            for one in before
        )
    assert touched > 100


# Negative controls: each guard is taken away, and the check above that stands for it fails.


def caught_by_the_oracle(rounds: int = 20) -> bool:
    random = Random("control")
    return any(differs(situation(random), random) for _ in range(rounds))


def test_the_oracle_agrees_while_nothing_is_taken_away() -> None:
    assert not caught_by_the_oracle()


def without_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = slots._case

    def bare(request: Request, *rest: object) -> object:
        return whole(replace(request, setup_minutes=0, cleanup_minutes=0), *rest)

    monkeypatch.setattr(slots, "_case", bare)


def without_the_buffers_of_units(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = slots._case

    def bare(request: Request, *rest: object) -> object:
        needs = tuple(replace(one, before_minutes=0, after_minutes=0) for one in request.needs)
        return whole(replace(request, needs=needs), *rest)

    monkeypatch.setattr(slots, "_case", bare)


def without_what_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_away", lambda case, start: None)


def without_the_load_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_load", lambda case, start: None)


def without_joining_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "joined_run", lambda done, period, break_minutes: period)


def without_units_being_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Unit, "is_free", lambda unit, period: True)


def without_sharing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_shared_out", lambda options: ())


@pytest.mark.parametrize(
    "take_away",
    [
        without_buffers,
        without_the_buffers_of_units,
        without_what_is_taken,
        without_the_load_guard,
        without_joining_runs,
        without_units_being_taken,
        without_sharing_out,
    ],
)
def test_the_oracle_notices_a_guard_that_is_missing(take_away, monkeypatch) -> None:
    take_away(monkeypatch)
    assert caught_by_the_oracle(rounds=400)


def test_a_second_rule_for_the_offer_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the offer forgets what is taken: then offered and accepted differ."""
    real, honest = offered, slots._away

    def careless(*given: object, **more: object) -> tuple[Slot, ...]:
        monkeypatch.setattr(slots, "_away", lambda case, start: None)
        found = real(*given, **more)
        monkeypatch.setattr(slots, "_away", honest)
        return found

    monkeypatch.setitem(globals(), "offered", careless)
    with pytest.raises(AssertionError):
        check_agreements("second rule", 50)


def test_an_assignment_that_overlaps_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Unit, "is_free", lambda unit, period: True)
    with pytest.raises(AssertionError):
        check_agreements("overlap", 200)


@pytest.mark.parametrize("gone", ["joined_run", "too_much"])
def test_a_load_guard_that_forgets_would_be_noticed(gone, monkeypatch) -> None:
    harmless = {"joined_run": lambda done, period, _: period, "too_much": lambda *_: False}
    monkeypatch.setattr(load, gone, harmless[gone])
    random = Random("load control")
    days = (loaded(random) for _ in range(60))
    assert not all(within_limits(asked, fill(asked, random)) for asked in days)


def test_giving_the_lowest_unit_first_would_lose_starts() -> None:
    """Why units are shared out: the plain way refuses what can be had."""
    begin = datetime.fromisoformat("2026-03-27T10:00+01:00")
    early = Unit(2, (Period(begin - 40 * MINUTE, begin - 10 * MINUTE),))
    needs = (Need("tool:lamp"), Need("tool:lamp", before_minutes=30))
    state = State(
        opening=(Period(begin - 60 * MINUTE, begin + 120 * MINUTE),),
        pools={"tool:lamp": (Unit(1), early)},
    )
    asked = replace(situation(Random(1)), now=begin - 60 * MINUTE)
    made = decide(Request(minutes=60, needs=needs), begin, state, **asked.told)
    assert isinstance(made, Assigned)
