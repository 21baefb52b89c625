"""A decision: the rows behind an action, the changes to make, and what staff may see."""

import pytest

from unknot.domain.screening import catalogue
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.clauses import Action, Reply, Urgency
from unknot.domain.screening.decide import Decision, Fired, decide
from unknot.domain.screening.limits import add_up

TABLE = catalogue.load()
TECHNIQUES = ("deep_tissue", "swedish")


def fired(name: str, **changed: object) -> Fired:
    given: dict[str, object] = {
        "id": name,
        "kind": "condition",
        "version": 1,
        "because": name,
        "text": f"Text of {name}.",
        "action": Action.ADAPT,
        "techniques": frozenset({"swedish"}),
    }
    return Fired(**{**given, **changed})  # type: ignore[arg-type]


def decision(*rows: Fired, **changed: object) -> Decision:
    given: dict[str, object] = {
        "table_version": 1,
        "urgency": Urgency.ADAPT,
        "fired": rows,
        "unanswered": (),
        "full_screen": False,
        "cards": (),
        "techniques": TECHNIQUES,
        "limits": add_up(TECHNIQUES, rows),
    }
    return Decision(**{**given, **changed})  # type: ignore[arg-type]


def ids(rows: tuple[Fired, ...]) -> list[str]:
    return [row.id for row in rows]


def test_the_reasons_are_the_rows_of_the_technique_and_the_place() -> None:
    found = decision(
        fired("anywhere"),
        fired("lumbar", regions=frozenset({"lumbar_l"})),
        fired("other", techniques=frozenset({"deep_tissue"})),
    )
    assert ids(found.reasons("swedish")) == ["anywhere"]
    assert ids(found.reasons("swedish", "lumbar_l")) == ["anywhere", "lumbar"]
    assert ids(found.reasons("swedish", "hand_l")) == ["anywhere"]
    assert ids(found.reasons("deep_tissue", "lumbar_l")) == ["other"]


def test_the_changes_to_make_are_those_of_the_technique_and_the_places() -> None:
    found = decision(
        fired("anywhere"),
        fired("lumbar", regions=frozenset({"lumbar_l", "lumbar_r"})),
        fired("other", techniques=frozenset({"deep_tissue"})),
        fired("standing", kind="always"),
        fired("carded", card="crisis_card"),
        fired("again", text="Text of anywhere."),
    )
    anywhere, lumbar, standing = (f"Text of {one}." for one in ("anywhere", "lumbar", "standing"))
    assert found.adaptations("swedish") == (anywhere, lumbar, standing)
    assert found.adaptations("swedish", standing=False) == (anywhere, lumbar)
    assert found.adaptations("swedish", regions=["hand_l"]) == (anywhere, standing)
    assert found.adaptations("swedish", regions=["lumbar_r"]) == (anywhere, lumbar, standing)
    assert found.adaptations("swedish", regions=[]) == (anywhere, standing)


def test_staff_see_what_is_not_private() -> None:
    found = decision(fired("open"), fired("kept", private=True))
    assert ids(found.for_staff()) == ["open"]


@pytest.mark.parametrize("level", Urgency)
def test_booking_is_blocked_from_clinician_first(level: Urgency) -> None:
    assert decision(urgency=level).blocked is (level >= 2)


def test_a_decision_is_incomplete_while_a_question_is_open() -> None:
    assert decision(unanswered=("rf_cad",)).incomplete is True
    assert decision().incomplete is False


def decided(
    *, age: int = 40, onset_weeks: float | None = None, **answers: dict[str, Reply]
) -> Decision:
    return decide(TABLE, Answers(**answers), age=age, regions=(), onset_weeks=onset_weeks)  # type: ignore[arg-type]


def row_of(found: Decision, name: str) -> Fired:
    (row,) = [one for one in found.fired if one.id == name]
    return row


def test_a_red_flag_is_told_with_its_question_and_reply() -> None:
    flag = TABLE.red_flag("rf_cad")
    row = row_of(decided(red_flags={"rf_cad": "unsure"}), "rf_cad")
    assert row == Fired(
        id="rf_cad",
        kind="red_flag",
        version=flag.version,
        because="rf_cad",
        text=flag.question,
        answered=flag.question,
        reply="unsure",
        urgency=Urgency.EMERGENCY_NOW,
        private=flag.private,
        card=flag.show,
        may_continue=flag.may_continue,
    )


