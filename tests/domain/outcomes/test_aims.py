"""What would be worth it, as data."""

import pytest

from unknot.domain.outcomes import aims, model


def test_the_default_is_what_the_model_takes_as_worth_it() -> None:
    known = aims.load()
    assert known.points(known.default_worth) == model.load().rule.worth_points
    assert known.default_outcome == "pain"


def test_each_step_stands_for_more_than_the_one_before() -> None:
    points = [one.points for one in aims.load().worth]
    assert points == sorted(set(points))


def test_a_step_that_does_not_exist_has_no_points() -> None:
    with pytest.raises(KeyError):
        aims.load().points("enormously")
