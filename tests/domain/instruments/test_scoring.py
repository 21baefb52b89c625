"""Scores: the published rules hold for all answers, and what is no answer is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.catalogue import Catalogue
from unknot.domain.instruments.scoring import (
    AnswerOutOfRange,
    Scorable,
    UnknownItem,
    band,
    is_asked,
    reverse,
    score,
)

KNOWN: Catalogue = catalogue.load()
ALL: list[Scorable] = [*KNOWN.instruments.values(), *KNOWN.scoring_only.values()]
SCORED = [one for one in ALL if one.scoring.method != "none"]
#: Whose score needs every answer and moves with each.
WHOLE = [
    *("peg", "phq4", "phq8", "gad7", "rmdq24", "dass21_stress", "activity3", "gcps_r"),
    *("who5", "pss10", "pss4", "startback", "jss", "brs"),
]
REVERSED = ["pss10", "pss4", "brs"]
UNSCORED = ["sqs", "psfs"]


def answers_to(one: Scorable, *, blanks: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            item.id: st.sampled_from([*item.scale.points, *([None] if blanks else [])])
            for item in one.items
            if not item.multi
        }
    )


@st.composite
def any_answers(draw: st.DrawFn, blanks: bool = True) -> tuple[Scorable, dict[str, Any]]:
    one = draw(st.sampled_from(SCORED))
    return one, draw(answers_to(one, blanks=blanks))


@given(any_answers())
def test_a_score_is_inside_its_range_or_says_why_there_is_none(
    drawn: tuple[Scorable, dict[str, Any]],
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
    drawn: tuple[Scorable, dict[str, Any]], random: Any
) -> None:
    one, answers = drawn
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert score(one, dict(shuffled)) == score(one, answers)


@given(any_answers())
def test_an_unanswered_item_is_the_same_as_one_left_out(
    drawn: tuple[Scorable, dict[str, Any]],
) -> None:
    one, answers = drawn
    left_out = {name: answer for name, answer in answers.items() if answer is not None}
    assert score(one, left_out) == score(one, answers)


@pytest.mark.parametrize("name", WHOLE)
@given(data=st.data())
def test_a_higher_answer_never_lowers_the_score_unless_reversed(
    name: str, data: st.DataObject
) -> None:
    one = KNOWN.find(name)
    answers = data.draw(answers_to(one))
    item = data.draw(st.sampled_from(one.items))
    higher = data.draw(st.sampled_from([p for p in item.scale.points if p >= answers[item.id]]))
    before = score(one, answers).value
    after = score(one, {**answers, item.id: higher}).value
    assert before is not None
    assert after is not None
    if item.id in one.scoring.reversed:
        before, after = after, before
    assert after >= before


@pytest.mark.parametrize("name", REVERSED)
@given(data=st.data())
def test_reversing_twice_changes_nothing(name: str, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(KNOWN.find(name).items))
    answer = data.draw(st.sampled_from(item.scale.points))
    assert reverse(item, answer) in item.scale.points
    assert reverse(item, reverse(item, answer)) == answer


@pytest.mark.parametrize("name", REVERSED)
@given(data=st.data())
def test_reversing_every_answer_mirrors_the_score(name: str, data: st.DataObject) -> None:
    one = KNOWN.find(name)
    answers = data.draw(answers_to(one))
    mirrored = {item.id: reverse(item, answers[item.id]) for item in one.items}
    here, there = score(one, answers).value, score(one, mirrored).value
    assert one.scoring.range is not None
    assert here is not None
    assert there is not None
    # two decimals, each rounded half up: a hundredth may be gained
    assert here + there == pytest.approx(sum(one.scoring.range), abs=0.011)


@pytest.mark.parametrize(("name", "low", "high"), [("pss10", 16, 24), ("pss4", 8, 8)])
def test_without_the_reversal_the_ends_would_differ(name: str, low: int, high: int) -> None:
    one = KNOWN.scoring_only[name]
    plain = one.model_copy(update={"scoring": one.scoring.model_copy(update={"reversed": ()})})
    lowest = {item.id: 0 for item in one.items}
    highest = {item.id: 4 for item in one.items}
    assert (score(one, lowest).value, score(one, highest).value) == (low, high)
    assert (score(plain, lowest).value, score(plain, highest).value) == (0, 4 * len(one.items))


def test_a_subscale_counts_a_reversed_item_from_the_other_end() -> None:
    one = KNOWN.scoring_only["startback"]
    turned = one.scoring.model_copy(update={"reversed": ("startback_1", "startback_9")})
    lowest = {item.id: 0 for item in one.items}
    assert score(one, lowest).subscales == {"distress": 0}
    result = score(one.model_copy(update={"scoring": turned}), lowest)
    assert (result.value, result.subscales) == (2.0, {"distress": 1})


@pytest.mark.parametrize("name", UNSCORED)
@pytest.mark.parametrize("answers", [{}, {"sqs_1": 3}, {"psfs_1": 10, "x": 1}])
def test_what_no_source_states_is_not_scored_and_says_so(name: str, answers: Any) -> None:
    one = KNOWN.find(name)
    result = score(one, answers)
    assert (result.instrument, result.version) == (name, 1)
    assert result.value is None
    assert result.reason_not_scored == f"Not scored, because {one.scoring.not_scored}."
    assert "stated" in result.reason_not_scored
    assert (result.subscales, result.band, result.missing) == ({}, "", ())
    assert (result.branch, result.support) == ((), ())


def test_a_check_without_a_score_still_refuses_an_unknown_item() -> None:
    with pytest.raises(UnknownItem, match="post_session has no item sqs_1"):
        score(KNOWN.instrument("post_session"), {"sqs_1": 3})


@given(data=st.data())
def test_the_risk_word_of_the_start_back_follows_total_and_distress(data: st.DataObject) -> None:
    one = KNOWN.find("startback")
    answers = data.draw(answers_to(one))
    total = sum(answers.values())
    distress = sum(answers[f"startback_{n}"] for n in range(5, 10))
    wanted = "high" if distress >= 4 else "medium" if total > 3 else "low"
    assert score(one, answers).band == wanted


@pytest.mark.parametrize(
    ("total", "word"),
    [
        (0, "likely depression"),
        (7, "likely depression"),
        (8, "low wellbeing"),
        (12, "low wellbeing"),
        (13, "above the cuts"),
        (25, "above the cuts"),
    ],
)
def test_the_cuts_of_the_wellbeing_index(total: int, word: str) -> None:
    one = KNOWN.find("who5")
    answers = {item.id: 0 for item in one.items}
    for item in answers:
        answers[item] = min(5, total - sum(answers.values()))
    result = score(one, answers)
    assert (result.value, result.band) == (4 * total, word)


@pytest.mark.parametrize(
    "name",
    ["peg", "phq4", "phq8", "gad7", "dass21_stress", "gcps_r", "who5", "pss10", "startback", "brs"],
)
@given(data=st.data())
def test_too_many_missing_answers_give_no_score(name: str, data: st.DataObject) -> None:
    one = KNOWN.find(name)
    answers = data.draw(answers_to(one, blanks=True))
    asked = [item.id for item in one.items if is_asked(item, answers)]
    missing = [item for item in asked if answers[item] is None]
    result = score(one, answers)
    assert result.missing == tuple(missing)
    assert (result.value is None) == (len(missing) > one.scoring.max_missing)


@given(any_answers(blanks=False))
def test_complete_answers_always_score_unless_ratings_stand_alone(
    drawn: tuple[Scorable, dict[str, Any]],
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


@pytest.mark.parametrize(("name", "answer"), [("pss10", 5), ("brs", 0), ("startback", 2)])
def test_points_outside_a_scoring_only_range_are_refused(name: str, answer: int) -> None:
    with pytest.raises(AnswerOutOfRange, match=f"{name}_1={answer}: allowed are whole numbers"):
        score(KNOWN.find(name), {f"{name}_1": answer})


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


@pytest.mark.parametrize(
    ("answers", "support"),
    [
        ({"gad_1": 3, "gad_2": 3, "phq_1": 3}, ("talk_to_clinician", "crisis_card")),
        ({"gad_1": 3, "gad_2": 3, "phq_1": 2}, ("talk_to_clinician",)),
        ({"gad_1": 1, "phq_1": 1}, ()),
    ],
)
def test_help_is_offered_for_the_points_given_though_an_answer_is_missing(
    answers: dict[str, int], support: tuple[str, ...]
) -> None:
    result = score(catalogue.load().instrument("phq4"), answers)
    assert (result.value, result.support) == (None, support)