def test_what_a_flag_lets_continue_is_told() -> None:
    flag = TABLE.red_flag("rf_inflammatory")
    row = row_of(decided(red_flags={"rf_inflammatory": "yes"}), "rf_inflammatory")
    assert row.may_continue == flag.may_continue != ""


def test_a_combination_is_told_with_the_questions_of_its_members() -> None:
    combination = next(one for one in TABLE.combinations if one.id == "combo_cancer")
    first, second = combination.members[:2]
    found = decided(red_flags={first: "yes", second: "yes"})
    assert row_of(found, "combo_cancer") == Fired(
        id="combo_cancer",
        kind="combination",
        version=combination.version,
        because=f"{first}, {second}",
        text=f"{TABLE.red_flag(first).question} {TABLE.red_flag(second).question}",
        urgency=Urgency.SAME_DAY,
    )


def test_a_combination_with_a_private_member_is_private() -> None:
    flags = tuple(
        flag.model_copy(update={"private": flag.id == "rf_night"}) for flag in TABLE.red_flags
    )
    fields = {name: getattr(TABLE, name) for name in type(TABLE).model_fields}
    table = type(TABLE)(**{**fields, "red_flags": flags})
    answers = Answers(red_flags={"rf_night": "yes", "rf_systemic": "yes"})
    found = decide(table, answers, age=40, regions=(), onset_weeks=None)
    assert row_of(found, "combo_cancer").private is True


def test_a_condition_is_told_with_its_question_its_change_and_its_reply() -> None:
    rule = next(one for one in TABLE.rules if one.when.condition == "fever_infection")
    row = row_of(decided(conditions={"fever_infection": "yes"}), rule.id)
    condition = TABLE.condition("fever_infection")
    assert (row.kind, row.because, row.reply) == ("condition", "fever_infection", "yes")
    assert (row.text, row.answered) == (rule.adapt_how, condition.question)
    assert (row.version, row.urgency, row.private) == (rule.version, Urgency.ADAPT, False)
    assert row.action.id == rule.action
    assert row.techniques == TABLE.techniques_of(rule.techniques)
    assert row.regions == frozenset()


def test_a_medicine_is_told_with_its_label_and_why_it_is_asked() -> None:
    rule = next(one for one in TABLE.rules if one.when.medicine == "anticoagulant")
    row = row_of(decided(medicines={"anticoagulant": "unsure"}), rule.id)
    medicine = TABLE.medicine("anticoagulant")
    assert (row.kind, row.because, row.reply) == ("medicine", "anticoagulant", "unsure")
    assert row.answered == f"{medicine.label}: {medicine.why}"
    assert (row.text, row.urgency, row.private) == (rule.adapt_how, Urgency.ADAPT, False)
    assert row.action is min(Action.CLEARANCE, Action[rule.action.upper()])


def test_a_standing_rule_asks_for_nothing_and_answers_nothing() -> None:
    found = decided()
    standing = [row for row in found.fired if row.kind == "always"]
    assert standing
    assert len(standing) == len(found.fired)
    for row in standing:
        assert (row.because, row.answered, row.reply) == ("always", "", None)
        assert (row.urgency, row.private) == (Urgency.NONE, False)
    assert found.urgency is Urgency.NONE


def test_a_private_condition_is_private_and_a_card_is_shown_once() -> None:
    found = decided(conditions={"mental_health_acute": "yes", "trauma_history": "yes"})
    private = {row.because for row in found.fired if row.private}
    assert private == {
        name for name in ("mental_health_acute", "trauma_history") if TABLE.condition(name).private
    }
    assert found.cards == ("crisis_card",)


def test_an_age_rule_is_told_and_holds_for_every_technique() -> None:
    rule = next(one for one in TABLE.age_rules if one.id == "ag1")
    assert row_of(decided(age=17), "ag1") == Fired(
        id="ag1",
        kind="age",
        version=rule.version,
        because="age",
        text=rule.text,
        urgency=Urgency.ADAPT,
        action=Action[rule.action.upper()],
        techniques=frozenset(TABLE.techniques),
    )


def test_the_decision_names_its_table_and_its_techniques() -> None:
    found = decided()
    assert (found.table_version, found.techniques) == (TABLE.version, TABLE.techniques)
    assert found.full_screen is False
    assert found.cards == ()
