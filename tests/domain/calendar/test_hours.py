from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.calendar.hours import (
    BadHours,
    DayOverride,
    WeeklyHours,
    grid,
    instant,
    local,
    on_grid,
    opening,
)
from unknot.domain.calendar.intervals import Period

BERLIN = ZoneInfo("Europe/Berlin")
ST_JOHNS = ZoneInfo("America/St_Johns")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
HAVANA = ZoneInfo("America/Havana")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
FRIDAY = date(2026, 3, 27)

CLOCK_CHANGES = [
    (BERLIN, SPRING, 23 * 60),
    (BERLIN, AUTUMN, 25 * 60),
    (ST_JOHNS, date(2026, 3, 8), 23 * 60),
    (ST_JOHNS, date(2026, 11, 1), 25 * 60),
    (LORD_HOWE, date(2026, 4, 5), 24 * 60 + 30),
    (LORD_HOWE, date(2026, 10, 4), 23 * 60 + 30),
    (HAVANA, date(2026, 3, 8), 23 * 60),
    (BERLIN, FRIDAY, 24 * 60),
]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def every_day(starts: int, ends: int) -> list[WeeklyHours]:
    return [WeeklyHours(weekday=d, starts_minute=starts, ends_minute=ends) for d in range(7)]


def test_a_local_time_that_comes_twice_means_the_earlier_one():
    assert instant(AUTUMN, 150, BERLIN) == utc(2026, 10, 25, 0, 30)


def test_a_local_time_that_never_comes_moves_forward():
    assert instant(SPRING, 150, BERLIN) == utc(2026, 3, 29, 1, 30)
    assert local(utc(2026, 3, 29, 1, 30), BERLIN) == (SPRING, 210)


def test_a_midnight_that_never_comes_moves_forward_too():
    assert local(instant(date(2026, 3, 8), 0, HAVANA), HAVANA) == (date(2026, 3, 8), 60)


def test_minute_1440_is_the_midnight_of_the_next_day():
    assert instant(FRIDAY, 1440, BERLIN) == instant(FRIDAY + timedelta(days=1), 0, BERLIN)


@pytest.mark.parametrize("minute", [-1, 1441])
def test_a_minute_outside_the_day_is_refused(minute):
    with pytest.raises(BadHours):
        instant(FRIDAY, minute, BERLIN)


@pytest.mark.parametrize(("zone", "day", "length"), CLOCK_CHANGES)
def test_a_day_open_around_the_clock_is_as_long_as_the_day(zone, day, length):
    (period,) = opening(every_day(0, 1440), [], zone=zone, first_day=day, last_day=day)
    assert period.length == timedelta(minutes=length)


def test_hours_keep_to_the_clock_on_the_wall_on_both_sides_of_a_change():
    before, after = (
        opening(every_day(540, 1020), [], zone=BERLIN, first_day=day, last_day=day)
        for day in (SPRING - timedelta(days=1), SPRING)
    )
    assert before == (Period(utc(2026, 3, 28, 8), utc(2026, 3, 28, 16)),)
    assert after == (Period(utc(2026, 3, 29, 7), utc(2026, 3, 29, 15)),)


def test_an_override_replaces_the_day_and_no_window_closes_it():
    saturday, monday = date(2026, 3, 28), date(2026, 3, 30)
    open_ = opening(
        every_day(540, 1020),
        [DayOverride(day=saturday, windows=()), DayOverride(day=monday, windows=((600, 660),))],
        zone=BERLIN,
        first_day=FRIDAY,
        last_day=monday,
    )
    assert [(local(p.start, BERLIN), local(p.end, BERLIN)) for p in open_] == [
        ((FRIDAY, 540), (FRIDAY, 1020)),
        ((SPRING, 540), (SPRING, 1020)),
        ((monday, 600), (monday, 660)),
    ]


def test_only_the_weekday_that_is_meant_is_open():
    fridays = [WeeklyHours(weekday=4, starts_minute=540, ends_minute=600)]
    open_ = opening(fridays, [], zone=BERLIN, first_day=FRIDAY, last_day=FRIDAY + timedelta(days=6))
    assert [local(p.start, BERLIN) for p in open_] == [(FRIDAY, 540)]


def test_windows_that_touch_over_midnight_are_one_period():
    open_ = opening(
        every_day(0, 1440), [], zone=BERLIN, first_day=FRIDAY, last_day=FRIDAY + timedelta(days=1)
    )
    assert len(open_) == 1


def test_a_window_that_falls_into_the_gap_vanishes_without_an_error():
    inside = [DayOverride(day=SPRING, windows=((150, 185),))]  # 02:30 to 03:05, read 03:30 to 03:05
    assert opening([], inside, zone=BERLIN, first_day=SPRING, last_day=SPRING) == ()


@pytest.mark.parametrize(
    ("weekday", "starts", "ends"), [(7, 0, 60), (-1, 0, 60), (0, 60, 60), (0, 90, 60), (0, 0, 1441)]
)
def test_hours_that_no_week_has_are_refused(weekday, starts, ends):
    with pytest.raises(BadHours):
        WeeklyHours(weekday=weekday, starts_minute=starts, ends_minute=ends)


def test_an_override_with_a_reversed_window_is_refused():
    with pytest.raises(BadHours):
        DayOverride(day=FRIDAY, windows=((600, 540),))


@pytest.mark.parametrize(("zone", "day", "length"), CLOCK_CHANGES)
@pytest.mark.parametrize("step", [15, 20, 45, 60])
def test_the_grid_is_every_minute_whose_wall_clock_shows_a_multiple(zone, day, length, step):
    midnight = instant(day, 0, zone)
    by_the_minute = tuple(
        moment
        for moment in (midnight + timedelta(minutes=m) for m in range(length))
        if local(moment, zone)[1] % step == 0
    )
    assert grid(day, step, zone) == by_the_minute
    assert all(on_grid(moment, step, zone) for moment in by_the_minute)


def test_seconds_are_off_the_grid():
    assert on_grid(utc(2026, 3, 27, 8), 15, BERLIN)
    assert not on_grid(utc(2026, 3, 27, 8, 0, 1), 15, BERLIN)
    assert not on_grid(utc(2026, 3, 27, 8, 1), 15, BERLIN)


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 1439),
    st.sampled_from([BERLIN, ST_JOHNS, LORD_HOWE, HAVANA]),
)
def test_an_instant_shows_its_wall_time_or_a_later_one(day, minute, zone):
    shown = local(instant(day, minute, zone), zone)
    assert shown >= (day, minute)
    if shown != (day, minute):  # then no instant of that day shows it
        assert all(local(moment, zone) != (day, minute) for moment in grid(day, 1, zone))
