"""How likely paired ratings of pain and stress are, when each may pull the other along.

For the two ratings y at days t, with sessions and trend in the mean:

    y(t) = X(t) b + S z(t) + error,   dz = B z dt + dW,   B = [[-a1, c12], [c21, -a2]]
    W      covariance per day R^(1/2) corr(r) R^(1/2), R = diag(2 a1, 2 a2): always positive
    error  sds s_k sqrt(1 - rho_k), correlated by r_e;   S = diag(s_k sqrt(rho_k))

z is in standard deviations, so the cross terms c are standardised; b is linear and integrated out
exactly. A Kalman filter over the real times, for many parameters at once.

Units   days, points; u = (logit phi) x 2, (logit rho) x 2, (log sd) x 2, c12, c21, atanh r,
        atanh r_e; pain first.
Errors  none: where z would run away the density is -inf.
Source  reference note on statistics, 2 and 7; tests compare with the whole covariance written out
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from unknot.domain.outcomes.likelihood import LOG_2PI, MONTH, Array
from unknot.domain.outcomes.model import Model

SIZE = 10
#: Prior of the cross terms, of the innovations' and of the errors' correlation (atanh).
CROSS, INNOVATION, ERROR = (0.0, 0.3), (0.4, 0.4), (0.1, 0.25)
_COLUMNS = 4  # level, trend, what is left of the first bad days, sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Paired ratings: days since the first, (n, 2) ratings, and the days of sessions with hours."""

    t: Array
    y: Array
    session_t: Array
    dose: Array


class Steps(NamedTuple):
    """The process for each parameter: spread of z, its course over each gap, and the error."""

    scale: Array  # (k, 2)
    stationary: Array  # (k, 2, 2), of z
    course: Array  # (k, n, 2, 2); the first stands for the beginning
    error: Array  # (k, 2, 2), of the ratings
    stable: Array  # (k,)


def log_density(u: Array, pairs: Pairs, model: Model) -> Array:
    """Log density of the ratings and each row of `u` together, the linear part integrated out."""
    u = np.atleast_2d(u)
    steps = _steps(u, pairs.t)
    mean, sd = _linear_prior(model)
    columns = design(pairs, model)
    left = np.concatenate([(pairs.y - columns @ mean)[:, :, None], columns], axis=2)
    products, log_det = _filtered(left, steps)
    precision = products[:, 1:, 1:] + np.diag(sd**-2.0)
    pull = products[:, 1:, 0]
    explained = np.einsum("ki,ki->k", pull, np.linalg.solve(precision, pull[:, :, None])[:, :, 0])
    widths = log_det + np.linalg.slogdet(precision)[1] + 2 * float(np.log(sd).sum())
    rest = products[:, 0, 0] - explained
    ratings = -0.5 * (pairs.y.size * LOG_2PI + widths + rest)
    centre, spread = prior(model)
    before = -0.5 * (((u - centre) / spread) ** 2).sum(1)
    return np.where(steps.stable, np.nan_to_num(ratings, nan=-np.inf) + before, -np.inf)


def prior(model: Model) -> tuple[Array, Array]:
    """Mean and sd of each entry of u."""
    own = (model.prior.phi, model.prior.rho, model.prior.sd)
    rows = [(one.mean, one.sd) for one in own for _outcome in range(2)]
    rows += [CROSS, CROSS, INNOVATION, ERROR]
    centre, spread = np.array(rows).T
    return centre, spread


def day_later(u: Array) -> Array:
    """How much of each z a day later comes from which today: exp(B), (k, 2, 2)."""
    return _exponential(_pull(np.atleast_2d(u)), np.ones(1))[:, 0]


def design(pairs: Pairs, model: Model) -> Array:
    """The columns of the mean, (n, 2, 8): first those of pain, then the same of stress.

    What fades, fades as the priors' centres say; a pair of ratings knows no better.
    """
    t = pairs.t
    a = -math.log(_inverse_logit(model.prior.phi.mean))
    fade = math.log(2) / math.exp(model.prior.half_life.mean)
    since = t[:, None] - pairs.session_t[None, :]
    relief = np.where(since > 0, np.exp(-fade * np.maximum(since, 0.0)), 0.0) @ pairs.dose
    each = np.column_stack(
        [np.ones_like(t), (t - 0.5 * (t[0] + t[-1])) / MONTH, np.exp(-a * (t - t[0])), relief]
    )
    columns = np.zeros((t.size, 2, 2 * _COLUMNS))
    columns[:, 0, :_COLUMNS] = each
    columns[:, 1, _COLUMNS:] = each
    return columns


