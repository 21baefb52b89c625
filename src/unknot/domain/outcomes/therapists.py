"""Whether a therapist's clients change differently from what their own start lets expect.

Change against baseline and case mix, plus a therapist effect: change_i = x_i g + u_t(i) + e_i,
u ~ N(0, tau^2) with tau half-normal(0.4), tau and the sd of e on a grid, g flat and integrated
exactly. Raw averages flag somebody in two practices of three where nobody differs, so none is
computed. Nothing is said below twenty clients with follow-up, and nobody is ranked.

Units   points of the outcome's scale; a change is the later value minus the earlier one.
Errors  none: too few rows give no effects.
Source  reference note on statistics, part 6
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

Array = NDArray[np.float64]

#: Clients with follow-up a therapist needs before anything is said.
MINIMUM = 20
#: Scale of the half-normal prior on the sd between therapists, in points.
PRIOR_SD = 0.4
_TAUS = (np.arange(80) + 0.5) * 0.02  # 0.01 to 1.59 points: four prior scales
_SIGMAS = 15
_SPARE = 5  # rows beyond the columns of the design, below which nothing is fitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One client with follow-up: who treated them, where they began and what changed.

    `mix` are numbers of the case mix in a fixed order (months of pain, age, sessions); an unknown
    one is None and counts as the average.
    """

    therapist: int
    technique: str
    baseline: float
    change: float
    mix: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistEffect:
    """How much more a therapist's clients changed than the practice's, with its 95 % range."""

    therapist: int
    clients: int
    mean: float
    low: float
    high: float

    @property
    def is_distinguishable(self) -> bool:
        """Whether the range leaves out the practice's own average."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapists:
    """The therapists with enough clients, in the order of their numbers, and how much all differ.

    `between_sd` is the posterior mean of the sd between therapists, `likeliest_sd` the grid's
    value that the data alone make likeliest.
    """

    effects: tuple[TherapistEffect, ...]
    between_sd: float | None
    likeliest_sd: float | None


class _Summed(NamedTuple):
    """What the likelihood needs: the design squared, and the sums of each therapist's clients."""

    squares: Array
    product: Array
    total: float
    clients: Array
    sums: Array
    changes: Array
    rows: int


class _Fit(NamedTuple):
    """One point of the grid: log likelihood, and mean and sd of every therapist's effect."""

    log_likelihood: float
    means: Array
    sds: Array


def effects(followed: Sequence[Followed], *, minimum: int = MINIMUM) -> Therapists:
    """Each therapist's effect beside the practice's, for those with at least `minimum` clients."""
    therapists = sorted({one.therapist for one in followed})
    nothing = Therapists(effects=(), between_sd=None, likeliest_sd=None)
    if len(therapists) < 2:
        return nothing
    design = _design(followed)
    if len(followed) < design.shape[1] + _SPARE:
        return nothing
    summed = _sums(followed, therapists, design)
    residual = _residual_sd(summed)
    if residual <= 0:
        return nothing
    sigmas = residual * np.exp(np.linspace(-1, 1, _SIGMAS) * 4 / np.sqrt(2 * _spare(summed)))
    grid = [[_fit(summed, tau, sigma) for sigma in sigmas] for tau in _TAUS]
    likelihood = np.array([[one.log_likelihood for one in row] for row in grid])
    likelihood -= likelihood.max()
    weights = np.exp(likelihood - 0.5 * (_TAUS[:, None] / PRIOR_SD) ** 2)
    weights /= weights.sum()
    shares = weights.ravel()
    means = np.array([one.means for row in grid for one in row])
    sds = np.array([one.sds for row in grid for one in row])
    return Therapists(
        effects=tuple(
            _effect(therapist, int(summed.clients[at]), shares, means[:, at], sds[:, at])
            for at, therapist in enumerate(therapists)
            if summed.clients[at] >= minimum
        ),
        between_sd=float(weights.sum(1) @ _TAUS),
        likeliest_sd=float(_TAUS[np.exp(likelihood).sum(1).argmax()]),
    )


def _design(followed: Sequence[Followed]) -> Array:
    """The independent directions of one, baseline, case mix and techniques."""
    columns = [np.ones(len(followed)), np.array([one.baseline for one in followed])]
    for numbers in zip(*(one.mix for one in followed), strict=True):
        known = np.array([np.nan if one is None else one for one in numbers], dtype=np.float64)
        if np.isfinite(known).any():
            columns.append(np.where(np.isnan(known), np.nanmean(known), known))
    for technique in sorted({one.technique for one in followed})[1:]:
        columns.append(np.array([float(one.technique == technique) for one in followed]))
    scaled = np.column_stack([column / max(np.abs(column).max(), 1e-9) for column in columns])
    left, size, _right = np.linalg.svd(scaled, full_matrices=False)
    return np.asarray(left[:, size > size[0] * 1e-8])


def _sums(followed: Sequence[Followed], therapists: list[int], design: Array) -> _Summed:
    of = np.array([therapists.index(one.therapist) for one in followed])
    member = (of[:, None] == np.arange(len(therapists))).astype(np.float64)
    change = np.array([one.change for one in followed])
    return _Summed(
        squares=design.T @ design,
        product=design.T @ change,
        total=float(change @ change),
        clients=member.sum(0),
        sums=member.T @ design,
        changes=member.T @ change,
        rows=len(followed),
    )


def _spare(summed: _Summed) -> int:
    return summed.rows - len(summed.product)


def _residual_sd(summed: _Summed) -> float:
    """What is left of the changes once the case mix is taken out; the start of the grid."""
    fitted = np.linalg.solve(summed.squares, summed.product)
    left = summed.total - float(summed.product @ fitted)
    return float(np.sqrt(left / _spare(summed))) if left > 1e-9 * summed.total else 0.0


def _fit(summed: _Summed, tau: float, sigma: float) -> _Fit:
    """The restricted likelihood at these two sds, and every therapist's effect there."""
    noise, spread = sigma**2, tau**2
    pull = 1 / (noise + summed.clients * spread)
    shared = spread * pull / noise
    squares = summed.squares / noise - (summed.sums.T * shared) @ summed.sums
    product = summed.product / noise - summed.sums.T @ (shared * summed.changes)
    doubt = np.linalg.inv(squares)
    fitted = doubt @ product
    left = summed.total / noise - float(shared @ summed.changes**2) - float(product @ fitted)
    widths = summed.rows * np.log(noise) + np.log1p(summed.clients * spread / noise).sum()
    seen = summed.sums * pull[:, None]
    known = summed.clients * pull - np.einsum("ti,ij,tj->t", seen, doubt, seen)
    return _Fit(
        log_likelihood=-0.5 * float(widths + np.linalg.slogdet(squares)[1] + left),
        means=spread * pull * (summed.changes - summed.sums @ fitted),
        sds=np.sqrt(np.clip(spread - spread**2 * known, 1e-12, None)),
    )


def _effect(
    therapist: int, clients: int, shares: Array, means: Array, sds: Array
) -> TherapistEffect:
    return TherapistEffect(
        therapist=therapist,
        clients=clients,
        mean=float(shares @ means),
        low=_quantile(0.025, shares, means, sds),
        high=_quantile(0.975, shares, means, sds),
    )


def _quantile(chance: float, shares: Array, means: Array, sds: Array) -> float:
    """Below what value a mixture of normals lies with this chance."""
    low, high = (means - 9 * sds).min(), (means + 9 * sds).max()
    return float(brentq(lambda at: shares @ ndtr((at - means) / sds) - chance, low, high))
