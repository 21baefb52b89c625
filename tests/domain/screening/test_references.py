"""Instruments name red flags of the safety table; a name that is not there is found."""

from unknot.domain.instruments import catalogue as instruments
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.references import dangling_flags


def test_every_red_flag_that_an_instrument_names_exists() -> None:
    assert dangling_flags(screening.load(), instruments.load()) == ()


def test_a_flag_that_the_table_lost_is_named_with_its_place() -> None:
    table = screening.load()
    without = tuple(flag for flag in table.red_flags if flag.id not in {"rf_cad", "rf_any_new"})
    found = dangling_flags(table.model_copy(update={"red_flags": without}), instruments.load())
    assert len(found) == 2
    assert found[0].startswith("instruments/post_session.toml: item.ps_events.red_flag: expected")
    assert "weekly.safety_recheck" in found[1]
