"""The likelihood against the plain definition of it, and the compiled one against ours."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from tests.domain.outcomes.people import rated, with_values
from unknot.domain.outcomes.kernel import by_filter
from unknot.domain.outcomes.likelihood import (
    Array,
    Beliefs,
    Ratings,
    beliefs,
    by_covariance,
    design,
    marginals,
)
from unknot.domain.outcomes.model import load

us = st.tuples(st.floats(-4, 4), st.floats(-4, 4), st.floats(-2, 1.5), st.floats(-1, 3)).map(
    lambda one: np.array([one])
)


def plainly(u: Array, data: Ratings, prior: Beliefs) -> tuple[float, Array, Array]:
    """The same three answers by writing the whole normal distribution down."""
    phi, rho = 1 / (1 + math.exp(-u[0])), 1 / (1 + math.exp(-u[1]))
    a, sd = -math.log(phi), math.exp(u[2])
    gaps = np.abs(data.t[:, None] - data.t)
    noise = sd**2 * (rho * np.exp(-a * gaps) + (1 - rho) * np.eye(data.t.size))
    columns = design(data, a, math.log(2) / math.exp(u[3]))
    spread = np.diag(prior.sd**2)
    total = noise + columns @ spread @ columns.T
    density = multivariate_normal(columns @ prior.mean, total).logpdf(data.y)
    density += multivariate_normal(prior.u_mean, np.diag(prior.u_sd**2)).logpdf(u)
    gain = spread @ columns.T @ np.linalg.inv(total)
    mean = prior.mean + gain @ (data.y - columns @ prior.mean)
    return float(density), mean, spread - gain @ columns @ spread


@pytest.mark.parametrize("kinds", [1, 3])
def test_it_is_the_density_of_the_model_as_written_down(kinds: int) -> None:
    data, prior = rated(30, kinds=kinds), beliefs(load().prior, kinds)
    rng = np.random.default_rng(2)
    for _ in range(10):
        u = prior.u_mean + rng.normal(size=4) * prior.u_sd
        density, mean, covariance = plainly(u, data, prior)
        found = by_covariance(u[None, :], data, prior)
        assert found.log_density[0] == pytest.approx(density, abs=1e-7)
        assert found.mean[0] == pytest.approx(mean, abs=1e-7)
        assert found.covariance[0] == pytest.approx(covariance, abs=1e-7)


@settings(deadline=None)  # the first call compiles
@given(u=us, seed=st.integers(0, 50), n=st.integers(1, 60), kinds=st.integers(1, 3))
def test_the_compiled_kernel_answers_the_same(u: Array, seed: int, n: int, kinds: int) -> None:
    data, prior = rated(n, seed=seed, kinds=kinds), beliefs(load().prior, kinds)
    ours, compiled = by_covariance(u, data, prior), by_filter(u, data, prior)
    assert compiled.log_density == pytest.approx(ours.log_density, abs=1e-8)
    assert compiled.mean == pytest.approx(ours.mean, abs=1e-8)
    assert compiled.covariance == pytest.approx(ours.covariance, abs=1e-8)


def test_they_would_differ_for_another_half_life() -> None:
    data, prior = rated(), beliefs(load().prior, 1)
    one, other = np.array([[0.3, 0.5, 0.4, 1.0]]), np.array([[0.3, 0.5, 0.4, 1.1]])
    mine, theirs = by_covariance(one, data, prior), by_filter(other, data, prior)
    assert abs(mine.log_density[0] - theirs.log_density[0]) > 1e-4


@settings(deadline=None)
@given(u=us, seed=st.integers(0, 20))
def test_the_order_of_rows_with_the_same_time_does_not_matter(u: Array, seed: int) -> None:
    prior = beliefs(load().prior, 1)
    one = with_values([0, 1, 1, 2, 5], [3, 4, 7, 5, 5])
    other = with_values([0, 1, 1, 2, 5], [3, 7, 4, 5, 5])
    for evaluate in (by_covariance, by_filter):
        first, second = evaluate(u, one, prior), evaluate(u, other, prior)
        assert first.log_density == pytest.approx(second.log_density, abs=1e-9)


def test_a_session_acts_on_what_comes_after_it_only() -> None:
    data = with_values([0, 1, 2, 3, 4], [5, 5, 5, 5, 5])
    effect = design(data, 0.5, math.log(2))[:, 3]
    assert effect == pytest.approx([0, 0, 0, 0.5, 0.25])


def test_an_impossible_parameter_has_no_density_and_no_crash() -> None:
    data, prior = rated(10), beliefs(load().prior, 1)
    found = by_covariance(np.array([[0.0, 40.0, -400.0, 1.0]]), data, prior)
    assert found.log_density[0] == -math.inf


def test_many_rows_are_the_single_ones() -> None:
    data, prior = rated(), beliefs(load().prior, 1)
    u = prior.u_mean + np.random.default_rng(3).normal(size=(5, 4))
    together = marginals(u, data, prior)
    alone = [marginals(row[None, :], data, prior).log_density[0] for row in u]
    assert together.log_density == pytest.approx(alone, abs=1e-12)
