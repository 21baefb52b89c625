"""Quiet hours, over midnight and over the clock change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.calendar.quiet import loud_from

BERLIN = ZoneInfo("Europe/Berlin")
INSTANTS = st.datetimes(
    min_value=datetime(2025, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC)
)
MINUTES = st.integers(0, 1439)


def local(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (local(27, 20, 59), local(27, 20, 59)),
        (local(27, 21), local(28, 7)),
        (local(28, 6, 59), local(28, 7)),
        (local(28, 7), local(28, 7)),
        (local(28, 23), local(29, 7)),  # the night of 23 hours: an hour less to wait
        (local(24, 23, month=10), local(25, 7, month=10)),  # and of 25: an hour more
    ],
)
def test_what_falls_into_the_night_waits_for_the_morning(
    moment: datetime, expected: datetime
) -> None:
    assert loud_from(moment, quiet_from=1260, quiet_until=420, zone=BERLIN) == expected


@given(INSTANTS, MINUTES, MINUTES)
def test_the_answer_is_never_earlier_and_at_most_a_day_later(
    moment: datetime, quiet_from: int, quiet_until: int
) -> None:
    found = loud_from(moment, quiet_from=quiet_from, quiet_until=quiet_until, zone=BERLIN)
    assert moment <= found <= moment + timedelta(hours=25)


@given(INSTANTS, MINUTES, MINUTES)
def test_asking_again_changes_nothing(moment: datetime, quiet_from: int, quiet_until: int) -> None:
    hours = {"quiet_from": quiet_from, "quiet_until": quiet_until, "zone": BERLIN}
    found = loud_from(moment, **hours)  # type: ignore[arg-type]
    assert loud_from(found, **hours) == found  # type: ignore[arg-type]


@given(INSTANTS, MINUTES)
def test_equal_ends_mean_that_no_hour_is_quiet(moment: datetime, minute: int) -> None:
    assert loud_from(moment, quiet_from=minute, quiet_until=minute, zone=BERLIN) == moment
