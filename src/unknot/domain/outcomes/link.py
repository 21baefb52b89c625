"""Whether pain and stress go together, and whether one goes before the other.

Early only the same day is compared, trend removed, and labelled as such. Past its gate (half a year
and a hundred pairs) the model of `link_model` is fitted: its mode, its curvature, and a weighted
sample. Which comes first is said at a chance of 0.975, and in both directions at once never; most
people get "they go together, and the order cannot be told". Nothing here is a cause.

Units   days of real time, points 0 to 10, chances; a pull is in standard deviations a day later.
Errors  none: ratings that say nothing end in "cannot tell".
Source  reference note on statistics, 7; Bartlett 1935 (correlation of series that remember)
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaincinv, ndtri
from scipy.stats import qmc

from unknot.domain.outcomes import link_model
from unknot.domain.outcomes.findings import Gate, Link, LinkState
from unknot.domain.outcomes.likelihood import Array
from unknot.domain.outcomes.link_model import SIZE, Pairs
from unknot.domain.outcomes.model import Model
from unknot.domain.outcomes.observations import days_since
from unknot.domain.outcomes.series import CheckIn, Session

DRAWS = 512
#: Below so many equally weighted draws the sample is not trusted with a direction.
MIN_EFFECTIVE = 40
#: A correlation this small, for all its range allows, is as good as none.
SMALL = 0.3
_FREEDOM, _SEED, _STEP, _BEND = 6.0, 20_261, 1e-4, 0.05
_FLATTEST = 0.5  # a proposal is at most this much wider than the prior, as a share of precision
_EDGES = np.array([(-6, 6)] * 4 + [(-4, 2.5)] * 2 + [(-2, 2)] * 4, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """How one rating goes before the other: standard deviations a day later, and its 95 % range."""

    mean: float
    low: float
    high: float
    p_positive: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Both directions, and how many equally weighted draws they rest on."""

    pain_to_stress: Pull
    stress_to_pain: Pull
    effective_draws: float


def link(check_ins: Sequence[CheckIn], sessions: Sequence[Session], model: Model) -> Link:
    """Judge how pain and stress of one person go together; fits only past the gate."""
    data = pairs(check_ins, sessions)
    count = len(data.t)
    days = int(data.t[-1]) if count else 0
    gates = (
        Gate(name="days", have=days, need=model.gate.link_days),
        Gate(name="pairs", have=count, need=model.gate.link_pairs),
    )
    correlation = same_day(data) if count >= model.gate.same_day_pairs else None
    state: LinkState = "too_early"
    if correlation is not None:
        _middle, low, high = correlation
        state = _together(low, high)
        if all(gate.is_open for gate in gates):
            state = _first(order(data, model), model) or state
    return Link(
        state=state,
        pairs=count,
        days=days,
        same_day=None if correlation is None else round(correlation[0], 2),
        gates=gates,
    )


def pairs(check_ins: Sequence[CheckIn], sessions: Sequence[Session]) -> Pairs:
    """The check-ins with both ratings, in order of time, and the sessions before the last."""
    both = sorted(
        ((one.at, one.pain, one.stress) for one in check_ins), key=lambda row: row[0].timestamp()
    )
    rows = [(at, pain, stress) for at, pain, stress in both if None not in (pain, stress)]
    acting = [one for one in sessions if rows and one.end < rows[-1][0]]
    return Pairs(
        t=np.array([days_since(rows[0][0], at) for at, _pain, _stress in rows]),
        y=np.array([row[1:] for row in rows], dtype=np.float64).reshape(len(rows), 2),
        session_t=np.array([days_since(rows[0][0], one.end) for one in acting]),
        dose=np.array([one.minutes / 60 for one in acting]),
    )


def same_day(data: Pairs) -> tuple[float, float, float]:
    """The correlation on the same day with its 95 % range, the trend of each taken out.

    Days that remember each other count for fewer; ratings that never vary say nothing: (0, -1, 1).
    """
    trend = np.column_stack([np.ones_like(data.t), data.t])
    left = data.y - trend @ np.linalg.lstsq(trend, data.y, rcond=None)[0]
    spread = left.std(axis=0)
    if (spread < 1e-6).any():
        return 0.0, -1.0, 1.0
    correlation = float(np.clip((left[:, 0] * left[:, 1]).mean() / spread.prod(), -0.999, 0.999))
    memory = ((left[1:] * left[:-1]).mean(axis=0) / spread**2).prod()
    shared = min(max(float(memory), 0.0), 0.9)
    worth = max(len(data.t) * (1 - shared) / (1 + shared), 4.0)
    reach = 1.96 / math.sqrt(worth - 3)
    middle = math.atanh(correlation)
    return correlation, math.tanh(middle - reach), math.tanh(middle + reach)


