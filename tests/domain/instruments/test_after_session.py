"""When the questions after a session are open."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.instruments import after_session

END = datetime(2026, 3, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "asked"),
    [(0, None), (19.9, None), (20, 24), (24, 24), (59.9, 24), (60, 72), (167.9, 72), (168, None)],
)
def test_which_question_is_asked(hours: float, asked: int | None) -> None:
    assert after_session.open_now(END, END + timedelta(hours=hours)) == asked


@given(st.timedeltas(min_value=timedelta(days=-30), max_value=timedelta(days=30)))
def test_a_question_that_is_asked_is_open(since: timedelta) -> None:
    asked = after_session.open_now(END, END + since)
    if asked is not None:
        assert after_session.opens(END, asked) <= END + since < after_session.closes(END)
