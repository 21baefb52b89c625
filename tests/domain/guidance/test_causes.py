"""Every suspected cause is answered with claims, promises nothing and changes no order."""

import pytest

from unknot.domain.guidance import catalogue
from unknot.domain.guidance.causes import UnknownCause, answers_to
from unknot.domain.guidance.facts import Facts

CATALOGUE = catalogue.load()


def claims_for(facts: Facts) -> list[str]:
    return [claim.id for answer in answers_to(CATALOGUE, facts) for claim in answer.claims]


def test_posture_is_answered_with_what_was_not_found() -> None:
    (answer,) = answers_to(CATALOGUE, Facts(suspected_causes=("posture_at_work",)))
    assert [claim.say for claim in answer.claims] == ["No good evidence massage fixes posture."]
    assert "staying active" in answer.cause.besides


def test_an_injury_is_sent_to_a_clinician_first() -> None:
    (answer,) = answers_to(CATALOGUE, Facts(suspected_causes=("injury",)))
    assert "see a doctor before any massage" in answer.cause.say


def test_stress_is_answered_with_calm_and_with_its_limit() -> None:
    assert claims_for(Facts(suspected_causes=("stress",))) == [
        "stress",
        "anxiety_now",
        "anxiety_lasting",
    ]


def test_a_claim_about_new_pain_is_kept_to_new_pain() -> None:
    strain = ("strain",)
    assert "acute_pain" in claims_for(Facts(suspected_causes=strain, duration="acute"))
    assert "acute_pain" not in claims_for(Facts(suspected_causes=strain, duration="chronic"))


def test_answers_come_in_the_order_of_the_file_whatever_was_told_first() -> None:
    answers = answers_to(CATALOGUE, Facts(suspected_causes=("stress", "strain")))
    assert [answer.cause.id for answer in answers] == ["strain", "stress"]


def test_nothing_suspected_is_nothing_answered() -> None:
    assert answers_to(CATALOGUE, Facts()) == ()


def test_a_cause_nobody_answers_is_refused() -> None:
    with pytest.raises(UnknownCause, match="the_moon"):
        answers_to(CATALOGUE, Facts(suspected_causes=("the_moon",)))


def test_no_answer_is_more_than_our_own_conclusion() -> None:
    assert {cause.conf for cause in CATALOGUE.causes} == {"derived"}
    assert all(cause.basis and cause.besides for cause in CATALOGUE.causes)
