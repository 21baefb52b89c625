"""Draw pain on calm, middling and tense days: every day a dot, the mean of each kind and its range.

It shows what goes together and says nothing about which came first. The scale is whole, 0 to 10.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unknot.web.charts.marks import number, picture, text

#: So many dots stand beside each other at most; then one dot stands for several days.
ABREAST = 12
_STEP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of day: its name, what it means ("stress 0 to 3"), pain then, its mean and range."""

    name: str
    meaning: str
    values: Sequence[float]
    mean: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The picture's sentence, what the scale and a dot are, and how a number is written."""

    label: str
    scale: str
    number: Callable[[float], str]


def kinds_of_day(kinds: Sequence[Kind], *, texts: Texts, phone: bool = False) -> str:
    """Return the picture with the kinds in the order given, or "" without any day."""
    if not any(_spots(kind.values) for kind in kinds):
        return ""
    width, left, right = (330, 24, 326) if phone else (460, 30, 450)
    top, floor = 40, 220
    column = (right - left) / len(kinds)
    each = days_per_dot(kinds)

    def y(value: float) -> float:
        return floor - min(max(value, 0.0), 10.0) / 10 * (floor - top)

    scale = "".join(
        f'<path class="axis" d="M{left} {number(y(value))}H{right}"/>'
        + text(str(value), left - 8, y(value) + 4, anchor="end")
        for value in (0, 5, 10)
    )
    parts = []
    for at, kind in enumerate(kinds):
        middle = left + column * (at + 0.5)
        spread = min(10.0, (column - 56) / ABREAST)
        dots = "".join(
            f'<circle cx="{number(middle - 18 + (n - (count - 1) / 2) * spread)}" '
            f'cy="{number(y(value))}" r="3"/>'
            for value, days in sorted(_spots(kind.values).items())
            for count in [math.ceil(days / each)]
            for n in range(count)
        )
        parts.append(f'<g class="body"><g class="dots">{dots}</g></g>')
        parts.append(_mean(kind, middle - 18, y, texts))
        parts.append(text(kind.name, middle, floor + 26, css="strong", anchor="middle"))
        parts.append(text(kind.meaning, middle, floor + 46, anchor="middle"))
    return picture(width, floor + 56, texts.label, (text(texts.scale, left, 18), scale, *parts))


def days_per_dot(kinds: Sequence[Kind]) -> int:
    """For how many days one dot stands at most; 1 until more than `ABREAST` fall on one spot."""
    most = max((count for kind in kinds for count in _spots(kind.values).values()), default=1)
    return math.ceil(most / ABREAST)


def _spots(values: Sequence[float]) -> Counter[float]:
    """How many days fall on each half point."""
    return Counter(round(value / _STEP) * _STEP for value in values if math.isfinite(value))


def _mean(kind: Kind, x: float, y: Callable[[float], float], texts: Texts) -> str:
    """The mean as a ring with its range, and its number right of it; nothing below its gate."""
    if kind.mean is None or not math.isfinite(kind.mean):
        return ""
    low, high = kind.low, kind.high
    bar = ""
    if low is not None and high is not None and math.isfinite(low + high):
        bar = f'<path class="mean" d="M{number(x)} {number(y(high))}V{number(y(low))}"/>'
    ring = f'<circle class="mean dot" cx="{number(x)}" cy="{number(y(kind.mean))}" r="6"/>'
    said = text(texts.number(kind.mean), x + 14, y(kind.mean) + 5, css="strong halo", size=16)
    return bar + ring + said
