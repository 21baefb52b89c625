"""The same likelihood in one pass over time, compiled; the optional extra `fast`.

A scalar Kalman filter for x runs along the rating and every column of the design at once; their
innovations are the whitened columns. It costs n steps instead of n^3 and answers as
`likelihood.by_covariance` does, to 1e-8 (a test compares them).

Units   as likelihood.py.
Errors  none: an impossible u has density -inf.
Source  Durbin and Koopman 2012, 4.3 and 6.2.3 (filtering columns beside the observations)
"""

import math

import numpy as np
from numba import njit

from unknot.domain.outcomes.likelihood import (
    FIXED,
    LOG_2PI,
    MONTH,
    Array,
    Beliefs,
    Marginal,
    Ratings,
)


def by_filter(u: Array, ratings: Ratings, beliefs: Beliefs) -> Marginal:
    """Evaluate the rows of `u`, (draws, 4), by filtering."""
    size = beliefs.mean.size
    found = Marginal(
        np.full(len(u), -np.inf), np.zeros((len(u), size)), np.zeros((len(u), size, size))
    )
    _rows(
        np.ascontiguousarray(u),
        ratings.t,
        ratings.y,
        (ratings.t_0, ratings.t_mid),
        ratings.session_t,
        ratings.dose,
        ratings.kind,
        (beliefs.u_mean, beliefs.u_sd, beliefs.mean, beliefs.sd),
        found.log_density,
        found.mean,
        found.covariance,
    )
    return found


@njit(cache=True)
def _rows(u, t, y, when, session_t, dose, kind, prior, log_density, mean, covariance):  # type: ignore[no-untyped-def]  # noqa: PLR0913 - compiled code takes arrays, not objects
    u_mean, u_sd, b_mean, b_sd = prior
    size = b_mean.size
    products = np.zeros((size + 1, size + 1))
    for row in range(u.shape[0]):
        log_det = _whiten(u[row], t, y, when, session_t, dose, kind, b_mean, products)
        rest, more = _integrate(products, b_sd, mean[row], covariance[row])
        if not math.isfinite(rest):
            continue
        total = t.size * LOG_2PI + log_det + more + rest
        for j in range(4):
            step = (u[row, j] - u_mean[j]) / u_sd[j]
            total += step * step + 2.0 * math.log(u_sd[j]) + LOG_2PI
        log_density[row] = -0.5 * total
        mean[row] += b_mean


@njit(cache=True)
def _whiten(u, t, y, when, session_t, dose, kind, b_mean, products):  # type: ignore[no-untyped-def]  # noqa: PLR0913 - see above
    """Fill the inner products of the whitened columns and of the rest; return log |C|."""
    rho = 1.0 / (1.0 + math.exp(-u[1]))
    a, fade = math.log(1.0 + math.exp(-u[0])), math.log(2.0) / math.exp(u[3])
    state, error = math.exp(2.0 * u[2]) * rho, math.exp(2.0 * u[2]) * (1.0 - rho)
    size = b_mean.size
    products[:, :] = 0.0
    column, filtered, effect = np.zeros(size + 1), np.zeros(size + 1), np.zeros(size)
    variance, log_det, before, session = state, 0.0, t[0], 0
    for i in range(t.size):
        left = math.exp(-a * (t[i] - before))
        variance = left * left * variance + state * (1.0 - left * left)
        filtered *= left
        effect *= math.exp(-fade * (t[i] - before))
        session = _arrive(session, t[i], session_t, dose, kind, fade, effect)
        before = t[i]
        column[:size] = effect
        column[0], column[1] = 1.0, (t[i] - when[1]) / MONTH
        column[2] = math.exp(-a * (t[i] - when[0]))
        column[size] = y[i]
        for k in range(size):
            column[size] -= column[k] * b_mean[k]
        total = variance + error
        log_det += math.log(total)
        column -= filtered
        filtered += (variance / total) * column
        for k in range(size + 1):
            for m in range(k + 1):
                products[k, m] += column[k] * column[m] / total
        variance *= error / total
    return log_det


@njit(cache=True)
def _arrive(session, now, session_t, dose, kind, fade, effect):  # type: ignore[no-untyped-def]
    """Add the sessions that have ended before `now`; return the first that has not."""
    while session < session_t.size and session_t[session] < now:
        left = math.exp(-fade * (now - session_t[session]))
        effect[FIXED + kind[session]] += dose[session] * left
        session += 1
    return session


@njit(cache=True)
def _integrate(products, b_sd, mean, covariance):  # type: ignore[no-untyped-def]
    """Fill mean shift and covariance of the linear part; return quadratic rest and log dets."""
    size = b_sd.size
    factor, log_det = np.zeros((size, size)), 0.0
    for k in range(size):
        for m in range(k):
            factor[k, m] = (products[k, m] - _dot(factor, k, m)) / factor[m, m]
        square = products[k, k] + b_sd[k] ** -2.0 - _dot(factor, k, k)
        if not square > 0.0:
            return math.inf, 0.0
        factor[k, k] = math.sqrt(square)
        log_det += 2.0 * math.log(factor[k, k] * b_sd[k])
    inverse = _inverse(factor)
    rest = products[size, size]
    for k in range(size):
        mean[k] = 0.0
        for m in range(size):
            covariance[k, m] = 0.0
            for i in range(max(k, m), size):
                covariance[k, m] += inverse[i, k] * inverse[i, m]
            mean[k] += covariance[k, m] * products[size, m]
        rest -= mean[k] * products[size, k]
    return rest, log_det


@njit(cache=True)
def _dot(factor, k, m):  # type: ignore[no-untyped-def]
    value = 0.0
    for i in range(m):
        value += factor[k, i] * factor[m, i]
    return value


@njit(cache=True)
def _inverse(factor):  # type: ignore[no-untyped-def]
    """The inverse of a lower triangle."""
    size = factor.shape[0]
    inverse = np.zeros((size, size))
    for k in range(size):
        inverse[k, k] = 1.0 / factor[k, k]
        for m in range(k):
            for i in range(m, k):
                inverse[k, m] -= factor[k, i] * inverse[i, m] / factor[k, k]
    return inverse
