"""A reminder comes on its own day, never in quiet hours, and stops by itself."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.calendar.hours import instant
from unknot.domain.calendar.reminding import (
    PATIENCE,
    Place,
    Rhythm,
    Step,
    at_the_door,
    due_on,
    next_due,
    step,
    unanswered,
)

ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Kolkata")]
BERLIN = Place(zone=ZONES[0], quiet_from=21 * 60, quiet_until=7 * 60)
EVERY_DAY = frozenset(range(7))
DAY = date(2026, 3, 27)

days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
minutes = st.integers(0, 1439)
places = st.builds(Place, zone=st.sampled_from(ZONES), quiet_from=minutes, quiet_until=minutes)
rhythms = st.builds(
    Rhythm,
    hour=st.integers(0, 23),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)


def on(hour: int) -> Rhythm:
    return Rhythm(hour=hour, weekdays=EVERY_DAY)


@given(days, rhythms, places)
def test_it_is_due_on_its_day_and_never_in_quiet_hours(
    day: date, rhythm: Rhythm, place: Place
) -> None:
    window = due_on(day, rhythm, place)
    assert place.day_of(window.due) == day
    assert place.loud_from(window.due) == window.due
    assert window.due < window.useless_at <= window.due + timedelta(hours=2)
    assert window.useless_at <= instant(day + timedelta(days=1), 0, place.zone)


@given(days, st.integers(0, 23), st.sampled_from(ZONES))
def test_without_quiet_hours_it_is_the_same_hour_every_day(
    day: date, hour: int, zone: ZoneInfo
) -> None:
    due = due_on(day, on(hour), Place(zone=zone, quiet_from=0, quiet_until=0)).due
    assert due == instant(day, hour * 60, zone)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1)), rhythms, places)
def test_the_next_one_is_the_first_on_a_chosen_day(
    after: datetime, rhythm: Rhythm, place: Place
) -> None:
    now = after.replace(tzinfo=UTC)
    following = next_due(now, rhythm, place)
    assert following > now
    assert place.day_of(following).weekday() in rhythm.weekdays
    first = place.day_of(now)
    skipped = [
        due_on(day, rhythm, place).due
        for day in (
            first + timedelta(days=n) for n in range((place.day_of(following) - first).days)
        )
        if day.weekday() in rhythm.weekdays
    ]
    assert all(due <= now for due in skipped)


@pytest.mark.parametrize(
    ("hour", "local"), [(19, "19:00"), (7, "07:00"), (5, "07:00"), (22, "07:00"), (0, "07:00")]
)
def test_a_quiet_hour_moves_to_the_morning_of_its_day(hour: int, local: str) -> None:
    due = due_on(DAY, on(hour), BERLIN).due.astimezone(BERLIN.zone)
    assert due.strftime("%d %H:%M") == f"27 {local}"


def test_clock_changes_keep_the_hour_on_the_wall() -> None:
    before, after = (due_on(day, on(19), BERLIN).due for day in (DAY, date(2026, 3, 30)))
    assert (before.hour, after.hour) == (18, 17)  # in UTC
    gap = due_on(date(2026, 3, 29), on(2), Place(zone=ZONES[0], quiet_from=0, quiet_until=0))
    assert gap.due == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 02:00 never comes that night


@given(st.lists(st.booleans(), max_size=60))
def test_it_stops_after_five_in_a_row_and_not_before(answers: list[bool]) -> None:
    """Each day is reminded and then answered or not, until the last word."""
    reminded: list[date] = []
    answered: list[date] = []
    said: list[Step] = []
    for n, does_answer in enumerate(answers):
        today = DAY + timedelta(days=n)
        said.append(step(today, reminded=reminded, answered=answered))
        if said[-1] is Step.LAST:
            break
        reminded.append(today)
        if does_answer:
            answered.append(today)
    run = 0
    for n, found in enumerate(said):
        assert found is (Step.LAST if run >= PATIENCE else Step.REMIND)
        run = 0 if answers[n] else run + 1
    assert said.count(Step.LAST) <= 1


@given(st.sets(days, max_size=12), st.sets(days, max_size=12), days)
def test_an_answered_day_is_never_reminded(
    reminded: set[date], answered: set[date], today: date
) -> None:
    assert step(today, reminded=reminded, answered=answered | {today}) is Step.NOTHING
    assert step(today, reminded=reminded | {today}, answered=answered) is Step.NOTHING


@given(st.sets(days, max_size=12), st.sets(days, max_size=12), days)
def test_one_more_answer_never_brings_the_end_nearer(
    reminded: set[date], answered: set[date], more: date
) -> None:
    assert unanswered(reminded, answered | {more}) <= unanswered(reminded, answered)
    assert 0 <= unanswered(reminded, answered) <= len(reminded)


def test_an_answer_without_a_reminder_begins_the_count_anew() -> None:
    reminded = [DAY + timedelta(days=n) for n in range(5)]
    today = DAY + timedelta(days=6)
    assert step(today, reminded=reminded, answered=[]) is Step.LAST
    assert step(today, reminded=reminded, answered=[DAY + timedelta(days=5)]) is Step.REMIND


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1)), places)
def test_at_the_door_it_comes_60_to_90_minutes_before_or_not_at_all(
    start: datetime, place: Place
) -> None:
    begins = start.replace(tzinfo=UTC)
    window = at_the_door(begins, place)
    if window is None:
        assert place.loud_from(begins - timedelta(minutes=90)) > begins - timedelta(minutes=60)
        return
    assert timedelta(minutes=60) <= begins - window.due <= timedelta(minutes=90)
    assert place.loud_from(window.due) == window.due
    assert window.due < window.useless_at < begins


def test_an_early_session_is_not_worth_a_quiet_hour() -> None:
    assert at_the_door(instant(DAY, 8 * 60, BERLIN.zone), BERLIN) is not None
    assert at_the_door(instant(DAY, 7 * 60 + 45, BERLIN.zone), BERLIN) is None


@pytest.mark.parametrize(
    ("hour", "weekdays"), [(24, EVERY_DAY), (-1, EVERY_DAY), (9, frozenset()), (9, frozenset({7}))]
)
def test_a_rhythm_that_no_week_has_is_refused(hour: int, weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="allowed"):
        Rhythm(hour=hour, weekdays=weekdays)
