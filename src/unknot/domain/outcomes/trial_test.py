"""The exact test of a comparison in pairs: would another draw of the list look like this too?

Only the order inside each pair was left to chance, so the observed statistic is compared with the
one of each of the 2^k lists that could have been drawn, everything else kept as it was. That is
exact whatever the check-ins are like, as long as nothing that the lists are compared on has seen
the labels: variance, autocorrelation and half-life come from a fit in which all sessions are alike.

The statistic is the generalised least squares coefficient of A minus B, as the mean change over
the days after one session. Effects decay and add up, so what is left of the last session is
counted and need not be washed out.

Units   times in days on one clock; doses 1.0 for 60 minutes; values 0 to 10; differences in
        points over `window_days` (A minus B: negative is lower after A).
Errors  BadSeries: no check-in, no pair, unequal lengths, a number that is none, a bad parameter.
Source  insight note, section 8; the label patterns are enumerated, none is sampled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from unknot.domain.outcomes.trial import ALPHA, WINDOW_DAYS, Statistic, smallest_p

Array = NDArray[np.float64]
#: Statistics that differ by less than this share of the largest one, or of a point, are ties.
_TIE: Final = 1e-9
#: A list whose difference column nearly vanishes says nothing; it gets the statistic 0.
_NOTHING: Final = 1e-10
#: More pairs than this would be more than a million lists.
MOST_PAIRS: Final = 20


class BadSeries(ValueError):
    """Check-ins, sessions or parameters that cannot be analysed; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session: of pair `pair` (from 1), or None when it was not on the list."""

    time: float
    dose: float = 1.0
    pair: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Check-ins, and all the sessions among them, both in any order."""

    times: tuple[float, ...]
    values: tuple[float, ...]
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What a fit without the labels says: 1-day autocorrelation, share of state, SD, half-life."""

    phi: float
    rho: float
    s: float
    half_life_days: float

    def __post_init__(self) -> None:
        inside = 0 < self.phi < 1 and 0 <= self.rho <= 1
        if not (inside and np.isfinite(self.s) and self.s > 0):
            raise BadSeries("phi lies between 0 and 1, rho too, and s is above 0")
        if not (np.isfinite(self.half_life_days) and self.half_life_days > 0):
            raise BadSeries("the half-life is above 0 days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The difference A minus B, its exact p, and the differences that the test does not refuse.

    The range is at `level` (a share). None as an end means that the test sets no limit there.
    """

    pairs: int
    lists: int
    statistic: Statistic
    difference: float
    p: float
    low: float | None
    high: float | None
    level: float


@dataclass(frozen=True, slots=True)
class _Forms:
    """A statistic for a list σ of ±1 is σ·g / σ'Gσ; both come from data alone."""

    g: Array
    gram: Array

    def of(self, patterns: Array) -> Array:
        """The statistic of each row of `patterns`."""
        return self._divided(patterns @ self.g, patterns)

    def shares(self, patterns: Array, drawn: Array) -> Array:
        """How much one point of real difference, felt under `drawn`, moves each statistic."""
        return self._divided(patterns @ (self.gram @ drawn), patterns)

    def _divided(self, numbers: Array, patterns: Array) -> Array:
        weight = np.einsum("ij,jk,ik->i", patterns, self.gram, patterns)
        enough = weight > _NOTHING * max(float(weight.max(initial=0.0)), 1.0)
        return np.where(enough, numbers / np.where(enough, weight, 1.0), 0.0)


def gls(
    series: Series,
    labels: Sequence[int],
    fitted: Fitted,
    *,
    window_days: int = WINDOW_DAYS,
    alpha: float = ALPHA,
) -> Result:
    """Test A against B by generalised least squares; `labels[i]` is +1 where pair i+1 began with A.

    `fitted` must come from a fit that has not seen the labels.
    """
    checked = _checked(series, labels)
    forms = _gls_forms(checked, len(labels), fitted, window_days)
    return _tested(forms, labels, "gls", alpha)


