"""The dose comes from the data, for those it was tested in; stop rules are said beforehand."""

import pytest

from unknot.domain.guidance import catalogue
from unknot.domain.guidance.dose import dose_for, said_beforehand
from unknot.domain.guidance.facts import Facts

CATALOGUE = catalogue.load()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(main_region="cervical_l", duration="chronic"), "neck_dose"),
        (Facts(main_region="cervical_l", duration="subacute"), "default_plan"),
        (Facts(main_region="cervical_l", duration="acute"), "default_plan"),
        (Facts(main_region="lumbar_r", duration="chronic"), "lbp_dose"),
        (Facts(main_region="lumbar_r", duration="subacute"), "default_plan"),
        (Facts(main_region="thoracic_l", duration="chronic"), "default_plan"),
        (Facts(), "default_plan"),
    ],
)
def test_a_dose_is_for_those_it_was_tested_in(facts: Facts, expected: str) -> None:
    assert dose_for(CATALOGUE, facts).dose.id == expected


def test_a_dose_from_a_trial_names_it_and_our_own_says_so() -> None:
    neck = dose_for(CATALOGUE, Facts(main_region="cervical_l", duration="chronic"))
    ours = dose_for(CATALOGUE, Facts())
    assert neck.dose.source == "Sherman 2014"
    assert neck.dose.caveat == "no sham"
    assert {claim.id for claim in neck.claims} >= {"pain_neck_waitlist", "pain_neck_sham"}
    assert ours.dose.conf == "derived"
    assert "our own" in ours.dose.say


def test_shorter_sessions_than_the_dose_are_answered() -> None:
    neck = {"main_region": "cervical_l", "duration": "chronic"}
    short = dose_for(CATALOGUE, Facts(**neck, minutes=30))  # type: ignore[arg-type]
    whole = dose_for(CATALOGUE, Facts(**neck, minutes=60))  # type: ignore[arg-type]
    assert "did not help more than waiting" in short.shorter_say
    assert whole.shorter_say == ""


def test_every_dose_that_is_said_tells_what_to_do_with_less_time_or_money() -> None:
    for dose in CATALOGUE.doses:
        assert bool(dose.say) is bool(dose.less) is bool(dose.shorter)


def test_the_rules_for_stopping_are_said_beforehand_but_for_the_one_about_mood() -> None:
    said = {rule.id: rule for rule in said_beforehand(CATALOGUE)}
    assert said.keys() == {rule.id for rule in CATALOGUE.stop_rules} - {"distress"}
    assert (said["review_plan"].at.sessions, said["review_plan"].at.weeks) == (6, 8)
    assert "six sessions or eight weeks, whichever comes first" in said["review_plan"].say
    assert "same day" in said["worse"].say
    assert "four weeks" in said["s5"].say
    assert "six weeks" in said["s4"].say
    assert all(rule.conf == "derived" for rule in said.values())
