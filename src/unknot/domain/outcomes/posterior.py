"""What one person's ratings say: mode, curvature and a weighted sample of the numerical part.

L-BFGS finds the mode of u, its Hessian shapes a t proposal with 6 degrees of freedom, and each
draw is weighed by posterior over proposal; weights are truncated, so that a single draw cannot
carry the answer. The draws are a scrambled Sobol sequence with a fixed seed: the same ratings give
the same answer, always. Given a draw the linear part is exactly normal, so a posterior is a
weighted mixture of normals.

Units   as likelihood.py.
Errors  none: curvature that is flat or the wrong way round is bounded by the prior's, and
        `effective_draws` says how far the sample can be trusted.
Source  Gelman et al. 2013, 10.4 (importance sampling); Ionides 2008 (truncated weights)
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaincinv, ndtr, ndtri
from scipy.stats import qmc

from unknot.domain.outcomes.likelihood import Array, Beliefs, Ratings, marginals

FREEDOM = 6.0
#: Beyond these u the model says the same as at the edge, and exp and log stay finite.
BOUNDS = ((-6.0, 6.0), (-6.0, 6.0), (-4.0, 2.5), (-3.0, 5.0))
STEP = 1e-3
SEED = 20_260
#: How much wider than the prior a proposal may be, as a share of the prior's precision.
FLATTEST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """A weighted mixture: `u` (draws, 4), and mean and covariance of the linear part for each."""

    mode: Array
    u: Array
    weight: Array
    mean: Array
    covariance: Array
    log_evidence: float

    @property
    def effective_draws(self) -> float:
        """How many equally weighted draws the sample is worth."""
        return float(1.0 / np.square(self.weight).sum())

    @property
    def a(self) -> Array:
        """The rate at which a deviation fades, per day, of each draw."""
        return np.logaddexp(0.0, -self.u[:, 0])  # -log of the inverse logit

    @property
    def fade(self) -> Array:
        """The rate at which a session's effect fades, per day, of each draw."""
        return math.log(2.0) / np.exp(self.u[:, 3])

    def combine(self, rows: Array) -> "Mixture":
        """The distribution of a linear combination, `rows` (draws, columns), of the linear part."""
        return Mixture(
            weight=self.weight,
            mean=np.einsum("dk,dk->d", rows, self.mean),
            sd=np.sqrt(np.maximum(np.einsum("dk,dkm,dm->d", rows, self.covariance, rows), 1e-18)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """A number that is normal given each draw."""

    weight: Array
    mean: Array
    sd: Array

    @property
    def expectation(self) -> float:
        """Its mean."""
        return float(self.weight @ self.mean)

    @property
    def deviation(self) -> float:
        """Its standard deviation."""
        spread = self.weight @ (self.sd**2 + (self.mean - self.expectation) ** 2)
        return math.sqrt(float(spread))

    def below(self, value: float) -> float:
        """The chance that it lies below `value`."""
        return min(max(float(self.weight @ ndtr((value - self.mean) / self.sd)), 0.0), 1.0)

    def quantile(self, chance: float) -> float:
        """The value that it lies below with this chance, by bisection."""
        normal = float(ndtri(chance))
        low = float((self.mean + (normal - 8.0) * self.sd).min())
        high = float((self.mean + (normal + 8.0) * self.sd).max())
        for _ in range(60):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.below(middle) < chance else (low, middle)
        return 0.5 * (low + high)


def posterior(ratings: Ratings, beliefs: Beliefs, *, draws: int) -> Posterior:
    """Fit one person's outcome; `draws` is a power of two."""
    mode = _mode(ratings, beliefs)
    shape = _proposal(mode, ratings, beliefs)
    standard, log_scale = _draws(draws)
    u = np.clip(mode + standard @ shape.T, *np.array(BOUNDS).T)
    found = marginals(u, ratings, beliefs)
    log_weight = found.log_density + log_scale + math.log(abs(float(np.linalg.det(shape))))
    weight, log_evidence = _truncated(log_weight)
    return Posterior(
        mode=mode,
        u=u,
        weight=weight,
        mean=found.mean,
        covariance=found.covariance,
        log_evidence=log_evidence,
    )


def _mode(ratings: Ratings, beliefs: Beliefs) -> Array:
    offsets = np.vstack([np.zeros(4), np.eye(4) * STEP])

    def cost(u: Array) -> tuple[float, Array]:
        values = -marginals(u + offsets, ratings, beliefs).log_density
        if not np.isfinite(values).all():
            return 1e10, np.zeros(4)
        return float(values[0]), (values[1:] - values[0]) / STEP

    found = minimize(
        cost, _start(ratings, beliefs), jac=True, method="L-BFGS-B", bounds=BOUNDS, tol=1e-4
    )
    return np.asarray(found.x)


def _start(ratings: Ratings, beliefs: Beliefs) -> Array:
    """The prior's centre, with the ratings' own spread."""
    start = beliefs.u_mean.copy()
    if ratings.y.size > 2:
        start[2] = math.log(min(max(float(ratings.y.std()), 0.2), 4.0))
    return start


def _proposal(mode: Array, ratings: Ratings, beliefs: Beliefs) -> Array:
    """A square root of the inverse curvature at the mode, no wider than the prior allows."""
    step = 0.05
    pairs = [(i, j) for i in range(4) for j in range(i)]
    unit = np.eye(4) * step
    points = [mode, *(mode + s * unit[i] for i in range(4) for s in (1, -1))]
    points += [mode + s * (unit[i] + unit[j]) for i, j in pairs for s in (1, -1)]
    f = -marginals(np.array(points), ratings, beliefs).log_density
    hessian = np.zeros((4, 4))
    for i in range(4):
        hessian[i, i] = f[1 + 2 * i] + f[2 + 2 * i] - 2 * f[0]
    for row, (i, j) in enumerate(pairs):
        both = f[9 + 2 * row] + f[10 + 2 * row] - 2 * f[0]
        hessian[i, j] = hessian[j, i] = 0.5 * (both - hessian[i, i] - hessian[j, j])
    hessian /= step * step
    scaled = np.nan_to_num(hessian) * np.outer(beliefs.u_sd, beliefs.u_sd)
    values, vectors = np.linalg.eigh(scaled)
    root = vectors / np.sqrt(np.maximum(values, FLATTEST))
    return np.asarray(beliefs.u_sd[:, None] * root)


@cache
def _draws(count: int) -> tuple[Array, Array]:
    """Standard t draws in four dimensions and minus their log density."""
    uniform = qmc.Sobol(d=5, scramble=True, rng=SEED).random(count)
    uniform = np.clip(uniform, 1e-9, 1 - 1e-9)
    chi_square = 2.0 * gammaincinv(FREEDOM / 2, uniform[:, 4])
    z = ndtri(uniform[:, :4]) * np.sqrt(FREEDOM / chi_square)[:, None]
    square = (z**2).sum(axis=1)
    normaliser = (
        math.lgamma((FREEDOM + 4) / 2) - math.lgamma(FREEDOM / 2) - 2 * math.log(FREEDOM * math.pi)
    )
    return z, 0.5 * (FREEDOM + 4) * np.log1p(square / FREEDOM) - normaliser


def _truncated(log_weight: Array) -> tuple[Array, float]:
    """Weights that sum to one, none above the mean times the root of the count; log evidence."""
    highest = float(log_weight.max())
    if not math.isfinite(highest):
        return np.full(log_weight.size, 1.0 / log_weight.size), -math.inf
    raw = np.exp(log_weight - highest)
    evidence = highest + math.log(float(raw.mean()))
    raw = np.minimum(raw, raw.mean() * math.sqrt(raw.size))
    return raw / raw.sum(), evidence
