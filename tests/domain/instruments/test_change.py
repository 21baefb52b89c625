"""Change: measured against error and importance, None where nothing is published."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.batteries import ResponderExample
from unknot.domain.instruments.change import Change, ScoreOutOfRange, change, responder
from unknot.domain.instruments.scoring import score

KNOWN = catalogue.load()
RULE = KNOWN.responder_rule


@pytest.mark.parametrize("example", RULE.example)
def test_every_responder_example_replays(example: ResponderExample) -> None:
    assert responder(RULE, example.baseline, example.followup) == example.expect


@pytest.mark.parametrize(
    ("baseline", "followup", "weekly", "expected"),
    [
        ({"peg": 6.0}, {"peg": 4.2, "change_global": 3}, [], "improved"),
        ({"peg": 6.0}, {"peg": 4.3, "change_global": 3}, [], "unclear"),
        ({"peg": 6.0}, {"peg": 4.2, "change_global": 4}, [], "unclear"),
        ({"peg": 6.0}, {"peg": 4.2}, [], "unclear"),
        ({"rmdq24": 15}, {"rmdq24": 10, "change_global": 2}, [], "improved"),
        ({"rmdq24": 15}, {"rmdq24": 11, "change_global": 2}, [], "unclear"),
        ({"peg": 5.0}, {"peg": 6.0, "change_global": 4}, [6.0], "unclear"),
        ({"peg": 5.0}, {"peg": 6.0, "change_global": 4}, [6.0, 6.0], "worse"),
        ({"peg": 5.0}, {"peg": 6.0, "change_global": 4}, [5.9, 6.0], "unclear"),
        ({"peg": 5.0}, {"peg": 6.0, "change_global": 4}, [6.0, 6.0, 5.0], "unclear"),
        ({}, {"change_global": 6}, [], "worse"),
        ({}, {}, [], "unclear"),
        ({"peg": 5.0, "rmdq24": 15}, {"rmdq24": 5, "change_global": 2}, [6.0, 6.0], "unclear"),
    ],
)
def test_the_responder_rule_turns_exactly_at_its_thresholds(
    baseline: dict[str, float], followup: dict[str, float], weekly: list[float], expected: str
) -> None:
    assert responder(RULE, baseline, followup, weekly) == expected


def test_a_clear_drop_of_the_peg_is_beyond_error_and_important() -> None:
    assert change(KNOWN.instrument("peg"), 6.0, 3.0) == Change(
        points=-3.0, percent=-50.0, beyond_error=True, at_least_important=True, better=True
    )


@pytest.mark.parametrize(
    ("name", "earlier", "later", "beyond", "important", "better"),
    [
        ("peg", 6.0, 3.2, True, True, True),
        ("peg", 6.0, 3.3, False, True, True),
        ("peg", 6.0, 5.1, False, False, True),
        ("rmdq24", 10, 15, True, True, False),
        ("rmdq24", 10, 14, False, False, False),
        ("phq4", 8, 4, True, None, True),
        ("phq8", 10, 5, None, True, True),
        ("dass21_stress", 20, 2, None, None, True),
        ("sleep_nrs", 4, 6, None, True, True),
        ("sleep_nrs", 6, 4, None, True, False),
        ("pain_nrs", 5, 5, None, False, None),
        ("activity3", 6.1, 5.0, True, False, True),
    ],
)
def test_a_threshold_that_is_not_published_gives_no_answer(
    name: str,
    earlier: float,
    later: float,
    beyond: bool | None,
    important: bool | None,
    better: bool | None,
) -> None:
    found = change(KNOWN.instrument(name), earlier, later)
    assert (found.beyond_error, found.at_least_important, found.better) == (
        beyond,
        important,
        better,
    )


def test_percent_of_zero_is_unknown() -> None:
    found = change(KNOWN.instrument("peg"), 0.0, 2.0)
    assert (found.points, found.percent) == (2.0, None)


@pytest.mark.parametrize("name", ["gcps_r", "change_global", "post_session"])
def test_what_does_not_measure_change_is_not_compared(name: str) -> None:
    found = change(KNOWN.instrument(name), 1, 2)
    assert found.points is None
    assert found.reason.startswith("No comparison, because ")


def test_a_missing_score_is_not_compared() -> None:
    peg = KNOWN.instrument("peg")
    empty = score(peg, {})
    assert change(peg, empty, 3.0).points is None
    assert change(peg, 3.0, None).reason == change(peg, empty, 3.0).reason != ""


def test_other_activities_are_not_compared() -> None:
    activities = KNOWN.instrument("activity3")
    two = score(activities, {"act_1": 8, "act_2": 8})
    one = score(activities, {"act_1": 2})
    assert change(activities, two, two).points == 0.0
    assert "other questions" in change(activities, two, one).reason


def test_another_version_is_not_compared() -> None:
    peg = KNOWN.instrument("peg")
    newer = peg.model_copy(update={"version": peg.version + 1})
    answers = {item.id: 5 for item in peg.items}
    assert "another version" in change(peg, score(peg, answers), score(newer, answers)).reason


@pytest.mark.parametrize("reading", [-0.1, 10.1, float("nan"), float("inf"), float("1e400")])
def test_a_score_outside_the_instrument_is_refused(reading: float) -> None:
    with pytest.raises(ScoreOutOfRange, match="peg"):
        change(KNOWN.instrument("peg"), reading, 5.0)


@given(st.integers(0, 100), st.integers(0, 100))
def test_there_and_back_are_opposite(before: int, after: int) -> None:
    peg = KNOWN.instrument("peg")
    there: Any = change(peg, before / 10, after / 10)
    back: Any = change(peg, after / 10, before / 10)
    assert there.points == -back.points
    assert there.beyond_error == back.beyond_error
    assert there.better == (None if back.better is None else not back.better)
