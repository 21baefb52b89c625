"""A score appears from five reviews up, with count, spread and what it is at least, probably."""

import itertools
import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from unknot.domain.reviews import (
    PUBLISHED_AFTER,
    ScoreOutOfRange,
    Scores,
    published_at,
    rating,
    window,
)

BERLIN = ZoneInfo("Europe/Berlin")
COUNTS = st.one_of(
    st.dictionaries(st.integers(1, 5), st.integers(0, 12)),
    st.dictionaries(st.integers(1, 5), st.integers(0, 100_000)),
)
#: Every way in which up to eight people can answer, where small numbers make the largest steps.
SMALL = [
    Counter(stars)
    for number in range(9)
    for stars in itertools.combinations_with_replacement(range(1, 6), number)
]


def plus(counts, stars):
    return {**counts, stars: counts.get(stars, 0) + 1}


# What is shown ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 4])
def test_too_few_reviews_have_a_count_and_no_score(number):
    found = rating({5: number})
    assert (found.count, found.score, found.at_least, found.spread) == (number, None, None, ())


def test_five_reviews_have_score_count_spread_and_a_lower_bound():
    found = rating({5: 3, 4: 1, 1: 1})
    assert (found.count, found.score) == (5, 4.0)
    assert found.spread == ((5, 3, 60), (4, 1, 20), (3, 0, 0), (2, 0, 0), (1, 1, 20))
    assert found.at_least == 2.7


def test_the_bound_is_the_formula_of_the_page():
    counts = {5: 41, 4: 12, 3: 3, 1: 2}
    n = 58 + 5
    mean = sum(stars * (counts.get(stars, 0) + 1) for stars in range(1, 6)) / n
    square = sum(stars**2 * (counts.get(stars, 0) + 1) for stars in range(1, 6)) / n
    expected = mean - 1.6449 * math.sqrt((square - mean**2) / (n + 1))
    assert rating(counts).bound == pytest.approx(expected, abs=1e-12)
    assert rating(counts).bound == pytest.approx(4.2190, abs=1e-4)


@pytest.mark.parametrize(
    ("counts", "score", "at_least"),
    [({5: 5}, 5.0, 3.2), ({5: 200}, 5.0, 4.9), ({4: 19, 5: 1}, 4.1, 3.5)],
)
def test_the_bound_is_said_rounded_down(counts, score, at_least):
    found = rating(counts)
    assert (found.score, found.at_least) == (score, at_least)
    assert found.at_least <= found.bound < found.at_least + 0.1


def test_nobody_is_said_to_be_better_than_their_own_mean():
    found = rating({1: 5})
    assert found.bound > found.score == found.at_least == 1.0


def test_halves_are_rounded_up():
    assert rating({4: 19, 5: 1}).score == 4.1  # 4.05
    assert rating({2: 1, 3: 1, 1: 18}).score == 1.2  # 1.15


@given(COUNTS)
def test_a_score_lies_between_the_lowest_and_the_highest(counts):
    counts = {stars: number for stars, number in counts.items() if number}
    found = rating(counts)
    assert found.count == sum(counts.values())
    assert 1 < found.bound < 5
    if found.score is not None:
        assert min(counts) <= found.score <= max(counts)
        assert sum(number for _stars, number, _share in found.spread) == found.count


# What one more review does ---------------------------------------------------------------------


def check_one_more(counts):
    """One more five lowers neither score nor bound; one more one raises neither."""
    now, better, worse = rating(counts), rating(plus(counts, 5)), rating(plus(counts, 1))
    assert better.bound > now.bound > worse.bound
    if now.score is not None and better.score is not None and worse.score is not None:
        assert better.score >= now.score >= worse.score


@pytest.mark.parametrize("number", range(9))
def test_one_more_five_never_lowers_and_one_more_one_never_raises(number):
    cases = [counts for counts in SMALL if counts.total() == number]
    assert cases
    for counts in cases:
        check_one_more(counts)


