"""A person's daily series: every bad cell is named by line and column."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import TODAY
from unknot.interfaces.checkins.daily_csv import UnreadableFile, read


def lines(*rows: str) -> list[str]:
    return [f"{row}\n" for row in ("date,pain,stress,sleep", *rows)]


def problems(*rows: str) -> list[str]:
    return [str(problem) for problem in read(lines(*rows), last_day=TODAY).problems]


def test_a_row_is_a_day_and_an_empty_cell_stays_empty() -> None:
    (row,) = read(lines("2026-03-26,4,,7.5"), last_day=TODAY).rows
    assert (row.day, row.pain, row.stress, row.sleep) == (date(2026, 3, 26), 4.0, None, 7.5)


def test_columns_are_found_by_name_behind_a_byte_order_mark() -> None:
    (row,) = read(["\ufeffSleep, Date\n", "3,2026-03-01\n", "\n"], last_day=TODAY).rows
    assert (row.sleep, row.pain) == (3.0, None)


@pytest.mark.parametrize("cell", ["11", "-1", "4;5", "NaN", "inf", "1e400", "vier", "1_0", "٣"])
def test_a_value_outside_0_to_10_is_named(cell: str) -> None:
    assert problems(f"2026-03-26,{cell},1,1") == [
        f"line 2, column pain: {cell!r} is not a number from 0 to 10 with a point."
    ]


@pytest.mark.parametrize("cell", ["26.03.2026", "2026-02-30", "", "yesterday"])
def test_a_date_that_is_none_is_named(cell: str) -> None:
    assert "line 2, column date" in problems(f"{cell},1,1,1")[0]


def test_a_decimal_comma_makes_a_cell_too_many() -> None:
    assert problems("2026-03-26,4,5,1,1") == ["line 2, column sleep: has 5 cells, expected 4."]


def test_the_future_and_a_second_row_for_a_day_are_refused() -> None:
    assert problems("2026-03-28,1,1,1") == ["line 2, column date: 2026-03-28 lies in the future."]
    assert problems("2026-03-26,1,1,1", "2026-03-26,2,2,2") == [
        "line 3, column date: 2026-03-26 was already on line 2."
    ]


def test_every_problem_of_a_row_is_reported_and_good_rows_are_kept_apart() -> None:
    found = read(lines("2026-03-25,1,1,1", "x,11,1,-2"), last_day=TODAY)
    assert [row.line for row in found.rows] == [2]
    assert [problem.column for problem in found.problems] == ["date", "pain", "sleep"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "expected the columns"),
        ("date", "names no date and value columns"),
        ("pain,stress", "names no date and value columns"),
        ("date,pain,pain", "comes twice"),
        ("date,pain,mood", "Unknown column 'mood'"),
        ("date,pain\0", "NUL byte"),
    ],
)
def test_a_file_with_another_first_line_is_refused(header: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read([header + "\n", "2026-03-01,1\n"], last_day=TODAY)


@given(st.lists(st.text(max_size=30), max_size=8))
def test_anything_else_ends_in_rows_problems_or_one_sentence(rows: list[str]) -> None:
    try:
        found = read(lines(*rows), last_day=TODAY)
    except UnreadableFile as error:
        assert str(error)  # noqa: PT017  # either outcome is right
    else:
        assert all(0 <= (row.pain or 0) <= 10 for row in found.rows)
