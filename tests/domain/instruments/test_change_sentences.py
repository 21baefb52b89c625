"""Change: each refusal in its exact words, percents to one decimal, and thresholds just missed."""

import pytest

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.change import ScoreOutOfRange, change, measurement_error, responder
from unknot.domain.instruments.definition import ChangeFacts, DetectableChange
from unknot.domain.instruments.scoring import score

KNOWN = catalogue.load()
PEG = KNOWN.instrument("peg")
ACTIVITIES = KNOWN.instrument("activity3")
MISSING = "No comparison, because one of the two scores is missing."


@pytest.mark.parametrize(("earlier", "later"), [(None, 3.0), (3.0, None), (None, None)])
def test_a_missing_score_is_the_reason(earlier: float | None, later: float | None) -> None:
    found = change(PEG, earlier, later)
    assert (found.points, found.reason) == (None, MISSING)


def test_an_instrument_without_change_is_the_reason() -> None:
    assert change(KNOWN.instrument("change_global"), 1, 2).reason == (
        "No comparison, because this instrument does not measure change."
    )


def test_other_questions_are_the_reason() -> None:
    two = score(ACTIVITIES, {"act_1": 8, "act_2": 8})
    one = score(ACTIVITIES, {"act_1": 2})
    assert change(ACTIVITIES, two, one).reason == (
        "No comparison, because other questions were answered the other time."
    )


def test_another_version_is_the_reason() -> None:
    newer = PEG.model_copy(update={"version": PEG.version + 1})
    answers = {item.id: 5 for item in PEG.items}
    assert change(PEG, score(PEG, answers), score(newer, answers)).reason == (
        "No comparison, because the questionnaire was another version."
    )


def test_a_score_and_a_plain_number_are_compared() -> None:
    answers = {item.id: 5 for item in PEG.items}
    assert change(PEG, score(PEG, answers), 4.0).points == -1.0
    assert change(PEG, 4.0, score(PEG, answers)).points == 1.0


@pytest.mark.parametrize(("earlier", "later", "percent"), [(3.0, 2.0, -33.3), (7.0, 8.0, 14.3)])
def test_a_percent_has_one_decimal(earlier: float, later: float, percent: float) -> None:
    assert change(PEG, earlier, later).percent == percent


@pytest.mark.parametrize("reading", [0.0, 10.0])
def test_the_ends_of_the_range_are_scores(reading: float) -> None:
    assert change(PEG, 5.0, reading).points == reading - 5


def test_a_score_outside_is_named_with_the_range() -> None:
    with pytest.raises(ScoreOutOfRange) as caught:
        change(PEG, 10.1, 5.0)
    assert str(caught.value) == "peg: 10.1 is not a score within (0, 10)"


@pytest.mark.parametrize(
    ("changed", "smallest"),
    [
        ({}, None),
        ({"reliable_change_points": 4.0}, 4.0),
        ({"smallest_detectable_change": DetectableChange(conf="known")}, None),
        ({"smallest_detectable_change": DetectableChange(value=2.5, conf="known")}, 2.5),
        (
            {
                "smallest_detectable_change": DetectableChange(value=2.5, conf="known"),
                "reliable_change_points": 4.0,
            },
            2.5,
        ),
        (
            {
                "smallest_detectable_change": DetectableChange(conf="known"),
                "reliable_change_points": 4.0,
            },
            4.0,
        ),
    ],
)
def test_the_detectable_change_comes_before_the_reliable_one(
    changed: dict[str, object], smallest: float | None
) -> None:
    facts = ChangeFacts(conf="known").model_copy(update=changed)
    assert measurement_error(facts) == smallest


@pytest.mark.parametrize(
    ("earlier", "later", "verdict"),
    [(6.0, 4.2, "improved"), (6.0, 4.21, "unclear"), (3.0, 2.0, "improved"), (3.0, 2.1, "unclear")],
)
def test_a_drop_has_to_reach_points_and_percent(earlier: float, later: float, verdict: str) -> None:
    followup = {"peg": later, "change_global": 3}
    assert responder(KNOWN.responder_rule, {"peg": earlier}, followup) == verdict


def test_both_halves_of_the_rule_together_are_unclear() -> None:
    rule = KNOWN.responder_rule
    followup = {"peg": 3.0, "change_global": 3}
    assert responder(rule, {"peg": 6.0}, followup, [7.0, 7.0]) == "unclear"
    assert responder(rule, {"peg": 6.0}, followup, [6.9, 7.0]) == "improved"


def test_a_rise_needs_a_baseline() -> None:
    assert responder(KNOWN.responder_rule, {}, {"change_global": 4}, [9.0, 9.0]) == "unclear"
