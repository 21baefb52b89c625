"""What a search asks of a day's cells, against plain loops, on ordinary days and clock changes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.calendar import cells, hours, search
from unknot.domain.calendar.cells import CELLS

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
ROWS = st.integers(min_value=0, max_value=(1 << CELLS) - 1)
EVENING = ((17 * 60, 20 * 60),)


def at(bits: int, cell: int) -> bool:
    """Whether a cell is set; none is outside the row."""
    return 0 <= cell < CELLS and bool(bits >> (CELLS - 1 - cell) & 1)


def wall(bits: int, day: date, zone: ZoneInfo) -> list[str]:
    """The wall times at which the set cells begin."""
    begins = cells.day_start(day, zone)
    set_cells = (cell for cell in range(CELLS) if at(bits, cell))
    moments = (begins + timedelta(minutes=5 * cell) for cell in set_cells)
    return [f"{moment.astimezone(zone):%H:%M}" for moment in moments]


@given(st.integers(0, 120), st.integers(5, 180), st.integers(0, 120), ROWS)
def test_a_start_has_every_cell_it_touches(before: int, minutes: int, after: int, row: int) -> None:
    wanted = search.run(before, minutes, after)
    first, last = -before // 5, -(-(minutes + after) // 5)  # from the start, rounded outward
    found = search.starts(row, wanted)
    for cell in range(CELLS):
        has_all = all(at(row, cell + step) for step in range(first, last))
        assert at(found, cell) == has_all


@given(st.integers(1, CELLS), ROWS)
def test_the_shifts_find_the_same_runs_as_the_cells(length: int, row: int) -> None:
    laid = row
    for shift in search.shifts(length):
        laid &= laid << shift
    assert laid & ((1 << CELLS) - 1) == cells.runs(row, length)


def test_a_run_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="a run of 0 cells"):
        search.shifts(0)


def test_the_evening_is_that_on_the_wall_on_both_sides_of_a_clock_change() -> None:
    expected = ["17:00", "17:30", "18:00", "18:30", "19:00", "19:30"]
    for day in (SPRING - timedelta(days=1), SPRING, AUTUMN):
        assert wall(search.asked_starts(day, BERLIN, 30, EVENING), day, BERLIN) == expected


def test_an_hour_that_comes_twice_is_asked_for_twice_and_one_that_never_comes_not_at_all() -> None:
    night = ((2 * 60, 3 * 60),)
    assert wall(search.asked_starts(AUTUMN, BERLIN, 30, night), AUTUMN, BERLIN) == [
        "02:00",
        "02:30",
        "02:00",
        "02:30",
    ]
    assert search.asked_starts(SPRING, BERLIN, 30, night) == 0


@given(
    st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"]),
    st.dates(date(2026, 3, 1), date(2026, 11, 30)),
    st.sampled_from([5, 15, 20, 60]),
    st.integers(-300, 1800),
)
def test_every_start_of_the_grid_is_kept_from_the_earliest_on(
    name: str, day: date, step: int, minutes: int
) -> None:
    zone = ZoneInfo(name)
    earliest = cells.day_start(day, zone) + timedelta(minutes=minutes, seconds=1)
    bits = search.asked_starts(day, zone, step, (search.WHOLE_DAY,))
    kept = search.not_before(bits, day, zone, earliest)
    begins = cells.day_start(day, zone)
    expected: list[datetime] = [one for one in hours.grid(day, step, zone) if one >= earliest]
    got = [begins + timedelta(minutes=5 * cell) for cell in range(CELLS) if at(kept, cell)]
    assert got == expected


def test_nobody_gains_more_by_a_free_time_than_the_most_that_is_said() -> None:
    worth = [search.soon(days) for days in range(40)]
    assert worth[0] == search.MOST_SOON == max(worth)
    assert worth == sorted(worth, reverse=True)
    assert worth[14] == worth[39] == 0


def test_a_place_at_the_edge_gains_nothing_and_one_next_door_everything() -> None:
    def near(halves: int | None) -> int:
        return search.standing(verified=False, step=0, stars=20, halves=halves, radius=20)

    assert (near(0), near(20), near(40), near(None)) == (1500, 750, 0, 0)
    assert search.standing(verified=True, step=3, stars=100, halves=0, radius=5) == 8980
