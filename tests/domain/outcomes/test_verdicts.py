"""What may be said at which chance; the rule is strict on purpose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes.findings import Estimate, Gate, Verdict
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.verdicts import Measured, better, verdict

RULE = load().rule
OPEN = (Gate(name="days", have=28, need=28),)
SHUT = (Gate(name="days", have=27, need=28),)


def at(p: float) -> Estimate:
    return Estimate(mean=-1.0, low=-2.0, high=0.0, p_better=p, p_worth=p / 2)


def judged(p: float, **more: object) -> Verdict:
    draws = more.pop("effective_draws", 90.0)
    measured = Measured(at(p), draws)  # type: ignore[arg-type]
    given_ = {"main": True} | more
    return verdict("pain", gates=OPEN, measured=measured, rule=RULE, **given_)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("chance", "state"),
    [
        (0.0, "tends_higher"),
        (0.005, "tends_higher"),
        (0.006, "cannot_tell"),
        (0.799, "cannot_tell"),
        (0.8, "early_sign"),
        (0.9899, "early_sign"),
        (0.99, "likely_helps"),
        (1.0, "likely_helps"),
    ],
)
def test_the_state_of_each_chance(chance: float, state: str) -> None:
    assert judged(chance).state == state


def test_what_is_not_the_main_outcome_needs_more() -> None:
    assert judged(0.997, main=False).state == "early_sign"
    assert judged(0.998, main=False).state == "likely_helps"
    assert judged(0.997, technique="shiatsu").state == "early_sign"


def test_a_claim_stands_until_095_and_says_that_it_is_kept() -> None:
    assert judged(0.95, claimed=True).state == "likely_helps"
    assert judged(0.95, claimed=True).kept
    assert not judged(0.995, claimed=True).kept
    assert judged(0.949, claimed=True).state == "early_sign"
    assert judged(0.96).state == "early_sign"


def test_behind_a_closed_gate_nothing_is_said() -> None:
    sure = Measured(at(0.999), 99)
    found = verdict("pain", gates=SHUT, measured=sure, rule=RULE, main=True, claimed=True)
    assert (found.state, found.effect) == ("too_early", None)


def test_a_sample_that_is_worth_little_claims_nothing_new() -> None:
    assert judged(0.999, effective_draws=19.9).state == "cannot_tell"
    assert not judged(0.999, effective_draws=19.9).identified
    assert judged(0.001, effective_draws=19.9).state == "cannot_tell"


@given(low=st.floats(0, 1), high=st.floats(0, 1), claimed=st.booleans())
def test_more_chance_never_says_less(low: float, high: float, claimed: bool) -> None:
    order = ["tends_higher", "cannot_tell", "early_sign", "likely_helps"]
    low, high = sorted((low, high))
    worse, well = judged(low, claimed=claimed), judged(high, claimed=claimed)
    assert order.index(worse.state) <= order.index(well.state)


def test_better_needs_a_point_at_0975_in_either_direction() -> None:
    def said(better_by: float, worse_by: float) -> str:
        points = (better_by, worse_by)
        return better("pain", gates=OPEN, change=at(0.99), points=points, rule=RULE).state

    assert said(0.975, 0.0) == "better"
    assert said(0.974, 0.0) == "cannot_tell"
    assert said(0.0, 0.975) == "worse"
    shut = better("pain", gates=SHUT, change=at(1.0), points=(1.0, 0.0), rule=RULE)
    assert (shut.state, shut.p_point) == ("too_early", None)
