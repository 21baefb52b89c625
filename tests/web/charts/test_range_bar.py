"""The range bar: inside its frame for any numbers, better on the right, grey across nothing."""

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from unknot.web.charts.range_bar import HEIGHT, LEFT, RIGHT, Texts, range_bar

TEXTS = Texts(label="About 1 point less.", worse="worse", nothing="no change", better="better")


def parts(mean: float, low: float, high: float) -> tuple[float, float, float, str]:
    root = ElementTree.fromstring(range_bar(mean, low, high, texts=TEXTS, css="body"))
    (group,) = root.iter("g")
    path = next(p for p in group.iter("path")).attrib["d"]
    begin, end = map(float, re.match(r"M([\d.]+) \d+H([\d.]+)", path).groups())  # type: ignore[union-attr]
    (dot,) = group.iter("circle")
    return begin, float(dot.attrib["cx"]), end, group.attrib["class"]


@given(mean=st.floats(-20, 20), down=st.floats(0, 20), up=st.floats(0, 20))
def test_it_stays_inside_its_frame_and_in_order(mean: float, down: float, up: float) -> None:
    begin, middle, end, _css = parts(mean, mean - down, mean + up)
    assert LEFT <= begin <= middle <= end <= RIGHT
    assert HEIGHT > 56


def test_better_is_on_the_right_and_nothing_in_the_middle() -> None:
    begin, middle, end, css = parts(1.1, 0.4, 1.9)
    assert (LEFT + RIGHT) / 2 < begin < middle < end
    assert css == "body"


def test_a_range_across_nothing_is_grey() -> None:
    assert parts(0.3, -0.4, 1.0)[3] == "chance"
    assert parts(-1.1, -1.9, -0.4)[3] == "body"


def test_words_are_escaped_and_nothing_is_styled_inline() -> None:
    texts = Texts(label="<b>", worse="<i>", nothing="&", better='"')
    svg = range_bar(0, -1, 1, texts=texts, css="mind")
    assert "<b>" not in svg
    assert ElementTree.fromstring(svg).get("aria-label") == "<b>"
    assert not re.search(r"\s(id|style|on\w+)=", svg)
