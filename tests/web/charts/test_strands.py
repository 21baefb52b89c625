import itertools
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from unknot.domain.outcomes.findings import Level, Outcome, Strand
from unknot.domain.outcomes.series import Day
from unknot.web.charts.frame import Frame, runs, ticks
from unknot.web.charts.strands import Texts, table_rows, two_strands

FIRST = date(2026, 1, 26)
TEXTS = Texts(
    label="Neck pain starts near 6 and is near 3 now.",
    body="Neck pain",
    mind="Stress",
    sessions="sessions",
    now=lambda number: f"{number} now",
    last=lambda number, day: f"{number} on {day}",
    start=lambda number: f"your start, {number}",
    number=lambda value: f"{value:.1f}",
    day=lambda day: f"{day.day}.{day.month}.",
)


def after(offset: int) -> date:
    return FIRST + timedelta(days=offset)


def series(length: int, *, missing: tuple[int, ...] = ()) -> list[Day]:
    return [
        Day(day=after(n), pain=6 - n % 4, stress=3 + n % 3)
        for n in range(length)
        if n not in missing
    ]


def lines(
    days: list[Day], start: tuple[float | None, float | None] = (None, None)
) -> tuple[Strand, ...]:
    """A level for every day but those of a silence of three: a mean of what is near, plus one."""

    def of(outcome: Outcome, mark: float | None) -> Strand:
        rated = {
            day.day: getattr(day, outcome) for day in days if getattr(day, outcome) is not None
        }
        if len(rated) < 3:
            return Strand(outcome=outcome, levels=(), start=mark)
        span = (max(rated) - min(rated)).days + 1
        every = (min(rated) + timedelta(days=n) for n in range(span))
        near = {day: [rated[d] for d in rated if abs((d - day).days) <= 1] for day in every}
        return Strand(
            outcome=outcome,
            levels=tuple(
                Level(day=day, mean=sum(some) / len(some), low=min(some), high=max(some))
                for day, some in near.items()
                if some
            ),
            start=mark,
        )

    return (of("pain", start[0]), of("stress", start[1]), of("sleep", start[1]))


def drawn(
    days: list[Day], start: tuple[float | None, float | None] = (None, None), **more: Any
) -> str:
    return two_strands(days, texts=TEXTS, lines=lines(days, start), **more)


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def group(svg: str, css: str) -> ElementTree.Element:
    return next(g for g in parse(svg).iter("g") if g.get("class") == css)


def dots(svg: str, css: str) -> list[tuple[float, float]]:
    return [
        (float(c.attrib["cx"]), float(c.attrib["cy"]))
        for c in group(svg, css).iter("circle")
        if c.get("class") != "dot"
    ]


def line(svg: str, css: str) -> str:
    return next(p.attrib["d"] for p in group(svg, css).iter("path") if p.get("class") == "strand")


def words(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in parse(svg).iter("text")]


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("length", [1, 2, 7, 63, 240])
def test_every_rating_is_one_dot_inside_its_panel(length, phone):
    svg = drawn(series(length), phone=phone)
    _, _, width, height = map(float, parse(svg).attrib["viewBox"].split())
    body, mind = dots(svg, "body"), dots(svg, "mind")
    assert len(body) == len(mind) == length
    assert max(y for _, y in body) < min(y for _, y in mind)
    assert all(0 < x < width and 0 < y < height for x, y in body + mind)


def test_without_a_rating_there_is_no_chart_and_no_table():
    assert drawn([]) == ""
    assert drawn([Day(day=FIRST, sleep=5)], until=after(3)) == ""
    assert table_rows([], until=FIRST) == ()


def test_the_scale_is_0_to_10_whatever_the_ratings_are():
    for value in (0, 10):
        svg = drawn([Day(day=FIRST, pain=value, stress=value)])
        assert words(svg).count("10") == 2
        axis = [
            float(re.search(r" ([\d.]+)H", p.attrib["d"])[1])
            for p in parse(svg).iter("path")
            if p.get("class") == "axis"
        ]
        (_, y), edge = dots(svg, "body")[0], {0: max(axis[:3]), 10: min(axis[:3])}
        assert y == edge[value]


def test_both_panels_share_one_time_axis():
    svg = drawn(series(30))
    assert [x for x, _ in dots(svg, "body")] == [x for x, _ in dots(svg, "mind")]


def test_a_missing_day_has_no_dot_and_a_silence_without_a_level_breaks_the_line():
    whole, short, long_ = (drawn(series(20, missing=gap)) for gap in ((), (10,), (10, 11, 12)))
    assert (len(dots(whole, "body")), line(whole, "body").count("M")) == (20, 1)
    assert (len(dots(short, "body")), line(short, "body").count("M")) == (19, 1)
    assert (len(dots(long_, "body")), line(long_, "body").count("M")) == (17, 2)


def test_a_question_skipped_in_one_strand_leaves_the_other_alone():
    days = [Day(day=after(n), pain=5, stress=None if n == 4 else 5) for n in range(9)]
    svg = drawn(days)
    assert (len(dots(svg, "body")), len(dots(svg, "mind"))) == (9, 8)


def test_too_few_ratings_draw_dots_but_no_level():
    svg = drawn(series(2))
    assert 'class="strand"' not in svg
    assert 'class="band"' not in svg
    assert "now" not in " ".join(words(svg))