def post_mean(
    series: Series, labels: Sequence[int], *, window_days: int = WINDOW_DAYS, alpha: float = ALPHA
) -> Result:
    """Test A against B by the plain means of the days after; where no model could be fitted.

    A pair without a check-in after one of its sessions adds nothing to the difference.
    """
    checked = _checked(series, labels)
    forms = _post_mean_forms(checked, len(labels), window_days)
    return _tested(forms, labels, "post_mean", alpha)


def patterns(pairs: int) -> Array:
    """Return the 2^pairs lists that could have been drawn, one a row, as +1 and -1."""
    if not 1 <= pairs <= MOST_PAIRS:
        raise BadSeries(f"{pairs} pairs, expected 1 to {MOST_PAIRS}")
    bits = (np.arange(2**pairs)[:, None] >> np.arange(pairs)[None, :]) & 1
    return np.asarray(1.0 - 2.0 * bits, dtype=np.float64)


def exact_p(statistics: Array, observed: float) -> float:
    """Return the share of `statistics` at least as far from 0 as `observed`; ties count."""
    slack = _TIE * float(np.abs(statistics).max(initial=max(abs(observed), 1.0)))
    return float(np.count_nonzero(np.abs(statistics) >= abs(observed) - slack) / len(statistics))


def _tested(forms: _Forms, labels: Sequence[int], statistic: Statistic, alpha: float) -> Result:
    drawn = np.asarray(labels, dtype=np.float64)
    lists = patterns(len(labels))
    observed = float(forms.of(drawn[None, :])[0])
    statistics = forms.of(lists)
    most = max(alpha, smallest_p(len(labels)))
    low, high = _not_refused(statistics, forms.shares(lists, drawn), observed, most)
    return Result(
        pairs=len(labels),
        lists=len(lists),
        statistic=statistic,
        difference=observed,
        p=exact_p(statistics, observed),
        low=low,
        high=high,
        level=1 - most,
    )


def _not_refused(
    statistics: Array, shares: Array, observed: float, most: float
) -> tuple[float | None, float | None]:
    """The hull of the differences d that the same test does not refuse at `most`.

    If d were true, list i would show statistics[i] - d·shares[i]. Whether that is further out
    than observed - d changes only where the two are equal, so those points and the stretches
    between them are all there is to look at.
    """
    ends = [_where(statistics - observed, shares - 1), _where(statistics + observed, shares + 1)]
    cuts = np.unique(np.concatenate(ends))
    if not len(cuts):
        return None, None
    between = (cuts[:-1] + cuts[1:]) / 2
    reach = 1.0 + float(cuts[-1] - cuts[0])
    tried = np.sort(np.concatenate([[cuts[0] - reach], cuts, between, [cuts[-1] + reach]]))
    left = [d for d in tried if exact_p(statistics - d * shares, observed - d) > most]
    if not left:
        return observed, observed
    low = None if left[0] == tried[0] else float(left[0])
    high = None if left[-1] == tried[-1] else float(left[-1])
    return low, high


def _where(numbers: Array, shares: Array) -> Array:
    """Where numbers - d·shares is 0."""
    moves = np.abs(shares) > _TIE
    return np.asarray(numbers[moves] / shares[moves], dtype=np.float64)


def _checked(series: Series, labels: Sequence[int]) -> Series:
    if not labels or any(one not in (1, -1) for one in labels):
        raise BadSeries("there is no pair to compare, or a label that is not +1 or -1")
    if not series.times or len(series.times) != len(series.values):
        raise BadSeries("there is no check-in, or a time without its value")
    numbers = [*series.times, *series.values]
    numbers += [part for one in series.sessions for part in (one.time, one.dose)]
    if not np.isfinite(numbers).all():
        raise BadSeries("a time, a value or a dose is no number")
    for pair in range(1, len(labels) + 1):
        if sum(one.pair == pair for one in series.sessions) != 2:
            raise BadSeries(f"pair {pair} does not have two sessions")
    order = np.argsort(np.asarray(series.times), kind="stable")
    return Series(
        times=tuple(series.times[at] for at in order),
        values=tuple(series.values[at] for at in order),
        sessions=tuple(sorted(series.sessions, key=lambda one: one.time)),
    )


