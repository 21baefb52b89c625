"""How often a sentence is wrong, in small: the tables of docs/reference/calibration.md, seeded.

The bounds are the targets plus what chance alone does to so few people (three standard errors).
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.calibration import SIX, Told, told
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.simulate import NULLS, World

RULE = load().rule


def crowd(world: World, people: int, *, weekly: bool = False) -> list[Told]:
    return [told(world, 7_000_000 + seed, weekly=weekly) for seed in range(people)]


def at_most(target: float, people: int) -> float:
    return target + 3 * math.sqrt(target * (1 - target) / people)


@pytest.mark.parametrize("name", ["felt pain, door", "last check-in, door", "slow fluctuation"])
def test_without_an_effect_a_claim_at_one_look_stays_rare(name: str) -> None:
    seen = crowd(NULLS[name], 300)
    false = np.mean([one.chance >= 0.975 for one in seen])
    covered = np.mean([one.covered for one in seen])
    assert false <= at_most(0.035, 300)
    assert 0.90 <= covered <= 0.99


def test_half_a_year_of_weekly_looks_is_paid_for_by_the_stricter_rule() -> None:
    seen = crowd(World(days=168), 120, weekly=True)
    strict = np.mean([max(one.helps) >= RULE.likely for one in seen])
    lax = np.mean([max(one.helps) >= 0.95 for one in seen])
    better = np.mean([max(one.point) >= RULE.better for one in seen])
    assert strict <= at_most(0.05, 120)
    assert better <= at_most(0.025, 120)
    assert lax > strict  # the control: 0.95 would have told more of them a falsehood


def test_a_real_effect_is_found_about_as_often_as_the_table_says() -> None:
    seen = crowd(replace(SIX, e3=-1.8), 200)
    assert np.mean([one.chance >= 0.975 for one in seen]) >= 0.85 - 3 * math.sqrt(0.85 * 0.15 / 200)
    assert np.mean([one.covered for one in seen]) >= 0.85
