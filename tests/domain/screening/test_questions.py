"""What is asked: by the marks, by what was told in words, and after a flag that was not denied."""

import pytest

from unknot.domain.screening import catalogue
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.clauses import Reply, Urgency
from unknot.domain.screening.decide import decide
from unknot.domain.screening.questions import (
    TOLD_IN_WORDS,
    asked_about,
    questions_to_ask,
    unanswered,
)

TABLE = catalogue.load()


def flags(*regions: str, age: int = 60) -> set[str]:
    return {flag.id for flag in questions_to_ask(TABLE, regions=regions, age=age).red_flags}


def test_numbness_told_in_words_opens_the_questions_of_the_arm() -> None:
    before = flags("lumbar_l")
    after = flags(*asked_about(["lumbar_l"], ["arm_numbness"]))
    assert "rf_severe_arm" not in before
    assert {"rf_severe_arm", "rf_cardiac"} <= after
    assert before <= after


@pytest.mark.parametrize(
    ("told", "flag"),
    [("headaches", "rf_gca"), ("shoulder_pain", "rf_cad"), ("headaches", "rf_meningitis")],
)
def test_what_is_told_in_words_opens_its_questions(told: str, flag: str) -> None:
    assert flag not in flags("lumbar_l")
    assert flag in flags(*asked_about(["lumbar_l"], [told]))


def test_nothing_marked_stays_nothing_so_that_everything_is_asked() -> None:
    assert asked_about([], list(TOLD_IN_WORDS)) == ()


def test_marks_come_first_and_once() -> None:
    assert asked_about(["head_back", "lumbar_l"], ["headaches"])[:2] == ("head_back", "lumbar_l")
    assert len(asked_about(["head_back"], ["headaches"])) == len(
        set(asked_about(["head_back"], ["headaches"]))
    )


def test_a_fact_is_offered_with_its_flag_alone() -> None:
    assert [fact.id for fact in questions_to_ask(TABLE, regions=(), age=60).facts] == [
        "iv_drug_use",
        "vision_change",
    ]
    young = questions_to_ask(TABLE, regions=("lumbar_l",), age=30)
    assert [fact.id for fact in young.facts] == ["iv_drug_use"]


@pytest.mark.parametrize("reply", ["yes", "unsure"])
def test_a_fact_must_be_answered_once_its_flag_was_not_denied(reply: Reply) -> None:
    answers = Answers(red_flags={"rf_infection": reply})
    assert "iv_drug_use" in unanswered(TABLE, answers, regions=(), age=30)
    told = Answers(red_flags={"rf_infection": reply}, facts={"iv_drug_use": "no"})
    assert "iv_drug_use" not in unanswered(TABLE, told, regions=(), age=30)


@pytest.mark.parametrize("said", [{}, {"rf_infection": "no"}])
def test_a_fact_is_not_needed_while_its_flag_is_denied(said: dict[str, Reply]) -> None:
    assert "iv_drug_use" not in unanswered(TABLE, Answers(red_flags=said), regions=(), age=30)


@pytest.mark.parametrize(
    ("flag", "fact"), [("rf_infection", "iv_drug_use"), ("rf_gca", "vision_change")]
)
@pytest.mark.parametrize("reply", ["yes", "unsure"])
def test_the_fact_raises_its_flag_to_the_highest_level(flag: str, fact: str, reply: Reply) -> None:
    def level(**facts: Reply) -> Urgency:
        answers = Answers(red_flags={flag: "yes"}, facts=facts)
        return decide(TABLE, answers, age=60, regions=(), onset_weeks=None).urgency

    assert level(**{fact: "no"}) is Urgency.SAME_DAY
    assert level(**{fact: reply}) is Urgency.EMERGENCY_NOW
