"""Only how long answers waited counts, whatever the clock of the device says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes.late import LONGEST, SLACK, ClockChanged, TooLate, real_time

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
YEARS = timedelta(days=4000)


@given(
    st.timedeltas(timedelta(0), LONGEST),
    st.timedeltas(-YEARS, YEARS),
)
def test_a_clock_that_is_wrong_all_along_does_no_harm(waited: timedelta, wrong: timedelta) -> None:
    answered = NOW - waited
    on_the_device, sent = answered + wrong, NOW + wrong
    assert real_time(NOW, sent - on_the_device) == answered


@given(st.timedeltas(-YEARS, YEARS))
def test_it_is_never_in_the_future_and_never_long_ago(waited: timedelta) -> None:
    try:
        found = real_time(NOW, waited)
    except ClockChanged:
        assert waited < -SLACK
    except TooLate:
        assert waited > LONGEST
    else:
        assert NOW - LONGEST <= found <= NOW


def test_a_clock_that_was_corrected_by_minutes_means_now() -> None:
    assert real_time(NOW, -SLACK) == NOW
    with pytest.raises(ClockChanged):
        real_time(NOW, -SLACK - timedelta(seconds=1))
    with pytest.raises(TooLate):
        real_time(NOW, LONGEST + timedelta(seconds=1))
