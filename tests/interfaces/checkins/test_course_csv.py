"""Check-ins and sessions in files: what is read, and one clear sentence for what cannot be."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes.series import CheckIn, Session
from unknot.interfaces.checkins import course_csv
from unknot.interfaces.checkins.course_csv import UnreadableRow

NOW = datetime(2026, 3, 27, 8, tzinfo=UTC)
NAMES = ["swedish", "shiatsu"]


def check_ins(text: str) -> tuple[CheckIn, ...]:
    return course_csv.read_check_ins(text.splitlines(keepends=True), until=NOW)


def sessions(text: str) -> tuple[Session, ...]:
    return course_csv.read_sessions(text.splitlines(keepends=True), NAMES, until=NOW)


def test_columns_in_any_order_empty_cells_and_lines() -> None:
    rows = check_ins(
        "\ufeffstress,AT,painkillers,pain\n\n3,2026-03-20T19:00+01:00,Yes,\n,2026-03-19T19:00Z,,5\n"
    )
    assert [one.pain for one in rows] == [5, None]  # in order of time
    assert (rows[1].stress, rows[1].painkillers, rows[1].moment) == (3, True, "day")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("11", "line 2, column pain: '11' is not a number from 0 to 10 with a point."),
        ("-1", "line 2, column pain: '-1' is not a number from 0 to 10 with a point."),
        ('"4,5"', "line 2, column pain: '4,5' is not a number from 0 to 10 with a point."),
        ("NaN", "line 2, column pain: 'NaN' is not a number from 0 to 10 with a point."),
        ("1_0", "line 2, column pain: '1_0' is not a number from 0 to 10 with a point."),
    ],
)
def test_a_rating_that_cannot_be_right_is_named(cell: str, said: str) -> None:
    with pytest.raises(UnreadableRow) as problem:
        check_ins(f"at,pain\n2026-03-20T19:00Z,{cell}\n")
    assert str(problem.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pain\n3\n", "the column at is missing"),
        ("at,at\n", "the column at comes twice"),
        ("at,ache\n", "unknown column 'ache'"),
        ("at,pain\n2026-03-20 19:00,3\n", "is not an instant with its offset"),
        ("at,pain\n2026-03-28T19:00Z,3\n", "is not in the past"),
        ("at,pain\n2026-03-20T19:00Z\n", "line 2 has 1 cells, expected 2"),
        ("at,moment\n2026-03-20T19:00Z,noon\n", "is not day or door"),
        ("at,painkillers\n2026-03-20T19:00Z,some\n", "is not yes, no or empty"),
        ('at,pain\n"2026', "is not CSV"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(UnreadableRow, match=said):
        check_ins(text)


def test_two_check_ins_in_the_same_second_are_two() -> None:
    assert len(check_ins("at,pain\n2026-03-20T19:00Z,3\n2026-03-20T19:00Z,8\n")) == 2


def test_a_hundred_thousand_rows_are_read_and_one_more_is_refused() -> None:
    row = "2026-03-20T19:00Z,3\n"
    assert len(check_ins("at,pain\n" + row * 100_000)) == 100_000
    with pytest.raises(UnreadableRow, match="more than 100000 rows"):
        check_ins("at,pain\n" + row * 100_001)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-04-20T10:00Z,60,swedish", "only sessions that took place count"),
        ("2026-03-20T10:00Z,0,swedish", "a number from 1 to 480"),
        ("2026-03-20T10:00Z,59.5,swedish", "a whole number from 1 to 480"),
        ("2026-03-20T10:00Z,,swedish", "a whole number from 1 to 480"),
        ("2026-03-20T10:00Z,60,reiki", "one of swedish, shiatsu"),
    ],
)
def test_a_session_that_cannot_be_right_is_named(row: str, said: str) -> None:
    with pytest.raises(UnreadableRow, match=said):
        sessions(f"start,minutes,technique\n{row}\n")


ratings = st.none() | st.integers(0, 100).map(lambda tenths: tenths / 10)
made = st.builds(
    CheckIn,
    at=st.integers(0, 10**6).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    pain=ratings,
    stiffness=ratings,
    stress=ratings,
    sleep=ratings,
    mood=ratings,
    painkillers=st.sampled_from([None, True, False]),
    moment=st.sampled_from(["day", "door"]),
)


@given(rows=st.lists(made, max_size=20))
def test_what_is_written_is_read_back(rows: list[CheckIn]) -> None:
    written = io.StringIO()
    csv.writer(written).writerows(course_csv.check_in_rows(rows))
    read = check_ins(written.getvalue())
    assert read == tuple(sorted(rows, key=lambda one: one.at))
