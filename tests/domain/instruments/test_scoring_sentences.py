"""Scores that are not given, and answers that are refused: each sentence in full."""

import pytest

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.scoring import AnswerOutOfRange, UnknownItem, band, score

KNOWN = catalogue.load()
NOTHING = "Not scored, because nothing was answered."
SEPARATE = "Not scored, because each rating stands alone; different recalls are never averaged."


def reason(name: str, **answers: int | None) -> str:
    found = score(KNOWN.find(name), answers)
    assert found.value is None
    return found.reason_not_scored


@pytest.mark.parametrize("name", ["peg", "phq4", "pain_nrs", "sleep_nrs", "activity3"])
def test_no_answer_at_all_is_the_reason(name: str) -> None:
    assert reason(name) == NOTHING


def test_ratings_of_different_recalls_are_never_averaged() -> None:
    one = KNOWN.instrument("pain_nrs")
    first, second = [item.id for item in one.items][:2]
    assert reason("pain_nrs", **{first: 3, second: 5}) == SEPARATE
    alone = score(one, {first: 3})
    assert (alone.value, alone.reason_not_scored) == (3.0, "")
    assert alone.subscales == {item.id: 3 if item.id == first else None for item in one.items}


def test_a_check_without_a_score_says_so() -> None:
    assert reason("post_session") == (
        "Not scored, because this check has no score; its answers stand as they are."
    )


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"gad_1": 1, "gad_2": 1, "phq_1": 1}, "1 answer is missing and every answer is needed."),
        ({"gad_1": 1, "gad_2": 1}, "2 answers are missing and every answer is needed."),
    ],
)
def test_missing_answers_are_counted(answers: dict[str, int], says: str) -> None:
    assert reason("phq4", **answers) == f"Not scored, because {says}"


def test_a_grade_needs_every_answer_that_is_asked() -> None:
    assert reason("gcps_r", nhis_pain_freq=3) == (
        "Not scored, because 4 answers are missing and every answer is needed."
    )


@pytest.mark.parametrize(
    ("answer", "shown"), [(11, "11"), (-1, "-1"), (True, "True"), (2.0, "2.0"), ("3", "'3'")]
)
def test_an_answer_that_is_not_offered_is_named_with_what_is(answer: object, shown: str) -> None:
    with pytest.raises(AnswerOutOfRange) as caught:
        score(KNOWN.instrument("peg"), {"peg_p": answer})  # type: ignore[dict-item]
    assert str(caught.value) == f"peg_p={shown}: allowed are whole numbers 0 to 10"


def test_words_to_choose_from_have_no_points() -> None:
    with pytest.raises(AnswerOutOfRange) as caught:
        score(KNOWN.instrument("post_session"), {"ps_events": 1})
    assert str(caught.value) == "ps_events offers words to choose from and has no points"


def test_every_unknown_item_is_named_in_order() -> None:
    with pytest.raises(UnknownItem) as caught:
        score(KNOWN.instrument("peg"), {"peg_x": 1, "peg_a": 2, "peg_p": 3})
    assert str(caught.value) == "peg has no item peg_a, peg_x"


@pytest.mark.parametrize(
    ("value", "word"),
    [(0, "none to minimal"), (2, "none to minimal"), (3, "mild"), (9, "severe"), (12, "severe")],
)
def test_a_band_begins_at_its_lowest_score(value: float, word: str) -> None:
    assert band(KNOWN.instrument("phq4"), value) == word


def test_no_score_and_no_bands_have_no_word() -> None:
    assert band(KNOWN.instrument("phq4"), None) == ""
    assert band(KNOWN.instrument("phq4"), -1) == ""
    assert band(KNOWN.instrument("stress_nrs"), 5) == ""
