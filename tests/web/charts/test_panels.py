"""Panels of any outcomes: inside the frame for any answers, one time axis, honest about gaps."""

import math
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.charts.pictures import box, frame, is_clean, of_class, outside, parse, words
from unknot.domain.outcomes.findings import OUTCOMES, Level, Outcome, Strand
from unknot.web.charts.marks import MOST_POINTS, thinned
from unknot.web.charts.panels import Change, Panel, Rating, Texts, Visit, panels, table

FIRST = date(2026, 1, 5)
TEXTS = Texts(
    label="Pain and stress over nine weeks.",
    sessions="sessions",
    now=lambda shown: f"{shown} now",
    last=lambda shown, day: f"{shown} on {day}",
    start=lambda shown: f"your start, {shown}",
    number=lambda value: f"{value:.1f}",
    day=lambda day: f"{day.day}.{day.month}.",
)


def after(offset: int) -> date:
    return FIRST + timedelta(days=offset)


def rated(values: list[float], *, door: int | None = None) -> list[Rating]:
    return [Rating(day=after(n), value=value, at_door=n == door) for n, value in enumerate(values)]


def strand(length: int, outcome: Outcome = "pain", *, mean: float = 5.0) -> Strand:
    levels = (Level(day=after(n), mean=mean, low=mean - 1, high=mean + 1) for n in range(length))
    return Strand(outcome=outcome, levels=tuple(levels), start=mean + 1)


def pain(values: list[float], *, line: Strand | None = None, change: Change | None = None) -> Panel:
    return Panel(outcome="pain", name="Pain", ratings=rated(values), strand=line, change=change)


NUMBERS = st.lists(st.floats(0, 10), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(
    NUMBERS,
    st.lists(st.integers(0, 60), max_size=12),
    st.lists(st.floats(-2, 12), max_size=60),
    st.booleans(),
)
def test_whatever_was_answered_lies_inside_the_frame(
    values: list[float], sessions: list[int], means: list[float], phone: bool
) -> None:
    levels = tuple(
        Level(day=after(n), mean=mean, low=mean - 3, high=mean + 3) for n, mean in enumerate(means)
    )
    line = Strand(outcome="mood", levels=levels, start=means[0] if means else None)
    shown = [
        pain(values, change=Change(level=values[0], text="a real change")),
        Panel(outcome="mood", name="Mood", ratings=rated(values, door=0), strand=line),
    ]
    visits = [Visit(day=after(n), mark=str(n)) for n in sessions]
    svg = panels(shown, texts=TEXTS, visits=visits, until=after(60), phone=phone)
    assert outside(svg) == []
    assert is_clean(svg)


def test_outside_finds_what_leaves_the_frame() -> None:
    svg = '<svg viewBox="0 0 10 10"><circle cx="9" cy="5" r="2"/><path d="M1 1V99"/></svg>'
    assert len(outside(svg)) == 2


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_each_outcome_has_its_panel_on_one_axis(count: int, phone: bool) -> None:
    shown = [
        Panel(outcome=one, name=one, ratings=rated([3, 4, 5]), strand=strand(3, one))
        for one in OUTCOMES[:count]
    ]
    svg = panels(shown, texts=TEXTS, phone=phone)
    groups = [g for g in parse(svg).iter("g") if g.get("class") in ("body", "mind")]
    assert [g.get("class") for g in groups] == ["body", "body", "mind", "mind", "mind"][:count]
    columns = [[c.attrib["cx"] for c in g.iter("circle") if c.get("class") is None] for g in groups]
    assert all(column == columns[0] for column in columns)
    assert [float(x) for x in columns[0]] == sorted(map(float, columns[0]))
    assert words(svg).count("10") == count
    assert outside(svg) == []


@given(st.floats(0, 10), st.floats(0, 10))
def test_higher_answers_stand_higher(one: float, other: float) -> None:
    svg = panels([pain([one, other])], texts=TEXTS)
    first, second = (float(c.attrib["cy"]) for c in parse(svg).iter("circle"))
    assert (first <= second) == (one >= other) or math.isclose(one, other, abs_tol=0.01)


def test_without_an_answer_there_is_no_picture_and_no_table() -> None:
    assert panels([pain([])], texts=TEXTS) == ""
    assert panels([pain([math.nan])], texts=TEXTS) == ""
    assert table([pain([])]) == ()


def test_one_answer_and_equal_answers_are_drawn() -> None:
    for values in ([4.0], [0.0] * 30, [10.0] * 30):
        svg = panels([pain(values, line=strand(len(values)))], texts=TEXTS, phone=True)
        assert outside(svg) == []
        assert len(of_class(svg, "strand")) == 1


def test_without_a_model_there_are_dots_only() -> None:
    svg = panels([pain([4, 5, 6])], texts=TEXTS)
    assert len(list(parse(svg).iter("circle"))) == 3
    assert not of_class(svg, "band")
    assert not of_class(svg, "strand")
    assert "your start" not in " ".join(words(svg))


def test_an_answer_at_the_door_has_another_shape() -> None:
    svg = panels(
        [Panel(outcome="pain", name="Pain", ratings=rated([4, 5, 6], door=1))], texts=TEXTS
    )
    assert len(list(parse(svg).iter("circle"))) == 2
    (door,) = of_class(svg, "door")
    assert door.attrib["d"].count("M") == 1


def test_the_start_is_the_models_level_and_never_the_first_answer() -> None:
    said = words(panels([pain([9.0] * 20, line=strand(20, mean=5.0))], texts=TEXTS))
    assert "your start, 6.0" in said
    assert not [one for one in said if "9.0" in one]


@pytest.mark.parametrize(("silence", "pieces"), [(7, 1), (8, 2), (730, 2)])
def test_a_silence_of_more_than_a_week_is_a_gap_in_line_and_band(silence: int, pieces: int) -> None:
    answers = [
        Rating(day=after(n), value=5) for n in (*range(20), *range(19 + silence, 60 + silence))
    ]
    line = strand(60 + silence)
    svg = panels([Panel(outcome="pain", name="Pain", ratings=answers, strand=line)], texts=TEXTS)
    (path,), (edge,) = of_class(svg, "strand"), of_class(svg, "band")
    assert path.attrib["d"].count("M") == edge.attrib["d"].count("M") == pieces


def test_nothing_is_drawn_after_the_last_answer() -> None:
    svg = panels([pain([5] * 10, line=strand(40))], texts=TEXTS, until=after(40))
    (ring,) = of_class(svg, "dot")
    last = [c for c in parse(svg).iter("circle") if c.get("class") is None][-1]
    assert ring.attrib["cx"] == last.attrib["cx"]
    assert "5.0 on 14.1." in words(svg)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 100), st.text("AB1290", min_size=1, max_size=3)), max_size=60
    ),
    st.booleans(),
)
def test_marks_of_sessions_never_lie_on_each_other(
    sessions: list[tuple[int, str]], phone: bool
) -> None:
    visits = [Visit(day=after(day), mark=mark) for day, mark in sessions]
    svg = panels([pain([5.0] * 101)], texts=TEXTS, visits=visits, phone=phone)
    boxes = [box(one) for one in of_class(svg, "strong")]
    assert all(before[1] <= after[0] for before, after in pairwise(boxes))
    lines = sum(one.attrib["d"].count("M") for one in of_class(svg, "session"))
    assert lines == len({day for day, _ in sessions})


