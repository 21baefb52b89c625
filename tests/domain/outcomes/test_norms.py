"""What the rule of change needs besides two scores."""

import pytest

from unknot.domain.outcomes import norms
from unknot.domain.outcomes.norms import Between, Known, Norms, Retest, Rules, retest_over

PEG = norms.load().known("peg")


def test_the_file_says_what_the_reference_says() -> None:
    assert PEG is not None
    assert PEG.alpha == 0.88
    assert PEG.retest == (Retest(from_days=42, to_days=56, r=0.63),)


def test_where_no_retest_was_found_none_is_made_up() -> None:
    missing = [one for one in norms.load().instrument if "retest" in one.none_found]
    assert {one.id for one in missing} == {"gad7", "phq4", "rmdq24", "pain_nrs"}
    for one in missing:
        assert not one.retest
        assert retest_over(one, 50) is None
    assert retest_over(None, 50) is None


@pytest.mark.parametrize(
    ("days", "low", "high"),
    [(7, 0.63, 0.88), (41, 0.63, 0.88), (42, 0.63, 0.63), (56, 0.63, 0.63), (84, 0.0, 0.63)],
)
def test_retest_is_a_range_outside_the_weeks_it_was_measured_over(
    days: int, low: float, high: float
) -> None:
    assert retest_over(PEG, days) == Between(low=low, high=high)


def test_how_items_agree_is_never_taken_for_retest_alone() -> None:
    only_alpha = Known(id="made_up", alpha=0.9, source="none", conf="derived")
    assert retest_over(only_alpha, 50) is None


def test_less_than_was_measured_is_unknown_without_an_upper_bound() -> None:
    without = Known(
        id="made_up",
        retest=(Retest(from_days=42, to_days=56, r=0.6),),
        source="none",
        conf="derived",
    )
    assert retest_over(without, 7) is None


RULES: Rules = norms.load()
MANY = [3.0, 5.0] * 50


def test_a_practice_stands_on_its_own_from_a_hundred_clients() -> None:
    assert norms.choose(MANY, [9.0, 1.0] * 100, RULES) == Norms(
        mean=4.0, sd=pytest.approx(1.005, abs=0.001), clients=100, own=True
    )
    before = norms.choose(MANY[1:], [9.0, 1.0] * 100, RULES)
    assert before is not None
    assert (before.own, before.mean, before.clients) == (False, 5.0, 200)


@pytest.mark.parametrize("pooled", [[], [3.0] * 19, [3.0] * 20, [3.0, 4.0] * 9])
def test_too_few_or_all_the_same_is_no_norm(pooled: list[float]) -> None:
    assert norms.choose([], pooled, RULES) is None
