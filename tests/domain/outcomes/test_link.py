"""Pain and stress: the same day early, an order seldom, and never a crash."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from unknot.domain.outcomes import link as link_of
from unknot.domain.outcomes.link import link, order, pairs, same_day
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.series import CheckIn, Session

MODEL = load()
FIRST = datetime(2026, 1, 1, 19, tzinfo=UTC)


def lived(days, *, cross=0.0, shared=0.4, seed=1, noise=0.6, missing=0.3):
    """A person whose stress today pulls at tomorrow's pain by `cross`, in standard deviations."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=2)
    root = np.linalg.cholesky(np.array([[1, shared], [shared, 1]]) * 0.75)
    check_ins = []
    for day in range(days):
        z = np.array([0.5 * z[0] + cross * z[1], 0.5 * z[1]]) + root @ rng.normal(size=2)
        pain, stress = np.clip(np.round(5 + 1.4 * z + noise * rng.normal(size=2)), 0, 10)
        if day in (0, days - 1) or rng.random() > missing:
            check_ins.append(
                CheckIn(at=FIRST + timedelta(days=day), pain=float(pain), stress=float(stress))
            )
    return check_ins


def sessions(*days):
    return [
        Session(
            start=FIRST + timedelta(days=day),
            end=FIRST + timedelta(days=day, hours=1),
            technique="swedish",
            minutes=60,
        )
        for day in days
    ]


def steady(values, count=60, gap=1.0):
    return [
        CheckIn(at=FIRST + timedelta(days=gap * n), pain=values[0], stress=values[1])
        for n in range(count)
    ]


def test_thirteen_pairs_say_nothing():
    found = link(lived(13, missing=0), [], MODEL)
    assert (found.state, found.same_day, found.pairs) == ("too_early", None, 13)


def test_early_only_the_same_day_is_compared(monkeypatch):
    monkeypatch.setattr(link_of, "order", lambda data, model: pytest.fail("fitted too early"))
    found = link(lived(120, shared=0.8), sessions(20, 40), MODEL)
    assert found.state == "together"
    assert found.same_day > 0.4
    assert [(gate.name, gate.is_open) for gate in found.gates] == [
        ("days", False),
        ("pairs", False),
    ]


def test_ratings_without_a_link_are_apart_or_open():
    states = {link(lived(150, shared=0.0, seed=seed), [], MODEL).state for seed in range(6)}
    assert states <= {"apart", "cannot_tell"}


def test_a_trend_of_both_is_no_link():
    rng = np.random.default_rng(3)
    falling = [
        CheckIn(
            at=FIRST + timedelta(days=n),
            pain=float(np.clip(8 - n / 20 + 0.7 * rng.normal(), 0, 10)),
            stress=float(np.clip(7 - n / 20 + 0.7 * rng.normal(), 0, 10)),
        )
        for n in range(100)
    ]
    raw = np.corrcoef([one.pain for one in falling], [one.stress for one in falling])[0, 1]
    assert raw > 0.6  # negative control: it looks like one
    assert abs(same_day(pairs(falling, []))[0]) < 0.3


def test_a_half_answered_check_in_is_no_pair():
    rows = [*steady((5.0, None), 10), *steady((None, 4.0), 10)]
    assert len(pairs(rows, []).t) == 0


def test_a_strong_pull_is_found_in_its_own_direction():
    found = order(pairs(lived(300, cross=0.4, missing=0.1, noise=0.3, seed=5), []), MODEL)
    assert found.stress_to_pain.p_positive > 0.975
    assert found.stress_to_pain.low < 0.4 < found.stress_to_pain.high + 0.1
    assert found.pain_to_stress.p_positive < 0.975
    assert found.effective_draws > link_of.MIN_EFFECTIVE


def test_people_with_a_shared_driver_are_told_that_the_order_is_open():
    people = [
        link(lived(185, seed=seed, missing=0.2), sessions(30, 60), MODEL) for seed in range(4)
    ]
    assert all(gate.is_open for one in people for gate in one.gates)
    assert [one.state for one in people].count("together") >= 3
    assert not {"pain_first", "stress_first"} & {one.state for one in people[:3]}


@pytest.mark.parametrize(
    "check_ins",
    [
        [],
        steady((5.0, 5.0), 1),
        steady((0.0, 0.0), 200),
        steady((10.0, 10.0), 200),
        steady((5.0, 3.0), 150, gap=0.0),  # all in the same second
        [*steady((2.0, 9.0), 60), *steady((9.0, 2.0), 60, gap=12.0)],
        [*lived(120, missing=0), CheckIn(at=FIRST + timedelta(days=900), pain=1, stress=9)],
    ],
    ids=["none", "one", "all 0", "all 10", "one second", "opposite", "two years of gaps"],
)
def test_bad_input_ends_in_a_state(check_ins):
    found = link(check_ins, sessions(5, 10), MODEL)
    assert found.state in ("too_early", "cannot_tell", "apart", "together")
    assert found.same_day is None or -1 <= found.same_day <= 1
