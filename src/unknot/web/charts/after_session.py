"""Draw the days after a session: the model's mean for day 0 to 7, its band, the usual day.

It is a picture of the model, not of one week that somebody had, and is drawn only when given.
The scale is whole, 0 to 10.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unknot.domain.outcomes.findings import OF_THE_BODY, Outcome
from unknot.web.charts.marks import band, line, number, picture, text

DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAfter:
    """The rating the model expects so many days after a session, and its range; 0 to 10."""

    day: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Every word, not yet escaped: the picture's sentence, the scale, the axis, the usual day."""

    label: str
    scale: str
    axis: str
    usual: Callable[[str], str]
    number: Callable[[float], str]


def after_session(
    days: Sequence[DayAfter],
    outcome: Outcome,
    *,
    texts: Texts,
    usual: float | None = None,
    phone: bool = False,
) -> str:
    """Return the picture, or "" if no day is given; `usual` is the level without a session."""
    shown = sorted((one for one in days if _is_drawn(one)), key=lambda one: one.day)
    if not shown:
        return ""
    width, left, right = (330, 30, 312) if phone else (460, 30, 440)
    top, floor = 36, 196 if phone else 206

    def x(day: float) -> float:
        return left + day / DAYS * (right - left)

    def y(value: float) -> float:
        return floor - min(max(value, 0.0), 10.0) / 10 * (floor - top)

    scale = "".join(
        f'<path class="axis" d="M{left} {number(y(value))}H{right}"/>'
        + text(str(value), left - 8, y(value) + 4, anchor="end")
        for value in (0, 5, 10)
    )
    edges = [(x(one.day), y(one.high), y(one.low)) for one in shown]
    dots = "".join(
        f'<circle class="dot" cx="{number(x(one.day))}" cy="{number(y(one.mean))}" r="4.5"/>'
        for one in shown
    )
    css = "body" if outcome in OF_THE_BODY else "mind"
    strand = line([(x(one.day), y(one.mean)) for one in shown])
    named = _named(shown, texts, x, y) if len(shown) > 1 else ""
    ticks = "".join(text(str(day), x(day), floor + 24, anchor="middle") for day in range(DAYS + 1))
    return picture(
        width,
        floor + 52,
        texts.label,
        (
            text(texts.scale, left, 16),
            scale,
            _usual(usual, texts, (left, right, top), y, shown) if usual is not None else "",
            f'<g class="{css}"><path class="band" d="{band(edges)}"/>'
            f'<path class="strand" d="{strand}"/>{dots}{named}</g>',
            ticks,
            text(texts.axis, left, floor + 46),
        ),
    )


def _is_drawn(one: DayAfter) -> bool:
    return 0 <= one.day <= DAYS and math.isfinite(one.mean + one.low + one.high)


def _named(
    shown: Sequence[DayAfter],
    texts: Texts,
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> str:
    """The number of the day that lies furthest from the last one, where the most has happened."""
    one = max(shown, key=lambda day: abs(day.mean - shown[-1].mean))
    below = one.mean <= shown[-1].mean and y(one.mean) + 24 < y(0)
    place = y(one.mean) + (22 if below else -12)
    anchor = "middle" if 0 < one.day < DAYS else ("end" if one.day else "")
    return text(texts.number(one.mean), x(one.day), place, css="label halo", anchor=anchor)


def _usual(
    usual: float,
    texts: Texts,
    frame: tuple[int, int, int],
    y: Callable[[float], float],
    shown: Sequence[DayAfter],
) -> str:
    """The dashed line of the usual day, its words on the side away from the strand."""
    left, right, top = frame
    at = y(usual)
    is_above = sum(one.mean - usual for one in shown) <= 0
    baseline = at - 8 if (is_above and at - 24 > top) or at + 20 > y(0) else at + 18
    return f'<path class="zero dashed" d="M{left} {number(at)}H{right}"/>' + text(
        texts.usual(texts.number(usual)), right, baseline, css="halo", anchor="end"
    )
