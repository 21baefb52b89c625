"""Batteries: the names that each one asks for, wherever they stand."""

from typing import Any

import pytest

from unknot.domain.instruments.batteries import STEPS, AddIf, Battery

BARE: Any = {"id": "b", "items": ("peg",)}


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({}, ("peg",)),
        ({"add_if": AddIf(add=("rmdq24",))}, ("peg", "rmdq24")),
        ({"every_second_week": ("phq4",)}, ("peg", "phq4")),
        ({"branch": "gad7"}, ("peg", "gad7")),
        ({"order": ("safety_screen", "gcps_r", "body_map", "onset_date")}, ("peg", "gcps_r")),
        (
            {
                "add_if": AddIf(add=("a",)),
                "every_second_week": ("b",),
                "branch": "c",
                "order": ("d",),
            },
            ("peg", "a", "b", "c", "d"),
        ),
    ],
)
def test_a_battery_names_all_it_asks_for(changed: dict[str, Any], names: tuple[str, ...]) -> None:
    assert Battery(**(BARE | changed)).names == names


def test_the_steps_that_are_no_questionnaires_are_known() -> None:
    assert {"safety_screen", "body_map", "onset_date"} <= STEPS