def _columns(sessions: Sequence[Session], pairs: int) -> Array:
    """For each session a row: +½ in its pair's column where it came first, -½ where second."""
    signs = np.zeros((len(sessions), pairs))
    seen: set[int] = set()
    for row, one in enumerate(sessions):
        if one.pair is not None and one.pair <= pairs:
            signs[row, one.pair - 1] = -0.5 if one.pair in seen else 0.5
            seen.add(one.pair)
    return signs


def _gls_forms(series: Series, pairs: int, fitted: Fitted, window_days: int) -> _Forms:
    times, values = np.asarray(series.times), np.asarray(series.values)
    speed, fade = -np.log(fitted.phi), np.log(2) / fitted.half_life_days
    since = times[:, None] - np.asarray([one.time for one in series.sessions])[None, :]
    doses = np.asarray([one.dose for one in series.sessions])
    # A check-in at the very start of a session is one before it.
    felt = np.where(since > 0, doses * np.exp(-fade * np.maximum(since, 0.0)), 0.0)
    # The coefficient is then the mean change over the days after one session of dose 1.
    felt /= (1 - np.exp(-fade * window_days)) / (fade * window_days)
    middle = (times[0] + times[-1]) / 2
    others = np.column_stack(
        [
            np.ones_like(times),
            (times - middle) / 28,
            np.exp(-speed * (times - times[0])),
            felt.sum(axis=1),
        ]
    )
    whole = np.column_stack([values, felt @ _columns(series.sessions, pairs), others])
    flat = linalg.solve_triangular(_root(times, fitted, speed), whole, lower=True)
    y, moved, kept = flat[:, 0], flat[:, 1 : 1 + pairs], flat[:, 1 + pairs :]
    basis = _basis(kept)
    moved_only = moved - basis @ (basis.T @ moved)
    return _Forms(g=moved_only.T @ y, gram=moved_only.T @ moved_only)


def _root(times: Array, fitted: Fitted, speed: float) -> Array:
    """The lower root of C; two check-ins in one second are two readings of one state."""
    apart = np.abs(times[:, None] - times[None, :])
    share = min(fitted.rho, 1 - 1e-9)
    cov = fitted.s**2 * (share * np.exp(-speed * apart) + (1 - share) * np.eye(len(times)))
    return np.asarray(linalg.cholesky(cov, lower=True), dtype=np.float64)


def _basis(columns: Array) -> Array:
    """An orthonormal basis of what `columns` span, also where some say the same."""
    vectors, sizes, _ = linalg.svd(columns / _norms(columns), full_matrices=False)
    return np.asarray(vectors[:, sizes > 1e-9 * sizes[0]], dtype=np.float64)


def _norms(columns: Array) -> Array:
    norms = np.linalg.norm(columns, axis=0)
    return np.asarray(np.where(norms > 0, norms, 1.0), dtype=np.float64)


def _post_mean_forms(series: Series, pairs: int, window_days: int) -> _Forms:
    times, values = np.asarray(series.times), np.asarray(series.values)
    means: dict[int, list[float | None]] = {}
    for one in series.sessions:
        if one.pair is not None:
            after = values[(times > one.time) & (times <= one.time + window_days)]
            means.setdefault(one.pair, []).append(float(after.mean()) if len(after) else None)
    g = np.zeros(pairs)
    usable = np.zeros(pairs)
    for pair in range(1, pairs + 1):
        first, second = means[pair]
        if first is not None and second is not None:
            g[pair - 1], usable[pair - 1] = first - second, 1.0
    return _Forms(g=g, gram=np.diag(usable))
