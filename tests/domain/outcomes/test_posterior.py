"""The posterior: repeatable, close to a far larger sample, and never impossible."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.outcomes.people import rated, with_values
from unknot.domain.outcomes.effects import effect
from unknot.domain.outcomes.likelihood import beliefs
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.posterior import Mixture, posterior

PRIOR = beliefs(load().prior, 1)


def test_the_same_ratings_give_the_same_answer() -> None:
    one, other = (posterior(rated(), PRIOR, draws=128) for _ in range(2))
    assert (one.weight == other.weight).all()
    assert (one.u == other.u).all()


@pytest.mark.parametrize("seed", range(6))
def test_128_draws_answer_as_8192_do(seed: int) -> None:
    data = rated(60, seed=seed)
    few, many = posterior(data, PRIOR, draws=128), posterior(data, PRIOR, draws=8192)
    small, large = effect(few, horizon_days=3), effect(many, horizon_days=3)
    assert abs(small.expectation - large.expectation) < 0.06 * large.deviation
    assert abs(small.below(0) - large.below(0)) < 0.02
    assert few.effective_draws > 40


HARD = {
    "one check-in": ([0.0], [7.0]),
    "two in the same second": ([0.0, 0.0], [3.0, 8.0]),
    "all equal": (list(map(float, range(40))), [5.0] * 40),
    "all nothing": (list(map(float, range(40))), [0.0] * 40),
    "all as bad as can be": (list(map(float, range(40))), [10.0] * 40),
    "two years of silence": ([0.0, 1.0, 2.0, 732.0, 733.0], [5.0, 6.0, 4.0, 5.0, 2.0]),
    "from one end to the other": (list(map(float, range(20))), [0.0, 10.0] * 10),
}


@pytest.mark.parametrize("name", HARD)
def test_no_series_breaks_it(name: str) -> None:
    found = posterior(with_values(*HARD[name]), PRIOR, draws=128)
    told = effect(found, horizon_days=3)
    assert np.isfinite(found.mean).all()
    assert np.linalg.eigvalsh(found.covariance).min() > 0
    assert found.weight.sum() == pytest.approx(1)
    assert 1 <= found.effective_draws <= 128
    assert np.isfinite([told.expectation, told.deviation, told.quantile(0.025)]).all()


def test_without_any_information_the_prior_comes_back() -> None:
    found = posterior(with_values([0.0], [5.0]), PRIOR, draws=1024)
    told = effect(found, horizon_days=3)
    assert told.expectation == pytest.approx(0, abs=0.05)
    assert told.below(0) == pytest.approx(0.5, abs=0.03)
    assert found.u[:, 3] @ found.weight == pytest.approx(load().prior.half_life.mean, abs=0.1)


@settings(deadline=None, max_examples=40)
@given(
    y=st.lists(st.integers(0, 10), min_size=1, max_size=25),
    gaps=st.lists(st.floats(0, 40), min_size=25, max_size=25),
)
def test_whatever_is_answered_there_is_a_proper_distribution(
    y: list[int], gaps: list[float]
) -> None:
    t = list(np.cumsum(gaps[: len(y)]))
    told = effect(posterior(with_values(t, list(map(float, y))), PRIOR, draws=64), horizon_days=3)
    assert told.quantile(0.025) < told.quantile(0.5) < told.quantile(0.975)
    assert 0 <= told.below(0) <= 1


mixtures = st.lists(
    st.tuples(st.floats(0.01, 1), st.floats(-5, 5), st.floats(0.05, 3)), min_size=1, max_size=8
)


@given(parts=mixtures, chance=st.floats(0.01, 0.99))
def test_a_quantile_undoes_the_chance(
    parts: list[tuple[float, float, float]], chance: float
) -> None:
    weight, mean, sd = np.array(parts).T
    mixture = Mixture(weight=weight / weight.sum(), mean=mean, sd=sd)
    assert mixture.below(mixture.quantile(chance)) == pytest.approx(chance, abs=1e-9)
    assert mean.min() - 1e-9 <= mixture.expectation <= mean.max() + 1e-9
