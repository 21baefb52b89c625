import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.calendar.intervals import (
    BadPeriod,
    Period,
    clashes,
    covers,
    intersect,
    merge,
    subtract,
)

MIDNIGHT = datetime(2026, 3, 27, tzinfo=UTC)


def minutes(start: int, end: int) -> Period:
    return Period(MIDNIGHT + timedelta(minutes=start), MIDNIGHT + timedelta(minutes=end))


def instants(periods: tuple[Period, ...] | list[Period]) -> set[int]:
    """The oracle: every minute that lies in a period, one by one."""
    return {
        minute
        for minute in range(80)
        if any(p.start <= MIDNIGHT + timedelta(minutes=minute) < p.end for p in periods)
    }


some_period = st.tuples(st.integers(0, 60), st.integers(1, 19)).map(
    lambda pair: minutes(pair[0], pair[0] + pair[1])
)
some_periods = st.lists(some_period, max_size=8)


def is_canonical(periods: tuple[Period, ...]) -> bool:
    return all(a.end < b.start for a, b in itertools.pairwise(periods))


@given(some_periods)
def test_merge_keeps_the_instants_and_leaves_nothing_touching(periods):
    assert instants(merge(periods)) == instants(periods)
    assert is_canonical(merge(periods))
    assert merge(merge(periods)) == merge(periods)


@given(some_periods, some_periods)
def test_intersect_and_subtract_agree_with_sets_of_minutes(left, right):
    assert instants(intersect(left, right)) == instants(left) & instants(right)
    assert instants(subtract(left, right)) == instants(left) - instants(right)
    assert is_canonical(intersect(left, right))
    assert is_canonical(subtract(left, right))


@given(some_periods, some_periods)
def test_what_is_shared_and_what_is_left_make_the_whole_again(whole, taken):
    assert merge(intersect(whole, taken) + subtract(whole, taken)) == merge(whole)
    assert intersect(whole, taken) == intersect(taken, whole)
    assert subtract(subtract(whole, taken), taken) == subtract(whole, taken)


@given(some_periods, some_period)
def test_clashes_and_covers_agree_with_looking_at_every_period(periods, period):
    merged = merge(periods)
    assert clashes(merged, period) == any(other.overlaps(period) for other in merged)
    assert clashes(merged, period) == bool(instants(periods) & instants([period]))
    assert covers(merged, period) == (instants([period]) <= instants(periods))


def test_periods_that_touch_do_not_overlap():
    assert not minutes(0, 60).overlaps(minutes(60, 90))
    assert minutes(0, 61).overlaps(minutes(60, 90))


def test_a_period_is_kept_in_utc_so_its_length_is_elapsed_time():
    berlin = ZoneInfo("Europe/Berlin")
    night = Period(
        datetime(2026, 3, 29, 1, 0, tzinfo=berlin), datetime(2026, 3, 29, 4, 0, tzinfo=berlin)
    )
    assert night.start.tzinfo is UTC
    assert night.length == timedelta(hours=2)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (MIDNIGHT, MIDNIGHT),
        (MIDNIGHT, MIDNIGHT - timedelta(minutes=1)),
        (MIDNIGHT.replace(tzinfo=None), MIDNIGHT),
        (MIDNIGHT, (MIDNIGHT + timedelta(hours=1)).replace(tzinfo=None)),
    ],
)
def test_an_empty_reversed_or_naive_period_is_refused(start, end):
    with pytest.raises(BadPeriod):
        Period(start, end)
