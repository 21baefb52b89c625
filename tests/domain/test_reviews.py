"""A score appears from five reviews up, with its count and spread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.reviews import ScoreOutOfRange, Scores, rating


@pytest.mark.parametrize("number", [0, 1, 4])
def test_too_few_reviews_have_a_count_and_no_score(number):
    found = rating({5: number})
    assert (found.count, found.score, found.spread) == (number, None, ())


def test_five_reviews_have_score_count_and_spread():
    found = rating({5: 3, 4: 1, 1: 1})
    assert (found.count, found.score) == (5, 4.0)
    assert found.spread == ((5, 3, 60), (4, 1, 20), (3, 0, 0), (2, 0, 0), (1, 1, 20))


@given(st.dictionaries(st.integers(1, 5), st.integers(1, 50), min_size=1))
def test_a_score_lies_between_the_lowest_and_the_highest(counts):
    found = rating(counts)
    assert found.count == sum(counts.values())
    if found.score is not None:
        assert min(counts) <= found.score <= max(counts)
        assert sum(number for _stars, number, _share in found.spread) == found.count


@pytest.mark.parametrize("wrong", [0, 6, -1, 2.5, True, "5", None])
def test_what_is_no_score_is_refused(wrong):
    good = {"listening": 5, "pressure_respected": 1, "boundaries_respected": 3, "overall": 4}
    assert Scores(**good).overall == 4
    for name in good:
        with pytest.raises(ScoreOutOfRange, match=name):
            Scores(**(good | {name: wrong}))
