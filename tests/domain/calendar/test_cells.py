import io
import struct
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unknot.domain.calendar import cells
from unknot.domain.calendar.cells import (
    CELL_MINUTES,
    CELLS,
    day_cells,
    day_start,
    free_bits,
    masks,
    outward,
    periods,
    runs,
    taken_bits,
)
from unknot.domain.calendar.hours import (
    DayOverride,
    WeeklyHours,
    days,
    grid,
    instant,
    local,
    on_grid,
    opening,
)
from unknot.domain.calendar.intervals import Period, merge

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
CELL = timedelta(minutes=CELL_MINUTES)
BERLIN = ZoneInfo("Europe/Berlin")
APIA = ZoneInfo("Pacific/Apia")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)

#: Days on which the clock changes, and three on which it never does, with their true length.
CLOCK_CHANGES = [
    ("Europe/Berlin", SPRING, 23 * 60),
    ("Europe/Berlin", AUTUMN, 25 * 60),
    ("America/New_York", date(2026, 3, 8), 23 * 60),
    ("America/New_York", date(2026, 11, 1), 25 * 60),
    ("Antarctica/Troll", SPRING, 22 * 60),
    ("Antarctica/Troll", AUTUMN, 26 * 60),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24 * 60 + 30),
    ("Australia/Lord_Howe", date(2026, 10, 4), 23 * 60 + 30),
    ("Africa/Cairo", date(2026, 4, 24), 23 * 60),  # midnight never comes
    ("Africa/Cairo", date(2026, 10, 29), 25 * 60),  # the hour before midnight comes twice
    ("America/Santiago", date(2026, 9, 6), 23 * 60),
    ("America/Santiago", date(2026, 4, 4), 25 * 60),
    ("America/Havana", date(2026, 3, 8), 23 * 60),
    ("America/Nuuk", date(2026, 3, 28), 23 * 60),  # the hour before midnight never comes
    ("Pacific/Apia", date(2011, 12, 29), 24 * 60),
    ("Pacific/Apia", date(2011, 12, 30), 0),  # skipped at the date line
    ("Asia/Kathmandu", SPRING, 24 * 60),
    ("Pacific/Honolulu", date(2026, 3, 8), 24 * 60),
    ("Europe/Berlin", date(2026, 3, 27), 24 * 60),
]

around_a_change = st.tuples(
    st.sampled_from(CLOCK_CHANGES), st.sampled_from([-DAY, timedelta(0), DAY])
).map(lambda pair: (ZoneInfo(pair[0][0]), pair[0][1] + pair[1]))
any_zone = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})).map(ZoneInfo)
any_day = st.tuples(any_zone, st.dates(date(2024, 1, 1), date(2035, 12, 31)))
zone_days = st.one_of(around_a_change, any_day)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def text(bits: int) -> str:
    return format(bits, f"0{CELLS}b")


def minutes_of(day: date, zone: ZoneInfo) -> list[datetime]:
    """The oracle: every UTC minute at which a clock in `zone` shows `day`."""
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - 16 * 60 * MINUTE
    every = (first + n * MINUTE for n in range(56 * 60))
    return [moment for moment in every if moment.astimezone(zone).date() == day]


@st.composite
def days_with_periods(draw):
    zone, day = draw(zone_days)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone).astimezone(UTC)
    found = draw(
        st.lists(st.tuples(st.integers(-1000, 1000), st.integers(1, 700)), min_size=1, max_size=5)
    )
    return (
        zone,
        day,
        tuple(
            Period(noon + start * MINUTE, noon + (start + length) * MINUTE)
            for start, length in found
        ),
    )


@pytest.mark.parametrize(("name", "day", "length"), CLOCK_CHANGES)
def test_a_day_has_the_cells_that_it_really_has(name, day, length):
    assert day_cells(day, ZoneInfo(name)) * CELL_MINUTES == length


