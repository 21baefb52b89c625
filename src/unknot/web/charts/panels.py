"""Draw any of the five outcomes over one time axis, one panel each: dots, level, band, sessions.

A dot is an answer of a day, a diamond an answer at the door before a session. The line is the
model's level and the band its doubt; without a model there are dots only. Where nobody answered
for more than a week, line and band stop: nothing is drawn over a silence. "Your start" is the
model's level of a strand and cannot be given as a number, so an intake value never stands there.

Every panel has the whole scale, 0 to 10, and its own names at the data; no picture has a second
scale. Ten years stay light: of more than `MOST_POINTS` answers the lowest and the highest of each
stretch stay, so peaks are not lost, and of a longer line each point is the mean of a stretch.
Sessions too many to tell apart are ticks above the panels.

Words come from the caller, translated; they are escaped here.
"""

import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from unknot.domain.outcomes.findings import OF_THE_BODY, Level, Outcome, Strand
from unknot.web.charts.frame import (
    CHARACTER,
    NARROW,
    SILENCE,
    WIDE,
    Frame,
    outside_silence,
    quiet_place,
    ticks,
)
from unknot.web.charts.marks import (
    MOST_POINTS,
    band,
    diamond,
    line,
    number,
    picture,
    text,
    thinned,
)

_LABEL_CHARACTERS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One answer, 0 to 10, in the evening or at the door just before a session."""

    day: date
    value: float
    at_door: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One session: its day and the number or letter written above its line."""

    day: date
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The level beyond which a change is more than one's usual ups and downs, in words."""

    level: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One outcome: its name, what was answered, and the model's strand if there is one."""

    outcome: Outcome
    name: str
    ratings: Sequence[Rating]
    strand: Strand | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Every word that no panel brings, in the reader's language and not yet escaped.

    `label` is the sentence that stands for the picture. `now` and `start` get the number, `last`
    the number and the day, where the latest level is older than yesterday's.
    """

    label: str
    sessions: str
    now: Callable[[str], str]
    last: Callable[[str, str], str]
    start: Callable[[str], str]
    number: Callable[[float], str]
    day: Callable[[date], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One outcome on one day: the mean of what was answered, and the model's level."""

    rating: float | None
    level: Level | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One day of the table: a cell for each panel, and the session's mark or nothing."""

    day: date
    cells: tuple[Cell, ...]
    session: str


def panels(
    shown: Sequence[Panel],
    *,
    texts: Texts,
    visits: Sequence[Visit] = (),
    until: date | None = None,
    phone: bool = False,
    width: int | None = None,
) -> str:
    """Return the panels as one `<svg>`, or "" if no day has an answer to draw.

    The axis runs from the first answer to `until` (today), so a silence at the end shows.
    """
    frame = _frame(shown, until, phone, width)
    if frame is None:
        return ""
    on_axis = _on_axis(visits, frame)
    drawings = [
        _Drawing(frame=frame, texts=texts, top=top, panel=panel, visits=on_axis)
        for top, panel in zip(frame.tops, shown, strict=True)
    ]
    parts = (
        *(one.scale() for one in drawings),
        _sessions(frame, on_axis, texts.sessions),
        *(one.whole() for one in drawings),
        _dates(frame, texts.day),
    )
    return picture(frame.width, frame.height, texts.label, parts)


def table(
    shown: Sequence[Panel], *, visits: Sequence[Visit] = (), until: date | None = None
) -> tuple[Row, ...]:
    """Return what the picture shows in numbers: each day with an answer or a session, in order."""
    frame = _frame(shown, until, phone=False, width=None)
    if frame is None:
        return ()
    marks = {one.day: one.mark for one in _on_axis(visits, frame)}
    rated = [_by_day(panel.ratings) for panel in shown]
    levels = [{one.day: one for one in _levels(panel, frame)} for panel in shown]
    days = sorted({day for one in rated for day in one} | set(marks))
    return tuple(
        Row(
            day=day,
            cells=tuple(
                Cell(rating=values.get(day), level=level.get(day))
                for values, level in zip(rated, levels, strict=True)
            ),
            session=marks.get(day, ""),
        )
        for day in days
        if day <= frame.last
    )


def _frame(
    shown: Sequence[Panel], until: date | None, phone: bool, width: int | None
) -> Frame | None:
    days = [one.day for panel in shown for one in _finite(panel.ratings)]
    if not days:
        return None
    return Frame(
        first=min(days),
        last=max([*days, *([until] if until else [])]),
        width=width or (NARROW if phone else WIDE),
        phone=phone,
        panels=len(shown),
    )


def _finite(ratings: Iterable[Rating]) -> list[Rating]:
    kept = (one for one in ratings if math.isfinite(one.value))
    return sorted(kept, key=lambda one: one.day)


