"""The load guard's arithmetic: exact weights, local days, ISO weeks, runs that touch."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.calendar.intervals import Period
from unknot.domain.calendar.load import (
    BadLimit,
    LoadLimits,
    Work,
    joined_run,
    runs,
    too_much,
    totals,
    week,
)

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


def span(first: int, last: int) -> Period:
    """A period in minutes from noon."""
    return Period(NOON + timedelta(minutes=first), NOON + timedelta(minutes=last))


def test_work_counts_on_the_local_day_on_which_it_starts() -> None:
    work = (Work(span(0, 60)), Work(span(600, 700), 50))  # 22:00 UTC is 23:00 in Berlin
    assert totals(work, BERLIN).days == {date(2026, 3, 27): timedelta(minutes=110) * 100}
    assert totals(work, AUCKLAND).days == {date(2026, 3, 28): timedelta(minutes=110) * 100}


def test_the_first_days_of_a_year_may_belong_to_the_last_week_of_the_one_before() -> None:
    assert week(date(2027, 1, 3)) == (2026, 53)
    assert week(date(2027, 1, 4)) == (2027, 1)
    assert week(date(2025, 12, 29)) == (2026, 1)


@pytest.mark.parametrize(
    ("minutes", "percent", "over"),
    [(40, 100, False), (41, 100, True), (30, 133, False), (30, 134, True), (400, 0, False)],
)
def test_weights_are_counted_exactly(minutes: int, percent: int, over: bool) -> None:
    done = Work(span(0, 60)).weighted
    assert too_much(100, done, Work(span(60, 60 + minutes), percent)) is over


def test_no_limit_is_never_too_much() -> None:
    assert not too_much(None, timedelta(days=9000), Work(span(0, 60)))


@pytest.mark.parametrize(
    ("gap", "least_break", "one_run"),
    [(0, 0, True), (1, 0, False), (14, 15, True), (15, 15, False), (16, 15, False)],
)
def test_what_counts_as_a_break(gap: int, least_break: int, one_run: bool) -> None:
    first, second = span(0, 60), span(60 + gap, 90 + gap)
    whole = (span(0, 90 + gap),)
    assert runs([second, first], least_break) == (whole if one_run else (first, second))
    assert joined_run([first], second, least_break) == (whole[0] if one_run else second)


PERIODS = st.builds(
    lambda start, length: span(start, start + length), st.integers(0, 600), st.integers(1, 90)
)


@given(st.lists(PERIODS, max_size=8), PERIODS, st.integers(0, 40))
def test_a_run_is_the_same_whether_joined_or_made_anew(
    done: list[Period], more: Period, least_break: int
) -> None:
    joined = joined_run(runs(done, least_break), more, least_break)
    (anew,) = (run for run in runs([*done, more], least_break) if run.contains(more))
    assert joined == anew


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes_per_day": -1},
        {"minutes_per_week": -1},
        {"longest_run_minutes": -1},
        {"break_minutes": -1},
    ],
)
def test_a_limit_below_zero_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(BadLimit):
        LoadLimits(**wrong)


def test_a_weight_below_zero_is_refused() -> None:
    with pytest.raises(BadLimit):
        Work(span(0, 60), -1)
