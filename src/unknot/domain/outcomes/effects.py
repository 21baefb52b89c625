"""What is read off a posterior: the effect of a session, the change of the level, the strand.

Units   points of the outcome's own scale (sleep and mood turned back); instants aware.
Errors  none.
Source  reference note on statistics, 2 (the headline quantity) and 4 (where a person started)
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from unknot.domain.outcomes.findings import HIGHER_IS_BETTER, Estimate, Level, Outcome
from unknot.domain.outcomes.likelihood import FIXED, MONTH, Array, Ratings, design
from unknot.domain.outcomes.observations import days_since, level_back, turned_back
from unknot.domain.outcomes.posterior import Mixture, Posterior

#: The level people are compared with is that of the middle of their second week.
START_DAY = 10.5
#: Drawing a line needs far fewer draws than a chance does.
LINE_DRAWS = 8


def effect(found: Posterior, *, horizon_days: float, kind: int = 0) -> Mixture:
    """The mean change over the `horizon_days` after one session of an hour, lower is better."""
    rows = np.zeros(found.mean.shape)
    reach = found.fade * horizon_days
    rows[:, FIXED + kind] = -np.expm1(-reach) / reach
    return found.combine(rows)


def level_change(found: Posterior, data: Ratings) -> Mixture:
    """How the usual level moved from the second week to the last rating, lower is better.

    Only the trend counts: what is left of the first bad days and of the last session does not.
    """
    rows = np.zeros(found.mean.shape)
    rows[:, 1] = (float(data.t[-1]) - _start_day(data)) / MONTH
    return found.combine(rows)


def linear(found: Posterior, column: int) -> Mixture:
    """One column of the linear part: 0 the level in the middle, 1 the trend per 28 days."""
    rows = np.zeros(found.mean.shape)
    rows[:, column] = 1.0
    return found.combine(rows)


class Numerical(NamedTuple):
    """One numerical parameter on its own scale: weighted mean and 95 % range of the draws."""

    mean: float
    low: float
    high: float


def numerical(found: Posterior, index: int) -> Numerical:
    """One of phi, rho, sd, half-life, in this order."""
    raw = found.u[:, index]
    values = 1.0 / (1.0 + np.exp(-raw)) if index < 2 else np.exp(raw)
    order = np.argsort(values)
    summed = np.cumsum(found.weight[order])
    ends = (float(values[order][np.searchsorted(summed, p)]) for p in (0.025, 0.975))
    return Numerical(float(found.weight @ values), *ends)


def start_level(found: Posterior, data: Ratings, outcome: Outcome) -> float:
    """The model's level in the middle of the second week, on the outcome's own scale."""
    rows = np.zeros(found.mean.shape)
    rows[:, 0] = 1.0
    rows[:, 1] = (_start_day(data) - data.t_mid) / MONTH
    return min(max(level_back(found.combine(rows).expectation, outcome), 0.0), 10.0)


def estimate(mixture: Mixture, outcome: Outcome, *, worth_points: float) -> Estimate:
    """Say a change as mean, 95 % range and chances, in the outcome's own direction."""
    ends = sorted(turned_back(mixture.quantile(chance), outcome) for chance in (0.025, 0.975))
    return Estimate(
        mean=turned_back(mixture.expectation, outcome),
        low=ends[0],
        high=ends[1],
        p_better=mixture.below(0.0),
        p_worth=mixture.below(-worth_points),
    )


def strand(
    found: Posterior,
    data: Ratings,
    outcome: Outcome,
    *,
    first: datetime,
    days: Sequence[date],
    zone: ZoneInfo,
) -> tuple[Level, ...]:
    """The smoothed rating at noon of each of `days`, with the band that holds it 9 times in 10."""
    noon = [datetime.combine(day, time(12), zone) for day in days]
    at = np.array([days_since(first, one) for one in noon])
    chosen = _few(found)
    means, deviations = np.empty((len(chosen), at.size)), np.empty((len(chosen), at.size))
    for row, draw in enumerate(chosen):
        means[row], deviations[row] = _smoothed(found, draw, data, at)
    weight = np.full(len(chosen), 1.0 / len(chosen))
    lines = (Mixture(weight=weight, mean=means[:, i], sd=deviations[:, i]) for i in range(at.size))
    return tuple(_level(day, line, outcome) for day, line in zip(days, lines, strict=True))


def _start_day(data: Ratings) -> float:
    return max(data.t_0 + START_DAY, float(data.t[0]))


def _few(found: Posterior) -> list[int]:
    """A handful of draws that stand for all of them: equal steps through their summed weights."""
    steps = (np.arange(LINE_DRAWS) + 0.5) / LINE_DRAWS
    last = found.weight.size - 1
    return [min(int(i), last) for i in np.searchsorted(np.cumsum(found.weight), steps)]


def _smoothed(found: Posterior, draw: int, data: Ratings, at: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of level, session effects and state at the days `at`."""
    a, fade = float(found.a[draw]), float(found.fade[draw])
    rho = 1.0 / (1.0 + float(np.exp(-found.u[draw, 1])))
    variance = float(np.exp(2.0 * found.u[draw, 2]))
    covariance = variance * rho * np.exp(-a * np.abs(data.t[:, None] - data.t[None, :]))
    covariance.flat[:: data.t.size + 1] += variance * (1.0 - rho)
    across = variance * rho * np.exp(-a * np.abs(at[:, None] - data.t[None, :]))
    factor = cho_factor(covariance, lower=True, check_finite=False)
    pull = cho_solve(factor, across.T, check_finite=False).T
    columns, ahead = design(data, a, fade), design_at(data, a, fade, at)
    mean = ahead @ found.mean[draw] + pull @ (data.y - columns @ found.mean[draw])
    left = ahead - pull @ columns
    spread = variance * rho - np.einsum("ij,ij->i", pull, across)
    spread += np.einsum("ij,jk,ik->i", left, found.covariance[draw], left)
    return mean, np.sqrt(np.maximum(spread, 1e-12))


def design_at(data: Ratings, a: float, fade: float, at: Array) -> Array:
    """The design of `likelihood.design` at other days; the trend keeps its middle."""
    shown = Ratings(
        t=at,
        y=np.zeros(at.size),
        t_0=data.t_0,
        session_t=data.session_t,
        dose=data.dose,
        kind=data.kind,
        kinds=data.kinds,
    )
    columns = design(shown, a, fade)
    columns[:, 1] = (at - data.t_mid) / MONTH
    return columns


def _level(day: date, line: Mixture, outcome: Outcome) -> Level:
    low, high = line.quantile(0.05), line.quantile(0.95)
    if outcome in HIGHER_IS_BETTER:
        low, high = high, low
    ends = (
        level_back(low, outcome),
        level_back(line.expectation, outcome),
        level_back(high, outcome),
    )
    bottom, middle, top = (round(min(max(end, 0.0), 10.0), 2) for end in ends)
    return Level(day=day, mean=middle, low=bottom, high=top)