@settings(max_examples=150, deadline=None)
@given(days_with_periods())
def test_bits_agree_with_looking_at_every_minute_of_the_day(case):
    zone, day, some = case
    minutes = minutes_of(day, zone)
    rows = [minutes[n : n + CELL_MINUTES] for n in range(0, len(minutes), CELL_MINUTES)]
    inside = [[any(p.start <= m < p.end for p in some) for m in row] for row in rows]
    assert len(rows) == day_cells(day, zone)
    assert not rows or rows[0][0] == day_start(day, zone)
    assert text(free_bits(merge(some), day, zone)) == "".join(
        "1" if all(row) else "0" for row in inside
    ).ljust(CELLS, "0")
    assert text(taken_bits(some, day, zone)) == "".join(
        "1" if any(row) else "0" for row in inside
    ).ljust(CELLS, "0")


@settings(deadline=None)
@given(days_with_periods())
def test_what_is_free_is_inside_what_is_touched(case):
    zone, day, some = case
    assert free_bits(some, day, zone) & ~taken_bits(some, day, zone) == 0


def test_a_second_takes_its_cell_and_leaves_it_not_free():
    midnight = day_start(SPRING, BERLIN)
    nearly = Period(midnight + timedelta(microseconds=1), midnight + 2 * CELL)
    assert text(free_bits((nearly,), SPRING, BERLIN))[:3] == "010"
    assert text(taken_bits((nearly,), SPRING, BERLIN))[:3] == "110"
    longer = Period(midnight, midnight + CELL + timedelta(microseconds=1))
    assert text(free_bits((longer,), SPRING, BERLIN))[:3] == "100"
    assert text(taken_bits((longer,), SPRING, BERLIN))[:3] == "110"


def test_periods_that_only_touch_the_day_leave_no_bit():
    before = Period(day_start(SPRING, BERLIN) - DAY, day_start(SPRING, BERLIN))
    after = Period(day_start(SPRING + DAY, BERLIN), day_start(SPRING + DAY, BERLIN) + DAY)
    assert free_bits((before, after), SPRING, BERLIN) == 0
    assert taken_bits((before, after), SPRING, BERLIN) == 0


def test_cell_zero_is_the_first_character_as_in_the_database():
    midnight = day_start(SPRING, BERLIN)
    bits = free_bits((Period(midnight, midnight + CELL),), SPRING, BERLIN)
    assert text(bits) == "1" + "0" * (CELLS - 1)


windows_of_week = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 287), st.integers(1, 288)), max_size=8
).map(
    lambda rows: [
        WeeklyHours(
            weekday=weekday,
            starts_minute=start * 5,
            ends_minute=min(start + length, 288) * 5,
        )
        for weekday, start, length in rows
    ]
)


@settings(max_examples=25, deadline=None)
@given(
    st.one_of(any_zone, st.sampled_from([c[0] for c in CLOCK_CHANGES]).map(ZoneInfo)),
    st.integers(2024, 2035),
    windows_of_week,
)
def test_the_open_time_of_a_year_is_the_sum_of_its_days(zone, year, week):
    first, last = date(year, 1, 1), date(year, 12, 31)
    open_ = opening(week, (), zone=zone, first_day=first, last_day=last)
    by_day = sum(
        free_bits(open_, day, zone).bit_count() for day in days(first - 2 * DAY, last + 2 * DAY)
    )
    assert by_day * CELL == sum((p.length for p in open_), timedelta())


@pytest.mark.parametrize(
    ("name", "year", "length"),
    [
        ("Europe/Berlin", 2026, 365 * 24),
        ("Antarctica/Troll", 2026, 365 * 24),
        ("Australia/Lord_Howe", 2026, 365 * 24),
        ("Africa/Cairo", 2028, 366 * 24),
        ("Pacific/Apia", 2011, 364 * 24),
    ],
)
def test_the_days_of_a_year_are_as_long_as_the_year(name, year, length):
    zone = ZoneInfo(name)
    every = days(date(year, 1, 1), date(year, 12, 31))
    assert sum(day_cells(day, zone) for day in every) * CELL == timedelta(hours=length)


