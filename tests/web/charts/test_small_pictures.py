"""The days after a session, kinds of days, and a practice's intervals: inside, whole, unranked."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.charts.pictures import box, is_clean, of_class, outside, parse, words
from unknot.web.charts import after_session as days
from unknot.web.charts import link, practice

DAYS = days.Texts(
    label="Pain falls after a session.",
    scale="pain, 0 to 10",
    axis="days after a session",
    usual=lambda shown: f"your usual day, {shown}",
    number=lambda value: f"{value:.1f}",
)
LINK = link.Texts(label="Tense days are sore.", scale="pain", number=lambda value: f"{value:.1f}")
PRACTICE = practice.Texts(
    label="Two techniques.", worse="worse", nothing="no change", better="better", mean="our mean"
)
LEVELS = st.floats(-3, 13)


def curve(means: list[float]) -> list[days.DayAfter]:
    return [
        days.DayAfter(day=n, mean=mean, low=mean - 1, high=mean + 1) for n, mean in enumerate(means)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(LEVELS, min_size=1, max_size=10), st.none() | LEVELS, st.booleans())
def test_days_after_a_session_lie_inside(
    means: list[float], usual: float | None, phone: bool
) -> None:
    svg = days.after_session(curve(means), "pain", texts=DAYS, usual=usual, phone=phone)
    assert outside(svg) == []
    assert is_clean(svg)


def test_days_after_a_session_are_drawn_only_when_given_and_up_to_the_seventh() -> None:
    assert days.after_session([], "pain", texts=DAYS) == ""
    assert days.after_session(curve([math.nan]), "pain", texts=DAYS) == ""
    svg = days.after_session(curve([5.0] * 12), "stress", texts=DAYS)
    assert len(of_class(svg, "dot")) == days.DAYS + 1
    assert len(of_class(svg, "mind")) == 1
    assert not of_class(svg, "dashed")


@pytest.mark.parametrize("usual", [0.0, 4.3, 10.0])
def test_the_usual_day_is_a_line_with_its_words(usual: float) -> None:
    svg = days.after_session(curve([4, 3, 3, 4]), "pain", texts=DAYS, usual=usual)
    assert f"your usual day, {usual:.1f}" in words(svg)
    assert len(of_class(svg, "dashed")) == 1


def kind(values: list[float]) -> link.Kind:
    low, high = (min(values), max(values)) if values else (None, None)
    mean = sum(values) / len(values) if values else None
    return link.Kind(
        name="calm days", meaning="stress 0 to 3", values=values, mean=mean, low=low, high=high
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.floats(0, 10), max_size=80), min_size=3, max_size=3), st.booleans())
def test_kinds_of_days_lie_inside(groups: list[list[float]], phone: bool) -> None:
    kinds = [kind(values) for values in groups]
    svg = link.kinds_of_day(kinds, texts=LINK, phone=phone)
    if not any(groups):
        assert svg == ""
        return
    assert outside(svg) == []
    assert is_clean(svg)


def test_every_day_is_a_dot_until_there_are_too_many_for_one_spot() -> None:
    few, many = [kind([3.0] * 12), kind([]), kind([5.0])], [kind([3.0] * 3650)] * 3
    dots = [
        len(
            [
                c
                for c in parse(link.kinds_of_day(k, texts=LINK)).iter("circle")
                if not c.get("class")
            ]
        )
        for k in (few, many)
    ]
    assert dots == [13, 3 * link.ABREAST]
    assert (link.days_per_dot(few), link.days_per_dot(many)) == (1, 305)


def test_a_kind_below_its_gate_has_no_mean() -> None:
    bare = link.Kind(name="calm", meaning="0 to 3", values=[2, 3])
    assert of_class(link.kinds_of_day([bare], texts=LINK), "mean") == []
    assert len(of_class(link.kinds_of_day([kind([2, 3])], texts=LINK), "mean")) == 2


def row(name: str, mean: float, reach: float = 0.3) -> practice.Row:
    return practice.Row(name=name, mean=mean, low=mean - reach, high=mean + reach, said="1.0")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-15, 15), st.floats(0, 15)), min_size=1, max_size=12),
    st.floats(-15, 15),
    st.booleans(),
)
def test_intervals_lie_inside(rows: list[tuple[float, float]], mean: float, phone: bool) -> None:
    shown = [row(f"technique {n}", *one) for n, one in enumerate(rows)]
    svg = practice.intervals(shown, mean, "pain", texts=PRACTICE, phone=phone)
    assert outside(svg) == []
    assert is_clean(svg)
    named = next(one for one in parse(svg).iter("text") if one.text == PRACTICE.mean)
    assert box(named)[0] >= -0.5


def test_rows_are_never_ranked() -> None:
    best_last = [row("Thai", 0.2), row("swedish", 0.5), row("Shiatsu", 1.8)]
    for given_in in (best_last, best_last[::-1]):
        svg = practice.intervals(given_in, 0.5, "pain", texts=PRACTICE)
        names = [one.text for one in of_class(svg, "strong")]
        assert names == ["Shiatsu", "swedish", "Thai"]


def test_a_row_across_the_mean_is_grey_and_only_that() -> None:
    svg = practice.intervals([row("a", 0.6), row("b", 1.8)], 0.5, "stress", texts=PRACTICE)
    assert (len(of_class(svg, "chance")), len(of_class(svg, "mind"))) == (1, 1)


def test_no_row_is_no_picture() -> None:
    assert practice.intervals([], 0.5, "pain", texts=PRACTICE) == ""
    assert practice.intervals([row("a", math.inf)], 0.5, "pain", texts=PRACTICE) == ""


def test_words_of_small_pictures_are_escaped() -> None:
    bad = days.Texts(
        label="<b>", scale="<b>", axis="<b>", usual=lambda _: "<b>", number=lambda _: "<b>"
    )
    assert "<b>" not in days.after_session(curve([3, 4]), "pain", texts=bad, usual=4)
    odd = link.Kind(name="<b>", meaning="<b>", values=[3])
    assert "<b>" not in link.kinds_of_day([odd], texts=LINK)
    assert "<b>" not in practice.intervals([row("<b>", 1)], 0.5, "pain", texts=PRACTICE)
