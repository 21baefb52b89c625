"""The limits of heated stones: from the data, the bath and the skin each on its own."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.guidance import catalogue, stones
from unknot.domain.guidance.entries import StoneHeat

CATALOGUE = catalogue.load()
HEAT = CATALOGUE.technique("hot_stone").heat
assert isinstance(HEAT, StoneHeat)

degrees = st.decimals(min_value=-20, max_value=150, places=1)
skins = st.sampled_from(stones.SKINS)


def said(**reading: object) -> list[str]:
    return [one.sentence() for one in stones.check(HEAT, stones.Reading(**reading))]


def test_a_bath_of_70_is_refused_with_its_limit() -> None:
    [found] = stones.check(HEAT, stones.Reading(bath_c=Decimal(70)))
    assert found.refused
    assert (found.about, found.conf) == ("bath_c", "seen")
    assert found.sentence() == (
        "The bath reads 70 °C. The limit is 54 °C: let it cool and measure again."
    )


@pytest.mark.parametrize(
    ("skin", "allowed", "refused", "word"),
    [
        ("ordinary", "45.0", "45.1", "limit is 45"),
        ("older_or_thin", "43.0", "43.1", "older or thin skin"),
        ("dulled", "40.0", "40.1", "felt less"),
    ],
)
def test_the_skin_has_its_own_limit(skin: str, allowed: str, refused: str, word: str) -> None:
    assert said(skin_c=Decimal(allowed), skin=skin) == []
    [sentence] = said(skin_c=Decimal(refused), skin=skin)
    assert word in sentence


def test_the_bath_may_be_at_its_limit_and_a_temperature_of_the_bath_is_none_of_the_skin() -> None:
    assert said(bath_c=Decimal(54)) == []
    assert len(said(skin_c=Decimal(54))) == 1


def test_the_first_stone_starts_low_and_the_next_one_need_not() -> None:
    [found] = stones.check(HEAT, stones.Reading(skin_c=Decimal(44), first=True))
    assert not found.refused
    assert "Start at 40 °C" in found.sentence()
    assert said(skin_c=Decimal(44)) == []
    assert said(skin_c=Decimal(40), first=True) == []


def test_the_same_number_twice_is_asked_about() -> None:
    assert "as warm as the bath" in said(bath_c=Decimal(44), skin_c=Decimal(44))[0]
    assert said(bath_c=Decimal(50), skin_c=Decimal(44)) == []


def test_what_no_thermometer_reads_is_refused() -> None:
    assert "cannot be a reading" in said(bath_c=Decimal("-1"))[0]
    assert "cannot be a reading" in said(skin_c=Decimal(420))[0]


def test_the_answers_ask_for_the_lower_limit() -> None:
    assert stones.skin_of(HEAT, {"ag2"}) == "older_or_thin"
    assert stones.skin_of(HEAT, {"m016", "ag2"}) == "dulled"
    assert stones.skin_of(HEAT, {"m001"}) == "ordinary"


def test_only_techniques_with_stones_have_limits() -> None:
    assert stones.heat_of(CATALOGUE, ["swedish", "hot_stone"]) == HEAT
    assert stones.heat_of(CATALOGUE, ["swedish", "deep_tissue"]) is None


@given(one=skins, other=skins)
def test_the_stricter_of_two_has_the_lower_limit(one: stones.Skin, other: stones.Skin) -> None:
    lowest = min(stones.skin_limit(HEAT, one), stones.skin_limit(HEAT, other))
    assert stones.skin_limit(HEAT, stones.stricter(one, other)) == lowest
    assert stones.stricter(one, other) == stones.stricter(other, one)


@given(skin_c=degrees, warmer=degrees, skin=skins, first=st.booleans())
def test_what_is_refused_stays_refused_when_it_is_warmer(
    skin_c: Decimal, warmer: Decimal, skin: stones.Skin, first: bool
) -> None:
    def refused(value: Decimal) -> bool:
        reading = stones.Reading(skin_c=value, skin=skin, first=first)
        return any(one.refused for one in stones.check(HEAT, reading))

    low, high = sorted((skin_c, warmer))
    assert not (low >= 0 and refused(low)) or refused(high)


def test_what_was_not_measured_is_not_judged() -> None:
    assert said() == []