def _linear_prior(model: Model) -> tuple[Array, Array]:
    rows = (model.prior.level, model.prior.trend, model.prior.surge, model.prior.effect)
    both = [(one.mean, one.sd) for one in (*rows, *rows)]
    mean, sd = np.array(both).T
    return mean, sd


def _pull(u: Array) -> Array:
    """B for each row of u."""
    a = np.logaddexp(0.0, -u[:, :2])
    matrix = np.zeros((len(u), 2, 2))
    matrix[:, 0, 0], matrix[:, 1, 1] = -a[:, 0], -a[:, 1]
    matrix[:, 0, 1], matrix[:, 1, 0] = u[:, 6], u[:, 7]
    return matrix


def _steps(u: Array, t: Array) -> Steps:
    pull = _pull(u)
    stable = np.linalg.det(pull) > 1e-6
    pull[~stable] = -np.eye(2)  # any that stays; its density is thrown away
    rate = np.sqrt(-2 * np.diagonal(pull, axis1=1, axis2=2))
    rho = 1 / (1 + np.exp(-u[:, 2:4]))
    sd = np.exp(u[:, 4:6])
    return Steps(
        scale=sd * np.sqrt(rho),
        stationary=_stationary(pull, _covariance(rate, np.tanh(u[:, 8]))),
        course=_exponential(pull, np.diff(t, prepend=t[0])),
        error=_covariance(sd * np.sqrt(1 - rho), np.tanh(u[:, 9])),
        stable=stable,
    )


def _covariance(sd: Array, correlation: Array) -> Array:
    found = sd[:, :, None] * sd[:, None, :]
    found[:, 0, 1] *= correlation
    found[:, 1, 0] *= correlation
    return found


def _stationary(pull: Array, noise: Array) -> Array:
    """The covariance P of z in the long run: B P + P B' + noise = 0."""
    a, b, c, d = pull[:, 0, 0], pull[:, 0, 1], pull[:, 1, 0], pull[:, 1, 1]
    zero = np.zeros_like(a)
    left = np.stack(
        [
            np.stack([2 * a, 2 * b, zero], 1),
            np.stack([c, a + d, b], 1),
            np.stack([zero, 2 * c, 2 * d], 1),
        ],
        1,
    )
    right = -np.stack([noise[:, 0, 0], noise[:, 0, 1], noise[:, 1, 1]], 1)
    first, across, second = np.linalg.solve(left, right[:, :, None])[:, :, 0].T
    return np.stack([np.stack([first, across], 1), np.stack([across, second], 1)], 1)


def _exponential(pull: Array, gaps: Array) -> Array:
    """exp(B gap) of 2 by 2 matrices in closed form, (k, gaps, 2, 2)."""
    half = 0.5 * (pull[:, 0, 0] + pull[:, 1, 1])
    centred = pull - half[:, None, None] * np.eye(2)
    root = np.sqrt((-np.linalg.det(centred)).astype(np.complex128))[:, None] * gaps
    fast, slow = np.exp(half[:, None] * gaps - root), np.exp(half[:, None] * gaps + root)
    small = np.abs(root) < 1e-6
    ratio = np.where(small, slow, (slow - fast) / np.where(small, 1.0, 2 * root)).real * gaps
    even = (0.5 * (slow + fast)).real
    return np.asarray(
        even[:, :, None, None] * np.eye(2) + ratio[:, :, None, None] * centred[:, None]
    )


def _filtered(left: Array, steps: Steps) -> tuple[Array, Array]:
    """Inner products of the whitened columns of `left`, (n, 2, columns), and log determinants."""
    many, width = len(steps.scale), left.shape[2]
    scaling = steps.scale[:, :, None] * steps.scale[:, None, :]
    stationary = steps.stationary * scaling
    turn = steps.scale[:, None, :, None] / steps.scale[:, None, None, :]
    course = steps.course * turn
    mean, spread = np.zeros((many, 2, width)), stationary
    products, log_det = np.zeros((many, width, width)), np.zeros(many)
    for at, row in enumerate(left):
        step = course[:, at]
        back = np.swapaxes(step, 1, 2)
        mean = step @ mean
        spread = stationary + step @ (spread - stationary) @ back
        seen = spread + steps.error
        surprise = row - mean
        weighed = np.linalg.solve(seen, surprise)
        products += np.swapaxes(surprise, 1, 2) @ weighed
        log_det += np.log(np.linalg.det(seen))
        mean = mean + spread @ weighed
        spread = spread - spread @ np.linalg.solve(seen, spread)
        spread = 0.5 * (spread + np.swapaxes(spread, 1, 2))
    return products, log_det


def _inverse_logit(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))
