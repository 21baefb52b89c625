"""From check-ins and sessions to the arrays of one outcome.

Ratings of sleep and mood are turned round (10 - rating), so that lower is better for every
outcome and one set of priors holds; `effects` turns the answers back.

Units   instants aware; days of real time since the first check-in, so clock changes do not matter;
        doses in hours.
Errors  BadObservation: a rating that is no number from 0 to 10, or a session that ends before it
        starts. Sessions after the last rating say nothing yet and are left out.
Source  reference note on statistics, 2 (times, doses, window)
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from unknot.domain.outcomes.findings import HIGHER_IS_BETTER, Outcome
from unknot.domain.outcomes.likelihood import Ratings
from unknot.domain.outcomes.series import Session

DAY = 86_400.0


class BadObservation(ValueError):
    """A rating or a session that cannot be right; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """One rating at its real time."""

    at: datetime
    value: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and 0 <= self.value <= 10):
            raise BadObservation(f"{self.at:%Y-%m-%d %H:%M}: {self.value}, allowed 0 to 10")


def ratings(
    rated: Sequence[Rated],
    sessions: Sequence[Session],
    outcome: Outcome,
    *,
    window_days: int,
    techniques: Sequence[str] | None = None,
) -> Ratings | None:
    """Lay out the last `window_days` of one outcome; None without a rating.

    One effect column for all massage, or one for each of `techniques` in their order.
    """
    in_order = sorted(rated, key=lambda one: one.at.timestamp())
    if not in_order:
        return None
    first, last = in_order[0].at, in_order[-1].at
    begin = last - timedelta(days=window_days)
    kept = [one for one in in_order if one.at >= begin]
    acting = [one for one in sorted(sessions, key=lambda s: s.end) if _acts(one, begin, last)]
    if techniques is not None:
        acting = [one for one in acting if one.technique in techniques]
    return Ratings(
        t=np.array([days_since(first, one.at) for one in kept]),
        y=np.array([_turned(one.value, outcome) for one in kept]),
        t_0=0.0,
        session_t=np.array([days_since(first, one.end) for one in acting]),
        dose=np.array([one.minutes / 60 for one in acting]),
        kind=np.array(
            [techniques.index(one.technique) if techniques else 0 for one in acting], dtype=np.int64
        ),
        kinds=len(techniques) if techniques is not None else 1,
    )


def turned_back(change: float, outcome: Outcome) -> float:
    """A change in the outcome's own direction: less is better inside, more sleep outside."""
    return -change if outcome in HIGHER_IS_BETTER else change


def level_back(level: float, outcome: Outcome) -> float:
    """A level on the outcome's own scale."""
    return 10.0 - level if outcome in HIGHER_IS_BETTER else level


def _acts(session: Session, begin: datetime, last: datetime) -> bool:
    if session.end < session.start:
        raise BadObservation(
            f"The session of {session.start:%Y-%m-%d %H:%M} ends before it starts."
        )
    return begin - timedelta(days=60) < session.end < last


def days_since(first: datetime, at: datetime) -> float:
    """Real days from `first` to `at`, whatever the clocks did in between."""
    return (
        at.timestamp() - first.timestamp()
    ) / DAY  # two times of one zone would differ by the clock


def _turned(value: float, outcome: Outcome) -> float:
    return 10.0 - value if outcome in HIGHER_IS_BETTER else value
