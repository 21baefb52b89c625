"""A price is written in its currency."""

import pytest

from unknot.web.money import price


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(7000, "EUR", "70.00 EUR"), (5, "USD", "0.05 USD"), (800, "JPY", "800 JPY")],
)
def test_a_price_is_written_in_its_currency(minor, currency, text):
    assert price(minor, currency) == text
