"""What changed between two versions of a note."""

from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.notes import versions

texts = st.text("ab1é \n\t", max_size=20)
a_version = st.fixed_dictionaries(
    {},
    optional={
        "subjective": texts,
        "plan": texts,
        "pain_before": st.none() | st.integers(0, 10),
        "treatments": st.lists(
            st.fixed_dictionaries({"region": st.sampled_from("abc")}), max_size=3
        ),
        "marks": st.dictionaries(st.sampled_from("abc"), st.integers(1, 10)),
    },
)


def test_only_what_differs_is_named_in_page_order() -> None:
    before = {"plan": "Rest", "pain_before": 6, "marks": {}}
    after = {"plan": "Walk", "pain_before": 6, "marks": {"sacrum": 4}, "subjective": ""}
    found = versions.changes(before, after)
    assert [(one.section, one.before, one.after) for one in found] == [
        ("plan", "Rest", "Walk"),
        ("marks", {}, {"sacrum": 4}),
    ]
    assert [one.is_text for one in found] == [True, False]


def test_words_that_only_one_text_has_are_marked() -> None:
    left, right = versions.side_by_side("tight on the left side", "tight on the right side")
    assert [(one.words, one.changed) for one in left] == [
        ("tight on the ", False),
        ("left ", True),
        ("side", False),
    ]
    assert [one.words for one in right if one.changed] == ["right "]


def test_a_word_at_the_end_is_the_same_word_further_on() -> None:
    left, right = versions.side_by_side("Same again", "Same again in\nten days")
    assert [one.changed for one in left] == [False]
    assert [one.words for one in right if one.changed] == ["in\nten days"]


@given(one=a_version)
def test_nothing_differs_from_itself(one: versions.Version) -> None:
    assert versions.changes(one, one) == ()


@given(one=a_version, other=a_version)
def test_the_way_back_names_the_same_sections(
    one: versions.Version, other: versions.Version
) -> None:
    there, back = versions.changes(one, other), versions.changes(other, one)
    assert [(c.section, c.before, c.after) for c in there] == [
        (c.section, c.after, c.before) for c in back
    ]


@given(before=texts, after=texts)
def test_the_pieces_are_the_texts_and_nothing_is_lost(before: str, after: str) -> None:
    left, right = versions.side_by_side(before, after)
    assert "".join(one.words for one in left) == before
    assert "".join(one.words for one in right) == after
    kept = ["".join(one.words for one in side if not one.changed) for side in (left, right)]
    assert kept[0].split() == kept[1].split()