def test_the_names_of_two_lines_close_together_stand_apart() -> None:
    shown = pain([5.0] * 60, line=strand(60), change=Change(level=5.6, text="a real change"))
    svg = panels([shown], texts=TEXTS)
    start, change = (
        next(one for one in parse(svg).iter("text") if said in "".join(one.itertext()))
        for said in ("your start", "a real change")
    )
    apart = abs(float(start.attrib["y"]) - float(change.attrib["y"])) >= 13
    (begin, end), (other, last) = box(start), box(change)
    assert apart or end <= other or last <= begin


def test_ten_years_stay_light_and_keep_their_peaks() -> None:
    values = [5.0 + n % 2 for n in range(3650)]
    values[2001] = 10.0
    svg = panels([pain(values, line=strand(3650))], texts=TEXTS)
    dots = [c for c in parse(svg).iter("circle") if c.get("class") is None]
    assert len(dots) <= MOST_POINTS
    assert min(float(c.attrib["cy"]) for c in dots) == 46
    (path,) = of_class(svg, "strand")
    assert path.attrib["d"].count("L") < MOST_POINTS
    assert len(svg) < 60_000


def test_sessions_too_many_to_tell_apart_are_ticks_above_the_panels() -> None:
    visits = [Visit(day=after(n), mark=str(n)) for n in range(0, 3650, 14)]
    svg = panels([pain([5.0] * 3650)], texts=TEXTS, visits=visits)
    (ticks,) = of_class(svg, "tick")
    assert ticks.attrib["d"].count("M") == len(visits)
    assert {float(end) for end in re.findall(r"V([\d.]+)", ticks.attrib["d"])} == {40}


@given(st.lists(st.floats(0, 10), max_size=300), st.integers(10, 60))
def test_thinning_keeps_order_ends_and_extremes(values: list[float], most: int) -> None:
    rows = list(enumerate(values))
    kept = list(thinned(rows, lambda row: row[1], most=most))
    assert len(kept) <= max(most, 0) or len(rows) <= most
    assert kept == sorted(kept)
    if values:
        assert (kept[0], kept[-1]) == (rows[0], rows[-1])
        assert min(row[1] for row in kept) == min(values)
        assert max(row[1] for row in kept) == max(values)


def test_the_table_has_what_the_picture_has() -> None:
    door = Rating(day=after(1), value=8, at_door=True)
    shown = Panel(outcome="pain", name="Pain", ratings=[*rated([4, 6]), door], strand=strand(3))
    rows = table([shown], visits=[Visit(day=after(2), mark="A")], until=after(5))
    assert [(row.day, row.cells[0].rating, row.session) for row in rows] == [
        (after(0), 4, ""),
        (after(1), 7, ""),
        (after(2), None, "A"),
    ]
    assert rows[0].cells[0].level == strand(3).levels[0]


def test_every_word_is_escaped() -> None:
    texts = Texts(
        label='"<b>',
        sessions="<b>",
        now=lambda _: "<b>",
        last=lambda _one, _two: "<b>",
        start=lambda _: "<b>",
        number=lambda _: "<b>",
        day=lambda _: "<b>",
    )
    for phone in (False, True):
        shown = Panel(
            outcome="sleep",
            name="<b>",
            ratings=rated([4.0] * 9),
            strand=strand(9),
            change=Change(level=2, text="<b>"),
        )
        visits = [Visit(day=after(3), mark="<")]
        svg = panels([shown], texts=texts, visits=visits, phone=phone)
        assert "<b>" not in svg
        assert parse(svg).get("aria-label") == '"<b>'


def test_the_phone_picture_is_drawn_for_the_phone() -> None:
    wide, phone = (panels([pain([5.0] * 60)], texts=TEXTS, phone=one) for one in (False, True))
    assert (frame(wide)[0], frame(phone)[0]) == (1040, 330)
    assert len(words(phone)) < len(words(wide))
