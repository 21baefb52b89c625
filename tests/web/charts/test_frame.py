"""Where days and ratings lie: dates that do not crowd, panels that do not meet."""

import itertools
from datetime import date, timedelta

import pytest

from unknot.web.charts.frame import Frame, ticks

FIRST = date(2026, 1, 26)


def after(offset: int) -> date:
    return FIRST + timedelta(days=offset)


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("length", [1, 2, 3, 8, 20, 63, 240, 700])
def test_dates_below_never_crowd(length, phone):
    frame = Frame(first=FIRST, last=after(length - 1), width=330 if phone else 1040, phone=phone)
    shown = ticks(frame)
    assert shown[-1] == frame.last
    spots = [frame.x(day) for day in shown]
    assert all(b - a >= 80 for a, b in itertools.pairwise(spots))
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("phone", [False, True])
def test_a_panel_holds_exactly_the_scale_and_the_panels_do_not_meet(phone):
    frame = Frame(first=FIRST, last=after(9), width=330 if phone else 1040, phone=phone)
    body, mind = frame.tops
    assert (frame.y(body, 10), frame.y(body, 0)) == (body, body + frame.panel)
    assert body + frame.panel + 20 < mind
    assert frame.y(mind, 0) == frame.floor < frame.height
