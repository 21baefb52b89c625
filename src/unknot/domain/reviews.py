"""What reviews add up to, when one may be written, and when others see it.

A score appears only when there are enough reviews, and never alone: the count, the spread and
what it is at least, probably, stand beside it. The order of therapists uses that lower bound.

Pure: no tables, no clock.

Units   scores are whole numbers from 1 to 5; a mean has one decimal; a share is a percentage;
        aware datetimes.
Errors  ScoreOutOfRange: something that is no score reached `Scores` or `rating`.
Source  docs/explanation/reviews.md. The bound is the mean of a Dirichlet posterior over the five
        scores less 1.6449 of its standard deviations, as Evan Miller wrote it up in "Ranking
        Items With Star Ratings".
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta, tzinfo

#: Below so many reviews only their number is shown.
ENOUGH = 5
LOWEST, HIGHEST = 1, 5
STARS = range(LOWEST, HIGHEST + 1)

#: Before anything is known, every score counts as given once.
PRIOR = 1
#: Standard deviations below the mean: 95% of a normal distribution lies above. Beyond 1.82 one
#: more bad review would raise somebody who only has bad ones.
Z = 1.6449

OPENS_AFTER = timedelta(hours=24)
CLOSES_AFTER = timedelta(days=60)
PUBLISHED_AFTER = timedelta(days=3)


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
            _check(each.name, getattr(self, each.name))


# When ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when until when a session may be reviewed; both ends belong to it."""

    opens: datetime
    closes: datetime

    def is_open(self, now: datetime) -> bool:
        """Whether a review may be written or changed at `now`."""
        return self.opens <= now <= self.closes


def window(ended_at: datetime) -> Window:
    """When a session that ended at `ended_at` may be reviewed: 24 hours to 60 days after it."""
    return Window(opens=ended_at + OPENS_AFTER, closes=ended_at + CLOSES_AFTER)


def published_at(written_at: datetime, zone: tzinfo) -> datetime:
    """The first local midnight, three days or more after writing: a day's reviews come together."""
    local = (written_at + PUBLISHED_AFTER).astimezone(zone)
    midnight = datetime.combine(local.date(), time(), zone)
    if midnight < local:
        midnight = datetime.combine(local.date() + timedelta(days=1), time(), zone)
    return midnight


# What they add up to ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Every review of one therapist: how many, and from ENOUGH up the mean and the spread.

    `bound` is what the mean of many more reviews would be at least, with a probability of about
    95 percent. It exists for any count, none included, because the order of therapists needs it.
    """

    count: int
    score: float | None
    bound: float
    spread: tuple[tuple[int, int, float], ...]  # stars from 5 down, how many, percent of all

    @property
    def at_least(self) -> float | None:
        """The bound as it may be said: rounded down to one decimal, beside a score, never above."""
        return None if self.score is None else min(self.score, math.floor(self.bound * 10) / 10)


def rating(counts: Mapping[int, int]) -> Rating:
    """Sum up `counts`, how many reviews gave each overall score; raises ScoreOutOfRange."""
    for stars in counts:
        _check("stars", stars)
    count = sum(counts.values())
    return Rating(
        count=count,
        score=_score(counts, count) if count >= ENOUGH else None,
        bound=_bound(counts),
        spread=_spread(counts, count) if count >= ENOUGH else (),
    )


def _check(name: str, value: object) -> None:
    if type(value) is not int or not LOWEST <= value <= HIGHEST:
        raise ScoreOutOfRange(f"{name}={value!r}, allowed {LOWEST} to {HIGHEST}")


def _score(counts: Mapping[int, int], count: int) -> float:
    """The mean with one decimal, halves up; in whole numbers, so that equal means stay equal."""
    total = sum(stars * number for stars, number in counts.items())
    return (20 * total + count) // (2 * count) / 10


def _spread(counts: Mapping[int, int], count: int) -> tuple[tuple[int, int, float], ...]:
    return tuple(
        (stars, counts.get(stars, 0), 100 * counts.get(stars, 0) / count)
        for stars in reversed(STARS)
    )


def _bound(counts: Mapping[int, int]) -> float:
    """Posterior mean less Z standard deviations; whole numbers up to the last line.

    With n the reviews and the prior together, m the mean of the scores and v their variance
    (mean of the squares less the square of the mean): m - Z * sqrt(v / (n + 1)).
    """
    weights = {stars: PRIOR + counts.get(stars, 0) for stars in STARS}
    n = sum(weights.values())
    total = sum(stars * weight for stars, weight in weights.items())
    squares = sum(stars * stars * weight for stars, weight in weights.items())
    return (total - Z * math.sqrt((n * squares - total * total) / (n + 1))) / n


#: What is known of somebody without reviews; their order is that of its bound.
UNREVIEWED = rating({})