@given(COUNTS)
def test_the_same_holds_for_many_reviews(counts):
    check_one_more(counts)


def test_the_check_sees_a_bound_that_is_too_careful(monkeypatch):
    """Negative control: with 1.96 deviations one more bad review would raise the very worst."""
    worst = {1: 1000}
    check_one_more(worst)
    monkeypatch.setattr("unknot.domain.reviews.Z", 1.96)
    with pytest.raises(AssertionError):
        check_one_more(worst)


@given(COUNTS, st.integers(1, 4))
def test_a_better_review_in_the_place_of_another_raises_the_mean(counts, stars):
    assume(counts.get(stars))
    changed = plus({**counts, stars: counts[stars] - 1}, 5)
    before, after = rating(counts), rating(changed)
    if before.score is not None and after.score is not None:
        assert after.score >= before.score


@given(st.lists(st.integers(1, 5), max_size=60), st.randoms())
def test_the_order_in_which_reviews_came_does_not_count(stars, chance):
    shuffled = list(stars)
    chance.shuffle(shuffled)
    assert rating(Counter(stars)) == rating(Counter(shuffled))


def test_two_fives_never_outrank_two_hundred_with_a_mean_of_four():
    tens = range(0, 201, 10)
    shared_out = (
        {1: a, 2: b, 3: c, 4: d, 5: 200 - a - b - c - d}
        for a, b, c, d in itertools.product(tens, repeat=4)
        if a + b + c + d <= 200 and 3 * a + 2 * b + c <= 200 - a - b - c - d
    )
    bounds = [rating(counts).bound for counts in shared_out if (rating(counts).score or 0) >= 4]
    assert len(bounds) > 500
    assert max(rating({5: few}).bound for few in range(3)) < min(bounds)


def test_not_even_two_hundred_that_are_as_torn_as_they_can_be():
    torn = rating({5: 150, 1: 50})
    assert torn.score == 4.0
    assert torn.bound > rating({5: 2}).bound
    assert rating({5: 1000}).bound > torn.bound, "many fives do outrank them"


# Scores and times ------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [0, 6, -1, 2.5, True, "5", None])
def test_what_is_no_score_is_refused(wrong):
    good = {"listening": 5, "pressure_respected": 1, "boundaries_respected": 3, "overall": 4}
    assert Scores(**good).overall == 4
    for name in good:
        with pytest.raises(ScoreOutOfRange, match=name):
            Scores(**(good | {name: wrong}))
    with pytest.raises(ScoreOutOfRange):
        rating({wrong: 1})


def test_a_session_is_reviewed_from_one_day_to_sixty_days_after_it():
    ended = datetime(2026, 3, 1, 10, tzinfo=UTC)
    found = window(ended)
    assert found.opens == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert found.closes == datetime(2026, 4, 30, 10, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert [
        found.is_open(moment)
        for moment in (found.opens - second, found.opens, found.closes, found.closes + second)
    ] == [False, True, True, False]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-03-10T09:00", "2026-03-14T00:00"),
        ("2026-03-10T23:59", "2026-03-14T00:00"),
        ("2026-03-11T00:00", "2026-03-14T00:00"),
        ("2026-03-27T09:00", "2026-03-31T00:00"),  # across the spring change
    ],
)
def test_a_review_appears_at_a_midnight_of_its_practice(written, expected):
    moment = datetime.fromisoformat(written).replace(tzinfo=BERLIN)
    assert published_at(moment, BERLIN) == datetime.fromisoformat(expected).replace(tzinfo=BERLIN)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_it_takes_three_to_four_days(written):
    waited = published_at(written, BERLIN) - written
    assert PUBLISHED_AFTER <= waited <= PUBLISHED_AFTER + timedelta(hours=25)


def test_all_reviews_of_one_day_appear_together():
    day = datetime(2026, 3, 10, tzinfo=BERLIN)
    moments = {published_at(day + timedelta(minutes=m), BERLIN) for m in range(1, 24 * 60, 7)}
    assert len(moments) == 1
