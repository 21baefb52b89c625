"""Therapist effects: shrunken and adjusted; practices without differences; a real trial."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from unknot.domain.outcomes import therapists
from unknot.domain.outcomes.therapists import Followed, effects

SAMPLE = Path(__file__).parents[2] / "data" / "vickers2004_treated.csv"
#: Very unequal volumes, 200 clients together.
VOLUMES = (60, 45, 30, 22, 16, 12, 9, 6)


def a_practice(seed, sd, *, volumes=VOLUMES, mixed=0.0):
    """Clients of therapists who differ by `sd`; with `mixed`, some get the harder cases."""
    rng = np.random.default_rng(seed)
    effect = rng.normal(0, sd, len(volumes)) if sd else np.zeros(len(volumes))
    rows = []
    for therapist, clients in enumerate(volumes):
        for _client in range(clients):
            months = rng.gamma(2, 12) + mixed * 12 * (therapist % 2)
            baseline = rng.normal(5.5, 1.5)
            expected = -1 - 0.4 * (baseline - 5.5) + 0.02 * (months - 24)
            rows.append(
                Followed(
                    therapist=therapist,
                    technique=str(rng.choice(["swedish", "deep_tissue"])),
                    baseline=baseline,
                    change=expected + effect[therapist] + rng.normal(0, 1.6),
                    mix=(months, rng.normal(45, 12), float(rng.integers(3, 12))),
                )
            )
    return effect, rows


def flags_by_average(rows):
    """The trap: whoever's raw mean change lies outside of the practice's, 1.96 standard errors."""
    practice = np.mean([one.change for one in rows])
    for therapist in {one.therapist for one in rows}:
        changes = np.array([one.change for one in rows if one.therapist == therapist])
        error = changes.std(ddof=1) / np.sqrt(len(changes))
        if abs(changes.mean() - practice) > 1.96 * error:
            return True
    return False


def test_practices_where_nobody_differs_flag_nobody():
    practices = [a_practice(seed, 0.0, mixed=2.0)[1] for seed in range(60)]
    flagged = [
        any(e.is_distinguishable for e in effects(rows, minimum=1).effects) for rows in practices
    ]
    assert np.mean(flagged) <= 0.02
    assert np.mean([flags_by_average(rows) for rows in practices]) > 0.4  # negative control


def test_shrunken_effects_lie_closer_to_the_truth_than_averages():
    errors, raw, inside = [], [], []
    for seed in range(25):
        truth, rows = a_practice(1000 + seed, 0.3, mixed=2.0)
        practice = np.mean([one.change for one in rows])
        for one in effects(rows, minimum=1).effects:
            inside.append(one.low < truth[one.therapist] < one.high)
            errors.append(one.mean - truth[one.therapist])
            changes = [row.change for row in rows if row.therapist == one.therapist]
            raw.append(np.mean(changes) - practice - truth[one.therapist])
    assert np.sqrt(np.mean(np.square(errors))) < 0.7 * np.sqrt(np.mean(np.square(raw)))
    assert 0.90 < np.mean(inside) < 0.99


def test_great_differences_are_found():
    """The other half of the guard: it does not keep quiet about everybody."""
    practices = [a_practice(2000 + seed, 0.6)[1] for seed in range(20)]
    found = [any(e.is_distinguishable for e in effects(rows).effects) for rows in practices]
    assert np.mean(found) > 0.2


def test_nothing_is_said_below_twenty_clients():
    _truth, rows = a_practice(1, 0.0)
    found = effects(rows)
    assert [one.therapist for one in found.effects] == [0, 1, 2, 3]
    assert [one.clients for one in found.effects] == [60, 45, 30, 22]
    nineteen = [one for one in rows if one.therapist != 3] + [
        one for one in rows if one.therapist == 3
    ][:19]
    assert [one.therapist for one in effects(nineteen).effects] == [0, 1, 2]


def test_an_effect_agrees_with_the_whole_covariance_written_out():
    """Marginal likelihood and effect at one pair of sds, by brute force."""
    _truth, rows = a_practice(5, 0.5, volumes=(9, 7, 5))
    names = [0, 1, 2]
    design = therapists._design(rows)
    tau, sigma = 0.5, 1.4
    fit = therapists._fit(therapists._sums(rows, names, design), tau, sigma)
    member = np.array([[one.therapist == name for name in names] for one in rows], dtype=float)
    change = np.array([one.change for one in rows])
    wide = 1e4
    total = sigma**2 * np.eye(len(rows)) + tau**2 * member @ member.T + wide * design @ design.T
    effect = tau**2 * member.T @ np.linalg.solve(total, change)
    doubt = tau**2 * np.eye(3) - tau**4 * member.T @ np.linalg.solve(total, member)
    assert fit.means == pytest.approx(effect, abs=1e-3)
    assert fit.sds == pytest.approx(np.sqrt(np.diagonal(doubt)), abs=1e-3)

    def whole(tau):
        total = sigma**2 * np.eye(len(rows)) + tau**2 * member @ member.T + wide * design @ design.T
        return multivariate_normal.logpdf(change, np.zeros(len(rows)), total)

    other = therapists._fit(therapists._sums(rows, names, design), 1.2, sigma)
    expected = whole(tau) - whole(1.2)
    assert fit.log_likelihood - other.log_likelihood == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        a_practice(1, 0, volumes=(40,))[1],
        a_practice(1, 0, volumes=(2, 2))[1],
        [Followed(therapist=n % 2, technique="swedish", baseline=5, change=0) for n in range(50)],
    ],
    ids=["nobody", "one therapist", "a handful", "nothing varies"],
)
def test_too_little_gives_no_effect(rows):
    assert effects(rows, minimum=1).effects == ()


def test_unknown_and_repeated_facts_are_no_obstacle():
    _truth, rows = a_practice(4, 0.0)
    gaps = [
        Followed(
            therapist=one.therapist,
            technique="swedish" if one.therapist else "hot_stone",  # one therapist, one technique
            baseline=one.baseline,
            change=one.change,
            mix=(one.mix[0] if n % 3 else None, None, 7.0),
        )
        for n, one in enumerate(rows)
    ]
    for one in effects(gaps).effects:
        assert np.isfinite([one.mean, one.low, one.high]).all()
        assert one.low < 0 < one.high


def test_the_acupuncturists_of_a_real_trial_do_not_differ():
    """Vickers 2004, who was treated and answered after a year: the likeliest sd is about zero.

    A blank is a missing answer, and nobody's blank is read as zero. Scores are divided by ten to
    lie on a scale like 0 to 10.
    """
    with SAMPLE.open(encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    rows = [
        Followed(
            therapist=int(one["acupuncturist"]),
            technique="acupuncture",
            baseline=float(one["pk1"]) / 10,
            change=(float(one["pk5"]) - float(one["pk1"])) / 10,
            mix=(float(one["chronicity"]), float(one["age"]), float(one["migraine"])),
        )
        for one in read
        if one["pk5"]
    ]
    found = effects(rows, minimum=1)
    assert len(rows) == 161
    assert len(found.effects) >= 10
    assert found.likeliest_sd is not None
    assert found.likeliest_sd < 0.05
    assert not any(one.is_distinguishable for one in found.effects)
