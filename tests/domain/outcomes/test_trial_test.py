"""The randomisation test: exact by enumeration, and not when it has seen the labels."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from unknot.domain.outcomes.trial_test import (
    BadSeries,
    Fitted,
    Result,
    Series,
    Session,
    gls,
    patterns,
    post_mean,
)

FITTED = Fitted(phi=0.6, rho=0.6, s=1.5, half_life_days=3.0)
ALPHAS = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5)


def a_series(seed: int, pairs: int, *, gap: float = 7.0, before: float = 7.0) -> Series:
    """Evening check-ins with gaps, weekly sessions, a slow wave: no difference between A and B."""
    random = np.random.default_rng(seed)
    sessions = tuple(Session(time=before + gap * at, pair=at // 2 + 1) for at in range(2 * pairs))
    days = np.arange(0.0, before + gap * 2 * pairs + 4) + 0.8
    days = days[random.random(len(days)) > 0.35]
    state = np.cumsum(random.normal(0, 0.6, len(days)))
    values = np.clip(np.round(5 + state + random.normal(0, 1, len(days))), 0, 10)
    return Series(times=tuple(days), values=tuple(values), sessions=sessions)


def shifted(series: Series, labels: Sequence[int], points: float) -> Series:
    """The same days if the effect of A were `points` higher than that of B, fading by half."""
    values = np.asarray(series.values)
    for pair, label in enumerate(labels, 1):
        first, second = (one for one in series.sessions if one.pair == pair)
        for one, sign in ((first, label), (second, -label)):
            since = np.asarray(series.times) - one.time
            decay = np.exp(-np.log(2) / 3.0 * np.maximum(since, 0.0))
            values = values + np.where(since > 0, sign * points / 2 * decay, 0.0)
    return Series(times=series.times, values=tuple(values), sessions=series.sessions)


def by_gls(series: Series, labels: Sequence[int]) -> Result:
    return gls(series, labels, FITTED)


def by_means(series: Series, labels: Sequence[int]) -> Result:
    return post_mean(series, labels)


def share_of_false_claims(
    p_of: Callable[[Sequence[int]], float], pairs: int, alpha: float
) -> float:
    """Over all equally likely draws of one fixed series, how often p is at most alpha."""
    ps = [p_of(labels) for labels in product((1, -1), repeat=pairs)]
    return float(np.mean([p <= alpha for p in ps]))


@pytest.mark.parametrize("test", [by_gls, by_means])
@pytest.mark.parametrize("seed", range(6))
def test_over_all_draws_p_is_at_most_alpha_in_at_most_a_share_alpha(
    test: Callable[[Series, Sequence[int]], Result], seed: int
) -> None:
    series = a_series(seed, 6)
    for alpha in ALPHAS:
        assert share_of_false_claims(lambda labels: test(series, labels).p, 6, alpha) <= alpha


def test_the_guard_is_real_a_plain_t_test_on_the_same_days_is_not_exact() -> None:
    """Negative control: a t test of the days after A against those after B forgets the wave."""

    def t_test(series: Series) -> Callable[[Sequence[int]], float]:
        def p(labels: Sequence[int]) -> float:
            after: dict[int, list[float]] = {1: [], -1: []}
            for pair, label in enumerate(labels, 1):
                first, second = (one for one in series.sessions if one.pair == pair)
                for one, sign in ((first, label), (second, -label)):
                    after[sign] += [
                        value
                        for time, value in zip(series.times, series.values, strict=True)
                        if one.time < time <= one.time + 3
                    ]
            return float(stats.ttest_ind(after[1], after[-1]).pvalue)

        return p

    shares = [share_of_false_claims(t_test(a_series(seed, 6)), 6, 0.05) for seed in range(6)]
    assert max(shares) > 0.05


def test_the_guard_is_real_a_half_life_chosen_with_the_labels_is_not_exact() -> None:
    """Negative control: whoever looks for the half-life that parts A and B best finds too much."""
    half_lives = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)

    def best(series: Series) -> Callable[[Sequence[int]], float]:
        return lambda labels: min(
            gls(series, labels, Fitted(phi=0.6, rho=0.6, s=1.5, half_life_days=one)).p
            for one in half_lives
        )

    shares = [share_of_false_claims(best(a_series(seed, 6)), 6, 0.05) for seed in range(4)]
    assert max(shares) > 0.05


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    labels=st.lists(st.sampled_from((1, -1)), min_size=4, max_size=8),
    test=st.sampled_from((by_gls, by_means)),
)
def test_p_is_bounded_and_the_names_of_the_techniques_do_not_matter(
    seed: int, labels: list[int], test: Callable[[Series, Sequence[int]], Result]
) -> None:
    series = a_series(seed, len(labels))
    found, swapped = test(series, labels), test(series, [-one for one in labels])
    assert 2.0 ** (1 - len(labels)) <= found.p <= 1
    assert swapped.p == found.p
    assert swapped.difference == pytest.approx(-found.difference, abs=1e-9)
    assert found.p * found.lists == pytest.approx(round(found.p * found.lists))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000), labels=st.lists(st.sampled_from((1, -1)), min_size=6, max_size=8)
)
def test_zero_lies_outside_the_range_exactly_when_p_is_at_most_alpha(
    seed: int, labels: list[int]
) -> None:
    found = gls(shifted(a_series(seed, len(labels)), labels, -2.0), labels, FITTED)
    outside = (found.low is not None and found.low > 0) or (
        found.high is not None and found.high < 0
    )
    assert found.level == pytest.approx(0.95)
    if outside:
        assert found.p <= 0.05
    if found.p > 0.05:
        assert not outside


def test_a_plain_difference_is_found_in_its_size_and_direction() -> None:
    labels = [1, -1, -1, 1, 1, -1, 1, -1]
    days = tuple(np.arange(0.0, 125.0) + 0.8)
    flat = Series(
        times=days,
        values=tuple(5.0 for _ in days),
        sessions=a_series(0, 8).sessions,
    )
    found = gls(shifted(flat, labels, -2.0), labels, FITTED)
    after_three_days = -2.0 * (1 - 0.5) / (np.log(2))  # mean of a decay with half-life 3 over 3 d
    assert found.difference == pytest.approx(after_three_days, rel=1e-6)
    assert found.p == 2 / 256
    means = post_mean(shifted(flat, labels, -2.0), labels)
    assert means.difference < 0


def test_days_that_are_all_equal_find_nothing() -> None:
    base = a_series(3, 6)
    flat = Series(times=base.times, values=(4.0,) * len(base.times), sessions=base.sessions)
    for found in (by_gls(flat, [1] * 6), by_means(flat, [1] * 6)):
        assert found.p == 1
        assert found.difference == pytest.approx(0.0, abs=1e-9)


def test_check_ins_in_one_second_and_before_everything_are_no_obstacle() -> None:
    base = a_series(4, 4)
    doubled = Series(
        times=(*base.times, base.times[3], 0.0),
        values=(*base.values, 9.0, 0.0),
        sessions=base.sessions,
    )
    assert 0.125 <= by_gls(doubled, [1, 1, -1, 1]).p <= 1


def test_nobody_answered_after_the_sessions_says_nothing() -> None:
    base = a_series(5, 4)
    early = Series(times=(0.5, 1.5, 2.5), values=(3.0, 4.0, 5.0), sessions=base.sessions)
    assert by_gls(early, [1, 1, 1, 1]).p == 1
    assert by_means(early, [1, 1, 1, 1]).p == 1


@pytest.mark.parametrize(
    ("times", "values", "labels"),
    [
        ((), (), [1] * 4),
        ((1.0,), (1.0, 2.0), [1] * 4),
        ((1.0,), (float("nan"),), [1] * 4),
        ((1.0,), (1.0,), []),
        ((1.0,), (1.0,), [1, 0, 1, 1]),
        ((1.0,), (1.0,), [1] * 5),
    ],
)
def test_what_cannot_be_analysed_is_said(
    times: tuple[float, ...], values: tuple[float, ...], labels: list[int]
) -> None:
    with pytest.raises(BadSeries):
        by_gls(Series(times=times, values=values, sessions=a_series(1, 4).sessions), labels)


@pytest.mark.parametrize("wrong", [{"phi": 1.0}, {"rho": 1.2}, {"s": 0.0}, {"half_life_days": 0.0}])
def test_a_fit_that_is_none_is_refused(wrong: dict[str, float]) -> None:
    values = {"phi": 0.6, "rho": 0.6, "s": 1.5, "half_life_days": 3.0}
    with pytest.raises(BadSeries):
        Fitted(**(values | wrong))


def test_the_lists_are_all_different_and_each_has_its_opposite() -> None:
    rows = {tuple(row) for row in patterns(6)}
    assert len(rows) == 64
    assert {tuple(-one for one in row) for row in rows} == rows
    with pytest.raises(BadSeries):
        patterns(0)


def test_400_trials_without_a_difference_are_called_one_no_more_often_than_chance() -> None:
    """The whole chain on drawn lists: at 6 pairs the smallest p is 1/32, so that is the limit."""
    random = np.random.default_rng(20260327)
    found = [
        post_mean(a_series(seed, 6), [int(one) for one in random.choice((1, -1), 6)]).p <= 0.05
        for seed in range(400)
    ]
    most = stats.binom.ppf(0.999, 400, 1 / 32)
    assert np.sum(found) <= most
