"""The schema of the instrument files: each refusal in its exact words, and what just passes."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.definition import (
    AnswerList,
    BandRule,
    Bands,
    ChangeFacts,
    InstrumentEntry,
    Scoring,
)
from unknot.domain.instruments.withheld import Refused, ScoringOnlyEntry

KNOWN = catalogue.load()
SUM = {"method": "sum", "range": (0, 4), "direction": "higher_worse", "missing": "none"}
GRADES = ({"when": "a >= 2", "grade": 1, "label": "some"}, {"grade": 0, "label": "none"})
BAND = {"min": 0, "max": 2, "label": "low"}
LAST = "expected the last rule, and only the last, without `when`"
WHO5 = ScoringOnlyEntry.model_validate(
    {
        **{
            name: getattr(KNOWN.scoring_only["who5"], name)
            for name in ScoringOnlyEntry.model_fields
            if name not in ("item_count", "item_ids", "answers")
        },
        "item_count": 5,
        "item_ids": tuple(f"who5_{n}" for n in range(1, 6)),
        "answers": {"min": 0, "max": 5, "conf": "unsure"},
    }
)


def complaint(model: type[BaseModel], raw: object) -> str:
    """The words of the one complaint about `raw`."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(raw)
    (problem,) = caught.value.errors()
    return str(problem["msg"]).removeprefix("Value error, ")


def entry(of: BaseModel, **changed: object) -> dict[str, object]:
    """The values of an entry with some changed."""
    return {name: getattr(of, name) for name in type(of).model_fields} | changed


def written(name: str) -> dict[str, object]:
    """The instrument as its file says it, without its resolved items."""
    return {key: value for key, value in entry(KNOWN.instrument(name)).items() if key != "items"}


@pytest.mark.parametrize(
    "raw",
    [
        {"id": "x"},
        {
            "id": "x",
            "range": {"min": 0, "max": 1, "step": 1, "type": "integer"},
            "option": ({"value": 0, "label": "No"},),
        },
    ],
)
def test_answers_are_a_range_or_options(raw: Mapping[str, object]) -> None:
    said = complaint(AnswerList, raw)
    assert said == "x: expected either range or option, and only one of them"


def test_an_answer_value_comes_once() -> None:
    raw = {"id": "x", "option": [{"value": 1, "label": "A"}, {"value": 1, "label": "B"}]}
    assert complaint(AnswerList, raw) == "x: expected every option.value once, found [1, 1]"


def test_the_points_of_words_are_none_and_of_numbers_are_theirs() -> None:
    words = [{"value": "numb", "label": "Numb"}, {"value": 3, "label": "Three"}]
    assert AnswerList.model_validate({"id": "x", "option": words}).points == (3,)
    scale = {"min": 1, "max": 3, "step": 1, "type": "integer"}
    assert AnswerList.model_validate({"id": "x", "range": scale}).points == (1, 2, 3)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"method": "mean", "times": 2},
            "expected times with method 'sum', and only there",
        ),
        (
            {"method": "single", "item": "a", "reversed": ("a",)},
            "expected reversed with 'sum' or 'mean', without missing_counts_as",
        ),
        (
            {"reversed": ("a",), "missing_counts_as": 0},
            "expected reversed with 'sum' or 'mean', without missing_counts_as",
        ),
        ({"not_scored": "why"}, "expected not_scored with method 'none', and only there"),
        ({"range": None}, "expected range, direction and missing for every method but 'none'"),
        ({"direction": None}, "expected range, direction and missing for every method but 'none'"),
        ({"missing": ""}, "expected range, direction and missing for every method but 'none'"),
        ({"rule": GRADES}, "expected rule with method 'decision', and only there"),
        ({"method": "decision"}, "expected rule with method 'decision', and only there"),
        ({"method": "decision", "rule": GRADES[:1]}, LAST),
        ({"method": "decision", "rule": (GRADES[1], GRADES[1])}, LAST),
        ({"method": "decision", "rule": (GRADES[1], GRADES[0])}, LAST),
    ],
)
def test_a_rule_of_scoring_that_does_not_fit_its_method_is_refused(
    changed: dict[str, Any], says: str
) -> None:
    assert complaint(Scoring, SUM | changed) == says


