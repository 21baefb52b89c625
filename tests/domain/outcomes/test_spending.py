"""What a rhythm costs a month."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.outcomes.spending import BadRhythm, a_month, fit

money = st.integers(0, 10**7)
rhythms = st.integers(1, 8)


@pytest.mark.parametrize(
    ("price", "every", "month"), [(7000, 1, 30334), (7000, 2, 15167), (7000, 4, 7584), (0, 1, 0)]
)
def test_a_month_is_a_twelfth_of_52_weeks_rounded_up(price: int, every: int, month: int) -> None:
    assert a_month(price, every) == month


@given(money, rhythms)
def test_twelve_months_never_cost_more_than_was_said(price: int, every: int) -> None:
    month = a_month(price, every)
    assert 12 * every * (month - 1) < 52 * price <= 12 * every * month


@given(money, rhythms, money)
def test_the_fitting_rhythm_is_the_first_the_budget_pays_for(
    price: int, every: int, budget: int
) -> None:
    found = fit(price, every, budget, allowed=range(1, 9))
    paid = [one for one in range(1, 9) if a_month(price, one) <= budget]
    assert found.fitting == (paid[0] if paid else None)
    assert found.is_within == (a_month(price, every) <= budget)


@pytest.mark.parametrize(("price", "every"), [(7000, 0), (-1, 1)])
def test_no_rhythm_below_a_week_and_no_price_below_zero(price: int, every: int) -> None:
    with pytest.raises(BadRhythm):
        a_month(price, every)


def test_no_budget_below_zero() -> None:
    with pytest.raises(BadRhythm):
        fit(7000, 1, -1, allowed=(1, 2))