@settings(deadline=None)
@given(zone_days, st.data())
def test_bits_become_periods_and_the_same_bits_again(zone_day, data):
    zone, day = zone_day
    count = day_cells(day, zone)
    bits = data.draw(st.integers(0, (1 << count) - 1)) << (CELLS - count)
    found = periods(bits, day, zone)
    assert merge(found) == found
    assert free_bits(found, day, zone) == taken_bits(found, day, zone) == bits


def test_bits_past_the_end_of_the_day_are_no_time():
    assert periods((1 << CELLS) - 1, SPRING, BERLIN) == (
        Period(utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),
    )
    assert periods((1 << CELLS) - 1, date(2011, 12, 30), APIA) == ()


@settings(deadline=None)
@given(windows_of_week, st.sampled_from(CLOCK_CHANGES), st.integers(0, 280))
def test_an_override_replaces_its_day_and_no_other(week, case, start):
    zone, day = ZoneInfo(case[0]), case[1]
    instead = (DayOverride(day=day, windows=((start * 5, start * 5 + 30),)),)
    found = opening(week, instead, zone=zone, first_day=day - DAY, last_day=day + DAY)
    around = [
        period
        for other in (day - DAY, day + DAY)
        for period in opening(week, (), zone=zone, first_day=other, last_day=other)
    ]
    alone = opening((), instead, zone=zone, first_day=day, last_day=day)
    for each in days(day - DAY, day + 2 * DAY):
        assert free_bits(found, each, zone) == free_bits(merge([*around, *alone]), each, zone)


def test_an_override_does_not_add_to_the_hours_of_the_week():
    week = [WeeklyHours(weekday=6, starts_minute=540, ends_minute=1020)]
    span = {"zone": BERLIN, "first_day": SPRING, "last_day": SPRING}
    later = (DayOverride(day=SPRING, windows=((1080, 1110),)),)
    assert free_bits(opening(week, (), **span), SPRING, BERLIN).bit_count() == 96
    assert free_bits(opening(week, later, **span), SPRING, BERLIN).bit_count() == 6


def test_a_window_in_a_gap_before_midnight_moves_into_the_next_day():
    nuuk, saturday = ZoneInfo("America/Nuuk"), date(2026, 3, 28)  # 23:00 to 24:00 never comes
    late = (DayOverride(day=saturday, windows=((1395, 1425),)),)  # 23:15 to 23:45
    open_ = opening((), late, zone=nuuk, first_day=saturday, last_day=saturday)
    assert open_ == (Period(utc(2026, 3, 29, 1, 15), utc(2026, 3, 29, 1, 45)),)
    assert free_bits(open_, saturday, nuuk) == 0
    assert free_bits(open_, saturday + DAY, nuuk).bit_count() == 6  # shown as 00:15 to 00:45


@settings(deadline=None)
@given(days_with_periods(), any_zone)
def test_the_viewers_zone_changes_labels_and_nothing_else(case, viewer):
    zone, day, some = case
    seen = tuple(Period(p.start.astimezone(viewer), p.end.astimezone(viewer)) for p in some)
    assert free_bits(seen, day, zone) == free_bits(some, day, zone)
    assert [masks(p, zone) for p in seen] == [masks(p, zone) for p in some]
    for start in grid(day, 15, zone):
        assert on_grid(start.astimezone(viewer), 15, zone)
        assert local(start.astimezone(viewer), zone) == local(start, zone)


def test_a_viewer_elsewhere_reads_another_label_for_the_same_start():
    start = instant(SPRING, 600, BERLIN)
    assert local(start, BERLIN) == (SPRING, 600)
    assert local(start, ZoneInfo("Asia/Kathmandu")) == (SPRING, 825)


