"""Draw body and mind over one time axis: two panels, raw days as dots, the model's level as a line.

The caller passes every word, already translated, and how numbers and dates are written; all
of it is escaped here. A day without a rating has no dot; in a silence the band grows wide, as the
model then knows little. No `id` and no `style` attribute
appears, so any number of charts may share a page under a strict policy.
"""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from typing import Literal

from unknot.domain.outcomes.findings import Level
from unknot.domain.outcomes.findings import Strand as Line
from unknot.domain.outcomes.series import Day, Strand, ratings
from unknot.web.charts.frame import (
    CHARACTER,
    NARROW,
    WIDE,
    Frame,
    numbered,
    quiet_place,
    runs,
    ticks,
)

Mind = Literal["stress", "sleep"]

_LABEL_CHARACTERS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Every word on the chart, in the reader's language and not yet escaped.

    `label` is the sentence that stands for the picture. `now` and `start` get the number,
    `last` the number and the day, where the latest level ends before yesterday.
    """

    label: str
    body: str
    mind: str
    sessions: str
    now: Callable[[str], str]
    last: Callable[[str, str], str]
    start: Callable[[str], str]
    number: Callable[[float], str]
    day: Callable[[date], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One calendar day of the table beside the chart; None is a day without that number."""

    day: date
    body: float | None
    body_level: float | None
    mind: float | None
    mind_level: float | None
    session: int | None


def two_strands(
    days: Sequence[Day],
    *,
    texts: Texts,
    sessions: Sequence[date] = (),
    lines: Sequence[Line] = (),
    until: date | None = None,
    mind: Mind = "stress",
    phone: bool = False,
    width: int | None = None,
) -> str:
    """Return the chart as one `<svg>` element, or "" if no day has a rating to draw.

    The axis runs from the first rated day to `until` (today), so a silence at the end shows.
    `lines` are the model's lines, bands and starts; a strand without one has its dots only.
    """
    frame = _frame(days, mind, until, phone, width)
    if frame is None:
        return ""
    body = _Panel(frame=frame, texts=texts, top=frame.tops[0], css="body", name=texts.body)
    calm = _Panel(frame=frame, texts=texts, top=frame.tops[1], css="mind", name=texts.mind)
    drawn = (
        _Drawn(body, days, "pain", _line_of(lines, "pain")),
        _Drawn(calm, days, mind, _line_of(lines, mind)),
    )
    return _svg(frame, drawn, texts, sessions)


def one_strand(
    days: Sequence[Day],
    only: Literal["body", "mind"],
    *,
    texts: Texts,
    sessions: Sequence[date] = (),
    lines: Sequence[Line] = (),
    until: date | None = None,
    width: int | None = None,
) -> str:
    """Return pain or stress alone, in one panel, drawn as `two_strands` draws it."""
    rated = [Day(day=day.day, pain=day.pain) for day in days]
    if only == "mind":
        rated = [Day(day=day.day, stress=day.stress) for day in days]
    whole = _frame(rated, "stress", until, phone=False, width=width)
    if whole is None:
        return ""
    frame = replace(whole, single=True)
    name = texts.body if only == "body" else texts.mind
    panel = _Panel(frame=frame, texts=texts, top=frame.tops[0], css=only, name=name)
    strand: Strand = "pain" if only == "body" else "stress"
    drawn = _Drawn(panel, rated, strand, _line_of(lines, strand))
    return _svg(frame, (drawn,), texts, sessions)


def table_rows(
    days: Sequence[Day],
    *,
    sessions: Sequence[date] = (),
    until: date | None = None,
    mind: Mind = "stress",
    lines: Sequence[Line] = (),
) -> tuple[TableRow, ...]:
    """Return the chart's numbers, one row for each calendar day, silent days included."""
    frame = _frame(days, mind, until, phone=False, width=None)
    if frame is None:
        return ()
    body, calm = ratings(days, "pain"), ratings(days, mind)
    body_levels = {row.day: row.mean for row in _line_of(lines, "pain").levels}
    mind_levels = {row.day: row.mean for row in _line_of(lines, mind).levels}
    visits = {day: number for number, day in numbered(sessions, frame)}
    length = (frame.last - frame.first).days + 1
    return tuple(
        TableRow(
            day=day,
            body=body.get(day),
            body_level=body_levels.get(day),
            mind=calm.get(day),
            mind_level=mind_levels.get(day),
            session=visits.get(day),
        )
        for day in (frame.first + timedelta(days=n) for n in range(length))
    )


