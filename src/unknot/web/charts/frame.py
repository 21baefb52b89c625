"""Where days and ratings lie on a chart of stacked panels, in the drawing's own units.

One unit is one pixel at the width the drawing is made for: 1040 wide, or 330 on a phone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from unknot.domain.outcomes.findings import Level

WIDE = 1040
NARROW = 330
#: Average width of a character of 13 px text, to guess how long a text will be.
CHARACTER = 6.6
#: Longer silences, in days, leave a gap in line and band.
SILENCE = 7

_TICK_DAYS = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1092, 1820)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One drawing: its time axis and the place of its panels, two unless said otherwise."""

    first: date
    last: date
    width: int
    phone: bool
    panels: int = 2

    @property
    def left(self) -> int:
        """The x of the first day."""
        return 24 if self.phone else 46

    @property
    def right(self) -> int:
        """The x of the last day; labels stand to the right of it."""
        return self.width - (44 if self.phone else 130)

    @property
    def tops(self) -> tuple[int, ...]:
        """The y of rating 10 in each panel, from above."""
        upper, step = (78, 192) if self.phone else (46, 240)
        return tuple(upper + step * at for at in range(self.panels))

    @property
    def panel(self) -> int:
        """The height of a panel, rating 10 to rating 0."""
        return 138 if self.phone else 178

    @property
    def floor(self) -> int:
        """The y of rating 0 in the lowest panel."""
        return self.tops[-1] + self.panel

    @property
    def height(self) -> int:
        """The height of the whole drawing."""
        return self.floor + 36

    @property
    def dot(self) -> float:
        """The radius of a rating: small where days are close, never too small to see."""
        days = (self.last - self.first).days + 1
        return min(max((self.right - self.left) / days * 0.2, 1.7), 4.0)

    def x(self, day: date) -> float:
        """Where a day stands; the only day of a chart stands at the right, as today does."""
        span = (self.last - self.first).days
        if span == 0:
            return float(self.right)
        return self.left + (day - self.first).days / span * (self.right - self.left)

    def y(self, top: int, value: float) -> float:
        """Where a rating stands in the panel that begins at `top`."""
        return top + self.panel * (1 - value / 10)


def ticks(frame: Frame) -> tuple[date, ...]:
    """Return the dates to write below: the first, the last, and even steps with room between."""
    span = (frame.last - frame.first).days
    if span == 0:
        return (frame.last,)
    room = 84 if frame.phone else 110
    a_day = (frame.right - frame.left) / span
    step = next((days for days in _TICK_DAYS if days * a_day >= room), span)
    between = (frame.first + timedelta(days=n) for n in range(step, span, step))
    kept = [day for day in between if frame.right - frame.x(day) >= room]
    ends = (frame.first, frame.last) if span * a_day >= room else (frame.last,)
    return (ends[0], *kept, ends[-1]) if len(ends) == 2 else ends


def outside_silence(
    levels: Iterable[Level], answered: Iterable[date], frame: Frame
) -> tuple[Level, ...]:
    """Return the levels on the axis by day, without those that lie in a silence or after it all."""
    silent = [
        (before, after)
        for before, after in pairwise([*sorted(answered), date.max])
        if (after - before).days > SILENCE
    ]
    return tuple(
        one
        for one in sorted(levels, key=lambda one: one.day)
        if frame.first <= one.day <= frame.last
        and not any(before < one.day < after for before, after in silent)
    )


def quiet_place(
    frame: Frame,
    *,
    top: int,
    line: float,
    text: str,
    marks: Sequence[tuple[float, float]],
) -> tuple[float, float]:
    """Return x and baseline for a text that names the level `line`, covering few `marks`."""
    length = CHARACTER * len(text)
    room = max(frame.right - frame.left - length, 0)
    best: tuple[int, float, float] | None = None
    for rise, fall, baseline in ((18.0, -4.0, -7.0), (-4.0, 18.0, 15.0)):
        if line - rise < top or line + fall > top + frame.panel:
            continue
        for tenth in range(11):
            x = frame.left + room * (10 - tenth) / 10
            covered = sum(
                x - 4 <= mx <= x + length + 4 and line - rise <= my <= line + fall
                for mx, my in marks
            )
            if best is None or covered < best[0]:
                best = (covered, x, line + baseline)
    return (best[1], best[2]) if best else (float(frame.left), line - 7)