@settings(deadline=None)
@given(
    zone_days,
    windows_of_week,
    st.sampled_from([15, 20, 30, 45]),
    st.sampled_from([5, 30, 60, 90, 150]),
)
def test_no_start_found_in_the_cells_is_in_a_gap_or_straddles_closing(
    zone_day, week, step, minutes
):
    zone, day = zone_day
    open_ = opening(week, (), zone=zone, first_day=day - DAY, last_day=day)
    begins = text(runs(free_bits(open_, day, zone), minutes // CELL_MINUTES))
    for start in grid(day, step, zone):
        session = Period(start, start + minutes * MINUTE)
        cell, rest = divmod(start - day_start(day, zone), CELL)
        assert not rest
        fits = any(p.contains(session) for p in open_)
        over_midnight = session.end > day_start(day + DAY, zone)
        assert (begins[cell] == "1") == (fits and not over_midnight)
        shown_day, shown_minute = local(start, zone)
        assert (shown_day, shown_minute % step) == (day, 0)
        assert local(instant(day, shown_minute, zone), zone) == (day, shown_minute)  # no gap


@settings(deadline=None)
@given(zone_days)
def test_starts_of_a_repeated_hour_differ_by_their_offset(zone_day):
    zone, day = zone_day
    labels = [start.astimezone(zone).strftime("%H:%M %z") for start in grid(day, 15, zone)]
    assert len(labels) == len(set(labels))


def test_both_passes_of_the_repeated_hour_have_the_same_wall_time():
    """Negative control: without the offset the labels of the night would not be told apart."""
    shown = [start.astimezone(BERLIN) for start in grid(AUTUMN, 60, BERLIN)]
    assert [s.strftime("%H:%M") for s in shown][1:5] == ["01:00", "02:00", "02:00", "03:00"]
    assert [s.strftime("%H:%M %z") for s in shown][2:4] == ["02:00 +0200", "02:00 +0100"]


@settings(deadline=None)
@given(zone_days, st.integers(-1500, 1500), st.integers(1, 4000), st.integers(0, 59))
def test_the_masks_of_a_period_are_the_period_rounded_outward(zone_day, start, length, seconds):
    zone, day = zone_day
    begins = day_start(day, zone) + timedelta(minutes=start, seconds=seconds)
    period = Period(begins, begins + timedelta(minutes=length))
    found = masks(period, zone)
    assert all(found.values())
    assert list(found) == sorted(found)
    pieces = [piece for day_, bits in found.items() for piece in periods(bits, day_, zone)]
    assert merge(pieces) == (outward(period),)


def test_a_session_over_midnight_has_one_mask_on_each_side():
    late = Period(instant(SPRING, 1430, BERLIN), instant(SPRING + DAY, 20, BERLIN))
    found = masks(late, BERLIN)
    assert list(found) == [SPRING, SPRING + DAY]
    # The last two of 276 cells, then the first four of 288.
    assert found[SPRING] == 0b11 << (CELLS - 276)
    assert found[SPRING + DAY] == 0b1111 << (CELLS - 4)


def test_a_session_that_ends_at_midnight_stays_in_its_day():
    late = Period(instant(SPRING, 1380, BERLIN), instant(SPRING + DAY, 0, BERLIN))
    assert list(masks(late, BERLIN)) == [SPRING]


def test_a_session_over_a_skipped_date_leaves_no_mask_there():
    thursday, saturday = date(2011, 12, 29), date(2011, 12, 31)
    late = Period(instant(thursday, 1410, APIA), instant(saturday, 30, APIA))
    assert late.length == timedelta(hours=1)
    assert list(masks(late, APIA)) == [thursday, saturday]


def test_a_clock_that_goes_back_over_midnight_keeps_the_hour_with_the_later_day():
    st_johns = ZoneInfo("America/St_Johns")  # until 2011 it went from 00:01 back to 23:01
    night = Period(utc(2010, 11, 7, 2, 45), utc(2010, 11, 7, 3, 0))
    assert local(night.start, st_johns) == (date(2010, 11, 6), 23 * 60 + 15)
    found = masks(night, st_johns)
    assert list(found) == [date(2010, 11, 7)]
    assert periods(found[date(2010, 11, 7)], date(2010, 11, 7), st_johns) == (night,)


@settings(deadline=None)
@given(st.integers(0, (1 << CELLS) - 1), st.integers(1, 40))
def test_runs_agree_with_a_loop_over_the_cells(noise, length):
    bits = noise | noise << 1 & ((1 << CELLS) - 1) | noise >> 2  # so that long runs occur
    row = text(bits)
    naive = "".join("1" if row[i : i + length] == "1" * length else "0" for i in range(CELLS))
    assert text(runs(bits, length)) == naive


def test_a_run_over_the_end_of_the_row_is_none():
    full = (1 << CELLS) - 1
    assert text(runs(full, CELLS)) == "1" + "0" * (CELLS - 1)
    assert runs(full, CELLS + 1) == 0
    assert runs(full, 1) == full


@pytest.mark.parametrize("length", [0, -3])
def test_a_run_of_nothing_is_refused(length):
    with pytest.raises(ValueError, match="at least 1"):
        runs(1, length)


def test_outward_rounds_to_the_five_minutes_around():
    odd = Period(utc(2026, 3, 27, 8, 4, 59), utc(2026, 3, 27, 8, 5, 1))
    assert outward(odd) == Period(utc(2026, 3, 27, 8), utc(2026, 3, 27, 8, 10))
    even = Period(utc(2026, 3, 27, 8), utc(2026, 3, 27, 8, 5))
    assert outward(even) == even
    old = Period(utc(1969, 12, 31, 23, 58), utc(1970, 1, 1, 0, 1))
    assert outward(old) == Period(utc(1969, 12, 31, 23, 55), utc(1970, 1, 1, 0, 5))


def made_up_zone(rule: str) -> ZoneInfo:
    """A zone that knows one POSIX rule, as a file of zone data without any transition."""
    offset, name = struct.pack(">lBB", 0, 0, 0), b"UTC\0"
    head = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, len(name))
    return ZoneInfo.from_file(io.BytesIO((head + offset + name) * 2 + f"\n{rule}\n".encode()))


def test_new_zone_data_moves_only_the_zones_that_differ_and_only_where_they_do():
    """One release keeps Berlin and lets another place stay on summer time for good."""
    berlin, west = "CET-1CEST,M3.5.0,M10.5.0/3", "PST8PDT,M3.2.0,M11.1.0"
    year = days(date(2026, 4, 1), date(2026, 12, 31))
    nine = [WeeklyHours(weekday=d, starts_minute=540, ends_minute=1020) for d in range(7)]

    def expanded(zone: ZoneInfo) -> dict[date, tuple[int, datetime]]:
        open_ = opening(nine, (), zone=zone, first_day=year[0], last_day=year[-1])
        return {day: (free_bits(open_, day, zone), day_start(day, zone)) for day in year}

    kept_before, kept_after = expanded(made_up_zone(berlin)), expanded(made_up_zone(berlin))
    assert kept_before == kept_after == expanded(BERLIN)  # the made-up file is read as meant
    moved_before, moved_after = expanded(made_up_zone(west)), expanded(made_up_zone("PDT7"))
    differs = [day for day in year if moved_before[day] != moved_after[day]]
    assert differs == list(days(date(2026, 11, 1), date(2026, 12, 31)))


def test_counting_by_the_wall_clock_would_be_wrong_by_the_change(monkeypatch):
    """Negative control: a day that always starts at the offset of its noon fails the oracle."""

    def by_noon(day: date, zone: ZoneInfo) -> datetime:
        return instant(day, 720, zone) - timedelta(hours=12)

    open_ = (Period(instant(SPRING, 540, BERLIN), instant(SPRING, 1020, BERLIN)),)
    right = free_bits(open_, SPRING, BERLIN)
    monkeypatch.setattr(cells, "day_start", by_noon)
    assert free_bits(open_, SPRING, BERLIN) != right
