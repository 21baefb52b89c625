"""A therapist's own reviews: what everybody sees, no more, and one answer to each."""

import re
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Cast, a_member
from tests.practice.test_day_page import signed_in
from tests.reviews import hide, said, unpublished
from unknot.journey.choose.actions import reviews
from unknot.journey.choose.models import Reply, Review
from unknot.people.models import Role

pytestmark = pytest.mark.usefixtures("now")
REVIEWS = reverse("practice:reviews")
PEOPLE = [("paz", 403), ("finn", 403), ("ana", 404), ("opal", 404)]


def answer(review: Review) -> str:
    return reverse("practice:review", args=[review.key])


def text_of(browser: Browser, address: str = REVIEWS) -> str:
    whole = browser.get(address).content.decode()
    return " ".join(whole.split("<main")[1].split("</main>")[0].split())


def test_the_page_says_what_it_does_not_show(cast: Cast) -> None:
    browser = signed_in(Browser(), cast, "tess")
    assert "You see what everybody sees" in text_of(browser)
    assert "No review yet" in text_of(browser)
    unpublished(cast, text="Slow hands.")
    assert "No review yet" in text_of(browser)
    reviews.publish_reviews(NOW)
    page = text_of(browser)
    assert "Slow hands." in page
    assert "Ana" not in page


def test_it_shows_no_word_more_than_the_public_page(cast: Cast) -> None:
    said(cast, text="Slow hands.")
    hide(cast, said(cast, client=cast.ben, text="Secret.").key)
    browser = signed_in(Browser(), cast, "tess")
    public = text_of(Browser(), reverse("choose:therapist", args=["tess"]))
    rows = [
        page.split('class="reviews')[1].split("</ul>")[0] for page in (text_of(browser), public)
    ]
    own, everybody = (
        [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in re.split("<li", row)[1:]]
        for row in rows
    )
    links = re.compile(r"(Ask the operator to look at this|Answer) ?(Swedish.*?2026)?")
    read = [[links.sub("", part).strip() for part in parts] for parts in (own, everybody)]
    assert read[0] == read[1]
    assert len(read[0]) == 2
    assert "Secret." not in text_of(browser)


def test_a_therapist_answers_and_changes_the_answer(cast: Cast) -> None:
    review = said(cast, text="Slow hands.")
    browser = signed_in(Browser(), cast, "tess")
    assert "Slow hands." in text_of(browser, answer(review))
    for text in ("Thank you.", "Thank you, gladly."):
        assert browser.post(answer(review), {"text": text}).headers["Location"] == REVIEWS
    assert Reply.objects.get().text == "Thank you, gladly."
    page = text_of(browser)
    assert "Thank you, gladly." in page
    assert "Change your answer" in page
    assert "Thank you, gladly.</textarea>" in text_of(browser, answer(review))


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "Write an answer first."), ("x" * 1001, "at most 1000 characters")]
)
def test_an_answer_that_cannot_be_kept_gets_a_sentence(
    cast: Cast, text: str, sentence: str
) -> None:
    review = said(cast)
    got = signed_in(Browser(), cast, "tess").post(answer(review), {"text": text})
    assert got.status_code == 422
    assert sentence in got.content.decode()
    assert not Reply.objects.exists()


def test_only_one_s_own_reviews_that_everybody_sees_are_answered(cast: Cast) -> None:
    review = said(cast)
    waiting = unpublished(cast, client=cast.ben)
    for name in ("theo", "uma"):
        browser = signed_in(Browser(), cast, name)
        assert browser.get(answer(review)).status_code == 404
        assert browser.post(answer(review), {"text": "Thanks."}).status_code == 404
        assert "No review yet" in text_of(browser)
    browser = signed_in(Browser(), cast, "tess")
    assert browser.get(answer(waiting)).status_code == 404
    hide(cast, review.key)
    assert browser.post(answer(review), {"text": "Thanks."}).status_code == 404
    assert browser.get(reverse("practice:review", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_nobody_else_gets_in(cast: Cast, name: str, status: int) -> None:
    review = said(cast)
    browser = signed_in(Browser(), cast, name)
    assert browser.get(REVIEWS).status_code == status
    assert browser.get(answer(review)).status_code == status


def test_a_therapist_without_a_listing_is_shown_the_way_to_it(client: Browser, cast: Cast) -> None:
    nora = a_member("Nora", cast.practice, Role.THERAPIST)
    client.force_login(nora, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Write your listing first." in text_of(client)


def test_wrong_methods_are_refused(cast: Cast) -> None:
    review = said(cast)
    browser = signed_in(Browser(), cast, "tess")
    assert browser.post(REVIEWS).status_code == 405
    assert browser.put(answer(review)).status_code == 405
    assert Browser().get(REVIEWS).headers["Location"].startswith("/accounts/login/")


def test_the_number_of_queries_does_not_grow(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(3):
        review = said(cast)
        reviews.answer_review(cast.tess.user, review.key, text="Thanks.", now=NOW)
    browser = signed_in(Browser(), cast, "tess")
    with django_assert_num_queries(QUERIES):
        browser.get(REVIEWS)


QUERIES = 13
