"""One sitting: what was asked once counts wherever it belongs, and only there."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.catalogue import RefusedInstrument, UnknownInstrument
from unknot.domain.instruments.scoring import AnswerOutOfRange, UnknownItem, score
from unknot.domain.instruments.sitting import gather, score_all

KNOWN = catalogue.load()
GRADE = {"nhis_pain_freq": 3, "nhis_pain_limit": 1, "peg_p": 4, "peg_e": 4, "peg_g": 4}
SHORT = {"gad_1": 2, "gad_2": 1, "phq_1": 3, "phq_2": 1}
REST_OF_GAD = {"gad_3": 1, "gad_4": 0, "gad_5": 1, "gad_6": 0, "gad_7": 1}
REST_OF_PHQ = {f"phq_{number}": 1 for number in range(3, 9)}


def test_peg_is_answered_once_and_counts_twice() -> None:
    found = score_all(KNOWN, {"gcps_r": GRADE})
    assert list(found) == ["gcps_r", "peg"]
    assert (found["gcps_r"].value, found["gcps_r"].band) == (2.0, "bothersome chronic pain")
    assert found["peg"].value == 4.0


def test_the_four_questions_count_in_the_longer_ones() -> None:
    points = {"phq4": SHORT, "gad7": REST_OF_GAD, "phq8": REST_OF_PHQ}
    found = score_all(KNOWN, points)
    assert {name: one.value for name, one in found.items()} == {
        "phq4": 7.0,
        "gad7": 6.0,
        "phq8": 10.0,
    }
    assert found["phq4"].subscales == {"anxiety": 3, "depression": 4}


def test_the_longer_ones_alone_lack_what_was_not_asked_of_them() -> None:
    assert score_all(KNOWN, {"gad7": REST_OF_GAD})["gad7"].missing == ("gad_1", "gad_2")


def test_an_instruments_own_answer_comes_first() -> None:
    gad7 = KNOWN.instrument("gad7")
    for points in (
        {"gad7": {"gad_1": 0}, "phq4": {"gad_1": 3, "phq_1": 2}},
        {"phq4": {"gad_1": 3, "phq_1": 2}, "gad7": {"gad_1": 0}},
    ):
        assert gather(gad7, points) == {"gad_1": 0}


def test_what_others_were_asked_is_left_where_it_is() -> None:
    points = {"stress_nrs": {"stress_today": 4}, "phq4": SHORT}
    assert gather(KNOWN.instrument("peg"), points) == {}
    assert list(score_all(KNOWN, points)) == ["stress_nrs", "phq4"]


def test_nothing_answered_is_nothing_scored() -> None:
    assert score_all(KNOWN, {}) == {}
    assert score_all(KNOWN, {"phq4": {}, "rmdq24": {}}) == {}


def test_what_was_asked_and_left_out_says_so() -> None:
    found = score_all(KNOWN, {"stress_nrs": {"stress_today": 4}}, ["peg", "stress_nrs"])
    assert list(found) == ["peg", "stress_nrs"]
    assert found["peg"].value is None
    assert found["peg"].reason_not_scored == "Not scored, because nothing was answered."
    assert found["stress_nrs"].value == 4.0


def test_an_answer_that_is_missing_is_counted_in_the_reason() -> None:
    found = score_all(KNOWN, {"peg": {"peg_p": 6, "peg_g": 5}})["peg"]
    assert found.value is None
    because = "Not scored, because 1 answer is missing and every answer is needed."
    assert found.reason_not_scored == because


@pytest.mark.parametrize("ticked", [0, 1, 23])
def test_sentences_to_tick_count_only_when_all_were_sent(ticked: int) -> None:
    whole = {item.id: 0 for item in KNOWN.instrument("rmdq24").items}
    whole |= {f"rmdq_{number}": 1 for number in range(1, ticked + 1)}
    sent = score_all(KNOWN, {"rmdq24": whole})["rmdq24"]
    assert (sent.value, sent.reason_not_scored) == (ticked, "")
    del whole["rmdq_24"]
    begun = score_all(KNOWN, {"rmdq24": whole})["rmdq24"]
    because = "Not scored, because the page with these sentences was not sent."
    assert (begun.value, begun.band, begun.reason_not_scored) == (None, "", because)
    assert begun.missing == ("rmdq_24",)


def test_what_was_not_sent_whole_has_no_word_either() -> None:
    banded = KNOWN.instrument("rmdq24").model_copy(update={"bands": KNOWN.instrument("phq4").bands})
    known = replace(KNOWN, instruments={**KNOWN.instruments, "rmdq24": banded})
    assert score_all(known, {"rmdq24": {"rmdq_1": 1}})["rmdq24"].band == ""
    whole = {item.id: 0 for item in banded.items}
    assert score_all(known, {"rmdq24": whole})["rmdq24"].band == "none to minimal"


def test_a_tick_list_that_was_skipped_is_not_a_zero() -> None:
    skipped = score_all(KNOWN, {}, ["rmdq24"])["rmdq24"]
    assert skipped.value is None
    assert skipped.reason_not_scored.startswith("Not scored, because the page")


def test_the_longer_questions_still_count_with_two_left_out() -> None:
    points = {"gad7": {**SHORT, **REST_OF_GAD}}
    points = {"gad7": {name: value for name, value in points["gad7"].items() if name[0] == "g"}}
    del points["gad7"]["gad_7"]
    assert score_all(KNOWN, points)["gad7"].value is not None


def test_an_instrument_without_wording_is_scored_all_the_same() -> None:
    items = [item.id for item in KNOWN.scoring_only["who5"].items]
    assert score_all(KNOWN, {"who5": dict.fromkeys(items, 5)})["who5"].value == 100.0


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        ({"horoscope": {"a": 1}}, UnknownInstrument),
        ({"ndi": {"a": 1}}, RefusedInstrument),
        ({"peg": {"peg_p": 11}}, AnswerOutOfRange),
        ({"peg": {"peg_p": "3"}}, AnswerOutOfRange),
        ({"peg": {"peg_p": 3.0}}, AnswerOutOfRange),
        ({"peg": {"peg_p": True}}, AnswerOutOfRange),
    ],
)
def test_what_is_no_answer_is_refused(points: Any, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        score_all(KNOWN, points)


def test_an_item_of_no_instrument_counts_nowhere() -> None:
    """The page refuses it before; scoring a whole sitting looks only for what it knows."""
    assert score_all(KNOWN, {"peg": {"peg_x": 3}})["peg"].missing == ("peg_p", "peg_e", "peg_g")
    with pytest.raises(UnknownItem):
        score(KNOWN.instrument("peg"), {"peg_x": 3})


ANSWERED = st.fixed_dictionaries(
    {
        name: st.dictionaries(
            st.sampled_from([item.id for item in KNOWN.instrument(name).items]), st.integers(0, 3)
        )
        for name in ("gcps_r", "peg", "phq4", "phq8", "gad7", "stress_nrs")
    }
)


@given(ANSWERED)
def test_every_instrument_gets_its_own_score_of_all_that_was_said(
    points: dict[str, dict[str, int]],
) -> None:
    found = score_all(KNOWN, points)
    answered = {name for name, answers in points.items() if answers}
    assert set(found) == answered | ({"peg"} if points["gcps_r"] else set())
    for name, result in found.items():
        instrument = KNOWN.instrument(name)
        assert result == score(instrument, gather(instrument, points))
        assert set(result.missing).isdisjoint(points.get(name, {}))
