"""Every decision row fires for its answer, in the place it names, and not elsewhere."""

import pytest

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.screening import catalogue
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.clauses import Action, Reply, Urgency, action
from unknot.domain.screening.decide import Decision, decide
from unknot.domain.screening.entries import Rule

TABLE = catalogue.load()
REGIONS = tuple(region.id for region in bodymap.load().regions)


def answering(rule: Rule, reply: Reply, *where: str) -> Answers:
    question = rule.when.condition or rule.when.medicine or ""
    places = {question: frozenset(where)} if where else {}
    if rule.when.condition:
        return Answers(conditions={question: reply}, where=places)
    if rule.when.medicine:
        return Answers(medicines={question: reply}, where=places)
    return Answers()


def decided(answers: Answers, *, age: int = 40) -> Decision:
    return decide(TABLE, answers, age=age, regions=("lumbar_l",), onset_weeks=3)


def fired(decision: Decision, rule: Rule) -> bool:
    return rule.id in {row.id for row in decision.fired}


@pytest.mark.parametrize("rule", TABLE.rules, ids=lambda rule: rule.id)
def test_a_row_fires_for_its_answer_and_reaches_every_technique_it_names(rule: Rule) -> None:
    decision = decided(answering(rule, "yes", *(["scapula_l"] if "affected" in rule.areas else [])))
    assert fired(decision, rule)
    row = next(one for one in decision.fired if one.id == rule.id)
    assert row.techniques == TABLE.techniques_of(rule.techniques)
    for technique in row.techniques:
        for place in row.regions or (None, *REGIONS):
            assert decision.action(technique, place) >= action(rule.action)


@pytest.mark.parametrize("rule", [r for r in TABLE.rules if not r.when.always], ids=lambda r: r.id)
def test_a_row_is_silent_for_a_no_and_without_an_answer(rule: Rule) -> None:
    assert not fired(decided(answering(rule, "no")), rule)
    assert not fired(decided(Answers()), rule)


@pytest.mark.parametrize("rule", [r for r in TABLE.rules if not r.when.always], ids=lambda r: r.id)
def test_not_sure_asks_for_clearance_at_most(rule: Rule) -> None:
    row = next(one for one in decided(answering(rule, "unsure")).fired if one.id == rule.id)
    assert row.action == min(action(rule.action), Action.CLEARANCE)


@pytest.mark.parametrize(
    ("age", "expected"),
    [(17, Action.CLEARANCE), (18, Action.OK), (64, Action.OK), (65, Action.ADAPT)],
)
def test_age_rules_change_every_technique(age: int, expected: Action) -> None:
    assert decided(Answers(), age=age).action("swedish") is expected


def test_a_first_back_pain_from_fifty_on_is_told_a_clinician_comes_first() -> None:
    first = Answers(facts={"first_ever_back_pain": "yes"})
    assert "ag3" in {row.id for row in decided(first, age=50).fired}
    assert "ag3" not in {row.id for row in decided(first, age=49).fired}
    assert "ag3" not in {row.id for row in decided(Answers(), age=50).fired}


def test_an_affected_place_limits_itself_and_its_children_and_nothing_else() -> None:
    there = decided(
        Answers(conditions={"skin_broken": "yes"}, where={"skin_broken": frozenset({"lumbar_l"})})
    )
    assert there.action("swedish", "lumbar_l") is Action.AVOID
    assert there.action("swedish", "flank_l") is Action.AVOID
    assert there.action("swedish", "lumbar_r") is Action.OK
    assert there.action("swedish") is Action.OK


def test_a_limit_on_a_finer_site_does_not_close_the_whole_area() -> None:
    there = decided(
        Answers(conditions={"skin_broken": "yes"}, where={"skin_broken": frozenset({"flank_l"})})
    )
    assert there.action("swedish", "flank_l") is Action.AVOID
    assert there.action("swedish", "lumbar_l") is Action.OK


def test_an_affected_place_that_nobody_named_is_anywhere() -> None:
    assert decided(Answers(conditions={"skin_broken": "yes"})).action("swedish") is Action.AVOID


def test_the_highest_action_wins_in_one_place() -> None:
    decision = decided(Answers(conditions={"carotid_disease": "yes"}))
    assert decision.action("swedish", "cervical_l") is Action.CLEARANCE
    assert decision.action("swedish", "neck_side_l") is Action.AVOID
    assert decision.action("swedish", "lumbar_l") is Action.OK


def test_throat_and_spine_line_are_avoided_for_everyone() -> None:
    nothing = decided(Answers())
    for technique in TABLE.techniques:
        avoided = nothing.avoided_regions(technique)
        assert {"neck_front_mid", "thoracic_mid", "lumbar_mid", "cervicothoracic"} == avoided


def test_a_condition_that_changes_the_session_is_told_to_the_therapist() -> None:
    assert decided(Answers(medicines={"antihypertensive": "yes"})).urgency is Urgency.ADAPT
    assert decided(Answers()).urgency is Urgency.NONE


def test_several_changes_all_apply_in_the_places_asked_for() -> None:
    decision = decided(
        Answers(conditions={"bp_controlled": "yes"}, medicines={"antihypertensive": "yes"})
    )
    own = decision.adaptations("swedish", standing=False)
    assert own == ("Slow rise at the end; sit 2 minutes.", "Sit up slowly.")
    neck = decision.adaptations("swedish", regions={"cervical_l"})
    assert any("thrust" in text for text in neck)
    assert not any(
        "thrust" in text for text in decision.adaptations("swedish", regions={"lumbar_l"})
    )


def test_a_technique_or_region_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        decided(Answers()).action("cupping")
    with pytest.raises(KeyError):
        decided(Answers()).action("swedish", "elbow")
