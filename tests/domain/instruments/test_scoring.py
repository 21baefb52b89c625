"""Scores: the published rules hold for all answers, and what is no answer is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.catalogue import Catalogue
from unknot.domain.instruments.definition import Instrument
from unknot.domain.instruments.scoring import (
    AnswerOutOfRange,
    UnknownItem,
    band,
    is_asked,
    score,
)

KNOWN: Catalogue = catalogue.load()
SCORED = [one for one in KNOWN.instruments.values() if one.scoring.method != "none"]
#: Whose score needs every answer and moves with each.
WHOLE = ["peg", "phq4", "phq8", "gad7", "rmdq24", "dass21_stress", "activity3", "gcps_r"]


def answers_to(one: Instrument, *, blanks: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            item.id: st.sampled_from([*item.scale.points, *([None] if blanks else [])])
            for item in one.items
            if not item.multi
        }
    )


@st.composite
def any_answers(draw: st.DrawFn, blanks: bool = True) -> tuple[Instrument, dict[str, Any]]:
    one = draw(st.sampled_from(SCORED))
    return one, draw(answers_to(one, blanks=blanks))


@given(any_answers())
def test_a_score_is_inside_its_range_or_says_why_there_is_none(
    drawn: tuple[Instrument, dict[str, Any]],
) -> None:
    one, answers = drawn
    result = score(one, answers)
    assert one.scoring.range is not None
    low, high = one.scoring.range
    if result.value is None:
        assert result.reason_not_scored.startswith("Not scored, because ")
        assert result.band == ""
    else:
        assert low <= result.value <= high
        assert result.reason_not_scored == ""
    for name, entry in one.scoring.subscales.items():
        points = result.subscales[name]
        assert points is None or entry.range[0] <= points <= entry.range[1]


@given(any_answers(), st.randoms())
def test_the_order_of_the_answers_does_not_matter(
    drawn: tuple[Instrument, dict[str, Any]], random: Any
) -> None:
    one, answers = drawn
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert score(one, dict(shuffled)) == score(one, answers)


@given(any_answers())
def test_an_unanswered_item_is_the_same_as_one_left_out(
    drawn: tuple[Instrument, dict[str, Any]],
) -> None:
    one, answers = drawn
    left_out = {name: answer for name, answer in answers.items() if answer is not None}
    assert score(one, left_out) == score(one, answers)


@pytest.mark.parametrize("name", WHOLE)
@given(data=st.data())
def test_a_higher_answer_never_lowers_the_score(name: str, data: st.DataObject) -> None:
    one = KNOWN.instrument(name)
    answers = data.draw(answers_to(one))
    item = data.draw(st.sampled_from(one.items))
    higher = data.draw(st.sampled_from([p for p in item.scale.points if p >= answers[item.id]]))
    before = score(one, answers).value
    after = score(one, {**answers, item.id: higher}).value
    assert before is not None
    assert after is not None
    assert after >= before


@pytest.mark.parametrize("name", ["peg", "phq4", "phq8", "gad7", "dass21_stress", "gcps_r"])
@given(data=st.data())
def test_too_many_missing_answers_give_no_score(name: str, data: st.DataObject) -> None:
    one = KNOWN.instrument(name)
    answers = data.draw(answers_to(one, blanks=True))
    asked = [item.id for item in one.items if is_asked(item, answers)]
    missing = [item for item in asked if answers[item] is None]
    result = score(one, answers)
    assert result.missing == tuple(missing)
    assert (result.value is None) == (len(missing) > one.scoring.max_missing)


@given(any_answers(blanks=False))
def test_complete_answers_always_score_unless_ratings_stand_alone(
    drawn: tuple[Instrument, dict[str, Any]],
) -> None:
    one, answers = drawn
    result = score(one, answers)
    assert (result.value is None) == one.scoring.separate
    assert result.missing == ()


@given(data=st.data())
def test_the_stress_scale_of_the_dass_is_always_even(data: st.DataObject) -> None:
    dass = KNOWN.instrument("dass21_stress")
    value = score(dass, data.draw(answers_to(dass, blanks=True))).value
    assert value is None or value % 2 == 0


@pytest.mark.parametrize(
    ("answers", "value"),
    [([2, 2, 2, 2, 2, 2, None], 28.0), ([1, 0, 0, 0, 0, 0, None], 2.0), ([3] * 7, 42.0)],
)
def test_one_missing_answer_of_the_dass_counts_as_the_mean(
    answers: list[int | None], value: float
) -> None:
    dass = KNOWN.instrument("dass21_stress")
    given_answers = dict(zip([item.id for item in dass.items], answers, strict=True))
    assert score(dass, given_answers).value == value


@pytest.mark.parametrize(
    "answer", [True, False, "3", 3.0, float("nan"), float("1e400"), -1, 11, 10**400, [3], b"3"]
)
def test_what_is_not_an_offered_whole_number_is_refused(answer: Any) -> None:
    with pytest.raises(AnswerOutOfRange, match="peg_p"):
        score(KNOWN.instrument("peg"), {"peg_p": answer, "peg_e": 1, "peg_g": 1})


def test_words_to_choose_from_have_no_points() -> None:
    with pytest.raises(AnswerOutOfRange, match="ps_events"):
        score(KNOWN.instrument("post_session"), {"ps_events": 1})


def test_an_unknown_item_is_named() -> None:
    with pytest.raises(UnknownItem, match="peg has no item peg_x"):
        score(KNOWN.instrument("peg"), {"peg_p": 1, "peg_e": 1, "peg_g": 1, "peg_x": 1})


def test_halves_round_up() -> None:
    gad7 = KNOWN.instrument("gad7")
    ids = [item.id for item in gad7.items]
    # 6 answered with the sum 3: the mean is 0.5, times 7 is 3.5
    answers = dict(zip(ids, [1, 1, 1, 0, 0, 0], strict=False))
    assert score(gad7, answers).value == 4.0


def test_a_question_that_was_not_asked_is_not_missing() -> None:
    grade = KNOWN.instrument("gcps_r")
    result = score(grade, {"nhis_pain_freq": 0, "peg_p": 9, "peg_e": 9, "peg_g": 9})
    assert (result.value, result.band, result.missing) == (0.0, "no chronic pain", ())


def test_the_reason_counts_what_is_missing() -> None:
    peg, phq8 = KNOWN.instrument("peg"), KNOWN.instrument("phq8")
    assert score(peg, {"peg_p": 1, "peg_e": 1}).reason_not_scored == (
        "Not scored, because 1 answer is missing and every answer is needed."
    )
    assert score(phq8, {"phq_1": 1}).reason_not_scored == (
        "Not scored, because 7 answers are missing and at most 2 may be."
    )


def test_a_mean_between_two_bands_has_the_lower_word() -> None:
    assert band(KNOWN.instrument("pain_nrs"), 3.5) == "mild"
    assert band(KNOWN.instrument("peg"), 3.5) == ""


def test_a_single_rating_has_its_band_and_several_stand_alone() -> None:
    pain = KNOWN.instrument("pain_nrs")
    assert score(pain, {"pain_24h": 7}).band == "severe"
    both = score(pain, {"pain_now": 3, "pain_24h": 7})
    assert both.value is None
    assert both.subscales == {"pain_now": 3, "pain_24h": 7, "pain_worst_24h": None}


@pytest.mark.parametrize(
    ("name", "total", "cards"),
    [
        ("phq8", 9, ()),
        ("phq8", 10, ("talk_to_clinician",)),
        ("phq8", 20, ("talk_to_clinician", "crisis_card")),
        ("gad7", 14, ("talk_to_clinician",)),
        ("gad7", 15, ("talk_to_clinician", "crisis_card")),
    ],
)
def test_support_appears_exactly_at_its_threshold(
    name: str, total: int, cards: tuple[str, ...]
) -> None:
    one = KNOWN.instrument(name)
    answers = {item.id: 0 for item in one.items}
    for item in answers:
        answers[item] = min(3, total - sum(answers.values()))
    result = score(one, answers)
    assert result.value == total
    assert result.support == cards
