"""What is read off a posterior, on people whose truth is known."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.domain.outcomes.people import rated
from unknot.domain.outcomes import effects
from unknot.domain.outcomes.likelihood import beliefs
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.observations import Rated, ratings
from unknot.domain.outcomes.posterior import posterior
from unknot.domain.outcomes.series import Session
from unknot.domain.outcomes.simulate import World, person

PRIOR = beliefs(load().prior, 1)
FIRST = datetime(2026, 3, 2, 19, tzinfo=UTC)


def test_a_large_effect_is_found_and_a_missing_one_is_not() -> None:
    strong, none = World(e3=-3.0, booking="fixed"), World(e3=0.0, booking="fixed")
    found = [
        effects.effect(
            posterior(person(world, np.random.default_rng(5)).until(84), PRIOR, draws=128),
            horizon_days=3,
        )
        for world in (strong, none)
    ]
    assert found[0].below(0) > 0.99
    assert found[1].below(0) < 0.99
    assert found[0].expectation < found[1].expectation


def test_the_mean_over_three_days_is_the_integral_of_the_fading_effect() -> None:
    found = posterior(rated(50), PRIOR, draws=64)
    told = effects.effect(found, horizon_days=3).expectation
    steps = np.linspace(0, 3, 3001)
    shares = np.exp(-found.fade[:, None] * steps).mean(axis=1)
    assert told == pytest.approx(float(found.weight @ (found.mean[:, 3] * shares)), rel=1e-3)


def test_sleep_that_gets_better_goes_up_and_counts_as_better() -> None:
    rows = [Rated(at=FIRST + timedelta(days=i), value=4 + 3 * (i % 7 in (1, 2))) for i in range(70)]
    visits = [
        Session(
            start=FIRST + timedelta(days=7 * week, hours=20),
            end=FIRST + timedelta(days=7 * week, hours=21),
            technique="swedish",
            minutes=60,
        )
        for week in range(10)
    ]
    told = {}
    for outcome, values in (("sleep", rows), ("pain", [_turned(row) for row in rows])):
        data = ratings(values, visits, outcome, window_days=180)  # type: ignore[arg-type]
        assert data is not None
        mixture = effects.effect(posterior(data, PRIOR, draws=128), horizon_days=3)
        told[outcome] = effects.estimate(mixture, outcome, worth_points=0.5)  # type: ignore[arg-type]
    assert told["sleep"].mean > 0.5
    assert told["sleep"].mean == pytest.approx(-told["pain"].mean)
    assert told["sleep"].p_better == told["pain"].p_better > 0.99
    assert told["sleep"].low < told["sleep"].mean < told["sleep"].high


def test_the_strand_stays_on_the_scale_and_inside_its_band() -> None:
    zone = ZoneInfo("Europe/Berlin")
    values = np.random.default_rng(1).integers(0, 4, 40)
    rows = [Rated(at=FIRST + timedelta(days=i), value=float(v)) for i, v in enumerate(values)]
    data = ratings(rows, [], "pain", window_days=180)
    assert data is not None
    found = posterior(data, PRIOR, draws=128)
    days = [date(2026, 3, 2) + timedelta(days=i) for i in range(40)]
    line = effects.strand(found, data, "pain", first=FIRST, days=days, zone=zone)
    assert [level.day for level in line] == days
    assert all(0 <= one.low <= one.mean <= one.high <= 10 for one in line)
    inside = [one.low <= row.value <= one.high for one, row in zip(line, rows, strict=True)]
    assert sum(inside) / len(inside) > 0.3
    assert abs(np.mean([one.mean for one in line]) - values.mean()) < 0.4


def test_a_gap_of_two_years_widens_the_band() -> None:
    zone = ZoneInfo("Europe/Berlin")
    rows = [Rated(at=FIRST + timedelta(days=d), value=5.0) for d in (0, 1, 2, 3, 4, 5, 140)]
    data = ratings(rows, [], "pain", window_days=180)
    assert data is not None
    found = posterior(data, PRIOR, draws=128)
    days = [date(2026, 3, 5), date(2026, 5, 20)]
    near, far = effects.strand(found, data, "pain", first=FIRST, days=days, zone=zone)
    assert far.high - far.low > near.high - near.low


def test_the_start_is_the_models_level_and_not_the_bad_first_day() -> None:
    first_bad = [9.0, 9.0, 8.0, 7.0] + [5.0, 4.0, 5.0, 6.0] * 14
    rows = [Rated(at=FIRST + timedelta(days=i), value=v) for i, v in enumerate(first_bad)]
    data = ratings(rows, [], "pain", window_days=180)
    assert data is not None
    found = posterior(data, PRIOR, draws=128)
    assert effects.start_level(found, data, "pain") < 6.5
    change = effects.level_change(found, data)
    assert change.below(-1) < 0.975


def _turned(row: Rated) -> Rated:
    return Rated(at=row.at, value=10 - row.value)
