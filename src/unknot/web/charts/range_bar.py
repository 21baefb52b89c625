"""Draw one estimate with its doubt: a scale with nothing in the middle, the range, the mean.

Better is always on the right, whichever way the outcome counts. The band is grey while it reaches
across nothing, because it may be chance. No `id` and no `style`, so many may share a page.
"""

from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 330, 64
LEFT, RIGHT, LINE = 12, 318, 24
#: The scale shows at least so many points to either side, and at most the whole rating scale.
LEAST, MOST = 2.0, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The sentence that stands for the picture, and the words at its ends and middle."""

    label: str
    worse: str
    nothing: str
    better: str


def range_bar(mean: float, low: float, high: float, *, texts: Texts, css: str) -> str:
    """Return the bar as one `<svg>`; points for the better are positive, `css` names the strand."""
    reach = min(max(LEAST, abs(low), abs(high)), MOST)
    reach = float(int(reach) + (reach > int(reach)))

    def x(points: float) -> float:
        inside = min(max(points, -reach), reach)
        return LEFT + (inside + reach) / (2 * reach) * (RIGHT - LEFT)

    tone = css if low > 0 or high < 0 else "chance"
    ticks = "".join(
        f'<path class="axis" d="M{_n(x(points))} {LINE - 4}V{LINE + 4}"/>'
        for points in range(-int(reach), int(reach) + 1)
    )
    words = (
        (LEFT, "start", texts.worse),
        ((LEFT + RIGHT) / 2, "middle", texts.nothing),
        (RIGHT, "end", texts.better),
    )
    said = "".join(
        f'<text x="{_n(at)}" y="56" text-anchor="{anchor}">{escape(word)}</text>'
        for at, anchor, word in words
    )
    return (
        f'<svg class="chart range-bar" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" direction="ltr" '
        f'aria-label="{escape(texts.label)}">'
        f'<path class="axis" d="M{LEFT} {LINE}H{RIGHT}"/>{ticks}'
        f'<g class="{tone}"><path class="range" d="M{_n(x(low))} {LINE}H{_n(x(high))}"/>'
        f'<circle class="dot" cx="{_n(x(mean))}" cy="{LINE}" r="6"/></g>'
        f'<path class="zero" d="M{_n(x(0))} {LINE - 14}V{LINE + 14}"/>{said}</svg>'
    )


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
