"""Conditions at their edges: zero, sums, several clauses, and what is not the notation."""

import pytest

from unknot.domain.instruments.conditions import Clause, Condition, holds, parse


def test_a_condition_is_read_into_its_clauses() -> None:
    assert parse("a + b >= 3 or c <= 0") == Condition(
        text="a + b >= 3 or c <= 0",
        any_of=(
            Clause(names=("a", "b"), at_least=True, bound=3),
            Clause(names=("c",), at_least=False, bound=0),
        ),
    )


def test_a_condition_that_is_read_stays_as_it_is() -> None:
    condition = parse("a >= 1")
    assert parse(condition) is condition


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("a >= 1", {"a": 0.5}, False),
        ("a >= 1", {"a": 1.0}, True),
        ("a <= 0", {"a": 0.0}, True),
        ("a <= 0", {"a": 0.5}, False),
        ("a + b >= 3", {"a": 1.0, "b": 1.9}, False),
        ("a + b >= 3", {"a": 1.0, "b": 2.0}, True),
        ("a + b <= 3", {"a": 1.0, "b": 2.1}, False),
        ("a + b <= 3", {"a": None, "b": 1.0}, False),
        ("a >= 9 or b >= 9 or c <= 1", {"a": 1.0, "b": 1.0, "c": 1.0}, True),
    ],
)
def test_a_condition_turns_exactly_at_its_bound(
    text: str, values: dict[str, float | None], expected: bool
) -> None:
    assert holds(parse(text), values) is expected


@pytest.mark.parametrize("text", ["a > 3", "a >= 3 or", " a >= 3", "ä >= 3", 3, None])
def test_another_notation_is_refused_in_full(text: object) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        parse(text)
    assert str(caught.value) == f"expected 'name [+ name] >= number [or …]', found {text!r}"
