"""When the weekly and the outcome questions are due, and those before the first session."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from unknot.domain.instruments.due import Due, outcome_due, second_baseline_opens, weekly_due_on

START = date(2026, 3, 27)
WEEKS = (4, 8, 12, 26)


def on(days: int) -> date:
    return START + timedelta(days=days)


def due(days: int, answered: dict[int, date] | None = None) -> Due:
    return outcome_due(WEEKS, start=START, today=on(days), answered=answered or {})


def test_the_weekly_questions_come_again_after_seven_days() -> None:
    assert weekly_due_on(date(2026, 3, 27)) == date(2026, 4, 3)
    assert weekly_due_on(None) is None


@pytest.mark.parametrize(
    ("days", "week", "until", "next_on"),
    [
        (0, None, None, 28),
        (27, None, None, 28),
        (28, 4, 55, 56),
        (55, 4, 55, 56),
        (56, 8, 83, 84),
        (83, 8, 83, 84),
        (84, 12, 111, 182),
        (111, 12, 111, 182),
        (112, None, None, 182),
        (181, None, None, 182),
        (182, 26, 209, None),
        (209, 26, 209, None),
        (210, None, None, None),
    ],
)
def test_each_week_opens_on_its_day_and_closes_before_the_next(
    days: int, week: int | None, until: int | None, next_on: int | None
) -> None:
    assert due(days) == Due(
        week=week,
        until=None if until is None else on(until),
        next_on=None if next_on is None else on(next_on),
    )


def test_weeks_that_stand_close_together_cut_each_other_short() -> None:
    found = outcome_due((6, 4), start=START, today=on(30), answered={})
    assert (found.week, found.until, found.next_on) == (4, on(41), on(42))


def test_an_answered_week_says_so_and_may_be_changed_on_its_day_only() -> None:
    answered = {4: on(30), 8: on(60)}
    assert due(30, answered).answered_on == on(30)
    assert due(30, answered).is_open(on(30))
    assert not due(31, answered).is_open(on(31))
    assert due(84, answered).is_open(on(84))
    assert not due(0, answered).is_open(on(0))


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("checked_in", "opens"),
    [
        (None, datetime(2026, 3, 28, 11, tzinfo=BERLIN)),
        (datetime(2026, 3, 1, 12, tzinfo=BERLIN), datetime(2026, 3, 28, 11, tzinfo=BERLIN)),
        (datetime(2026, 3, 28, 23, 59, tzinfo=BERLIN), datetime(2026, 3, 29, tzinfo=BERLIN)),
        (datetime(2026, 3, 29, 0, 1, tzinfo=BERLIN), datetime(2026, 3, 30, tzinfo=BERLIN)),
        (datetime(2026, 3, 30, 0, 1, tzinfo=BERLIN), None),
    ],
)
def test_the_intake_questions_come_again_before_the_first_session(
    checked_in: datetime | None, opens: datetime | None
) -> None:
    start = datetime(2026, 3, 28, 11, tzinfo=BERLIN) + timedelta(days=2)
    assert second_baseline_opens(start, checked_in=checked_in, zone=BERLIN) == opens
