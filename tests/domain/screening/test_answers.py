"""Answers: the facts that follow from them, and strangers named in one sentence."""

import pytest

from unknot.domain.screening import catalogue
from unknot.domain.screening.answers import Answers, UnknownQuestion, check_known, known_facts
from unknot.domain.screening.clauses import Reply

TABLE = catalogue.load()
FACT = next(fact for fact in TABLE.facts if fact.conditions)
DRUG = next(fact for fact in TABLE.facts if fact.medicines)


def refusal(answers: Answers, *regions: str) -> str:
    with pytest.raises(UnknownQuestion) as caught:
        check_known(TABLE, answers, regions)
    return str(caught.value)


@pytest.mark.parametrize(("reply", "holds"), [("yes", True), ("unsure", True), ("no", False)])
def test_a_fact_holds_by_name_condition_or_medicine_unless_denied(
    reply: Reply, holds: bool
) -> None:
    told = Answers(facts={FACT.id: reply})
    assert known_facts(TABLE, told) == ({FACT.id} if holds else set())
    condition = Answers(conditions={FACT.conditions[-1]: reply})
    assert (FACT.id in known_facts(TABLE, condition)) is holds
    medicine = Answers(medicines={DRUG.medicines[-1]: reply})
    assert (DRUG.id in known_facts(TABLE, medicine)) is holds


def test_no_answers_give_no_facts() -> None:
    assert known_facts(TABLE, Answers()) == set()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("red_flags", "red flag"),
        ("conditions", "condition"),
        ("medicines", "medicine"),
        ("facts", "fact"),
    ],
)
def test_strangers_are_named_with_their_kind_and_in_order(kind: str, said: str) -> None:
    strangers: dict[str, Reply] = {"x_two": "yes", "x_one": "no"}
    assert refusal(Answers(**{kind: strangers})) == f"no {said} is called x_one, x_two"  # type: ignore[arg-type]


def test_a_marked_region_and_a_named_place_have_to_exist() -> None:
    assert refusal(Answers(), "elbow", "lumbar_l") == "no region is called elbow"
    where = {"varicose": frozenset({"calf_l", "tail"})}
    assert refusal(Answers(where=where), "elbow") == "no region is called elbow, tail"


def test_what_the_table_knows_is_accepted() -> None:
    answers = Answers(
        red_flags={"rf_cad": "yes"},
        conditions={FACT.conditions[0]: "no"},
        medicines={"anticoagulant": "unsure"},
        facts={FACT.id: "yes"},
        where={"varicose": frozenset({"calf_l"})},
    )
    assert check_known(TABLE, answers, ("lumbar_l",)) is None