def order(data: Pairs, model: Model) -> Order:
    """Fit the model of both ratings and read off how much of each a day later comes from which."""
    mode = _mode(data, model)
    root = _proposal(mode, data, model)
    standard, log_scale = _draws()
    u = np.clip(mode + standard @ root.T, *_EDGES.T)
    weight = _weights(link_model.log_density(u, data, model) + log_scale)
    later = link_model.day_later(u)
    return Order(
        pain_to_stress=_pull(later[:, 1, 0], weight),
        stress_to_pain=_pull(later[:, 0, 1], weight),
        effective_draws=float(1 / np.square(weight).sum()),
    )


def _together(low: float, high: float) -> LinkState:
    if low > 0:
        return "together"
    return "apart" if high < SMALL else "cannot_tell"


def _first(found: Order, model: Model) -> LinkState | None:
    """Which goes first, where exactly one direction is sure enough."""
    if found.effective_draws < MIN_EFFECTIVE:
        return None
    pain = found.pain_to_stress.p_positive >= model.rule.link
    stress = found.stress_to_pain.p_positive >= model.rule.link
    if pain == stress:
        return None
    return "pain_first" if pain else "stress_first"


def _mode(data: Pairs, model: Model) -> Array:
    centre, spread = link_model.prior(model)
    start = centre.copy()
    start[4:6] = np.log(np.clip(data.y.std(axis=0), 0.2, 4.0))
    offsets = np.vstack([np.zeros(SIZE), np.eye(SIZE) * _STEP]) * spread

    def cost(steps: Array) -> tuple[float, Array]:
        values = -link_model.log_density(centre + steps * spread + offsets, data, model)
        if not np.isfinite(values).all():
            return 1e10, np.zeros(SIZE)
        return float(values[0]), (values[1:] - values[0]) / _STEP

    edges = (_EDGES - centre[:, None]) / spread[:, None]
    found = minimize(
        cost, (start - centre) / spread, jac=True, method="L-BFGS-B", bounds=edges, tol=1e-5
    )
    return np.asarray(centre + found.x * spread)


def _proposal(mode: Array, data: Pairs, model: Model) -> Array:
    """A square root of the inverse curvature at the mode, no wider than the prior allows."""
    spread = link_model.prior(model)[1]
    unit = np.diag(spread) * _BEND
    pairs_ = [(i, j) for i in range(SIZE) for j in range(i)]
    points = [mode, *(mode + sign * unit[i] for i in range(SIZE) for sign in (1, -1))]
    points += [mode + sign * (unit[i] + unit[j]) for i, j in pairs_ for sign in (1, -1)]
    f = -link_model.log_density(np.array(points), data, model)
    f = np.where(np.isfinite(f), f, f[0])
    bent = np.diag(f[1 : 2 * SIZE : 2] + f[2 : 2 * SIZE + 1 : 2] - 2 * f[0])
    for row, (i, j) in enumerate(pairs_):
        at = 1 + 2 * SIZE + 2 * row
        both = f[at] + f[at + 1] - 2 * f[0]
        bent[i, j] = bent[j, i] = 0.5 * (both - bent[i, i] - bent[j, j])
    values, vectors = np.linalg.eigh(bent / _BEND**2)
    return np.asarray(spread[:, None] * vectors / np.sqrt(np.maximum(values, _FLATTEST)))


def _draws() -> tuple[Array, Array]:
    """Standard t draws and minus their log density, up to a constant; the same every time."""
    uniform = qmc.Sobol(d=SIZE + 1, scramble=True, rng=_SEED).random(DRAWS)
    uniform = np.clip(uniform, 1e-9, 1 - 1e-9)
    chi_square = 2 * gammaincinv(_FREEDOM / 2, uniform[:, SIZE])
    z = ndtri(uniform[:, :SIZE]) * np.sqrt(_FREEDOM / chi_square)[:, None]
    return z, 0.5 * (_FREEDOM + SIZE) * np.log1p((z**2).sum(axis=1) / _FREEDOM)


def _weights(log_weight: Array) -> Array:
    """Weights that sum to one, none above the mean times the root of the count."""
    highest = float(log_weight.max())
    if not math.isfinite(highest):
        return np.full(log_weight.size, 1 / log_weight.size)
    raw = np.exp(log_weight - highest)
    raw = np.minimum(raw, raw.mean() * math.sqrt(raw.size))
    return np.asarray(raw / raw.sum())


def _pull(values: Array, weight: Array) -> Pull:
    in_order = np.argsort(values)
    below = np.cumsum(weight[in_order])
    low, high = (
        float(values[in_order][min(int(np.searchsorted(below, chance)), len(values) - 1)])
        for chance in (0.025, 0.975)
    )
    return Pull(
        mean=float(weight @ values), low=low, high=high, p_positive=float(weight @ (values > 0))
    )
