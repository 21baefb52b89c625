"""Clauses: each says exactly one thing, names its facts, and turns at its own age."""

import pytest
from pydantic import ValidationError

from unknot.domain.screening.clauses import Action, Clause, Sourced, Urgency, action, urgency

ALONE = "expected exactly one of all, any, age_from, age_below, fact"
OLD, YOUNG, TOLD = Clause(age_from=50), Clause(age_below=18), Clause(fact="told")
NOTHING: frozenset[str] = frozenset()


class Row(Sourced):
    id: str = "r1"


def said(error: pytest.ExceptionInfo[ValidationError]) -> str:
    """The words of the one complaint."""
    (problem,) = error.value.errors()
    return str(problem["msg"])


@pytest.mark.parametrize("level", Urgency)
def test_each_level_is_found_by_its_word(level: Urgency) -> None:
    assert urgency(level.id) is level
    assert level.id == level.name.lower()


@pytest.mark.parametrize("asked", Action)
def test_each_action_is_found_by_its_word(asked: Action) -> None:
    assert action(asked.id) is asked
    assert asked.id == asked.name.lower()


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"age_from": 50, "age_below": 60},
        {"age_from": 50, "fact": "told"},
        {"all": (OLD,), "any": (OLD,)},
        {"all": (OLD,), "fact": "told"},
        {"any": (OLD,), "age_below": 60},
    ],
)
def test_a_clause_that_says_nothing_or_two_things_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as error:
        Clause.model_validate(parts)
    assert said(error) == f"Value error, {ALONE}"


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        (OLD, []),
        (TOLD, ["told"]),
        (Clause(all=(TOLD, OLD, Clause(fact="other"))), ["told", "other"]),
        (Clause(any=(Clause(all=(Clause(fact="deep"),)), TOLD)), ["deep", "told"]),
    ],
)
def test_a_clause_names_every_fact_it_looks_at(clause: Clause, names: list[str]) -> None:
    assert list(clause.facts()) == names


@pytest.mark.parametrize(
    ("clause", "age", "facts", "holds"),
    [
        (OLD, 49, NOTHING, False),
        (OLD, 50, NOTHING, True),
        (YOUNG, 17, NOTHING, True),
        (YOUNG, 18, NOTHING, False),
        (TOLD, 30, NOTHING, False),
        (TOLD, 30, {"told"}, True),
        (Clause(all=(OLD, TOLD)), 50, NOTHING, False),
        (Clause(all=(OLD, TOLD)), 49, {"told"}, False),
        (Clause(all=(OLD, TOLD)), 50, {"told"}, True),
        (Clause(any=(OLD, TOLD)), 49, NOTHING, False),
        (Clause(any=(OLD, TOLD)), 49, {"told"}, True),
        (Clause(any=(OLD, TOLD)), 50, NOTHING, True),
    ],
)
def test_a_clause_holds_exactly_when_its_parts_do(
    clause: Clause, age: int, facts: frozenset[str], holds: bool
) -> None:
    assert clause.holds(age=age, facts=facts) is holds


@pytest.mark.parametrize("source", ["", "  "])
def test_an_entry_without_a_source_has_to_say_that_nothing_backs_it(source: str) -> None:
    with pytest.raises(ValidationError) as error:
        Row.model_validate({"source": source, "conf": "known", "version": 1})
    assert said(error) == (
        "Value error, r1: expected either a source or basis = 'unsourced consensus', never both"
    )


def test_an_entry_cannot_be_sourced_and_unsourced() -> None:
    given = {"conf": "known", "version": 1, "basis": "unsourced consensus"}
    assert Row.model_validate(given).basis == "unsourced consensus"
    with pytest.raises(ValidationError, match="never both"):
        Row.model_validate({**given, "source": "A paper"})


def test_an_entry_without_an_id_is_called_an_entry() -> None:
    with pytest.raises(ValidationError, match="Value error, entry: expected either a source"):
        Sourced.model_validate({"conf": "known", "version": 1})
