"""Every red flag and combination fires at its level, and a near miss does not."""

import pytest

from unknot.domain.screening import catalogue
from unknot.domain.screening.after_session import after_session
from unknot.domain.screening.answers import Answers, UnknownQuestion
from unknot.domain.screening.clauses import Reply, Urgency, urgency
from unknot.domain.screening.decide import Decision, decide
from unknot.domain.screening.entries import Combination, Level, RedFlag
from unknot.domain.screening.questions import questions_to_ask, recheck_questions, unanswered

TABLE = catalogue.load()
FLAGS = {flag.id: flag for flag in TABLE.red_flags}


def decided(
    *,
    age: int = 40,
    onset_weeks: float | None = 3,
    regions: tuple[str, ...] = ("lumbar_l",),
    facts: dict[str, Reply] | None = None,
    conditions: dict[str, Reply] | None = None,
    medicines: dict[str, Reply] | None = None,
    **red_flags: Reply,
) -> Decision:
    answers = Answers(
        red_flags=red_flags,
        facts=facts or {},
        conditions=conditions or {},
        medicines=medicines or {},
    )
    return decide(TABLE, answers, age=age, regions=regions, onset_weeks=onset_weeks)


def fired_flags(decision: Decision) -> dict[str, Urgency]:
    return {row.id: row.urgency for row in decision.fired if row.kind == "red_flag"}


@pytest.mark.parametrize("flag", TABLE.red_flags, ids=lambda flag: flag.id)
def test_a_yes_fires_at_the_level_of_the_table(flag: RedFlag) -> None:
    # An onset of unknown date neither softens nor escalates: the plain level of the table.
    decision = decided(onset_weeks=None, **{flag.id: "yes"})
    assert fired_flags(decision) == {flag.id: urgency(flag.urgency)}
    assert decision.urgency == urgency(flag.urgency)


@pytest.mark.parametrize("flag", TABLE.red_flags, ids=lambda flag: flag.id)
def test_a_no_and_silence_fire_nothing(flag: RedFlag) -> None:
    assert fired_flags(decided(**{flag.id: "no"})) == {}
    assert fired_flags(decided()) == {}
    assert decided(**{flag.id: "no"}).urgency is Urgency.NONE


@pytest.mark.parametrize("flag", TABLE.red_flags, ids=lambda flag: flag.id)
def test_not_sure_counts_as_yes_at_the_two_highest_levels_and_shows_cards(flag: RedFlag) -> None:
    high = flag.urgency in {"same_day", "emergency_now"}
    fires = high or flag.show is not None
    assert (flag.id in fired_flags(decided(**{flag.id: "unsure"}))) is fires


@pytest.mark.parametrize("level", TABLE.levels, ids=lambda level: level.id)
def test_a_decision_blocks_exactly_where_the_level_says_booking_is_blocked(level: Level) -> None:
    flag = next(one for one in TABLE.red_flags if one.urgency == level.id)
    decision = decided(onset_weeks=None, **{flag.id: "yes"})
    assert decision.blocked is (level.booking == "blocked")
    assert decision.blocked is bool(level.unlock)


@pytest.mark.parametrize("combination", TABLE.combinations, ids=lambda one: one.id)
def test_a_combination_fires_with_enough_members_and_not_with_one_fewer(
    combination: Combination,
) -> None:
    enough = combination.members[: combination.needed]
    ids = {row.id for row in decided(**dict.fromkeys(enough, "yes")).fired}
    assert combination.id in ids
    fewer = decided(**dict.fromkeys(enough[:-1], "yes"))
    assert combination.id not in {row.id for row in fewer.fired}


def test_two_weak_flags_together_are_same_day() -> None:
    assert decided(rf_night="yes").urgency is Urgency.CLINICIAN_FIRST
    assert decided(rf_night="yes", rf_systemic="yes").urgency is Urgency.SAME_DAY


def test_infection_is_raised_by_what_makes_it_dangerous_and_not_without_it() -> None:
    assert decided(rf_infection="yes").urgency is Urgency.SAME_DAY
    for conditions in ({"immune_low": "yes"}, {"diabetes": "unsure"}, {"surgery_recent": "yes"}):
        raised = decided(rf_infection="yes", conditions=conditions)
        assert raised.urgency is Urgency.EMERGENCY_NOW
    drug: dict[str, Reply] = {"immunosuppressant": "yes"}
    assert decided(rf_infection="yes", medicines=drug).urgency is Urgency.EMERGENCY_NOW
    named: dict[str, Reply] = {"iv_drug_use": "yes"}
    assert decided(rf_infection="yes", facts=named).urgency is Urgency.EMERGENCY_NOW
    denied: dict[str, Reply] = {"diabetes": "no"}
    assert decided(rf_infection="yes", conditions=denied).urgency is Urgency.SAME_DAY


def test_vision_change_raises_the_temporal_artery_flag() -> None:
    assert decided(age=60, rf_gca="yes").urgency is Urgency.SAME_DAY
    raised = decided(age=60, rf_gca="yes", facts={"vision_change": "yes"})
    assert raised.urgency is Urgency.EMERGENCY_NOW


@pytest.mark.parametrize(
    ("weeks", "level"),
    [
        (None, Urgency.EMERGENCY_NOW),
        (1, Urgency.EMERGENCY_NOW),
        (2, Urgency.EMERGENCY_NOW),  # the fourteenth day is not after it
        (15 / 7, Urgency.SAME_DAY),
        (6, Urgency.SAME_DAY),
        (7, Urgency.EMERGENCY_NOW),  # outside the six weeks of the question: not believed
    ],
)
def test_trauma_is_softened_only_between_two_and_six_weeks(
    weeks: float | None, level: Urgency
) -> None:
    assert decided(onset_weeks=weeks, rf_major_trauma="yes").urgency is level


