"""Worked examples: each replays, and one that does not is named."""

from dataclasses import replace
from typing import Any

import pytest

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.definition import Example
from unknot.domain.instruments.examples import mismatches, replay
from unknot.domain.instruments.scoring import Scorable

KNOWN = catalogue.load()
EXAMPLES = [
    pytest.param(one, example, id=f"{one.id}-{position}")
    for one in (*KNOWN.instruments.values(), *KNOWN.scoring_only.values())
    for position, example in enumerate(one.example)
]


@pytest.mark.parametrize(("one", "example"), EXAMPLES)
def test_every_worked_example_replays(one: Scorable, example: Example) -> None:
    expect = example.expect
    assert expect.value is not None or expect.not_scored
    assert mismatches(one, example) == ()


def test_all_examples_replay_at_once() -> None:
    assert replay(KNOWN) == ()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"value": 11.0}, "value: expected 11.0, found 10.0"),
        ({"band": "mild"}, "band: expected 'mild', found 'severe'"),
        ({"branch": ()}, "branch: expected (), found ('gad7', 'phq8')"),
        ({"support": ("crisis_card",)}, "support: expected ('crisis_card',), found"),
        ({"subscales": {"anxiety": 5.0}}, "anxiety: expected 5.0, found 6"),
        ({"subscales": {"anger": 5.0}}, "anger: expected 5.0, found 'no such score'"),
        ({"not_scored": ("value",), "value": None}, "value: expected None, found 10.0"),
    ],
)
def test_a_wrong_example_is_named_with_file_and_expectation(
    wrong: dict[str, Any], says: str
) -> None:
    phq4 = KNOWN.instrument("phq4")
    good = phq4.example[2]
    bad = good.model_copy(update={"expect": good.expect.model_copy(update=wrong)})
    broken = phq4.model_copy(update={"example": (bad,)})
    found = replay(replace(KNOWN, instruments={"phq4": broken}))
    assert any(f"instruments/phq4.toml: example.0.{says}" in line for line in found)


def test_a_wrong_example_of_a_scoring_only_instrument_is_named() -> None:
    who5 = KNOWN.scoring_only["who5"]
    good = who5.example[1]
    bad = good.model_copy(update={"expect": good.expect.model_copy(update={"value": 25.0})})
    broken = who5.model_copy(update={"example": (bad,)})
    found = replay(replace(KNOWN, scoring_only={"who5": broken}))
    assert found == (
        "instruments/scoring_only/who5.toml: example.0.value: expected 25.0, found 100.0",
    )


def test_a_wrong_responder_example_is_named() -> None:
    rule = KNOWN.responder_rule
    bad = rule.model_copy(
        update={"example": (rule.example[0].model_copy(update={"expect": "worse"}),)}
    )
    (line,) = replay(replace(KNOWN, responder_rule=bad))
    assert "responder_rule.toml: example.0.expect: expected 'worse', found 'improved'" in line
