"""Conditions: the notation is read exactly, and what is unknown never fires."""

import pytest

from unknot.domain.instruments.conditions import holds, parse


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("anxiety >= 3", {"anxiety": 3.0}, True),
        ("anxiety >= 3", {"anxiety": 2.0}, False),
        ("freq <= 1", {"freq": 1.0}, True),
        ("freq <= 1", {"freq": 2.0}, False),
        ("a + b + c >= 12", {"a": 4.0, "b": 4.0, "c": 4.0}, True),
        ("a + b + c >= 12", {"a": 4.0, "b": 4.0, "c": None}, False),
        ("a >= 3 or b >= 3", {"a": None, "b": 3.0}, True),
        ("a >= 3 or b >= 3", {"a": 2.0}, False),
        ("a <= 1", {}, False),
    ],
)
def test_a_condition_holds_only_on_known_values(
    text: str, values: dict[str, float | None], expected: bool
) -> None:
    assert holds(parse(text), values) is expected


@pytest.mark.parametrize(
    "text", ["", "a", "a > 3", "a >= ", "a >= x", "a >= 3 and b >= 3", "a>=3", "a >= 3 or", 3, None]
)
def test_another_notation_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="expected 'name"):
        parse(text)


def test_a_condition_knows_its_names() -> None:
    assert parse("a + b >= 3 or c <= 1").names == {"a", "b", "c"}
