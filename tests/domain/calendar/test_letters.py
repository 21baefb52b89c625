"""When the mails around a session are due."""

from datetime import UTC, datetime, timedelta

from unknot.domain.calendar import letters

START = datetime(2026, 4, 10, 9, tzinfo=UTC)
END = START + timedelta(hours=1)


def kinds(found: tuple[letters.Letter, ...]) -> list[str]:
    return [one.kind for one in found]


def test_a_reminder_comes_a_day_before_cancelling_begins_to_cost() -> None:
    reminder, preparation = letters.before(
        START, cancel_window_hours=24, now=START - timedelta(days=9)
    )
    assert (reminder.kind, reminder.due) == ("appointment-reminder", START - timedelta(hours=48))
    assert preparation.due == START - timedelta(hours=24)
    assert preparation.useless_at == START


def test_what_was_booked_this_morning_is_not_announced_again() -> None:
    assert letters.before(START, cancel_window_hours=24, now=START - timedelta(hours=3)) == ()
    assert kinds(
        letters.before(START, cancel_window_hours=24, now=START - timedelta(hours=30))
    ) == ["appointment-preparation"]


def test_the_questions_come_a_day_and_three_days_after() -> None:
    day, three = letters.after(END, now=END)
    assert (day.due - END, three.due - END) == (timedelta(hours=24), timedelta(hours=72))


def test_a_note_signed_a_week_later_asks_nothing_any_more() -> None:
    assert kinds(letters.after(END, now=END + timedelta(days=4))) == ["check-72"]
    assert letters.after(END, now=END + timedelta(days=7)) == ()


def test_the_weekly_check_in_comes_a_week_later_and_is_of_use_for_a_week() -> None:
    letter = letters.weekly(END)
    assert (letter.due - END, letter.useless_at - END) == (timedelta(days=7), timedelta(days=14))