def test_sessions_are_numbered_in_order_and_drawn_only_on_the_axis():
    visits = [after(20), after(-3), after(5), after(5), after(400)]
    svg = drawn(series(30), sessions=visits)
    lines = [p for p in parse(svg).iter("path") if p.get("class") == "session"]
    assert len(lines) == 2
    strong = ["".join(t.itertext()) for t in parse(svg).iter("text") if t.get("class") == "strong"]
    assert strong == ["2", "3"]
    assert "sessions" in words(svg)
    assert "sessions" not in words(drawn(series(30)))


def test_many_sessions_keep_every_line_but_only_numbers_that_can_be_read():
    visits = [after(n) for n in range(0, 240, 7)]
    svg = drawn(series(240), sessions=visits, phone=True)
    assert svg.count('class="session"') == len(visits)
    spots = [float(t.attrib["x"]) for t in parse(svg).iter("text") if t.get("class") == "strong"]
    assert 1 < len(spots) < len(visits)
    assert min(b - a for a, b in itertools.pairwise(spots)) >= 20


@pytest.mark.parametrize("phone", [False, True])
def test_the_start_is_marked_in_words_on_its_own_level(phone):
    svg = drawn(series(30), start=(10, 0), phone=phone)
    assert "your start, 10.0" in words(svg)
    assert "your start, 0.0" in words(svg)
    assert svg.count("stroke-dasharray") == 2
    assert "your start" not in drawn(series(30), phone=phone)


def test_now_is_said_only_of_a_level_that_is_not_old():
    fresh = drawn(series(10), until=after(10))
    stale = drawn(series(10), until=after(11))
    assert "5.5 now" in words(fresh)
    assert "5.5 on 4.2." in words(stale)
    assert "now" not in " ".join(words(stale))
    on_phone = drawn(series(10), until=after(11), phone=True)
    assert "Neck pain5.5 on 4.2." in words(on_phone)


def test_a_silence_until_today_shows_as_empty_axis():
    svg = drawn(series(10), until=after(18))
    left, right = dots(svg, "body")[0][0], dots(svg, "body")[-1][0]
    axis = re.search(r'class="axis" d="M([\d.]+) [\d.]+H([\d.]+)"', svg)
    assert (left, right) == (float(axis[1]), (float(axis[1]) + float(axis[2])) / 2)


def test_the_phone_chart_is_drawn_for_the_phone_not_shrunk():
    wide, phone = (drawn(series(63), phone=p) for p in (False, True))
    assert parse(wide).attrib["viewBox"].split()[2] == "1040"
    assert parse(phone).attrib["viewBox"].split()[2] == "330"
    assert len(ticks_of(phone)) < len(ticks_of(wide))


def ticks_of(svg: str) -> list[str]:
    return [text for text in words(svg) if re.fullmatch(r"\d+\.\d+\.", text)]


def test_the_picture_says_itself_in_one_sentence():
    root = parse(drawn(series(5)))
    assert root.get("role") == "img"
    assert root.get("aria-label") == TEXTS.label


def test_every_text_is_escaped():
    nasty = '<script>alert("x")</script>&'
    texts = replace(
        TEXTS,
        label=nasty,
        body=nasty,
        mind=nasty,
        sessions=nasty,
        now=lambda _: nasty,
        last=lambda *_: nasty,
        start=lambda _: nasty,
        number=lambda _: nasty,
        day=lambda _: nasty,
    )
    for phone in (False, True):
        for until in (None, after(30)):
            svg = two_strands(
                series(10),
                texts=texts,
                sessions=[after(3)],
                lines=lines(series(10), (5, 5)),
                until=until,
                phone=phone,
            )
            assert "<script" not in svg
            assert 'alert("' not in svg
            assert parse(svg).get("aria-label") == nasty


def test_no_id_and_no_inline_style_so_a_strict_policy_and_two_charts_are_fine():
    svg = drawn(series(40), sessions=[after(9)], start=(5, 5), phone=True)
    assert not re.search(r"\s(id|style|on\w+|href)=", svg)


def test_sleep_may_stand_for_the_mind():
    days = [Day(day=after(n), pain=5, stress=1, sleep=9) for n in range(5)]
    svg = two_strands(days, texts=replace(TEXTS, mind="Sleep"), mind="sleep", lines=lines(days))
    assert "9.0 now" in words(svg)
    assert table_rows(days, mind="sleep")[0].mind == 9


def test_the_table_holds_every_calendar_day_the_chart_shows():
    days = series(6, missing=(4,))
    rows = table_rows(days, sessions=[after(1)], until=after(7), lines=lines(days))
    assert [row.day for row in rows] == [after(n) for n in range(8)]
    assert [row.body for row in rows] == [6, 5, 4, 3, None, 5, None, None]
    assert [row.session for row in rows] == [None, 1, None, None, None, None, None, None]
    assert [row.body_level for row in rows] == [5.5, 5.0, 4.0, 3.5, 4.0, 5.0, None, None]
    assert rows[0].mind == 3


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


def test_runs_split_at_each_missing_day():
    days = [after(n) for n in (0, 1, 3, 6, 7)]
    assert [len(run) for run in runs(days)] == [2, 1, 2]