def _by_day(ratings: Iterable[Rating]) -> dict[date, float]:
    days = groupby(_finite(ratings), key=lambda one: one.day)
    found = {day: [one.value for one in group] for day, group in days}
    return {day: sum(values) / len(values) for day, values in found.items()}


def _on_axis(visits: Sequence[Visit], frame: Frame) -> tuple[Visit, ...]:
    """The sessions on the axis by day; two on one day share a line with the mark of the first."""
    found: dict[date, Visit] = {}
    for one in visits:
        if frame.first <= one.day <= frame.last:
            found.setdefault(one.day, one)
    return tuple(found[day] for day in sorted(found))


def _levels(panel: Panel, frame: Frame) -> list[Level]:
    """The levels on the axis that are numbers and do not lie in a silence."""
    if panel.strand is None:
        return []
    finite = (one for one in panel.strand.levels if math.isfinite(one.mean + one.low + one.high))
    return list(outside_silence(finite, _by_day(panel.ratings), frame))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """One panel in its place."""

    frame: Frame
    texts: Texts
    top: int
    panel: Panel
    visits: Sequence[Visit]

    def scale(self) -> str:
        left, right = self.frame.left, self.frame.right
        return "".join(
            f'<path class="axis" d="M{left} {number(self._y(value))}H{right}"/>'
            + text(str(value), left - 8, self._y(value) + 4, anchor="end")
            for value in (0, 5, 10)
        )

    def whole(self) -> str:
        ratings = _finite(self.panel.ratings)
        levels = _levels(self.panel, self.frame)
        drawn = levels if len(levels) <= MOST_POINTS else _averaged(levels, ratings, self.frame)
        css = "body" if self.panel.outcome in OF_THE_BODY else "mind"
        inner = self._dots(ratings) + self._line(drawn) + self._label(ratings, levels)
        return f'<g class="{css}">{inner}</g>{self._marks(ratings, drawn)}'

    def _dots(self, ratings: Sequence[Rating]) -> str:
        few = thinned(ratings, lambda one: one.value)
        r = self.frame.dot
        dots = "".join(
            f'<circle cx="{number(self._x(one))}" cy="{number(self._y(one.value))}" '
            f'r="{number(r)}"/>'
            for one in few
            if not one.at_door
        )
        doors = "".join(
            diamond(self._x(one), self._y(one.value), r + 1.5) for one in few if one.at_door
        )
        outlines = f'<path class="door" d="{doors}"/>' if doors else ""
        return f'<g class="dots">{dots}</g>{outlines}'

    def _line(self, levels: Sequence[Level]) -> str:
        if not levels:
            return ""
        runs = _without_silence(levels, [one.day for one in _finite(self.panel.ratings)])
        bands = "".join(
            band([(self._x(one), self._y(one.high), self._y(one.low)) for one in run])
            for run in runs
        )
        lines = "".join(line([(self._x(one), self._y(one.mean)) for one in run]) for run in runs)
        return f'<path class="band" d="{bands}"/><path class="strand" d="{lines}"/>'

    def _label(self, ratings: Sequence[Rating], levels: Sequence[Level]) -> str:
        last = levels[-1] if levels else None
        if self.frame.phone:
            return self._phone_label(last)
        rows = [(row, 16) for row in textwrap.wrap(self.panel.name, _LABEL_CHARACTERS)]
        middle, ring = (ratings[-1].value if ratings else 5.0), ""
        if last is not None:
            rows.append((self._said(last), 16 if self._is_fresh(last) else 14))
            middle, ring = last.mean, self._ring(last)
        lowest = self.top + self.frame.panel - 20 * (len(rows) - 1) + 4
        y = min(max(self._y(middle), self.top + 12), lowest)
        return ring + "".join(
            text(row, self.frame.right + 16, y + 20 * at, css="label", size=size)
            for at, (row, size) in enumerate(rows)
        )

    def _phone_label(self, last: Level | None) -> str:
        """The name above the panel; beside the line only the number, where it is of today."""
        name = text(self.panel.name, self.frame.left, self.top - 12, css="label halo", size=15)
        if last is None:
            return name
        if not self._is_fresh(last):
            right = self.frame.width - 2
            said = text(self._said(last), right, self.top - 12, css="halo", anchor="end")
            return self._ring(last) + name + said
        y = min(max(self._y(last.mean) + 5, self.top + 12), self.top + self.frame.panel)
        shown = self.texts.number(last.mean)
        return self._ring(last) + name + text(shown, self.frame.right + 10, y, css="label", size=16)

    def _said(self, last: Level) -> str:
        shown = self.texts.number(last.mean)
        if self._is_fresh(last):
            return self.texts.now(shown)
        return self.texts.last(shown, self.texts.day(last.day))

    def _ring(self, last: Level) -> str:
        x, y = number(self._x(last)), number(self._y(last.mean))
        return f'<circle class="dot" cx="{x}" cy="{y}" r="5"/>'

    def _marks(self, ratings: Sequence[Rating], levels: Sequence[Level]) -> str:
        """The dashed lines: where the model saw the start, and where a change is a real one."""
        start = self.panel.strand.start if self.panel.strand else None
        named: list[tuple[float, str]] = []
        if start is not None and math.isfinite(start):
            named.append((start, self.texts.start(self.texts.number(start))))
        if self.panel.change is not None and math.isfinite(self.panel.change.level):
            named.append((self.panel.change.level, self.panel.change.text))
        taken = [(self._x(one), self._y(one.value)) for one in ratings]
        taken += [(self._x(one), self._y(one.mean)) for one in levels]
        taken += [(self.frame.x(one.day), self.top + n) for one in self.visits for n in _EVERY]
        parts = []
        for level, said in named:
            y = self._y(level)
            x, baseline = quiet_place(self.frame, top=self.top, line=y, text=said, marks=taken)
            # Words count for much more than dots, so that the next words go somewhere else.
            box = ((x + at, baseline - up) for at in _reach(said) for up in (0, 6, 12))
            taken += [*box] * 3
            parts.append(
                f'<path class="zero dashed" d="M{self.frame.left} {number(y)}H{self.frame.right}"/>'
                + text(said, x, baseline, css="halo")
            )
        return "".join(parts)

    def _is_fresh(self, last: Level) -> bool:
        return (self.frame.last - last.day).days <= 1  # in the morning, yesterday's is the latest

    def _x(self, one: Rating | Level) -> float:
        return self.frame.x(one.day)

    def _y(self, value: float) -> float:
        return self.frame.y(self.top, min(max(value, 0.0), 10.0))  # a band may leave the scale


