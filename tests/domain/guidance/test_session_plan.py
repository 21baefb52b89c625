"""The proposed sequence of a session: exact minutes, nothing unsafe, the strongest first served."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.bodymap.regions import UnknownRegion
from unknot.domain.guidance import session_plan
from unknot.domain.guidance.session_plan import (
    WHOLE,
    NothingLeft,
    NoTime,
    SessionPlan,
    is_open,
    propose,
    within,
)
from unknot.domain.knowledge import KnowledgeError

RULE = session_plan.load()
BODY = bodymap.load()
REGIONS = [region.id for region in BODY.regions]
GROUPS = sorted(BODY.entry.area_groups)
OPEN = [region.id for region in BODY.regions if is_open(region, ())]
NESTED = [region.id for region in BODY.regions if region.parents or BODY.children(region.id)]
PARENTS = [name for name in NESTED if BODY.children(name)]
APART = [name for name in OPEN if not BODY.region(name).parents]


def worked(plan: SessionPlan) -> dict[str, int]:
    return {part.region: part.minutes for part in plan.parts if part.region != WHOLE}


def proposed(minutes: int = 60, technique: str = "swedish", **given_: object) -> SessionPlan:
    asked: dict[str, object] = {"marks": {}, **given_}
    return propose(RULE, technique=technique, minutes=minutes, **asked)  # type: ignore[arg-type]


def test_an_hour_begins_and_ends_calmly_and_gives_the_strongest_place_most() -> None:
    plan = proposed(marks={"lumbar_l": 4, "upper_trap_l": 7, "cervical_l": 6})
    assert [(part.region, part.minutes) for part in plan.parts] == [
        (WHOLE, 6),
        ("cervical_l", 17),
        ("upper_trap_l", 19),
        ("lumbar_l", 12),
        (WHOLE, 6),
    ]
    assert plan.total == 60
    assert plan.parts[1].why == (RULE.why.mark,)


def test_the_back_comes_before_the_front() -> None:
    plan = proposed(marks={"chest_l": 9, "sacrum": 2})
    assert list(worked(plan)) == ["sacrum", "chest_l"]


def test_with_too_little_time_the_weakest_are_left_out_and_named() -> None:
    marks = {"cervical_l": 8, "cervical_r": 2, "lumbar_l": 7, "lumbar_r": 6, "sacrum": 1}
    plan = proposed(minutes=15, marks=marks)
    assert set(worked(plan)) == {"cervical_l", "lumbar_l", "lumbar_r"}
    assert plan.not_reached == ("cervical_r", "sacrum")
    assert plan.total == 15


def test_a_wish_adds_to_a_mark_and_brings_in_a_place_without_one() -> None:
    marks = {"lumbar_l": 5, "lumbar_r": 5}
    assert worked(proposed(marks=marks)) == {"lumbar_l": 24, "lumbar_r": 24}
    wished = proposed(marks=marks, focus=["lumbar_r", "sacrum"])
    assert worked(wished) == {"lumbar_l": 13, "lumbar_r": 22, "sacrum": 13}
    assert wished.parts[2].why == (RULE.why.mark, RULE.why.focus)


def test_a_wish_for_a_group_means_its_marked_places_or_else_all_of_it() -> None:
    assert set(worked(proposed(marks={"cervical_l": 3}, focus=["neck"]))) == {"cervical_l"}
    assert set(worked(proposed(focus=["neck"]))) == {"skull_base", "cervical_l", "cervical_r"}


def test_nothing_marked_means_calm_work_over_the_whole_area() -> None:
    plan = proposed()
    assert [(part.region, part.minutes, part.why) for part in plan.parts] == [
        (WHOLE, 60, (RULE.why.whole,))
    ]


def test_single_spots_are_only_the_marked_ones() -> None:
    plan = proposed(technique="trigger_point", minutes=30, marks={"levator_l": 6}, focus=["neck"])
    assert [(part.region, part.minutes) for part in plan.parts] == [("levator_l", 30)]
    searching = proposed(technique="trigger_point", minutes=30)
    assert searching.parts[0].why == (RULE.why.search,)


def test_what_is_avoided_inside_a_place_is_named_there_and_in_the_broad_work() -> None:
    plan = proposed(marks={"lumbar_l": 5}, avoid={"lumbar_mid"}, leave_out=["skull_base"])
    whole, low_back = plan.parts[0], plan.parts[1]
    assert low_back.without == ("lumbar_mid",)
    assert {"skull_base", "lumbar_mid"} <= set(whole.without)


def test_leaving_out_a_place_leaves_out_its_finer_sites() -> None:
    plan = proposed(marks={"flank_l": 9, "sacrum": 3}, leave_out=["lumbar_l"])
    assert set(worked(plan)) == {"sacrum"}


def test_a_place_whose_finer_sites_are_all_closed_gets_no_minute() -> None:
    both = {"suboccipital_l", "suboccipital_r"}
    assert worked(proposed(marks={"skull_base": 6}, avoid={"suboccipital_l"})) == {"skull_base": 48}
    plan = proposed(marks={"skull_base": 6}, avoid=both)
    assert [(part.region, part.minutes) for part in plan.parts] == [(WHOLE, 60)]
    assert "skull_base" in plan.parts[0].without
    with pytest.raises(NothingLeft):
        proposed(avoid=set(APART) - {"skull_base"} | both)


def test_a_place_with_a_rest_beside_its_finer_sites_stays_open() -> None:
    sides = {"neck_side_l", "cervicothoracic"}  # the back of the neck lies beside them
    plan = proposed(marks={"cervical_l": 6}, avoid=sides)
    assert worked(plan) == {"cervical_l": 48}
    assert set(plan.parts[1].without) == sides


def test_a_place_and_a_finer_site_inside_it_have_time_once() -> None:
    marks = {"skull_base": 6, "suboccipital_l": 6, "sacrum": 6, "scapula_l": 6}
    plan = proposed(marks=marks)
    assert worked(plan) == {"suboccipital_l": 16, "scapula_l": 16, "sacrum": 16}
    why = {part.region: part.why for part in plan.parts}
    assert why["suboccipital_l"] == (RULE.why.mark, RULE.why.nested)
    assert why["sacrum"] == (RULE.why.mark,)
    assert plan.not_reached == ()


def test_the_stronger_of_two_nested_marks_speaks_for_both() -> None:
    wide = {"skull_base": 8, "suboccipital_l": 2, "sacrum": 8}
    assert worked(proposed(marks=wide)) == {"skull_base": 24, "sacrum": 24}
    assert set(worked(proposed(marks={"upper_trap_l": 7, "levator_l": 8}))) == {"levator_l"}
    assert set(worked(proposed(marks={"upper_trap_l": 7, "levator_l": 7}))) == {"upper_trap_l"}
    middle = {"lumbar_l": 5, "lumbar_r": 5, "lumbar_mid": 5}
    assert set(worked(proposed(marks=middle))) == {"lumbar_l", "lumbar_r"}


def test_a_closed_site_takes_no_time_from_the_place_around_it() -> None:
    marks = {"skull_base": 4, "suboccipital_l": 9}
    assert set(worked(proposed(marks=marks, avoid={"suboccipital_l"}))) == {"skull_base"}


def test_a_few_minutes_go_to_the_strongest_place_alone() -> None:
    assert worked(proposed(minutes=2, marks={"sacrum": 3, "lumbar_l": 4})) == {"lumbar_l": 2}


def test_no_minute_is_refused() -> None:
    with pytest.raises(NoTime):
        proposed(minutes=0)


def test_a_body_closed_altogether_is_refused() -> None:
    with pytest.raises(NothingLeft):
        proposed(avoid=REGIONS)


def test_a_place_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownRegion):
        proposed(focus=["nape"])
    with pytest.raises(UnknownRegion):
        proposed(leave_out=["nape"])


def wholly_closed(name: str, closed: set[str] | frozenset[str]) -> bool:
    """Whether nothing of a region is left: it is closed, or all that it is drawn as."""
    sites = [site.id for site in BODY.children(name)]
    close_up = {"neck_shoulders", "low_back"}
    drawn_alone = close_up.isdisjoint(BODY.region(name).drawn_in)
    return name in closed or (bool(sites) and drawn_alone and set(sites) <= closed)


def kin(name: str) -> set[str]:
    return {*BODY.region(name).parents, *(site.id for site in BODY.children(name))}


nested_marks = st.dictionaries(st.sampled_from(NESTED), st.integers(1, 10), max_size=10)


@given(
    marks=nested_marks,
    minutes=st.integers(1, 180),
    avoid=st.sets(st.sampled_from(NESTED), max_size=4),
    emptied=st.sets(st.sampled_from(PARENTS), min_size=1),
    focus=st.lists(st.sampled_from(NESTED), max_size=2),
)
def test_no_part_lies_wholly_in_what_is_closed(
    marks: dict[str, int], minutes: int, avoid: set[str], emptied: set[str], focus: list[str]
) -> None:
    avoid |= {site.id for name in emptied for site in BODY.children(name)}
    plan = proposed(minutes, marks=marks, avoid=avoid, focus=focus)
    for name in (*worked(plan), *plan.not_reached):
        assert not wholly_closed(name, avoid)


@given(
    marks=nested_marks,
    minutes=st.integers(1, 180),
    avoid=st.sets(st.sampled_from(NESTED), max_size=6),
)
def test_nested_marks_get_no_more_than_the_same_marks_without_the_nesting(
    marks: dict[str, int], minutes: int, avoid: set[str]
) -> None:
    plan = proposed(minutes, marks=marks, avoid=avoid)
    kept = {*worked(plan), *plan.not_reached}
    assert all(kin(name).isdisjoint(kept) for name in kept)
    flat = proposed(minutes, marks={name: marks[name] for name in kept}, avoid=avoid)
    assert worked(plan) == worked(flat)
    for name in marks:  # nothing is lost but what a mark at least as strong stands for
        if is_open(BODY.region(name), avoid) and name not in kept:
            assert any(marks[other] >= marks[name] for other in kin(name) & kept)


marks_of = st.dictionaries(st.sampled_from(REGIONS), st.integers(1, 10), max_size=12)
some = st.lists(st.sampled_from(REGIONS + GROUPS), max_size=4)
techniques = st.sampled_from(["swedish", "trigger_point", "shiatsu"])


@given(
    technique=techniques,
    marks=marks_of,
    minutes=st.integers(1, 180),
    avoid=st.sets(st.sampled_from(REGIONS), max_size=8),
    leave_out=some,
    focus=some,
)
def test_minutes_are_exact_and_nothing_closed_is_ever_in_the_plan(
    technique: str,
    marks: dict[str, int],
    minutes: int,
    avoid: set[str],
    leave_out: list[str],
    focus: list[str],
) -> None:
    try:
        plan = proposed(
            minutes, technique, marks=marks, avoid=avoid, leave_out=leave_out, focus=focus
        )
    except NothingLeft:
        assume(False)
    closed = avoid | within(leave_out)
    assert plan.total == minutes
    assert all(part.minutes >= 1 and part.why for part in plan.parts)
    for name in worked(plan):
        region = BODY.region(name)
        assert name not in closed
        assert not set(region.parents) & closed
        assert region.role not in {"no_press", "safety_only"}
        assert not wholly_closed(name, closed)
        assert set(region.parents).isdisjoint(worked(plan))
        assert name in marks or technique != "trigger_point"
    views = [BODY.region(name).view for name in worked(plan)]
    assert views == sorted(views)  # back, then front
    assert len(worked(plan)) == len([p for p in plan.parts if p.region != WHOLE])


@given(marks=st.dictionaries(st.sampled_from(OPEN), st.integers(1, 10), min_size=1), data=st.data())
def test_a_stronger_mark_never_gets_less_and_equal_ones_differ_by_a_minute_at_most(
    marks: dict[str, int], data: st.DataObject
) -> None:
    shared = worked(proposed(data.draw(st.integers(1, 180)), marks=marks))
    marks = {name: level for name, level in marks.items() if kin(name).isdisjoint(marks)}
    for one, level in marks.items():
        for other, weaker in marks.items():
            if level > weaker:
                assert shared.get(one, 0) >= shared.get(other, 0)
            if level == weaker and {one, other} <= shared.keys():
                assert abs(shared[one] - shared[other]) <= 1


@given(
    marks=st.dictionaries(st.sampled_from(OPEN), st.integers(1, 9), min_size=1),
    minutes=st.integers(1, 180),
    data=st.data(),
)
def test_a_mark_that_grows_never_loses_minutes(
    marks: dict[str, int], minutes: int, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(marks)))
    before = worked(proposed(minutes, marks=marks)).get(name, 0)
    after = worked(proposed(minutes, marks={**marks, name: marks[name] + 1})).get(name, 0)
    assert after >= before


@given(marks=marks_of, data=st.data())
def test_the_order_in_which_marks_are_told_changes_nothing(
    marks: dict[str, int], data: st.DataObject
) -> None:
    turned = dict(data.draw(st.permutations(sorted(marks.items()))))
    assert proposed(marks=turned) == proposed(marks=marks)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"upper_back"', '"uper_back"', "whole_area: unknown 'uper_back'"),
        ('spots_only = ["trigger_point"]', 'spots_only = ["dots"]', "spots_only: unknown 'dots'"),
        ("calm_most = 8 ", "calm_most = 1 ", "calm_most: expected at least 2"),
        ("region_least = 3", "region_least = 0", "region_least"),
        ('basis = "unsourced consensus"', "", "expected either a source or basis"),
    ],
)
def test_a_broken_rule_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = session_plan.FILE.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "session_plan.toml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        session_plan.load(broken)
    assert complaint in str(error.value)
