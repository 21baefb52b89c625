"""What every drawing of ours is made of: numbers, lines, words, and the picture around them.

No `id` and no `style` attribute appears, so any number of pictures may share a page under a
strict policy; each word is escaped here.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TypeVar

T = TypeVar("T")

#: As many points of one strand are drawn at most; a screen has no room for more.
MOST_POINTS = 400


def number(value: float) -> str:
    """Write a coordinate with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def picture(width: int, height: float, label: str, parts: Iterable[str], *, css: str = "") -> str:
    """Return the `<svg>` around `parts`; `label` is the sentence that stands for the picture.

    Its time and its scales run from left to right in every language.
    """
    return (
        f'<svg class="chart{f" {css}" if css else ""}" viewBox="0 0 {width} {number(height)}" '
        f'role="img" direction="ltr" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def text(said: str, x: float, y: float, *, css: str = "", anchor: str = "", size: int = 13) -> str:
    """Return words at a place; `anchor` is "middle" or "end", the start when empty."""
    more = "".join(
        f' {name}="{value}"'
        for name, value in (
            ("class", css),
            ("text-anchor", anchor),
            ("font-size", size if size != 13 else ""),
        )
        if value
    )
    return f'<text x="{number(x)}" y="{number(y)}"{more}>{escape(said)}</text>'


def line(points: Sequence[tuple[float, float]]) -> str:
    """Return the path through points; a single one is a line of no length, seen by its cap."""
    first, *rest = (f"{number(x)} {number(y)}" for x, y in points)
    return f"M{first}{''.join(f'L{point}' for point in rest) if rest else 'h0'}"


def band(edges: Sequence[tuple[float, float, float]]) -> str:
    """Return the closed path between the upper and lower y of each x; one x still has a width."""
    if len(edges) == 1:
        x, upper, lower = edges[0]
        edges = [(x - 1.5, upper, lower), (x + 1.5, upper, lower)]
    above = [(x, upper) for x, upper, _ in edges]
    return line([*above, *((x, lower) for x, _, lower in reversed(edges))]) + "Z"


def diamond(x: float, y: float, radius: float) -> str:
    """Return the outline of a square on its corner."""
    r = number(radius)
    return f"M{number(x)} {number(y - radius)}l{r} {r}l-{r} {r}l-{r} -{r}Z"


def thinned(
    rows: Sequence[T], value: Callable[[T], float], *, most: int = MOST_POINTS
) -> Sequence[T]:
    """Return at most `most` of the rows in their order, without losing the shape.

    Of each even stretch the lowest and the highest stay, and the first and the last of all.
    """
    if len(rows) <= most:
        return rows
    length = math.ceil((len(rows) - 2) / ((most - 2) // 2))
    kept = {0, len(rows) - 1}
    for begin in range(1, len(rows) - 1, length):
        stretch = range(begin, min(begin + length, len(rows) - 1))
        kept |= {
            min(stretch, key=lambda at: value(rows[at])),
            max(stretch, key=lambda at: value(rows[at])),
        }
    return [rows[at] for at in sorted(kept)]
