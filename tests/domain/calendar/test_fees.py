from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.calendar.fees import (
    BadFee,
    CancellationRule,
    Charge,
    Exempt,
    Why,
    charge,
    is_late,
    percent_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 31, 10, tzinfo=UTC)
DAY_HALF = CancellationRule(window_hours=24, fee_percent=50)
NONE = CancellationRule(window_hours=0, fee_percent=100)
SECOND = timedelta(seconds=1)

rules = st.builds(
    CancellationRule, window_hours=st.integers(0, 200), fee_percent=st.integers(0, 100)
)
prices = st.integers(0, 10_000_00)
before_start = st.integers(-100 * 60, 300 * 60).map(lambda minutes: timedelta(minutes=minutes))
moved = st.one_of(st.none(), before_start.map(lambda earlier: START - earlier))


def at(before: timedelta, **more: object) -> Charge:
    facts = {"price_minor": 75_00, "start": START, "now": START - before} | more
    return charge(DAY_HALF, **facts)


def test_inside_the_window_is_late_and_its_edge_is_not():
    day = timedelta(hours=24)
    assert at(day + SECOND) == Charge(is_late=False, fee_minor=0, why=Why.IN_TIME)
    assert at(day) == Charge(is_late=False, fee_minor=0, why=Why.IN_TIME)
    assert at(day - SECOND) == Charge(is_late=True, fee_minor=37_50, why=Why.LATE)


def test_staying_away_is_late():
    assert at(-timedelta(hours=1)) == Charge(is_late=True, fee_minor=37_50, why=Why.LATE)


def test_what_was_moved_late_stays_late_however_far_away_it_is_now():
    moved_at = START - timedelta(days=8)
    week = timedelta(days=7)
    found = at(week, late_moved_at=moved_at)
    assert found == Charge(is_late=True, fee_minor=37_50, why=Why.MOVED_LATE)
    assert at(week).why is Why.IN_TIME  # negative control: the same without the late move
    assert at(SECOND, late_moved_at=moved_at).why is Why.LATE


def test_the_window_is_elapsed_time_over_a_clock_change():
    """Saturday 10:00 to Sunday 11:00 is 25 hours on the wall, and 24 in truth."""
    sunday = datetime(2026, 3, 29, 11, tzinfo=BERLIN)
    assert not is_late(DAY_HALF, start=sunday, now=datetime(2026, 3, 28, 10, tzinfo=BERLIN))
    assert is_late(DAY_HALF, start=sunday, now=datetime(2026, 3, 28, 10, 1, tzinfo=BERLIN))


@pytest.mark.parametrize(
    ("exempt", "why"), [(Exempt.PRACTICE, Why.PRACTICE), (Exempt.SAFETY, Why.SAFETY)]
)
def test_the_practice_and_safety_never_cost_anything(exempt, why):
    assert at(SECOND, exempt=exempt) == Charge(is_late=True, fee_minor=0, why=why)


def test_an_exception_is_made_with_a_reason_and_keeps_it():
    found = at(SECOND, exempt=Exempt.WAIVED, reason=" The train was cancelled. ")
    assert found == Charge(
        is_late=True, fee_minor=0, why=Why.WAIVED, reason="The train was cancelled."
    )


@pytest.mark.parametrize(
    ("exempt", "reason"),
    [(Exempt.WAIVED, ""), (Exempt.WAIVED, " \n"), (None, "kind"), (Exempt.PRACTICE, "kind")],
)
def test_an_exception_without_a_reason_is_refused_and_a_reason_without_one_too(exempt, reason):
    with pytest.raises(BadFee):
        at(SECOND, exempt=exempt, reason=reason)


@given(prices, before_start, moved)
def test_without_a_window_nothing_is_ever_late(price, before, moved_at):
    found = charge(NONE, price_minor=price, start=START, now=START - before, late_moved_at=moved_at)
    assert found == Charge(is_late=False, fee_minor=0, why=Why.IN_TIME)


@given(rules, prices, before_start, moved)
def test_a_fee_is_between_nothing_and_the_price_and_only_for_what_is_late(
    rule, price, before, moved_at
):
    found = charge(rule, price_minor=price, start=START, now=START - before, late_moved_at=moved_at)
    assert 0 <= found.fee_minor <= price
    inside = before < timedelta(hours=rule.window_hours)
    assert found.is_late == (rule.window_hours > 0 and (inside or moved_at is not None))
    assert found.fee_minor == (percent_of(price, rule.fee_percent) if found.is_late else 0)
    assert (found.fee_minor > 0) == (found.why in {Why.LATE, Why.MOVED_LATE})
    assert not found.reason


@given(rules, prices, before_start, st.integers(0, 6000))
def test_waiting_never_makes_it_cheaper(rule, price, before, minutes):
    sooner = charge(rule, price_minor=price, start=START, now=START - before)
    later = START - before + timedelta(minutes=minutes)
    assert charge(rule, price_minor=price, start=START, now=later).fee_minor >= sooner.fee_minor


@given(rules, prices, before_start, moved, st.sampled_from(Exempt))
def test_nobody_who_is_exempt_pays_and_being_late_is_still_told(
    rule, price, before, moved_at, exempt
):
    facts = {"start": START, "now": START - before, "late_moved_at": moved_at}
    reason = "The train was cancelled." if exempt is Exempt.WAIVED else ""
    found = charge(rule, price_minor=price, exempt=exempt, reason=reason, **facts)
    assert found.fee_minor == 0
    assert found.is_late == is_late(rule, **facts)


@given(st.integers(0, 10**12), st.integers(0, 100))
def test_half_a_unit_is_rounded_up(amount, percent):
    exact = Decimal(amount) * percent / 100
    assert percent_of(amount, percent) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("amount", "percent", "fee"),
    [(1, 50, 1), (1, 49, 0), (3, 50, 2), (5, 50, 3), (75_01, 50, 3751)],
)
def test_rounding_is_not_to_the_even_unit(amount, percent, fee):
    assert percent_of(amount, percent) == fee


@pytest.mark.parametrize(
    "wrong",
    [
        {"window_hours": -1, "fee_percent": 50},
        {"window_hours": 8761, "fee_percent": 50},
        {"window_hours": 24, "fee_percent": -1},
        {"window_hours": 24, "fee_percent": 101},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadFee):
        CancellationRule(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"price_minor": -1},
        {"now": START.replace(tzinfo=None)},
        {"start": START.replace(tzinfo=None)},
        {"late_moved_at": START.replace(tzinfo=None)},
    ],
)
def test_a_negative_price_and_a_time_without_a_zone_are_refused(wrong):
    with pytest.raises(BadFee):
        at(SECOND, **wrong)


def test_every_reason_is_one_sentence():
    for why in Why:
        assert why.value.endswith(".")
        assert why.value.count(".") == 1
