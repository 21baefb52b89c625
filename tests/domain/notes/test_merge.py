"""Merging two copies of a note: examples, and the algebra that keeps either from being lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.notes.merge import Clash, Merged, UnknownChoice, Value, merge, settle

PARTS = ("plan", "pain_before", "treated.cervical_l.swedish", "mark.cervical_l")
VALUES = {
    "plan": st.sampled_from(["a", "b", "c"]),
    "pain_before": st.integers(0, 3),
    "treated.cervical_l.swedish": st.tuples(st.integers(1, 2), st.integers(1, 2)),
    "mark.cervical_l": st.integers(1, 3),
}
copies = st.fixed_dictionaries({}, optional=VALUES)


def flipped(merged: Merged) -> Merged:
    """The same seen from the other side."""
    clashes = [replace(one, mine=one.theirs, theirs=one.mine) for one in merged.clashes]
    return Merged(values=dict(merged.values), clashes=tuple(clashes))


def as_sets(merged: Merged) -> tuple[dict[str, Value], set[Clash]]:
    return dict(merged.values), set(merged.clashes)


@given(copies, copies)
def test_where_i_changed_nothing_theirs_stands(base, theirs):
    assert merge(base, base, theirs) == Merged(values=theirs)


@given(copies, copies)
def test_where_they_changed_nothing_mine_stands(base, mine):
    assert merge(base, mine, base) == Merged(values=mine)


@given(copies, copies)
def test_the_same_change_on_both_sides_is_no_clash(base, mine):
    assert merge(base, mine, mine) == Merged(values=mine)


@given(copies, copies, copies)
def test_it_does_not_matter_whose_side_one_is_on(base, mine, theirs):
    assert as_sets(merge(base, mine, theirs)) == as_sets(flipped(merge(base, theirs, mine)))


@given(copies, copies, copies)
def test_no_change_of_either_side_is_lost(base, mine, theirs):
    merged = merge(base, mine, theirs)
    clashes = {clash.key: clash for clash in merged.clashes}
    for key in PARTS:
        for side, name in ((mine, "mine"), (theirs, "theirs")):
            if side.get(key) != base.get(key):
                found = getattr(clashes[key], name) if key in clashes else merged.values.get(key)
                assert found == side.get(key)


@given(copies, copies, copies)
def test_each_part_stands_once(base, mine, theirs):
    merged = merge(base, mine, theirs)
    assert not set(merged.values) & {clash.key for clash in merged.clashes}


@given(copies, copies, copies, st.sampled_from(["mine", "theirs"]))
def test_choosing_one_side_everywhere_leaves_no_clash(base, mine, theirs, side):
    merged = merge(base, mine, theirs)
    settled = settle(merged, {clash.key: side for clash in merged.clashes})
    assert settled.clashes == ()
    for clash in merged.clashes:
        assert settled.values.get(clash.key) == getattr(clash, side)


@given(copies, copies, copies)
def test_sent_again_after_it_was_merged_it_changes_nothing(base, mine, theirs):
    merged = merge(base, mine, theirs)
    if not merged.clashes:
        assert merge(base, mine, merged.values) == merged


def test_the_worked_example_of_the_docs():
    base = {"subjective": "Tight neck", "pain_before": 6, "treated.cervical_l.swedish": (20, 3)}
    mine = {**base, "plan": "In ten days", "treated.cervical_l.swedish": (25, 3)}
    theirs = {**base, "plan": "In two weeks", "pain_after": 4, "mark.cervical_l": 5}
    merged = merge(base, mine, theirs)
    assert merged.values == {
        "subjective": "Tight neck",
        "pain_before": 6,
        "pain_after": 4,
        "treated.cervical_l.swedish": (25, 3),
        "mark.cervical_l": 5,
    }
    (clash,) = merged.clashes
    assert (clash.key, clash.mine, clash.theirs) == ("plan", "In ten days", "In two weeks")
    both = settle(merged, {"plan": "both"})
    assert both.values["plan"] == "In two weeks\n\nIn ten days"
    assert both.clashes == ()


def test_a_part_that_one_side_took_away_and_the_other_changed_is_a_clash():
    key = "treated.cervical_l.swedish"
    (clash,) = merge({key: (20, 3)}, {}, {key: (25, 3)}).clashes
    assert (clash.mine, clash.theirs) == (None, (25, 3))
    assert not clash.can_keep_both


@pytest.mark.parametrize("choice", ["", "both"])
def test_a_number_is_not_kept_twice(choice):
    merged = merge({"pain_after": 3}, {"pain_after": 4}, {"pain_after": 5})
    assert settle(merged, {"pain_after": choice}) == merged


def test_a_choice_that_is_none_is_refused():
    merged = merge({}, {"plan": "a"}, {"plan": "b"})
    with pytest.raises(UnknownChoice):
        settle(merged, {"plan": "yours"})
