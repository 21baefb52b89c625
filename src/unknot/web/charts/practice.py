"""Draw what a practice sees per technique: a dot with its range for each, and the practice's mean.

A row whose range reaches across the mean is grey, because it may be chance. Rows stand in the
order of the alphabet whatever order they come in: who does not differ is not ranked.
Points for the better are positive, so better is on the right for every outcome.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from unknot.domain.outcomes.findings import OF_THE_BODY, Outcome
from unknot.web.charts.marks import number, picture, text

LEAST, MOST = 2, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: its name, the mean and its 95 % range in points for the better, how it is said."""

    name: str
    mean: float
    low: float
    high: float
    said: str

    @property
    def is_drawn(self) -> bool:
        """Whether all three are numbers."""
        return math.isfinite(self.mean + self.low + self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The picture's sentence, the words at both ends and at nothing, and at the practice's mean."""

    label: str
    worse: str
    nothing: str
    better: str
    mean: str


def intervals(
    rows: Sequence[Row], mean: float, outcome: Outcome, *, texts: Texts, phone: bool = False
) -> str:
    """Return the picture, or "" without a row; `mean` is the practice's, in the rows' points."""
    shown = sorted((row for row in rows if row.is_drawn), key=lambda row: row.name.casefold())
    if not shown:
        return ""
    width, left, right = (330, 12, 318) if phone else (690, 190, 560)
    top, step = 62, 58 if phone else 38
    numbers = [abs(value) for row in shown for value in (row.low, row.high)]
    reach = min(max(LEAST, math.ceil(max(*numbers, abs(mean)))), MOST)
    floor = top + step * len(shown)

    def x(points: float) -> float:
        return left + (min(max(points, -reach), reach) + reach) / (2 * reach) * (right - left)

    css = "body" if outcome in OF_THE_BODY else "mind"
    parts = [
        f'<path class="axis" d="M{left} {floor}H{right}"/>',
        f'<path class="zero" d="M{number(x(0))} {top - 14}V{floor}"/>',
        f'<path class="zero dashed" d="M{number(x(mean))} {top - 30}V{floor}"/>',
        text(texts.mean, _inside(texts.mean, x(mean), width), top - 38, anchor="middle"),
        text(texts.worse, left, floor + 24),
        text(texts.nothing, x(0), floor + 24, anchor="middle"),
        text(texts.better, right, floor + 24, anchor="end"),
    ]
    for at, row in enumerate(shown):
        y = top + step * at + (38 if phone else 14)
        tone = "chance" if row.low <= mean <= row.high else css
        parts.append(
            f'<g class="{tone}"><path class="range" d="M{number(x(row.low))} {y}'
            f'H{number(x(row.high))}"/>'
            f'<circle class="dot" cx="{number(x(row.mean))}" cy="{y}" r="6"/></g>'
        )
        if phone:
            parts.append(text(row.name, left, y - 18, css="strong halo"))
            parts.append(text(row.said, right, y - 18, css="halo", anchor="end"))
        else:
            parts.append(text(row.name, 0, y + 5, css="strong"))
            parts.append(text(row.said, right + 20, y + 5))
    return picture(width, floor + 34, texts.label, parts)


def _inside(said: str, x: float, width: int) -> float:
    """The middle of words near `x` that keeps them inside the picture."""
    half = 3.4 * len(said)
    return min(max(x, half), width - half) if 2 * half < width else width / 2
