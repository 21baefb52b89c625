"""When somebody is told that a credential will run out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.credentials.ending import RENEWED, STEPS, step, step_due

TODAY = date(2026, 3, 27)


@pytest.mark.parametrize(
    ("left", "reached"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)],
)
def test_the_nearest_step_is_the_one_that_counts(left: int, reached: int | None) -> None:
    assert step("licence", TODAY + timedelta(days=left), on=TODAY) == reached


def test_what_has_no_last_day_or_closes_nothing_is_not_warned_of() -> None:
    assert step("licence", None, on=TODAY) is None
    assert {kind: step(kind, TODAY, on=TODAY) for kind in ("training", "membership")} == {
        "training": None,
        "membership": None,
    }
    assert {step(kind, TODAY, on=TODAY) for kind in RENEWED} == {7}


def test_steps_that_were_missed_stay_missed() -> None:
    last = TODAY + timedelta(days=5)
    assert step_due("insurance", last, on=TODAY, written=()) == 7
    assert step_due("insurance", last, on=TODAY, written={7}) is None
    assert step_due("insurance", last, on=TODAY, written={60, 30}) == 7


@given(st.integers(-10, 100), st.sets(st.sampled_from(range(110))))
def test_whoever_looks_on_some_days_writes_each_step_at_most_once_and_in_order(
    length: int, looked: set[int]
) -> None:
    last = TODAY + timedelta(days=length)
    written: list[int] = []
    for day in sorted(looked):
        due = step_due("licence", last, on=TODAY + timedelta(days=day), written=written)
        if due is not None:
            written.append(due)
    assert written == sorted(set(written), reverse=True)
    assert set(written) <= set(STEPS)
