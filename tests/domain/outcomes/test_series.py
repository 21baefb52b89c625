from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes.series import (
    BadDay,
    Day,
    level,
    ratings,
    starting_level,
)

MONDAY = date(2026, 3, 2)


def on(offset: int, pain: float | None, **others: float) -> Day:
    return Day(day=MONDAY + timedelta(days=offset), pain=pain, **others)


def daily(*values: float | None) -> list[Day]:
    return [on(offset, value) for offset, value in enumerate(values)]


def offsets(rows) -> list[int]:
    return [(row.day - MONDAY).days for row in rows]


def test_the_level_is_the_mean_of_seven_days_with_their_lowest_and_highest():
    rows = level(daily(9, 1, 2, 3, 4, 5, 6, 7), "pain")
    assert offsets(rows) == [2, 3, 4, 5, 6, 7]
    assert (rows[0].mean, rows[0].low, rows[0].high, rows[0].n) == (4.0, 1, 9, 3)
    assert (rows[-1].mean, rows[-1].low, rows[-1].high, rows[-1].n) == (4.0, 1, 7, 7)


def test_two_ratings_in_a_week_are_not_a_level():
    assert level(daily(5, 5), "pain") == ()
    assert level([on(0, 5), on(3, 5), on(7, 5), on(11, 5)], "pain") == ()


def test_a_short_silence_keeps_the_mean_of_the_ratings_there_are():
    rows = level(daily(2, 4, 6, None, None, 8), "pain")
    assert [(row.mean, row.n) for row in rows] == [(4, 3), (4, 3), (4, 3), (5, 4)]


def test_a_silence_of_three_days_is_a_gap():
    rows = level(daily(2, 4, 6, None, None, None, 8), "pain")
    assert offsets(rows) == [2, 6]


def test_nothing_is_said_about_the_days_after_the_last_rating():
    assert offsets(level(daily(2, 4, 6, None), "pain")) == [2]


def test_each_strand_stands_alone():
    days = [on(n, None, stress=n) for n in range(4)]
    assert level(days, "pain") == ()
    assert [row.mean for row in level(days, "stress")] == [1.0, 1.5]
    assert level(days, "sleep") == ()


def test_the_order_of_the_days_does_not_matter_and_zero_is_a_rating():
    days = daily(0, 0, 3)
    assert level(reversed(days), "pain") == level(days, "pain")
    assert level(days, "pain")[0].mean == 1.0


@given(
    st.dictionaries(st.integers(0, 60), st.none() | st.floats(0, 10, allow_nan=False), max_size=40)
)
def test_every_level_is_its_own_windows_plain_mean(by_offset):
    days = [on(offset, value) for offset, value in by_offset.items()]
    for row in level(days, "pain"):
        end = (row.day - MONDAY).days
        window = [v for o, v in by_offset.items() if end - 7 < o <= end and v is not None]
        assert row.n == len(window) >= 3
        assert row.mean == pytest.approx(sum(window) / len(window))
        assert row.low == min(window)
        assert row.high == max(window)


def test_the_start_is_the_mean_of_two_weeks_not_the_first_rating():
    days = [on(0, 9), on(1, 5), on(13, 4), on(14, 0)]
    assert starting_level(days, "pain") == 6.0


def test_there_is_no_start_from_two_ratings():
    assert starting_level(daily(5, 5), "pain") is None
    assert starting_level([], "pain") is None


@pytest.mark.parametrize("value", [-0.1, 10.1, float("nan"), float("inf")])
def test_a_rating_outside_the_scale_is_refused(value):
    with pytest.raises(BadDay):
        on(0, value)
    with pytest.raises(BadDay):
        Day(day=MONDAY, sleep=value)


def test_one_date_given_twice_is_refused_even_if_one_is_empty():
    with pytest.raises(BadDay):
        ratings([on(0, 5), on(0, None)], "pain")