@pytest.mark.parametrize(
    "changed",
    [
        {"times": 2},
        {"reversed": ("a",)},
        {"method": "mean", "reversed": ("a",)},
        {"missing_counts_as": 0},
        {"method": "decision", "rule": GRADES},
        {"method": "decision", "rule": GRADES[1:]},
        {"method": "none", "not_scored": "why", "range": None, "direction": None, "missing": ""},
    ],
)
def test_a_rule_of_scoring_that_fits_is_accepted(changed: dict[str, Any]) -> None:
    assert Scoring.model_validate(SUM | changed).method == changed.get("method", "sum")


def test_bands_are_by_points_or_by_rules() -> None:
    rule = ({"label": "rest"},)
    said = complaint(Bands, {"conf": "known", "band": (BAND,), "rule": rule})
    assert said == "expected either band or rule, and only one of them"
    assert Bands.model_validate({"conf": "known", "band": (BAND,)}).band[0].label == "low"
    assert Bands.model_validate({"conf": "known", "rule": rule}).rule == (BandRule(label="rest"),)
    assert complaint(Bands, {"conf": "known", "rule": rule * 2}) == LAST


@pytest.mark.parametrize("start", [2, 4])
def test_bands_have_no_gap_and_no_overlap(start: int) -> None:
    upper = {"min": start, "max": 9, "label": "high"}
    said = complaint(Bands, {"conf": "known", "band": (BAND, upper)})
    assert said == "expected band 'high' to start at 3"
    right = Bands.model_validate({"conf": "known", "band": (BAND, upper | {"min": 3})})
    assert [band.min for band in right.band] == [0, 3]


def test_every_pair_of_bands_is_looked_at() -> None:
    bands = (BAND, {"min": 3, "max": 4, "label": "mid"}, {"min": 6, "max": 7, "label": "high"})
    said = complaint(Bands, {"conf": "known", "band": bands})
    assert said == "expected band 'high' to start at 5"


def test_thresholds_of_change_say_how_sure_they_are() -> None:
    said = complaint(ChangeFacts, {"mic_points": 1})
    assert said == "expected conf beside the thresholds of change"
    assert ChangeFacts.model_validate({"comparable": False}).conf is None
    assert ChangeFacts.model_validate({"mic_points": 1, "conf": "known"}).comparable


@pytest.mark.parametrize(
    "changed",
    [{"reviewed_by": "A. Reviewer"}, {"reviewed_on": "2026-03-27"}],
)
def test_a_review_has_a_name_and_a_date(changed: dict[str, str]) -> None:
    said = complaint(InstrumentEntry, written("peg") | changed)
    assert said == "expected reviewed_by and reviewed_on together, or neither"
    both = {"reviewed_by": "A. Reviewer", "reviewed_on": "2026-03-27"}
    assert InstrumentEntry.model_validate(written("peg") | both).reviewed_on is not None


@pytest.mark.parametrize("ship", ["code_only", "no"])
def test_wording_needs_a_licence_that_allows_it(ship: str) -> None:
    licence = KNOWN.instrument("peg").licence.model_copy(update={"ship": ship})
    assert complaint(InstrumentEntry, written("peg") | {"licence": licence}) == (
        f"licence.ship is '{ship}': expected no item wording, found item 'peg_p'"
    )
    silent = InstrumentEntry.model_validate(written("peg") | {"licence": licence, "item": ()})
    assert silent.item == ()


@pytest.mark.parametrize("name", ["peg", "stress_nrs"])
def test_shipped_and_own_wording_is_accepted(name: str) -> None:
    assert InstrumentEntry.model_validate(written(name)).item


def test_an_item_comes_once() -> None:
    one, two, three = KNOWN.instrument("peg").item
    twice = written("peg") | {"item": (two, one, three, two, one)}
    assert complaint(InstrumentEntry, twice) == (
        "item.id: expected every id once, found 'peg_e' again"
    )


