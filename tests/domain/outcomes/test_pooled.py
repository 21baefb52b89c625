"""Both stages of the pool on simulated people whose truth is known."""

import math

import numpy as np
import pytest

from tests.domain.outcomes.people import rated
from unknot.domain.outcomes import pooled
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.pooling import ALMOST_FLAT
from unknot.domain.outcomes.simulate import World, person

MODEL = load()
DAYS = 70


@pytest.fixture(scope="module")
def practice():
    """People on fixed dates whose pain drops by rather more than a point for three days."""
    rng = np.random.default_rng(20)
    effects = rng.normal(-1.2, 0.4, 24)
    people = [person(World(e3=float(e3), booking="fixed", days=DAYS), rng) for e3 in effects]
    return people, [pooled.alone(one.until(DAYS), MODEL) for one in people]


def test_a_practice_finds_what_its_people_have_in_common(practice):
    people, alone = practice
    found = pooled.together(alone, "pain", MODEL)
    truth = np.mean([one.truth for one in people])
    (effect,) = found.effects
    assert effect.low < truth < effect.high
    assert effect.mean == pytest.approx(truth, abs=0.25)
    assert effect.high < 0  # enough people to tell it from nothing
    assert 0.1 < effect.between_sd < 0.9


def test_what_others_report_is_a_drop_right_after_a_session(practice):
    people, alone = practice
    found = pooled.together(alone, "pain", MODEL)
    assert len(found.others) == len(people)
    for one in found.others:
        assert -2.5 < one.mean < -0.8  # more than over three days, and lower is better
        assert 0.2 < one.sd < 1.2


def test_a_scale_where_higher_is_better_is_turned_back(practice):
    _people, alone = practice
    less, more = (pooled.together(alone, outcome, MODEL) for outcome in ("pain", "sleep"))
    assert more.effects[0].mean == pytest.approx(-less.effects[0].mean)
    assert more.effects[0].low == pytest.approx(-less.effects[0].high)
    assert more.others == less.others  # the engine turns it again


def test_people_on_fixed_dates_tell_how_long_relief_lasts(practice):
    _people, alone = practice
    assert 1.5 < pooled.half_life(alone, MODEL) < 5.5


def test_a_technique_never_had_keeps_the_width_of_the_prior():
    data = rated(40, kinds=1, sessions=4)
    wider = type(data)(
        t=data.t,
        y=data.y,
        t_0=data.t_0,
        session_t=data.session_t,
        dose=data.dose,
        kind=data.kind,
        kinds=2,
    )
    for one in pooled.alone(wider, MODEL):
        assert math.sqrt(one.covariance[1, 1]) == pytest.approx(ALMOST_FLAT, rel=0.01)
        assert one.effect[1] == pytest.approx(0, abs=0.01)
        assert math.isfinite(one.log_marginal)


def test_without_data_on_it_the_half_life_is_the_one_believed():
    never = rated(20, sessions=0)
    assert pooled.half_life([pooled.alone(never, MODEL)], MODEL) == pytest.approx(3, abs=0.4)
