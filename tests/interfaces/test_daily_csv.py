"""A person's daily series: every bad cell is named by line and column."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import NOW
from unknot.interfaces.checkins.daily_csv import UnreadableFile, read

BERLIN = ZoneInfo("Europe/Berlin")


def lines(*rows: str) -> list[str]:
    return [f"{row}\n" for row in ("date,pain,stress,sleep", *rows)]


def problems(*rows: str) -> list[str]:
    return [str(problem) for problem in read(lines(*rows), now=NOW, zone=BERLIN).problems]


def test_a_row_is_a_day_and_an_empty_cell_stays_empty() -> None:
    (row,) = read(lines("2026-03-26,4,,7.5"), now=NOW, zone=BERLIN).rows
    assert (row.day, row.pain, row.stress, row.sleep) == (date(2026, 3, 26), 4.0, None, 7.5)


def test_columns_are_found_by_name_behind_a_byte_order_mark() -> None:
    (row,) = read(["\ufeffSleep, Date\n", "3,2026-03-01\n", "\n"], now=NOW, zone=BERLIN).rows
    assert (row.sleep, row.pain) == (3.0, None)


@pytest.mark.parametrize(
    "cell", ["11", "-1", '"4,5"', "4;5", "NaN", "inf", "1e400", "vier", "1_0", "٣"]
)
def test_a_value_outside_0_to_10_is_named(cell: str) -> None:
    shown = cell.strip('"')
    assert problems(f"2026-03-26,{cell},1,1") == [
        f"line 2, column pain: {shown!r} is not a number from 0 to 10 with a point."
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
    found = read(lines("2026-03-25,1,1,1", "x,11,1,-2"), now=NOW, zone=BERLIN)
    assert [row.line for row in found.rows] == [2]
    assert [problem.column for problem in found.problems] == ["date", "pain", "sleep"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "expected the columns"),
        ("date", "names no date and value columns"),
        ("pain,stress", "names no date and value columns"),
        ("date,pain,pain", "comes twice"),
        ("date,pain,name", "Unknown column 'name'"),
        ("date,at,pain", "both date and at"),
        ("at,painkillers", "names no date and value columns"),
        ("date,pain\0", "NUL byte"),
    ],
)
def test_a_file_with_another_first_line_is_refused(header: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read([header + "\n", "2026-03-01,1\n"], now=NOW, zone=BERLIN)


@given(st.lists(st.text(max_size=30), max_size=8))
def test_anything_else_ends_in_rows_problems_or_one_sentence(rows: list[str]) -> None:
    try:
        found = read(lines(*rows), now=NOW, zone=BERLIN)
    except UnreadableFile as error:
        assert str(error)  # noqa: PT017  # either outcome is right
    else:
        assert all(0 <= (row.pain or 0) <= 10 for row in found.rows)


def instants(*rows: str) -> list[str]:
    return [f"{row}\n" for row in ("at,pain,mood,painkillers,moment", *rows)]


def test_an_instant_belongs_to_the_local_day_of_the_practice() -> None:
    (row,) = read(instants("2026-03-25T23:30+00:00,4,6,yes,"), now=NOW, zone=BERLIN).rows
    assert (row.at, row.day) == (datetime(2026, 3, 25, 23, 30, tzinfo=UTC), date(2026, 3, 26))
    assert (row.pain, row.mood, row.painkillers, row.moment) == (4, 6, True, "day")


def test_a_door_may_stand_beside_its_day_and_a_second_one_hours_later() -> None:
    rows = instants(
        "2026-03-25T20:00+01:00,4,,,day",
        "2026-03-25T09:00+01:00,5,,,Door",
        "2026-03-25T15:00+01:00,6,,No,door",
    )
    found = read(rows, now=NOW, zone=BERLIN)
    assert not found.problems
    assert [row.moment for row in found.rows] == ["day", "door", "door"]
    assert found.rows[2].painkillers is False


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2026-03-25T20:00,1,,,", "column at: '2026-03-25T20:00' is not an instant with its"),
        ("2026-03-25,1,,,", "column at: '2026-03-25' is not an instant with its offset"),
        ("0001-01-01T00:00+14:00,1,,,", "is not an instant with its offset"),
        ("2026-03-27T09:01+01:00,1,,,", "lies in the future"),
        ("2026-03-25T20:00Z,1,,maybe,", "column painkillers: 'maybe' is not yes, no or empty"),
        ("2026-03-25T20:00Z,1,,,gate", "column moment: 'gate' is not day, door or empty"),
        ("2026-03-25T20:00Z,1,=1+1,,", "column mood: '=1+1' is not a number from 0 to 10"),
    ],
)
def test_what_is_wrong_with_an_instant_is_named(row: str, words: str) -> None:
    (problem,) = read(instants(row), now=NOW, zone=BERLIN).problems
    assert words in str(problem)


@pytest.mark.parametrize("moment", ["day", "door"])
def test_two_rows_of_the_same_second_are_refused(moment: str) -> None:
    rows = instants(f"2026-03-25T09:00:00+01:00,1,,,{moment}", f"2026-03-25T08:00:00Z,2,,,{moment}")
    (problem,) = read(rows, now=NOW, zone=BERLIN).problems
    assert (problem.line, problem.column) == (3, "at")
    assert "was already on line 2" in problem.text


def test_a_door_without_an_hour_is_refused() -> None:
    rows = ["date,pain,moment\n", "2026-03-25,1,door\n"]
    (problem,) = read(rows, now=NOW, zone=BERLIN).problems
    assert "needs an instant" in problem.text