def test_an_item_is_found_by_its_id() -> None:
    peg = KNOWN.instrument("peg")
    assert [peg.find_item(item.id) for item in peg.items] == list(peg.items)
    assert peg.find_item("peg_x") is None


@pytest.mark.parametrize("key", ["item", "items", "text", "stem", "instructions", "option"])
def test_no_wording_comes_in_beside_the_scoring(key: str) -> None:
    assert complaint(ScoringOnlyEntry, entry(WHO5) | {key: "words"}) == (
        f"{key}: ship is 'code_only': expected no item wording here"
    )
    refused = entry(KNOWN.refused["isi"]) | {key: "words"}
    assert complaint(Refused, refused) == f"{key}: ship is 'no': expected no item wording here"


def test_the_first_of_several_keys_with_wording_is_named() -> None:
    said = complaint(ScoringOnlyEntry, entry(WHO5) | {"text": "words", "labels": "words"})
    assert said.startswith("labels: ship is 'code_only'")


@pytest.mark.parametrize("model", [ScoringOnlyEntry, Refused])
def test_what_is_no_table_is_refused_by_its_type(model: type[BaseModel]) -> None:
    assert "valid dictionary" in complaint(model, ["words"])


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"licence": WHO5.licence.model_copy(update={"ship": "yes"})},
            "licence.ship: expected 'code_only', found 'yes'",
        ),
        (
            {"item_ids": ("who5_1", "who5_3")},
            "item_ids: ship is 'code_only': expected no item wording, only who5_1, who5_2 and so"
            " on, found ('who5_1', 'who5_3')",
        ),
        (
            {"item_ids": ("who5_0", "who5_1", "who5_2", "who5_3", "who5_4")},
            "item_ids: ship is 'code_only': expected no item wording, only who5_1, who5_2 and so"
            " on, found ('who5_0', 'who5_1', 'who5_2', 'who5_3', 'who5_4')",
        ),
        (
            {"scoring": {"method": "none"}},
            "expected scoring.not_scored with method 'none', and only there",
        ),
        (
            {"scoring": {"method": "none", "not_scored": "why"}},
            "expected item_count, as many item_ids and answers, or not_scored",
        ),
        ({"answers": None}, "expected item_count, as many item_ids and answers, or not_scored"),
        ({"item_count": 4}, "expected item_count, as many item_ids and answers, or not_scored"),
        ({"item_count": None}, "expected item_count, as many item_ids and answers, or not_scored"),
    ],
)
def test_a_scoring_only_file_has_what_scoring_needs_and_no_more(
    changed: dict[str, Any], says: str
) -> None:
    assert complaint(ScoringOnlyEntry, entry(WHO5) | changed) == says


def test_what_cannot_be_scored_says_why() -> None:
    none = {"scoring": {"method": "none", "not_scored": "why"}, "answers": None, "item_ids": ()}
    made = ScoringOnlyEntry.model_validate(entry(WHO5) | none | {"item_count": 5})
    assert made.resolved().items == ()


def test_a_scoring_only_file_becomes_items_with_their_answers() -> None:
    made = WHO5.resolved()
    assert made == KNOWN.scoring_only["who5"]
    assert [item.id for item in made.items] == list(WHO5.item_ids)
    for item in made.items:
        assert (item.scale.id, item.scale.conf) == ("who5", "unsure")
        assert item.scale.range is not None
        assert item.scale.points == (0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("ship", "changed"), [("no", {"terms": "", "note": "n"}), ("yes", {"terms": "t", "note": ""})]
)
def test_a_refusal_says_more_than_its_reason(ship: str, changed: dict[str, str]) -> None:
    raw = entry(KNOWN.refused["isi"]) | {"ship": ship} | changed
    assert complaint(Refused, raw) == "expected terms, or with ship 'yes' a note, beside the reason"
    swapped = {"terms": changed["note"], "note": changed["terms"]}
    assert Refused.model_validate(raw | swapped).ship == ship
