"""From check-ins to arrays: what is refused, what is left out, and that clocks do not matter."""

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from unknot.domain.outcomes.observations import BadObservation, Rated, ratings
from unknot.domain.outcomes.series import Session

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


def at(days: float, value: float = 5) -> Rated:
    return Rated(at=NOON + timedelta(days=days), value=value)


def visit(days: float, technique: str = "swedish", minutes: int = 60) -> Session:
    start = NOON + timedelta(days=days)
    end = start + timedelta(minutes=minutes)
    return Session(start=start, end=end, technique=technique, minutes=minutes)


@pytest.mark.parametrize("value", [11, -1, math.nan, math.inf])
def test_a_rating_off_the_scale_is_refused_with_its_day(value: float) -> None:
    with pytest.raises(BadObservation, match=r"2026-03-20 12:00: .* allowed 0 to 10"):
        at(0, value)


def test_a_session_that_ends_before_it_starts_is_refused() -> None:
    wrong = Session(start=NOON, end=NOON - timedelta(hours=1), technique="swedish", minutes=60)
    with pytest.raises(BadObservation, match="ends before it starts"):
        ratings([at(-1), at(3)], [wrong], "pain", window_days=180)


def test_nothing_rated_is_nothing() -> None:
    assert ratings([], [visit(1)], "pain", window_days=180) is None


def test_rows_are_put_in_order_and_counted_from_the_first() -> None:
    data = ratings([at(3), at(1), at(2.5)], [], "pain", window_days=180)
    assert data is not None
    assert list(data.t) == [0, 1.5, 2]


def test_the_clock_change_is_an_hour_of_real_time_and_no_more() -> None:
    zone = ZoneInfo("Europe/Berlin")
    evenings = [datetime(2026, 3, day, 20, tzinfo=zone) for day in (28, 29)]
    data = ratings([Rated(at=one, value=5) for one in evenings], [], "pain", window_days=180)
    assert data is not None
    assert data.t[1] == pytest.approx(23 / 24)


def test_sessions_to_come_and_long_past_ones_are_left_out() -> None:
    rows = [at(day) for day in (200, 250, 300)]
    found = ratings(rows, [visit(301), visit(250.5), visit(20)], "pain", window_days=90)
    assert found is not None
    assert found.session_t.size == 1
    assert found.t[0] == 50  # the first day is counted from, though it is outside of the window


def test_a_column_for_each_technique_and_hours_as_dose() -> None:
    visits = [visit(1, "shiatsu", 30), visit(2, "swedish", 90), visit(3, "hot_stone")]
    data = ratings(
        [at(0), at(9)], visits, "pain", window_days=180, techniques=["swedish", "shiatsu"]
    )
    assert data is not None
    assert list(data.kind) == [1, 0]
    assert list(data.dose) == [0.5, 1.5]
    assert data.kinds == 2


def test_sleep_and_mood_are_turned_round() -> None:
    for outcome, inside in (("sleep", 3.0), ("mood", 3.0), ("pain", 7.0), ("stress", 7.0)):
        data = ratings([at(0, 7)], [], outcome, window_days=180)  # type: ignore[arg-type]
        assert data is not None
        assert list(data.y) == [inside]
