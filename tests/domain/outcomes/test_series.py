from datetime import date, timedelta

import pytest

from unknot.domain.outcomes.series import (
    BadDay,
    Day,
    ratings,
    starting_level,
)

MONDAY = date(2026, 3, 2)


def on(offset: int, pain: float | None, **others: float) -> Day:
    return Day(day=MONDAY + timedelta(days=offset), pain=pain, **others)


def daily(*values: float | None) -> list[Day]:
    return [on(offset, value) for offset, value in enumerate(values)]


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
