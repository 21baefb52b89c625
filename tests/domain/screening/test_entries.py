"""The rows of the table: what each may say, and the refusal in its exact words."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from unknot.domain.screening.entries import AfterWhen, Combination, When

SAID: Any = {"id": "combo", "urgency": "same_day", "source": "A paper", "conf": "known"}
SAID["version"] = 1
COUNT = "combo: expected all_of, or of with at_least up to its length"
PART = "expected exactly one of condition, medicine, always"
AFTER = "expected either event or soreness_from"


def complaint(model: type[BaseModel], raw: dict[str, Any]) -> str:
    """The words of the one complaint about `raw`."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(raw)
    (problem,) = caught.value.errors()
    return str(problem["msg"]).removeprefix("Value error, ")


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({}, COUNT),
        ({"all_of": ("a",), "of": ("b",), "at_least": 1}, COUNT),
        ({"of": ("a", "b"), "at_least": 3}, COUNT),
        ({"of": ("a", "b"), "at_least": -1}, COUNT),
        ({"all_of": ("a",), "at_least": 1}, COUNT),
        ({"of": ("a", "b")}, "combo: expected at_least of 1 or more beside of"),
    ],
)
def test_a_combination_that_counts_nothing_is_refused(parts: dict[str, Any], says: str) -> None:
    assert complaint(Combination, SAID | parts) == says


@pytest.mark.parametrize(
    ("parts", "members", "needed"),
    [
        ({"all_of": ("a", "b", "c")}, ("a", "b", "c"), 3),
        ({"of": ("a", "b", "c"), "at_least": 1}, ("a", "b", "c"), 1),
        ({"of": ("a", "b"), "at_least": 2}, ("a", "b"), 2),
    ],
)
def test_a_combination_knows_its_members_and_how_many_it_needs(
    parts: dict[str, Any], members: tuple[str, ...], needed: int
) -> None:
    made = Combination.model_validate(SAID | parts)
    assert (made.members, made.needed) == (members, needed)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"condition": "a", "medicine": "b"},
        {"condition": "a", "always": True},
        {"medicine": "a", "always": True},
        {"condition": "a", "medicine": "b", "always": True},
    ],
)
def test_a_rule_waits_for_exactly_one_thing(parts: dict[str, Any]) -> None:
    assert complaint(When, parts) == PART


@pytest.mark.parametrize("parts", [{"condition": "a"}, {"medicine": "a"}, {"always": True}])
def test_a_rule_that_waits_for_one_thing_is_read(parts: dict[str, Any]) -> None:
    assert When.model_validate(parts).model_dump(exclude_none=True) == parts


@pytest.mark.parametrize("parts", [{}, {"event": "numb", "soreness_from": 7}, {"hours": 72}])
def test_an_answer_after_a_session_is_an_event_or_soreness(parts: dict[str, Any]) -> None:
    assert complaint(AfterWhen, parts) == AFTER


@pytest.mark.parametrize("parts", [{"event": "numb"}, {"soreness_from": 0, "hours": 72}])
def test_an_event_alone_and_soreness_alone_are_read(parts: dict[str, Any]) -> None:
    assert AfterWhen.model_validate(parts).model_dump(exclude_none=True) == parts
