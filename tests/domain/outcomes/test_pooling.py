"""Stage 2 of the pool: against closed forms, a seeded practice, and the trap of stage 1."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import norm

from unknot.domain.outcomes import pooling
from unknot.domain.outcomes.pooling import PersonEffect, average, pool, prior_for_person

MEAN = np.array([-0.72, -0.4, 0.0])
BETWEEN = np.array([[0.25, 0.1, 0.0], [0.1, 0.2, 0.05], [0.0, 0.05, 0.15]])


def told(estimate, precision, *, prior_sd=pooling.ALMOST_FLAT, log_marginal=0.0):
    """Stage 1 of somebody whose answers alone say `estimate` with `precision`."""
    estimate, precision = np.atleast_1d(estimate), np.atleast_2d(precision)
    covariance = np.linalg.inv(precision + np.eye(len(estimate)) / prior_sd**2)
    return PersonEffect(
        effect=covariance @ precision @ estimate, covariance=covariance, log_marginal=log_marginal
    )


def a_practice(seed, n, *, prior_sd=pooling.ALMOST_FLAT, used=0.6):
    """People drawn around the mean, each with techniques they had and techniques they never had."""
    rng = np.random.default_rng(seed)
    truth = rng.multivariate_normal(MEAN, BETWEEN, n)
    people = []
    for effect in truth:
        doubt = rng.uniform(0.5, 1.3, len(MEAN))
        had = rng.random(len(MEAN)) < used
        people.append(told(rng.normal(effect, doubt), np.diag(had / doubt**2), prior_sd=prior_sd))
    return truth, people


def test_it_finds_the_mean_and_the_spread_of_a_practice():
    _truth, people = a_practice(7, 3000)
    found = pool(people)
    assert found.mean == pytest.approx(MEAN, abs=3.5 * np.sqrt(found.mean_doubt.max()))
    assert np.sqrt(np.diagonal(found.mean_doubt)).max() < 0.04
    assert found.between == pytest.approx(BETWEEN, abs=0.07)


def test_the_ranges_of_people_hold_the_truth_as_often_as_they_say():
    inside = []
    for seed in range(12):
        truth, people = a_practice(100 + seed, 200)
        found = pool(people)
        sd = np.sqrt(np.diagonal(found.people_doubt, axis1=1, axis2=2))
        inside.append(np.abs(found.people - truth) < 1.96 * sd)
    assert 0.92 < np.mean(inside) < 0.97


def test_what_others_report_holds_a_person_as_often_as_it_says():
    inside = []
    for seed in range(8):
        truth, people = a_practice(300 + seed, 200)
        found = pool(people)
        for person in range(len(people)):
            mean, sd = prior_for_person(found, person)
            inside.append(np.abs(truth[person] - mean) < 1.96 * sd)
    assert 0.91 < np.mean(inside) < 0.97  # the doubt about the spread itself is not carried


def test_an_ordinary_prior_in_stage_1_pulls_the_mean_to_zero():
    """The trap, and its negative control: the same practice, almost flat and with sd 1."""
    off, covered = {}, {}
    for prior_sd in (pooling.ALMOST_FLAT, 1.0):
        errors = []
        for seed in range(10):
            _truth, people = a_practice(500 + seed, 200, prior_sd=prior_sd)
            found = pool(people)
            errors.append((found.mean[0] - MEAN[0]) / np.sqrt(found.mean_doubt[0, 0]))
        off[prior_sd], covered[prior_sd] = np.mean(errors), np.mean(np.abs(errors) < 1.96)
    assert abs(off[pooling.ALMOST_FLAT]) < 0.8
    assert covered[pooling.ALMOST_FLAT] >= 0.8
    assert off[1.0] > 2  # towards zero: too small a benefit
    assert covered[1.0] <= 0.3


def test_a_technique_never_had_counts_for_nothing():
    rng = np.random.default_rng(3)
    some = [told([rng.normal(-1, 1), 0], np.diag([2.0, 1.5])) for _one in range(40)]
    never = [told([0, 0], np.diag([2.0, 0.0])) for _one in range(400)]
    alone, with_others = pool(some), pool([*some, *never])
    assert with_others.mean[1] == pytest.approx(alone.mean[1], abs=0.05)
    nobody = pool([told([-1.0, 0], np.diag([2.0, 0.0])) for _one in range(30)])
    assert np.sqrt(nobody.mean_doubt[1, 1]) == pytest.approx(pooling.MEAN_SD, rel=0.01)


def test_one_technique_is_the_top_of_the_penalised_likelihood():
    rng = np.random.default_rng(11)
    doubt = rng.uniform(0.4, 1.2, 30)
    seen = rng.normal(-0.7, np.hypot(doubt, 0.6))
    found = pool([told(b, 1 / s**2) for b, s in zip(seen, doubt, strict=True)])

    def cost(at):
        mean, variance = at[0], np.exp(at[1])
        likelihood = norm.logpdf(seen, mean, np.sqrt(variance + doubt**2)).sum()
        made_up = -np.log(variance) - pooling.MADE_UP_SD**2 / variance
        return -likelihood - made_up - norm.logpdf(mean, 0, pooling.MEAN_SD)

    best = minimize(cost, [0, 0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    assert found.mean[0] == pytest.approx(best.x[0], abs=1e-4)
    assert found.between[0, 0] == pytest.approx(np.exp(best.x[1]), abs=1e-4)


def test_one_person_agrees_with_integrating_over_the_mean():
    seen, doubt = np.array([-1.4, -0.2, -0.9, 0.3]), np.array([0.5, 0.7, 0.6, 0.9])
    found = pool([told(b, 1 / s**2) for b, s in zip(seen, doubt, strict=True)])
    spread = np.sqrt(found.between[0, 0])

    effect, mean = np.meshgrid(np.linspace(-6, 6, 801), np.linspace(-6, 6, 801))
    density = norm.pdf(mean, 0, pooling.MEAN_SD) * norm.pdf(effect, mean, spread)
    density *= norm.pdf(seen[0], effect, doubt[0])
    for other, sd in zip(seen[1:], doubt[1:], strict=True):
        density *= norm.pdf(other, mean, np.hypot(sd, spread))
    density /= density.sum()
    middle = (density * effect).sum()
    assert found.people[0, 0] == pytest.approx(middle, abs=1e-5)
    variance = (density * (effect - middle) ** 2).sum()
    assert found.people_doubt[0, 0, 0] == pytest.approx(variance, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(-9, 9),
            st.floats(-9, 9),
            st.sampled_from([0.0, 0.01, 1.0, 400.0]),
            st.sampled_from([0.0, 0.5, 3.0]),
            st.floats(-0.99, 0.99),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_spread_never_collapses_or_becomes_impossible(rows):
    people = []
    for a, b, first, second, r in rows:
        across = r * np.sqrt(first * second)
        people.append(told([a, b], [[first, across], [across, second]]))
    found = pool(people)
    made_up = len(MEAN[:2]) + 1
    floor = made_up * pooling.MADE_UP_SD**2 / (len(people) + made_up)
    for one in (found.between, found.mean_doubt, *found.people_doubt, *found.others_doubt):
        assert np.isfinite(one).all()
        assert np.linalg.eigvalsh(one).min() > 0
    assert np.linalg.eigvalsh(found.between).min() >= floor - 1e-9
    turned = pool(people[::-1])
    assert turned.mean == pytest.approx(found.mean, abs=1e-6)
    assert turned.people[::-1] == pytest.approx(found.people, abs=1e-6)


def test_a_person_is_left_out_of_what_others_report():
    people = [told(b, 4.0) for b in (-0.5, -0.7, -0.6, -0.4, -0.5, -0.8, -0.3, 2.5)]
    found, without = pool(people), pool(people[:-1])
    mean, sd = prior_for_person(found, len(people) - 1)
    assert mean[0] == pytest.approx(without.mean[0], abs=0.06)
    assert found.mean[0] > without.mean[0] + 0.15  # negative control: the odd one does pull
    alone = np.sqrt(without.between[0, 0] + without.mean_doubt[0, 0])
    assert alone <= sd[0] < np.sqrt(found.between[0, 0] + found.mean_doubt[0, 0]) * 0.8


def test_half_lives_are_averaged_by_their_evidence():
    truth, people = a_practice(2, 50)
    likely = pool(people)
    unlikely = pool(
        [
            PersonEffect(effect=3 + p.effect, covariance=p.covariance, log_marginal=-0.4)
            for p in people
        ]
    )
    both, weights = average([likely, unlikely], scales=[0.5, 0.8])
    assert weights.sum() == pytest.approx(1)
    assert weights[0] > 0.999
    assert both.mean == pytest.approx(0.5 * likely.mean, abs=1e-3)
    assert both.between == pytest.approx(0.25 * likely.between, abs=1e-3)
    same, halves = average([likely, likely])
    assert halves == pytest.approx([0.5, 0.5])
    _same, leaning = average([likely, likely], log_prior=np.log([0.2, 0.8]))
    assert leaning == pytest.approx([0.2, 0.8])
    assert same.people_doubt == pytest.approx(likely.people_doubt)
    assert truth.shape == same.people.shape


def test_half_lives_that_disagree_widen_the_range():
    near = pool([told(-0.5, 4.0) for _one in range(10)])
    far = pool([told(-2.5, 4.0) for _one in range(10)])
    both, weights = average([near, far])
    assert 0.05 < weights[0] < 0.99
    assert both.mean_doubt[0, 0] > max(near.mean_doubt[0, 0], far.mean_doubt[0, 0])


@pytest.mark.parametrize("people", [[], [told(1.0, 1.0), told([1.0, 2.0], np.eye(2))]])
def test_nobody_or_people_that_do_not_fit_together_are_refused(people):
    with pytest.raises(ValueError, match="same techniques"):
        pool(people)


def test_no_pool_is_no_average():
    with pytest.raises(ValueError, match="no pool"):
        average([])
