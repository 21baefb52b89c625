"""What reviews do to the order of the list: two friends never stand level with two hundred."""

import itertools
from collections import Counter
from collections.abc import Iterable

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import Cast
from tests.journey.choose.listing import a_review
from tests.journey.choose.test_directory import slugs
from tests.journey.choose.test_techniques_page import text_of
from unknot.domain.reviews import rating
from unknot.journey.choose.models import Therapist
from unknot.journey.choose.reads import directory_query as query

MANY = 200


def keys(bounds: Iterable[float]) -> list[float]:
    """The key of the order for each bound, as the query itself works it out."""
    text = f"SELECT {query.STARS} FROM unnest(%s::float8[]) AS t (review_bound)"
    with connection.cursor() as cursor:
        cursor.execute(text, [list(bounds)])
        return [float(key) for (key,) in cursor.fetchall()]


def most_torn(total: int) -> Counter[int]:
    """Two hundred reviews with this sum, spread as widely as the sum allows."""
    fives, rest = divmod(total - MANY, 4)
    torn = Counter({5: fives, 1: MANY - fives - bool(rest)})
    if rest:
        torn[1 + rest] += 1
    return torn


def test_the_most_torn_have_the_lowest_bound_of_their_sum() -> None:
    tens = range(0, MANY + 1, 10)
    seen = 0
    for a, b, c, d in itertools.product(tens, repeat=4):
        if a + b + c + d > MANY:
            continue
        counts = Counter({1: a, 2: b, 3: c, 4: d, 5: MANY - a - b - c - d})
        torn = most_torn(sum(stars * number for stars, number in counts.items()))
        assert torn.total() == MANY
        assert rating(torn).bound <= rating(counts).bound
        seen += 1
    assert seen > 5000


def test_two_fives_rank_strictly_below_any_two_hundred_with_a_mean_of_three(cast: Cast) -> None:
    totals = range(3 * MANY, 5 * MANY + 1)
    of_many = keys(rating(most_torn(total)).bound for total in totals)
    few = keys(rating(counts).bound for counts in ({}, {5: 1}, {5: 2}))
    assert len(of_many) == 401
    assert max(few) < min(of_many)


def test_two_hundred_torn_reviews_stand_above_two_fives(cast: Cast) -> None:
    for therapist, counts in ((cast.uma, {5: 2}), (cast.theo, {5: 100, 1: 100})):
        found = rating(counts)
        Therapist.objects.filter(pk=therapist.pk).update(
            review_count=found.count, review_bound=found.bound
        )
    assert slugs() == ["theo", "uma", "tess"]


@pytest.mark.parametrize(
    ("stars", "said"),
    [
        ((), "No reviews yet."),
        ((5,), "1 review: too few for a score, so it is counted with great caution."),
        ((1,) * 4, "4 reviews: too few for a score, so they are counted with great caution."),
        ((5,) * 5, "Reviews, counted with caution: at least 3.2 of 5."),
        ((1,) * 5, "Reviews, counted with caution: at least 1.0 of 5."),  # the bound is 1.2
    ],
)
def test_a_card_tells_no_figure_below_five_reviews_and_none_above_the_score(
    cast: Cast, client: Browser, stars: tuple[int, ...], said: str
) -> None:
    for overall in stars:
        a_review(cast.tess, cast.ana, overall)
    page = text_of(client.get(reverse("choose:therapists")))
    assert said in page.split("Tess")[1].split("Uma")[0].split("Theo")[0]
    assert ("caution: at least" in page) == (len(stars) >= 5)