_EVERY = range(0, 180, 12)
#: Session lines closer than so many units on average would fill the panel.
_APART = 8


def _reach(said: str) -> range:
    return range(int(CHARACTER * len(said)))


def _without_silence(levels: Sequence[Level], answered: Sequence[date]) -> list[list[Level]]:
    """Split levels where the days between two of them hold a silence."""
    breaks = [
        before for before, after in pairwise(answered) if after - before > timedelta(days=SILENCE)
    ]
    found: list[list[Level]] = [[]]
    at = 0
    for one in levels:
        while at < len(breaks) and breaks[at] < one.day:
            at += 1
            if found[-1]:
                found.append([])
        found[-1].append(one)
    return [run for run in found if run]


def _averaged(levels: Sequence[Level], ratings: Sequence[Rating], frame: Frame) -> list[Level]:
    """The levels as means of even stretches that cross no silence; the first and the last stay."""
    room = (frame.right - frame.left) // 6
    length = math.ceil(len(levels) / room)
    found = [levels[0]]
    for run in _without_silence(levels, [one.day for one in ratings]):
        for begin in range(0, len(run), length):
            found.append(_mean(run[begin : begin + length]))
    return [*(one for one in found if one.day < levels[-1].day), levels[-1]]


def _mean(some: Sequence[Level]) -> Level:
    return Level(
        day=some[len(some) // 2].day,
        mean=sum(one.mean for one in some) / len(some),
        low=sum(one.low for one in some) / len(some),
        high=sum(one.high for one in some) / len(some),
    )


def _sessions(frame: Frame, visits: Sequence[Visit], word: str) -> str:
    """Every session's line, and marks where they have room beside each other."""
    if not visits:
        return ""
    row = 38 if frame.phone else 26
    room = (frame.right - frame.left) / len(visits)
    floor = frame.floor if room >= _APART else row + 14
    lines = "".join(f"M{number(frame.x(one.day))} {row + 6}V{floor}" for one in visits)
    crowded = " crowded" if len(visits) > 1 and room < 32 else ""
    gap = 5 if room >= _APART else 24
    tick = "" if room >= _APART else " tick"
    parts = [f'<path class="session{crowded}{tick}" d="{lines}"/>']
    free = float("-inf")
    for one in visits:
        x, half = frame.x(one.day), CHARACTER * 1.2 * len(one.mark) / 2
        if x - half >= free:
            parts.append(text(one.mark, x, row, css="strong", anchor="middle"))
            free = x + half + gap
    before = frame.x(visits[0].day) - CHARACTER * len(visits[0].mark) - 8
    if before - CHARACTER * len(word) >= frame.left:
        return "".join((*parts, text(word, before, row, anchor="end")))
    x, y = (frame.left, row - 20) if frame.phone else (frame.right + 16, row)
    return "".join((*parts, text(word, x, y)))


def _dates(frame: Frame, day_text: Callable[[date], str]) -> str:
    anchors = {frame.first: "", frame.last: "end"}
    return "".join(
        text(day_text(day), frame.x(day), frame.floor + 28, anchor=anchors.get(day, "middle"))
        for day in ticks(frame)
    )
