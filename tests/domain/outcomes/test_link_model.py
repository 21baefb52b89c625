"""The paired likelihood against the whole covariance written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm, solve_continuous_lyapunov
from scipy.stats import multivariate_normal

from unknot.domain.outcomes import link_model as link
from unknot.domain.outcomes.link_model import Pairs
from unknot.domain.outcomes.model import load

MODEL = load()
TYPICAL = np.array([0.3, 0.5, 0.6, 0.2, 0.4, 0.3, 0.25, -0.2, 0.4, 0.1])


def pairs(n=9, seed=1):
    rng = np.random.default_rng(seed)
    t = np.sort(rng.uniform(0, 2 * n, n))
    t -= t[0]
    return Pairs(
        t=t, y=rng.uniform(0, 10, (n, 2)), session_t=np.array([3.1, 8.4]), dose=np.array([1.0, 0.5])
    )


def by_hand(u, data):
    """The density from one big normal distribution."""
    a, rho, sd = np.logaddexp(0, -u[:2]), 1 / (1 + np.exp(-u[2:4])), np.exp(u[4:6])
    pull = np.array([[-a[0], u[6]], [u[7], -a[1]]])
    rate = np.diag(np.sqrt(2 * a))
    noise = rate @ np.array([[1, np.tanh(u[8])], [np.tanh(u[8]), 1]]) @ rate
    stationary = solve_continuous_lyapunov(pull, -noise)
    scale = np.diag(sd * np.sqrt(rho))
    wrong = np.diag(sd * np.sqrt(1 - rho))
    error = wrong @ np.array([[1, np.tanh(u[9])], [np.tanh(u[9]), 1]]) @ wrong
    n = len(data.t)
    total = np.zeros((2 * n, 2 * n))
    for i in range(n):
        for j in range(i + 1):
            block = scale @ expm(pull * (data.t[i] - data.t[j])) @ stationary @ scale
            total[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = block
            total[2 * j : 2 * j + 2, 2 * i : 2 * i + 2] = block.T
        total[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] += error
    columns = link.design(data, MODEL).reshape(2 * n, -1)
    mean, spread = link._linear_prior(MODEL)
    total += columns @ np.diag(spread**2) @ columns.T
    ratings = multivariate_normal.logpdf(data.y.ravel(), columns @ mean, total)
    centre, width = link.prior(MODEL)
    return ratings - 0.5 * (((u - centre) / width) ** 2).sum()


@pytest.mark.parametrize("shift", [0.0, 0.4, -0.7])
def test_the_filter_agrees_with_the_whole_covariance(shift):
    data, u = pairs(), TYPICAL + shift * np.array([1, -1, 1, 1, 0.3, -0.3, 0.2, 0.1, 1, 1])
    assert link.log_density(u, data, MODEL)[0] == pytest.approx(by_hand(u, data), abs=1e-8)


def test_many_parameters_at_once_are_each_their_own():
    data = pairs(12, seed=4)
    several = TYPICAL + np.linspace(-0.5, 0.5, 7)[:, None]
    together = link.log_density(several, data, MODEL)
    alone = [link.log_density(one, data, MODEL)[0] for one in several]
    assert together == pytest.approx(alone, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-2, 2), min_size=4, max_size=4), st.floats(0, 30))
def test_the_closed_form_is_the_matrix_exponential(entries, gap):
    pull = np.array(entries).reshape(2, 2) - 2.5 * np.eye(2)
    found = link._exponential(pull[None], np.array([gap]))[0, 0]
    assert found == pytest.approx(expm(pull * gap), rel=1e-9, abs=1e-9)


def test_what_would_run_away_has_no_density():
    wild = TYPICAL.copy()
    wild[6] = wild[7] = 3.0
    assert link.log_density(wild, pairs(), MODEL)[0] == -np.inf


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-4, 4), min_size=10, max_size=10))
def test_a_density_is_a_number_or_minus_infinity(u):
    same = Pairs(
        t=np.array([0.0, 0.0, 0.0, 400.0]), y=np.full((4, 2), 10.0),
        session_t=np.zeros(0), dose=np.zeros(0),
    )  # fmt: skip
    found = link.log_density(np.array(u), same, MODEL)[0]
    assert not np.isnan(found)
    assert found < np.inf


def test_a_day_later_is_the_exponential_of_the_pull():
    a = np.logaddexp(0, -TYPICAL[:2])
    pull = np.array([[-a[0], TYPICAL[6]], [TYPICAL[7], -a[1]]])
    assert link.day_later(TYPICAL)[0] == pytest.approx(expm(pull))
