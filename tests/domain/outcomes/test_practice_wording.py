from typing import get_args

import pytest

from unknot.domain.outcomes import practice_wording as wording


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((-1.14, -1.52, -0.71), "about 1.1 points less (0.7 to 1.5 less)"),
        ((0.8, 0.2, 1.4), "about 0.8 points more (0.2 to 1.4 more)"),
        (
            (-0.3, -0.9, 0.21),
            "cannot be told yet: anything from 0.9 points less to 0.2 more fits",
        ),
        ((0.0, 0.0, 0.0), "cannot be told yet: anything from 0.0 points less to 0.0 more fits"),
    ],
)
def test_a_change_comes_with_its_range(numbers, said):
    assert wording.change(*numbers, language="en") == said


def test_a_therapist_is_not_distinguishable_unless_the_range_says_so():
    usual = wording.own_result(-0.05, -0.4, 0.3, clients=24, language="en")
    assert usual.startswith("Not distinguishable from the practice.")
    assert "0.4 points lower to 0.3 points higher" in usual
    assert "24 clients" in usual
    lower = wording.own_result(-0.6, -1.0, -0.2, clients=40, language="en")
    assert "about 0.6 points lower" in lower
    assert "(0.2 to 1.0 lower)" in lower
    assert "0.2 to 1.0 higher" in wording.own_result(0.6, 0.2, 1, clients=40, language="en")


def test_german_has_a_comma():
    said = wording.change(-1.14, -1.52, -0.71, language="de-at")
    assert said == "etwa 1,1 Punkte weniger (0,7 bis 1,5 weniger)"


def test_every_sentence_is_there_in_both_languages_and_ranks_nobody():
    sentences = wording.load().sentence
    assert set(sentences) == set(get_args(wording.Id))
    for one in sentences.values():
        for text in (one.en, one.de):
            assert text
            assert not any(word in text.lower() for word in ("best", "worst", "rank", "proven"))