@pytest.mark.parametrize("flag", ["rf_severe_leg", "rf_severe_arm"])
@pytest.mark.parametrize(
    ("weeks", "level"),
    [(41 / 7, Urgency.ADAPT), (6, Urgency.CLINICIAN_FIRST), (None, Urgency.ADAPT)],
)
def test_nerve_root_pain_goes_to_a_clinician_after_six_weeks(
    flag: str, weeks: float | None, level: Urgency
) -> None:
    assert decided(onset_weeks=weeks, **{flag: "yes"}).urgency is level


def test_the_safeguarding_answer_shows_a_card_and_stays_from_staff() -> None:
    decision = decided(rf_abuse="yes")
    assert decision.cards == ("safeguarding_card",)
    assert decision.urgency is Urgency.NONE
    assert "rf_abuse" not in {row.id for row in decision.for_staff()}
    assert "rf_abuse" in {row.id for row in decision.fired}  # the guard has something to hide


def test_a_private_condition_changes_the_session_without_its_reason() -> None:
    decision = decided(conditions={"trauma_history": "yes"})
    assert "r069" not in {row.id for row in decision.for_staff()}
    assert any("stop signal" in text for text in decision.adaptations("swedish"))


def test_a_crisis_shows_its_card_and_needs_clearance() -> None:
    assert decided(conditions={"mental_health_acute": "yes"}).cards == ("crisis_card",)


def test_the_recheck_asks_for_the_full_screen_when_anything_is_new() -> None:
    assert [flag.id for flag in recheck_questions(TABLE)] == ["rf_any_new"]
    assert decided(rf_any_new="yes").full_screen
    assert decided(rf_any_new="unsure").full_screen
    assert not decided(rf_any_new="no").full_screen


def test_questions_follow_the_places_marked_and_their_families() -> None:
    def asked(*regions: str, age: int = 40) -> set[str]:
        return {flag.id for flag in questions_to_ask(TABLE, regions=regions, age=age).red_flags}

    everywhere = {flag.id for flag in TABLE.red_flags if "any" in flag.regions}
    unasked = {"rf_any_new", "rf_pregnancy_warning"}
    assert everywhere - unasked <= asked("hand_l")
    assert "rf_ces_saddle" in asked("lumbar_l")
    assert "rf_ces_saddle" not in asked("cervical_l")
    assert "rf_kidney" in asked("lumbar_l")  # the flank is a child of the low back
    assert "rf_cad" in asked("cervical_l")
    assert "rf_gca" in asked("cervical_l", age=50)
    assert "rf_gca" not in asked("cervical_l", age=49)
    assert asked(age=50) == set(FLAGS) - unasked  # nothing marked: everything is asked


def test_pregnancy_questions_are_asked_when_pregnant_or_not_sure() -> None:
    def asked(reply: Reply) -> set[str]:
        answers = Answers(conditions={"pregnancy": reply})
        found = questions_to_ask(TABLE, regions=(), age=30, answers=answers)
        return {row.id for row in (*found.red_flags, *found.conditions)}

    pregnant = {"rf_pregnancy_warning", "pregnancy_t1", "pregnancy_highrisk"}
    assert pregnant <= asked("yes")
    assert pregnant <= asked("unsure")
    assert not pregnant & asked("no")


def test_a_decision_is_incomplete_until_every_required_question_has_an_answer() -> None:
    asked = questions_to_ask(TABLE, regions=("lumbar_l",), age=40)
    answers = Answers(
        red_flags={flag.id: "no" for flag in asked.red_flags if not flag.optional},
        conditions={row.id: "no" for row in asked.conditions},
        medicines={row.id: "no" for row in asked.medicines},
    )
    assert unanswered(TABLE, answers, regions=("lumbar_l",), age=40) == ()
    assert "rf_abuse" not in asked.required
    assert "rf_ces_sexual" not in asked.required
    without = Answers(red_flags=answers.red_flags, conditions={}, medicines=answers.medicines)
    decision = decide(TABLE, without, age=40, regions=("lumbar_l",), onset_weeks=1)
    assert decision.incomplete
    assert set(decision.unanswered) == {row.id for row in asked.conditions}


def test_an_answer_to_an_unknown_question_is_an_error() -> None:
    with pytest.raises(UnknownQuestion, match="no red flag is called rf_gone"):
        decided(rf_gone="yes")
    with pytest.raises(UnknownQuestion, match="no region is called elbow"):
        decided(regions=("elbow",))


@pytest.mark.parametrize(
    ("events", "soreness", "hours", "level"),
    [
        ({"numb"}, None, 24, Urgency.SAME_DAY),
        ({"neck_severe"}, None, 24, Urgency.EMERGENCY_NOW),
        ({"calf"}, None, 24, Urgency.EMERGENCY_NOW),
        ({"burn"}, None, 24, Urgency.SAME_DAY),
        (set(), 7, 72, Urgency.ADAPT),
        (set(), 6, 72, None),
        (set(), 7, 24, None),
        ({"bruise"}, None, 24, None),
    ],
)
def test_answers_after_a_session_set_off_their_level_and_are_logged(
    events: set[str], soreness: int | None, hours: int, level: Urgency | None
) -> None:
    result = after_session(TABLE, events=events, soreness=soreness, hours=hours)
    assert result.adverse_event is (level is not None)
    assert result.urgency == (level or Urgency.NONE)
