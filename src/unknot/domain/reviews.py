"""What reviews add up to: a score only when there are enough of them, and never alone.

Pure: no tables, no clock.

Units   scores are whole numbers from 1 to 5; a mean has one decimal; a share is a percentage.
Errors  ScoreOutOfRange: something that is no score reached `Scores`.
Source  the rule of the design: a score from 5 reviews up, always with count and spread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

#: Below so many reviews only their number is shown.
ENOUGH = 5
LOWEST, HIGHEST = 1, 5


class ScoreOutOfRange(ValueError):
    """A score that is not a whole number from 1 to 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What one client answers about one session, each from 1 to 5."""

    listening: int
    pressure_respected: int
    boundaries_respected: int
    overall: int

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if type(value) is not int or not LOWEST <= value <= HIGHEST:
                raise ScoreOutOfRange(f"{each.name}={value!r}, allowed {LOWEST} to {HIGHEST}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Every review of one therapist: how many, and from ENOUGH up the mean and the spread."""

    count: int
    score: float | None
    spread: tuple[tuple[int, int, float], ...]  # stars from 5 down, how many, percent of all


def rating(counts: Mapping[int, int]) -> Rating:
    """Sum up `counts`, how many reviews gave each overall score."""
    count = sum(counts.values())
    if count < ENOUGH:
        return Rating(count=count, score=None, spread=())
    total = sum(stars * number for stars, number in counts.items())
    return Rating(
        count=count,
        score=round(total / count, 1),
        spread=tuple(
            (stars, counts.get(stars, 0), 100 * counts.get(stars, 0) / count)
            for stars in range(HIGHEST, LOWEST - 1, -1)
        ),
    )
