import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes.findings import Better, Estimate, Gate
from unknot.domain.outcomes.practice_view import Share, is_not_improving, not_improving

FELL = Estimate(mean=-2.5, low=-6, high=1, p_better=0.9, p_worth=0.7)


def judged(p_point, *, have=30, change=FELL):
    return Better(
        outcome="pain",
        state="cannot_tell",
        change=change,
        p_point=p_point,
        gates=(Gate(name="check_ins", have=have, need=24),),
    )


@pytest.mark.parametrize(
    ("better", "listed"),
    [
        (judged(0.19), True),
        (judged(0.20), False),
        (judged(0.05, have=23), False),  # a gate is closed
        (judged(None), False),
    ],
)
def test_a_client_is_listed_by_chance_alone(better, listed):
    """The raw change is the same in every case."""
    assert is_not_improving(better) is listed


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 9, False), (0, 10, True), (10, 20, True), (9, 40, False), (31, 40, False), (40, 40, True)],
)
def test_a_small_cell_or_its_rest_is_held_back(part, whole, shown):
    assert Share(part=part, whole=whole, least=10).is_shown is shown


@given(st.integers(0, 200), st.integers(0, 200))
def test_what_is_shown_gives_nobody_away(part, rest):
    one = Share(part=part, whole=part + rest, least=10)
    if one.is_shown:
        assert all(cell == 0 or cell >= 10 for cell in (one.part, one.whole - one.part))
        assert 0 <= one.percent <= 100


def test_only_those_who_can_be_judged_are_counted():
    rows = [judged(0.1)] * 12 + [judged(0.6)] * 15 + [judged(0.1, have=2)] * 7
    share = not_improving(rows, least=10)
    assert (share.part, share.whole) == (12, 27)
