"""Wording under a practice's own licence: it fits its instrument, or is refused in a sentence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.change import change
from unknot.domain.instruments.scoring import score
from unknot.domain.instruments.wording import LONGEST, Wording, WordingRefused, with_wording

KNOWN = catalogue.load()
ASKABLE = sorted(one.id for one in KNOWN.scoring_only.values() if one.items)
LICENCE = "Used by the practice under its agreement of 2 March 2026."


def wording_of(name: str, **changed: Any) -> Wording:
    items = {item.id: f" Text of {item.id} " for item in KNOWN.scoring_only[name].items}
    good = Wording(items=items, licence=f" {LICENCE} ", language="en", stem=" How was it? ")
    return replace(good, **changed)


def refusal(name: str, wording: Wording) -> str:
    with pytest.raises(WordingRefused) as caught:
        with_wording(KNOWN.scoring_only[name], wording)
    return str(caught.value)


@pytest.mark.parametrize("name", ASKABLE)
def test_wording_makes_an_instrument_that_can_be_asked(name: str) -> None:
    bare = KNOWN.scoring_only[name]
    one = with_wording(bare, wording_of(name))
    assert (one.id, one.version, one.name, one.language) == (name, bare.version, bare.name, "en")
    assert one.stem == "How was it?"
    assert [item.text for item in one.items] == [f"Text of {item.id}" for item in bare.items]
    assert [item.scale for item in one.items] == [item.scale for item in bare.items]
    assert (one.licence.ship, one.licence.holder_text) == ("code_only", LICENCE)
    assert (one.scoring, one.bands, one.example) == (bare.scoring, bare.bands, bare.example)


@given(data=st.data())
def test_wording_never_changes_a_score(data: st.DataObject) -> None:
    bare = KNOWN.scoring_only[data.draw(st.sampled_from(ASKABLE))]
    points = {i.id: st.sampled_from([None, *i.scale.points]) for i in bare.items}
    answers: Mapping[str, int | None] = data.draw(st.fixed_dictionaries(points))
    assert score(with_wording(bare, wording_of(bare.id)), answers) == score(bare, answers)


def test_a_worded_instrument_measures_change_in_its_own_direction() -> None:
    who5 = with_wording(KNOWN.scoring_only["who5"], wording_of("who5"))
    found = change(who5, 40, 52)
    assert (found.points, found.at_least_important, found.better) == (12, True, True)


def test_labels_replace_the_plain_numbers() -> None:
    labels = {point: f" step {point} " for point in range(6)}
    one = with_wording(KNOWN.scoring_only["who5"], wording_of("who5", options=labels))
    for item in one.items:
        assert item.scale.range is None
        assert item.scale.points == (0, 1, 2, 3, 4, 5)
        assert [option.label for option in item.scale.option][:2] == ["step 0", "step 1"]


def test_the_stem_may_be_empty() -> None:
    assert with_wording(KNOWN.scoring_only["jss"], wording_of("jss", stem="")).stem == ""


GOOD = wording_of("pss4").items


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"items": {k: v for k, v in GOOD.items() if k != "pss4_3"}},
            "Perceived Stress Scale 4 needs a text for item pss4_3.",
        ),
        (
            {"items": {**GOOD, "pss4_5": "one more"}},
            "Perceived Stress Scale 4 has no item pss4_5.",
        ),
        ({"items": {**GOOD, "pss4_2": " \n "}}, "The text of item pss4_2 is empty."),
        ({"items": {**GOOD, "pss4_2": 7}}, "The text of item pss4_2 is not a text."),
        (
            {"items": {**GOOD, "pss4_2": "x" * (LONGEST + 1)}},
            "The text of item pss4_2 has 501 characters; at most 500 are allowed.",
        ),
        ({"licence": "  "}, "The text of the licence line is empty."),
        ({"language": ""}, "The text of the language is empty."),
        (
            {"stem": "x" * (LONGEST + 1)},
            "The text of the stem has 501 characters; at most 500 are allowed.",
        ),
        (
            {"options": {0: "a", 1: "b", 2: "c", 3: "d"}},
            "Perceived Stress Scale 4 needs a text for answer 4.",
        ),
        (
            {"options": {0: "a", 1: "b", 2: "c", 3: "d", 4: "e", 5: "f"}},
            "Perceived Stress Scale 4 has no answer 5.",
        ),
        (
            {"options": {0: "a", 1: "b", 2: "c", 3: "d", 4: ""}},
            "The text of answer 4 is empty.",
        ),
    ],
)
def test_wording_that_does_not_fit_is_refused(changed: dict[str, Any], says: str) -> None:
    assert refusal("pss4", wording_of("pss4", **changed)) == says


def test_the_longest_text_is_still_accepted() -> None:
    longest = {**GOOD, "pss4_2": "x" * LONGEST}
    one = with_wording(KNOWN.scoring_only["pss4"], wording_of("pss4", items=longest))
    assert one.items[1].text == "x" * 500


@pytest.mark.parametrize("name", ["sqs", "psfs"])
def test_what_cannot_be_scored_cannot_be_worded(name: str) -> None:
    said = refusal(name, Wording(items={f"{name}_1": "text"}, licence=LICENCE, language="en"))
    one = KNOWN.scoring_only[name]
    assert said == f"{one.name} cannot be asked, because {one.scoring.not_scored}."


@pytest.mark.parametrize("name", sorted(KNOWN.refused))
def test_a_refused_instrument_takes_no_wording(name: str) -> None:
    wording = Wording(items={f"{name}_1": "text"}, licence=LICENCE, language="en")
    with pytest.raises(WordingRefused) as caught:
        with_wording(KNOWN.refused[name], wording)
    assert str(caught.value) == KNOWN.refused[name].reason


@pytest.mark.parametrize("name", ["peg", "stress_nrs"])
def test_wording_that_ships_is_not_replaced(name: str) -> None:
    one = KNOWN.instrument(name)
    wording = Wording(
        items={item.id: "other words" for item in one.items}, licence=LICENCE, language="en"
    )
    with pytest.raises(WordingRefused, match="already has its wording here"):
        with_wording(one, wording)


def test_the_refusal_is_a_value_error() -> None:
    assert issubclass(WordingRefused, ValueError)
