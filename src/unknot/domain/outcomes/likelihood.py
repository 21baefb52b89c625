"""How likely one person's ratings are, and what they say about level, trend and effects.

The model, for ratings y at days t with sessions at days t_j of `dose` hours (reference note, 2):

    y(t) = level + trend (t - t_mid)/28 + surge e^(-a (t - t_0))
           + sum_j effect_k(j) dose_j e^(-l (t - t_j)) [t > t_j] + x(t) + error
    x     Ornstein-Uhlenbeck, variance rho sd^2, phi = e^(-a) a day later;  error  (1 - rho) sd^2

Level, trend, surge and effects are linear with normal priors, so they are integrated out exactly;
only u = (logit phi, logit rho, log sd, log half-life) is numerical. Real clock times: a missing
day has no row and no term.

Units   days since the first check-in, points turned so that lower is better, hours of massage.
Errors  numpy.linalg.LinAlgError never reaches a caller: an impossible u has density -inf.
Source  Rasmussen and Williams 2006, eq. 2.42-2.43 (linear part integrated out); checked against
        nlme, statsmodels and NUTS in tests/domain/outcomes
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from unknot.domain.outcomes.model import Prior, Priors

Array = NDArray[np.float64]
LOG_2PI = math.log(2 * math.pi)
MONTH = 28.0
#: Level, trend and surge stand before the effects.
FIXED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """One outcome of one person as arrays: `kind` is the effect column of each session."""

    t: Array
    y: Array
    t_0: float
    session_t: Array
    dose: Array
    kind: NDArray[np.int64]
    kinds: int

    @property
    def t_mid(self) -> float:
        """The middle of the time that was rated; the trend turns around it."""
        return 0.5 * float(self.t[0] + self.t[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """The priors as arrays: `u_*` of the numerical parameters, the rest of the linear ones."""

    u_mean: Array
    u_sd: Array
    mean: Array
    sd: Array


class Marginal(NamedTuple):
    """Log densities of ratings and u together, and the linear part given each u."""

    log_density: Array  # (draws,)
    mean: Array  # (draws, FIXED + kinds)
    covariance: Array  # (draws, FIXED + kinds, FIXED + kinds)


def beliefs(priors: Priors, kinds: int, effect: Prior | None = None) -> Beliefs:
    """Lay the priors out for so many effect columns; `effect` replaces the sceptical one."""
    numerical = (priors.phi, priors.rho, priors.sd, priors.half_life)
    linear = (priors.level, priors.trend, priors.surge, *[effect or priors.effect] * kinds)
    return Beliefs(
        u_mean=np.array([one.mean for one in numerical]),
        u_sd=np.array([one.sd for one in numerical]),
        mean=np.array([one.mean for one in linear]),
        sd=np.array([one.sd for one in linear]),
    )


def design(ratings: Ratings, a: float, fade: float) -> Array:
    """The columns of level, trend, surge and each effect at the ratings' times; (n, 3 + kinds).

    `a` is the rate at which a deviation fades, `fade` that of a session's effect, both per day.
    """
    columns = np.zeros((ratings.t.size, FIXED + ratings.kinds))
    columns[:, 0] = 1.0
    columns[:, 1] = (ratings.t - ratings.t_mid) / MONTH
    columns[:, 2] = np.exp(-a * (ratings.t - ratings.t_0))
    since = ratings.t[:, None] - ratings.session_t[None, :]
    left = np.where(since > 0, np.exp(-fade * np.maximum(since, 0.0)), 0.0) * ratings.dose
    for kind in range(ratings.kinds):
        columns[:, FIXED + kind] = left[:, ratings.kind == kind].sum(axis=1)
    return columns


def marginals(u: Array, ratings: Ratings, beliefs: Beliefs) -> Marginal:
    """Evaluate the rows of `u`, (draws, 4), with the compiled kernel where it is installed."""
    return _kernel()(np.atleast_2d(u), ratings, beliefs)


@cache
def _kernel() -> Callable[[Array, Ratings, Beliefs], Marginal]:
    if find_spec("numba") is None:
        return by_covariance
    from unknot.domain.outcomes.kernel import by_filter

    return by_filter


def by_covariance(u: Array, ratings: Ratings, beliefs: Beliefs) -> Marginal:
    """Evaluate the rows of `u` through the Cholesky factor of the ratings' covariance."""
    size = beliefs.mean.size
    found = Marginal(
        np.full(len(u), -np.inf), np.zeros((len(u), size)), np.zeros((len(u), size, size))
    )
    gaps = np.abs(ratings.t[:, None] - ratings.t[None, :])
    for row, one in enumerate(u):
        phi, rho = _inverse_logit(one[0]), _inverse_logit(one[1])
        variance, a = math.exp(2 * one[2]), -math.log(phi)
        covariance = np.exp(-a * gaps)
        covariance *= variance * rho
        covariance.flat[:: ratings.t.size + 1] += variance * (1 - rho)
        columns = design(ratings, a, math.log(2) / math.exp(one[3]))
        factor, info = lapack.dpotrf(covariance, lower=1)
        if info:
            continue
        both = np.column_stack([columns, ratings.y - columns @ beliefs.mean])
        whitened, _info = lapack.dtrtrs(factor, both, lower=1)
        log_det = 2.0 * float(np.log(np.diag(factor)).sum())
        _finish(found, row, one, whitened.T @ whitened, log_det, ratings.t.size, beliefs)
    return found


def _finish(
    found: Marginal,
    row: int,
    u: Array,
    products: Array,
    log_det: float,
    n: int,
    beliefs: Beliefs,
) -> None:
    """Integrate the linear part out, given the inner products of whitened columns and rest."""
    size = beliefs.mean.size
    precision = products[:size, :size] + np.diag(beliefs.sd**-2.0)
    factor, info = lapack.dpotrf(precision, lower=1)
    if info:
        return
    covariance, _info = lapack.dpotri(factor, lower=1)
    covariance = np.tril(covariance) + np.tril(covariance, -1).T
    pull = products[:size, size]
    shift = covariance @ pull
    log_det += 2.0 * float(np.log(np.diag(factor)).sum()) + 2.0 * float(np.log(beliefs.sd).sum())
    rest = float(products[size, size] - pull @ shift)
    steps = (u - beliefs.u_mean) / beliefs.u_sd
    prior = -0.5 * float(steps @ steps) - float(np.log(beliefs.u_sd).sum()) - 2.0 * LOG_2PI
    found.log_density[row] = -0.5 * (n * LOG_2PI + log_det + rest) + prior
    found.mean[row] = beliefs.mean + shift
    found.covariance[row] = covariance


def _inverse_logit(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))
