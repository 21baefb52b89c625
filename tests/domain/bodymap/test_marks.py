"""Marks: read strictly, and what follows from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.bodymap.marks import (
    IntensityOutOfRange,
    Mark,
    MarkedTwice,
    NothingMarked,
    RegionNotMarkable,
    laterality,
    main_region,
    parse_marks,
    region_count,
    shown_on_whole,
    widespread,
)
from unknot.domain.bodymap.regions import UnknownRegion, load

MARKABLE = [region.id for region in load().regions if region.markable]
some_marks = st.dictionaries(st.sampled_from(MARKABLE), st.integers(1, 10), min_size=1)


def test_marks_are_read_in_the_order_of_the_map() -> None:
    marks = parse_marks({"lumbar_l": "7", "cervical_r": 3})
    assert marks == (
        Mark(region="cervical_r", intensity=3),
        Mark(region="lumbar_l", intensity=7),
    )
    assert parse_marks({}) == ()


@given(some_marks)
def test_reading_loses_no_mark(raw: dict[str, int]) -> None:
    assert {mark.region: mark.intensity for mark in parse_marks(raw)} == raw
    assert parse_marks({name: str(number) for name, number in raw.items()}) == parse_marks(raw)


@pytest.mark.parametrize("region", ["knee", "", "LUMBAR_L", 7, None, "lumbar_l\x00"])
def test_an_unknown_region_is_named(region: str) -> None:
    with pytest.raises(UnknownRegion, match="is not a region"):
        parse_marks({region: 5})


def test_the_saddle_area_cannot_be_marked() -> None:
    with pytest.raises(RegionNotMarkable, match="saddle"):
        parse_marks({"saddle": 5})


@pytest.mark.parametrize(
    "intensity",
    [0, 11, -1, True, 5.0, float("nan"), "1e400", "5.0", "-5", " 5", "７", "", "100", None, [5]],
)
def test_an_intensity_is_a_whole_number_from_1_to_10(intensity: object) -> None:
    with pytest.raises(IntensityOutOfRange, match="face: expected 1 to 10"):
        parse_marks({"face": intensity})


def test_a_mark_cannot_be_made_out_of_range() -> None:
    with pytest.raises(IntensityOutOfRange, match="face"):
        Mark(region="face", intensity=0)


def test_a_region_is_marked_once() -> None:
    with pytest.raises(MarkedTwice, match="face"):
        parse_marks([("face", 3), ("jaw_l", 2), ("face", 4)])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"cervical_l": 6, "lumbar_l": 5}, "neck"),
        ({"cervical_l": 5, "flank_l": 6}, "low_back"),
        ({"upper_trap_r": 4}, "upper_back"),
        ({"gluteal_l": 9, "lumbar_l": 3}, "other"),
        ({"cervical_l": 5, "lumbar_l": 5}, "neck"),
        ({"cervical_l": 5, "lumbar_l": 5, "sacrum": 1}, "low_back"),
    ],
)
def test_the_main_region_is_the_area_of_the_worst_mark(raw: dict[str, int], expected: str) -> None:
    assert main_region(parse_marks(raw)) == expected


@pytest.mark.parametrize(
    ("regions", "side"),
    [
        (["cervical_l", "sacrum"], "left"),
        (["cervical_r"], "right"),
        (["cervical_l", "lumbar_r"], "both"),
        (["sacrum"], "middle"),
    ],
)
def test_the_side_is_the_persons_own(regions: list[str], side: str) -> None:
    found = laterality(parse_marks(dict.fromkeys(regions, 5)))
    assert found.side == side
    assert {*found.left, *found.right, *found.middle} == set(regions)


def test_without_marks_there_is_no_region_and_no_side() -> None:
    with pytest.raises(NothingMarked):
        main_region(())
    with pytest.raises(NothingMarked):
        laterality(())


@pytest.mark.parametrize(
    ("regions", "count"),
    [
        ([], 0),
        (["lumbar_l", "flank_l"], 1),
        (["flank_l", "flank_r"], 2),
        (["lumbar_mid"], 1),
        (["lumbar_mid", "lumbar_r"], 1),
        (["suboccipital_l", "suboccipital_r"], 1),
        (["lumbar_mid", "flank_r"], 1),
        (["lumbar_mid", "flank_l", "flank_r"], 2),
    ],
)
def test_a_finer_site_does_not_count_beside_its_parent(regions: list[str], count: int) -> None:
    assert region_count(parse_marks(dict.fromkeys(regions, 5))) == count


def test_pain_is_widespread_from_six_regions() -> None:
    six = ["face", "jaw_l", "jaw_r", "abdomen", "sacrum", "calf_l"]
    assert widespread(parse_marks(dict.fromkeys(six, 5)))
    assert not widespread(parse_marks(dict.fromkeys(six[:5], 5)))


def test_the_whole_figure_shows_the_strongest_of_the_family() -> None:
    marks = parse_marks({"lumbar_l": 3, "flank_l": 6, "lumbar_mid": 4})
    assert shown_on_whole(marks) == {"lumbar_l": 6, "lumbar_r": 4}
