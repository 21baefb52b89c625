from dataclasses import replace

import pytest

from unknot.domain.notes.soap import (
    TEXT_MAX,
    AmendmentEmpty,
    MayNotAmend,
    NotComplete,
    Note,
    NotSigned,
    TextTooLong,
    TreatedRegion,
    check_amendment,
    check_can_sign,
    missing_parts,
    too_long,
)

REGION = TreatedRegion(region="upper_trap_l", technique="swedish", minutes=20, pressure=3)
WHOLE = Note(
    subjective="Tight since Monday.",
    objective="Less rotation to the left.",
    assessment="Muscular.",
    plan="Again in two weeks.",
    regions=(REGION,),
    before=6,
    after=4,
)


def test_a_whole_note_may_be_signed():
    assert missing_parts(WHOLE) == ()
    check_can_sign(WHOLE)


def test_an_empty_note_lacks_everything_in_page_order():
    parts = ("subjective", "objective", "assessment", "plan", "regions", "before", "after")
    assert missing_parts(Note()) == parts
    with pytest.raises(NotComplete) as refused:
        check_can_sign(Note())
    assert refused.value.parts == parts


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"subjective": ""}, "subjective"),
        ({"objective": " \n\t"}, "objective"),
        ({"assessment": ""}, "assessment"),
        ({"plan": "  "}, "plan"),
        ({"regions": ()}, "regions"),
        ({"before": None}, "before"),
        ({"before": 11}, "before"),
        ({"after": -1}, "after"),
        ({"after": None}, "after"),
    ],
)
def test_each_missing_part_is_named_and_alone(change, part):
    assert missing_parts(replace(WHOLE, **change)) == (part,)


@pytest.mark.parametrize(
    "change",
    [
        {"region": ""},
        {"technique": " "},
        {"minutes": None},
        {"minutes": 0},
        {"minutes": 241},
        {"pressure": None},
        {"pressure": 0},
        {"pressure": 6},
    ],
)
def test_one_unfinished_region_keeps_the_note_open(change):
    note = replace(WHOLE, regions=(REGION, replace(REGION, **change)))
    assert missing_parts(note) == ("regions",)


@pytest.mark.parametrize(
    "change", [{"minutes": 1}, {"minutes": 240}, {"pressure": 1}, {"pressure": 5}]
)
def test_the_ends_of_the_ranges_are_allowed(change):
    assert missing_parts(replace(WHOLE, regions=(replace(REGION, **change),))) == ()


def test_a_rating_of_zero_is_a_rating():
    assert missing_parts(replace(WHOLE, before=0, after=0)) == ()


def test_a_text_over_the_limit_is_named():
    assert too_long(replace(WHOLE, plan="x" * TEXT_MAX)) == ()
    note = replace(WHOLE, plan="x" * (TEXT_MAX + 1))
    assert too_long(note) == ("plan",)
    with pytest.raises(TextTooLong):
        check_can_sign(note)


@pytest.mark.parametrize(("author", "manager"), [(True, False), (False, True), (True, True)])
def test_the_author_or_a_manager_amends_a_signed_note(author, manager):
    check_amendment("Left, not right.", signed=True, by_author=author, by_manager=manager)


@pytest.mark.parametrize(
    ("text", "signed", "author", "error"),
    [
        ("Left, not right.", False, True, NotSigned),
        ("Left, not right.", True, False, MayNotAmend),
        (" \n", True, True, AmendmentEmpty),
        ("x" * (TEXT_MAX + 1), True, True, TextTooLong),
    ],
)
def test_any_other_amendment_is_refused(text, signed, author, error):
    with pytest.raises(error):
        check_amendment(text, signed=signed, by_author=author, by_manager=False)
