"""The home plan: counts of two weeks, heat only where it is fine."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes.home import DAYS, lately, load, offered

TODAY = date(2026, 3, 27)
said = st.dictionaries(st.integers(-40, 20), st.booleans()).map(
    lambda days: {TODAY + timedelta(days=n): done for n, done in days.items()}
)


@given(said)
def test_only_answered_days_of_the_last_two_weeks_count(said: dict[date, bool]) -> None:
    found = lately(said, TODAY)
    window = {day: done for day, done in said.items() if 0 <= (TODAY - day).days < DAYS}
    assert found.done + found.not_done == len(window)
    assert found.done == len([day for day, done in window.items() if done])
    assert found.today == said.get(TODAY)


def test_the_window_begins_thirteen_days_ago() -> None:
    edge = {TODAY - timedelta(days=13): True, TODAY - timedelta(days=14): True}
    assert lately(edge, TODAY).done == 1


def test_heat_is_offered_only_where_it_is_fine() -> None:
    kinds = {one.kind for one in offered(heat=True)}
    assert kinds == {"movement", "heat", "breaks"}
    assert {one.kind for one in offered(heat=False)} == kinds - {"heat"}
    assert offered(heat=True) == load().item
