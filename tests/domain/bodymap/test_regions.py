"""Regions: families widen for safety and stay narrow for limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.bodymap.regions import UnknownRegion, load

BODY = load()
IDS = [region.id for region in BODY.regions]


def test_a_region_is_found_with_both_labels() -> None:
    region = BODY.region("upper_trap_l")
    assert region.label == BODY.label("upper_trap_l") == "Top of shoulder, left"
    assert region.label_pro == "Upper trapezius, left"


@pytest.mark.parametrize("ask", ["region", "label", "children", "limits_for", "in_group", "drawn"])
def test_an_unknown_name_is_named(ask: str) -> None:
    with pytest.raises(UnknownRegion, match="'knee'"):
        getattr(BODY, ask)("knee")


def test_the_midline_sites_lie_across_two_parents() -> None:
    across = {region.id: region.parents for region in BODY.regions if len(region.parents) == 2}
    assert across == {
        "cervicothoracic": ("cervical_l", "cervical_r"),
        "lumbar_mid": ("lumbar_l", "lumbar_r"),
    }


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (["face"], {"face"}),
        (["skull_base"], {"skull_base", "suboccipital_l", "suboccipital_r"}),
        (["suboccipital_l"], {"skull_base", "suboccipital_l", "suboccipital_r"}),
        (["lumbar_l"], {"lumbar_l", "lumbar_mid", "flank_l"}),
        (["flank_l"], {"lumbar_l", "lumbar_mid", "flank_l"}),
        (["lumbar_mid"], {"lumbar_mid", "lumbar_l", "lumbar_r", "flank_l", "flank_r"}),
        ([], set()),
    ],
)
def test_safety_questions_widen_to_the_family(marks: list[str], expected: set[str]) -> None:
    assert BODY.expand_for_safety(marks) == expected


@given(st.sets(st.sampled_from(IDS)), st.sets(st.sampled_from(IDS)))
def test_widening_keeps_the_marks_and_adds_up(one: set[str], two: set[str]) -> None:
    assert one <= BODY.expand_for_safety(one)
    both = BODY.expand_for_safety(one | two)
    assert both == BODY.expand_for_safety(one) | BODY.expand_for_safety(two)


def test_an_unknown_mark_cannot_be_widened() -> None:
    with pytest.raises(UnknownRegion, match="'knee'"):
        BODY.expand_for_safety(["face", "knee"])


def test_the_groups_of_a_lower_back_mark_include_the_flank() -> None:
    assert BODY.safety_groups(["lumbar_l"]) == {"low_back", "flank", "spine_line"}


def test_limits_are_those_of_the_mark_and_its_parents() -> None:
    limits = BODY.limits_for("flank_l")
    assert limits.regions == {"flank_l", "lumbar_l"}
    assert limits.groups == {"low_back", "flank"}
    assert limits.told_regions == frozenset()


def test_the_limits_of_children_are_told_but_do_not_bind() -> None:
    limits = BODY.limits_for("lumbar_l")
    assert limits.regions == {"lumbar_l"}
    assert limits.groups == {"low_back"}
    assert limits.told_regions == {"lumbar_mid", "flank_l"}
    assert limits.told_groups == {"flank", "spine_line"}


def test_a_group_lists_its_regions() -> None:
    assert [region.id for region in BODY.in_group("jaw")] == ["jaw_l", "jaw_r"]