def _line_of(lines: Sequence[Line], strand: Strand) -> Line:
    """The line of one strand; an empty one where the model has none."""
    nothing = Line(outcome=strand, levels=(), start=None)
    return next((line for line in lines if line.outcome == strand), nothing)


def _frame(
    days: Sequence[Day], mind: Mind, until: date | None, phone: bool, width: int | None
) -> Frame | None:
    rated = [*ratings(days, "pain"), *ratings(days, mind)]
    if not rated:
        return None
    return Frame(
        first=min(rated),
        last=max([*rated, *([until] if until else [])]),
        width=width or (NARROW if phone else WIDE),
        phone=phone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    frame: Frame
    texts: Texts
    top: int
    css: str
    name: str

    def scale(self) -> str:
        lines = []
        for value in (0, 5, 10):
            y = self.frame.y(self.top, value)
            lines.append(
                f'<path class="axis" d="M{self.frame.left} {_n(y)}H{self.frame.right}"/>'
                f'<text x="{self.frame.left - 8}" y="{_n(y + 4)}" text-anchor="end">{value}</text>'
            )
        return "".join(lines)

    def strand(
        self,
        days: Sequence[Day],
        strand: Strand,
        line: Line,
        visits: Sequence[tuple[int, date]],
    ) -> str:
        rated = ratings(days, strand)
        levels = {row.day: row for row in line.levels if row.day <= self.frame.last}
        inner = self._dots(rated) + self._level(levels) + self._label(rated, levels)
        start = self._start(line.start, rated, levels, visits)
        return f'<g class="{self.css}">{inner}</g>{start}'

    def _dots(self, rated: Mapping[date, float]) -> str:
        radius = _n(self.frame.dot)
        dots = "".join(
            f'<circle cx="{_n(self.frame.x(day))}" cy="{_n(self._y(value))}" r="{radius}"/>'
            for day, value in rated.items()
        )
        return f'<g fill="var(--tone)" opacity=".55">{dots}</g>'

    def _level(self, levels: Mapping[date, Level]) -> str:
        bands, lines = [], []
        for run in runs(levels):
            spots = [(self.frame.x(day), levels[day]) for day in run]
            lines.append(_path([(x, self._y(row.mean)) for x, row in spots]))
            if len(spots) == 1:  # a single day still has a width to be seen
                spots = [(spots[0][0] + side, spots[0][1]) for side in (-1.5, 1.5)]
            above = [(x, self._y(row.high)) for x, row in spots]
            below = [(x, self._y(row.low)) for x, row in reversed(spots)]
            bands.append(_path([*above, *below]) + "Z")
        if not lines:
            return ""
        return (
            f'<path class="band" d="{"".join(bands)}"/><path class="strand" d="{"".join(lines)}"/>'
        )

    def _label(self, rated: Mapping[date, float], levels: Mapping[date, Level]) -> str:
        last = max(levels.values(), key=lambda row: row.day, default=None)
        if self.frame.phone:
            return self._phone_label(last)
        lines = [(line, 16) for line in textwrap.wrap(self.name, _LABEL_CHARACTERS)]
        middle = [5.0, *rated.values()][-1]
        ring = ""
        if last is not None:
            number = self.texts.number(last.mean)
            fresh = self._is_fresh(last)
            said = self.texts.now(number) if fresh else self.texts.last(number, self._day(last.day))
            lines.append((said, 16 if fresh else 14))
            middle, ring = last.mean, self._ring(last)
        lowest = self.top + self.frame.panel - 20 * (len(lines) - 1) + 4
        y = min(max(self._y(middle), self.top + 12), lowest)
        return ring + "".join(
            f'<text class="label" x="{self.frame.right + 16}" y="{_n(y + 20 * at)}" '
            f'font-size="{size}">{escape(line)}</text>'
            for at, (line, size) in enumerate(lines)
        )

    def _phone_label(self, last: Level | None) -> str:
        aside = number = ring = ""
        if last is not None:
            shown, ring = self.texts.number(last.mean), self._ring(last)
            if self._is_fresh(last):
                y = min(max(self._y(last.mean) + 5, self.top + 12), self.top + self.frame.panel)
                number = (
                    f'<text class="label" x="{self.frame.right + 10}" y="{_n(y)}" '
                    f'font-size="16">{escape(shown)}</text>'
                )
            else:
                said = escape(self.texts.last(shown, self._day(last.day)))
                aside = f'<tspan font-weight="400" font-size="13" dx="8">{said}</tspan>'
        return (
            f'{ring}<text class="label halo" x="{self.frame.left}" y="{self.top - 12}" '
            f'font-size="15">{escape(self.name)}{aside}</text>{number}'
        )

    def _ring(self, last: Level) -> str:
        x, y = _n(self.frame.x(last.day)), _n(self._y(last.mean))
        return f'<circle class="dot" cx="{x}" cy="{y}" r="5"/>'

    def _start(
        self,
        mark: float | None,
        rated: Mapping[date, float],
        levels: Mapping[date, Level],
        visits: Sequence[tuple[int, date]],
    ) -> str:
        if mark is None:
            return ""
        y = self._y(mark)
        said = self.texts.start(self.texts.number(mark))
        marks = [(self.frame.x(day), self._y(value)) for day, value in rated.items()]
        marks += [(self.frame.x(day), self._y(row.mean)) for day, row in levels.items()]
        marks += [(self.frame.x(day), y + side) for _, day in visits for side in (-10, 10)]
        x, baseline = quiet_place(self.frame, top=self.top, line=y, text=said, marks=marks)
        return (
            f'<path class="zero" d="M{self.frame.left} {_n(y)}H{self.frame.right}" '
            f'stroke-dasharray="5 4"/>'
            f'<text class="halo" x="{_n(x)}" y="{_n(baseline)}">{escape(said)}</text>'
        )

    def _is_fresh(self, last: Level) -> bool:
        return (self.frame.last - last.day).days <= 1  # in the morning, yesterday's is the latest

    def _y(self, value: float) -> float:
        return self.frame.y(self.top, value)

    def _day(self, day: date) -> str:
        return self.texts.day(day)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One strand in its panel."""

    panel: _Panel
    days: Sequence[Day]
    strand: Strand
    line: Line


def _svg(frame: Frame, drawn: Sequence[_Drawn], texts: Texts, sessions: Sequence[date]) -> str:
    visits = numbered(sessions, frame)
    parts = (
        *(one.panel.scale() for one in drawn),
        _sessions(frame, visits, texts.sessions),
        *(one.panel.strand(one.days, one.strand, one.line, visits) for one in drawn),
        _dates(frame, texts.day),
    )
    return (
        f'<svg class="chart" viewBox="0 0 {frame.width} {frame.height}" role="img" '
        f'direction="ltr" aria-label="{escape(texts.label)}">{"".join(parts)}</svg>'
    )


def _sessions(frame: Frame, visits: Sequence[tuple[int, date]], word: str) -> str:
    if not visits:
        return ""
    row = 38 if frame.phone else 26
    parts, taken = [], float("-inf")
    crowded = len(visits) > 1 and (frame.right - frame.left) / len(visits) < 32
    faint = ' opacity=".5"' if crowded else ""
    for number, day in visits:
        x = frame.x(day)
        parts.append(f'<path class="session" d="M{_n(x)} {row + 8}V{frame.floor}"{faint}/>')
        if x - taken >= 20:  # every line is drawn, numbers only where they can be read
            parts.append(
                f'<text class="strong" x="{_n(x)}" y="{row}" text-anchor="middle">{number}</text>'
            )
            taken = x
    before = frame.x(visits[0][1]) - 14
    if before - CHARACTER * len(word) >= frame.left:
        place = f'x="{_n(before)}" y="{row}" text-anchor="end"'
    elif frame.phone:
        place = f'x="{frame.left}" y="{row - 20}"'
    else:
        place = f'x="{frame.right + 16}" y="{row}"'
    return f"{''.join(parts)}<text {place}>{escape(word)}</text>"


def _dates(frame: Frame, day_text: Callable[[date], str]) -> str:
    shown = ticks(frame)
    parts = []
    for day in shown:
        anchor = "middle"
        if day == frame.last:
            anchor = "end"
        elif day == frame.first:
            anchor = "start"
        parts.append(
            f'<text x="{_n(frame.x(day))}" y="{frame.floor + 28}" text-anchor="{anchor}">'
            f"{escape(day_text(day))}</text>"
        )
    return "".join(parts)


def _path(points: Sequence[tuple[float, float]]) -> str:
    first, *rest = (f"{_n(x)} {_n(y)}" for x, y in points)
    return f"M{first}{''.join(f'L{point}' for point in rest) if rest else 'h0'}"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
