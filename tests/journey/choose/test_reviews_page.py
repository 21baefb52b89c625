"""What everybody reads about a therapist, how to ask the operator, and the log of decisions."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from tests.journey.choose.listing import a_review
from tests.practice.test_day_page import signed_in
from tests.reviews import attended, hide, published, said, scores, unpublished
from unknot.journey.choose.actions import reviews
from unknot.journey.choose.models import ReviewReport
from unknot.journey.follow.actions import reviews as follow

pytestmark = pytest.mark.usefixtures("now")
THERAPIST = reverse("choose:therapist", args=["tess"])
LOG = reverse("choose:moderation-log")


def report(key: UUID) -> str:
    return reverse("choose:review-report", args=[key])


def main_of(browser: Browser, address: str = THERAPIST) -> str:
    whole = browser.get(address).content.decode()
    return " ".join(whole.split("<main")[1].split("</main>")[0].split())


def test_nobody_but_the_author_reads_a_review_before_it_is_published(
    client: Browser, cast: Cast
) -> None:
    unpublished(cast, text="Slow hands.")
    for name in ("ben", "tess", "paz", "opal"):
        assert "Slow hands." not in main_of(signed_in(Browser(), cast, name))
    assert "No reviews yet" in main_of(client)
    reviews.publish_reviews(NOW)
    assert "Slow hands." in main_of(client)


def test_a_review_shows_its_month_and_its_technique_and_no_name(
    client: Browser, cast: Cast
) -> None:
    said(cast, text="Slow hands.")
    page = main_of(client)
    assert "March 2026" in page
    assert "Swedish" in page
    assert "Pressure as asked for 4" in page
    assert "Ana" not in page
    assert "17 March" not in page


def test_fewer_than_five_have_no_score_and_five_have_it_with_what_it_is_at_least(
    client: Browser, cast: Cast
) -> None:
    for stars in (5, 4, 5, 1):
        a_review(cast.tess, cast.ana, stars)
    page = main_of(client)
    assert "4 verified reviews" in page
    assert "A score appears from five reviews" in page
    assert "at least" not in page
    a_review(cast.tess, cast.ben, 5)
    page = main_of(client)
    assert "5 verified reviews" in page
    assert "<b>4.0</b>" in page
    assert "it would probably be at least 2.7" in page
    assert page.count("spread-bars") == 1
    assert "Limits respected</dt><dd>5.0</dd>" in page


def test_a_changed_review_keeps_its_earlier_words_readable(client: Browser, cast: Cast) -> None:
    visit = attended(cast)
    published(visit, text="Too cold.")
    follow.leave_review(cast.ana, visit.key, scores=scores(5), text="Warm.", now=NOW)
    page = main_of(client)
    assert "Warm." in page
    assert "Changed in March 2026" in page
    assert "Too cold." in page


def test_an_answer_and_its_earlier_words_stand_below(client: Browser, cast: Cast) -> None:
    review = said(cast)
    for text in ("Thanks <b>.", "Thank you."):
        reviews.answer_review(cast.tess.user, review.key, text=text, now=NOW)
    page = main_of(client)
    assert "The therapist&#x27;s answer" in page or "The therapist's answer" in page
    assert "Thank you." in page
    assert "Thanks &lt;b&gt;." in page


def test_the_place_of_a_hidden_review_says_so_and_shows_nothing_of_it(
    client: Browser, cast: Cast
) -> None:
    review = said(cast, text="Ben lives next door.")
    reviews.answer_review(cast.tess.user, review.key, text="Ben does indeed.", now=NOW)
    hide(cast, review.key)
    page = main_of(client)
    assert "Hidden by the operator on 27 March 2026: It names or describes a private" in page
    assert "Ben" not in page
    assert report(review.key) not in page
    assert LOG in page


# Reports --------------------------------------------------------------------------------------


def test_whoever_is_signed_in_asks_the_operator_to_look(cast: Cast) -> None:
    review = said(cast, text="Slow hands.")
    browser = signed_in(Browser(), cast, "ben")
    assert report(review.key) in main_of(browser)
    assert "Slow hands." in main_of(browser, report(review.key))
    answer = browser.post(report(review.key), {"words": "It is about me."})
    assert answer.headers["Location"] == LOG
    assert ReviewReport.objects.get().words == "It is about me."
    again = browser.post(report(review.key), {"words": "It is about me."})
    assert again.status_code == 409
    assert "has not decided yet" in again.content.decode()


@pytest.mark.parametrize(
    ("words", "sentence"), [(" ", "Say in a few words"), ("x" * 501, "at most 500 characters")]
)
def test_a_report_without_fitting_words_is_asked_again(
    cast: Cast, words: str, sentence: str
) -> None:
    review = said(cast)
    answer = signed_in(Browser(), cast, "ben").post(report(review.key), {"words": words})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ReviewReport.objects.exists()


def test_what_is_not_shown_is_not_reported(cast: Cast) -> None:
    waiting = unpublished(cast)
    browser = signed_in(Browser(), cast, "ben")
    assert browser.get(report(waiting.key)).status_code == 404
    reviews.publish_reviews(NOW)
    assert browser.get(report(waiting.key)).status_code == 200
    hide(cast, waiting.key)
    assert browser.post(report(waiting.key), {"words": "Look."}).status_code == 404
    assert browser.get(report(uuid4())).status_code == 404
    assert browser.put(report(waiting.key)).status_code == 405
    assert Browser().get(report(waiting.key)).headers["Location"].startswith("/accounts/login/")


# The log --------------------------------------------------------------------------------------


def test_the_log_is_public_and_names_nobody(client: Browser, cast: Cast) -> None:
    assert "Nothing has been decided yet" in main_of(client, LOG)
    review = said(cast, text="Ben lives next door.")
    said(cast, client=cast.ben)
    hide(cast, review.key)
    page = main_of(client, LOG)
    assert "27 March 2026" in page
    assert "<b>Hidden.</b> It names or describes a private person." in page
    assert "1 published review can be read." in page
    assert "1 is hidden." in page
    for word in ("Tess", "Ana", "Ben", "Opal", "Lindenweg", "next door"):
        assert word not in page
    assert client.post(LOG).status_code == 405


def test_the_day_of_a_decision_is_that_of_the_practice(cast: Cast, now: datetime) -> None:
    review = said(cast)
    hide(cast, review.key)
    assert "27 March 2026" in main_of(signed_in(Browser(), cast, "tess"))
