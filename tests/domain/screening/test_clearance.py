"""What is left of a decision after a clinician has agreed to some of its rows."""

from unknot.domain.screening import catalogue
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.clauses import Action, Urgency
from unknot.domain.screening.clearance import cleared, flags_to_clear, not_covered
from unknot.domain.screening.decide import Decision, decide


def decision(**answers: list[str]) -> Decision:
    """The decision for answers of yes by kind; ten weeks after the onset, at 40."""
    said = {kind: dict.fromkeys(names, "yes") for kind, names in answers.items()}
    return decide(
        catalogue.load(),
        Answers(**said),  # type: ignore[arg-type]
        age=40,
        regions=("lumbar_l",),
        onset_weeks=2,
    )


def test_only_flags_that_block_have_to_be_cleared() -> None:
    found = decision(red_flags=["rf_night", "rf_severe_leg", "rf_abuse"])
    assert flags_to_clear(found) == ("rf_night",)
    assert flags_to_clear(decision(red_flags=["rf_severe_leg"])) == ()


def test_a_combination_asks_for_each_of_its_members() -> None:
    found = decision(red_flags=["rf_severe_leg", "rf_neuro_progressive"])
    assert set(flags_to_clear(found)) == {"rf_severe_leg", "rf_neuro_progressive"}


def test_what_is_not_covered_is_named_in_order() -> None:
    assert not_covered(("rf_night", "rf_cad"), {"rf_night"}) == ("rf_cad",)
    assert not_covered((), ()) == ()


def test_a_cleared_flag_no_longer_blocks_and_is_still_told() -> None:
    found = decision(red_flags=["rf_night"])
    after = cleared(found, {"rf_night"})
    assert (found.blocked, after.blocked) == (True, False)
    assert after.urgency is Urgency.ADAPT
    assert "rf_night" in {row.id for row in after.for_staff()}


def test_one_of_two_flags_is_not_enough() -> None:
    found = decision(red_flags=["rf_night", "rf_infection"])
    assert cleared(found, {"rf_night"}).blocked
    assert not cleared(found, {"rf_night", "rf_infection"}).blocked


def test_a_combination_blocks_until_every_member_is_covered() -> None:
    found = decision(red_flags=["rf_severe_leg", "rf_neuro_progressive"])
    assert cleared(found, {"rf_neuro_progressive"}).blocked
    assert not cleared(found, {"rf_neuro_progressive", "rf_severe_leg"}).blocked


def test_agreement_turns_clearance_into_a_change_to_make() -> None:
    found = decision(conditions=["heart_stable"])
    assert found.action("deep_tissue") is Action.CLEARANCE
    rules = {row.id for row in found.fired if row.action is Action.CLEARANCE}
    assert cleared(found, rules).action("deep_tissue") is Action.ADAPT


def test_no_word_lifts_what_is_to_be_avoided() -> None:
    found = decision(medicines=["anticoagulant"])
    every = {row.id for row in found.fired}
    assert cleared(found, every).action("deep_tissue") is Action.AVOID


def test_ids_that_did_not_fire_change_nothing() -> None:
    found = decision(red_flags=["rf_night"])
    assert cleared(found, {"rf_cad"}) is found
    assert cleared(found, ()) is found
