"""The operator's page: what was reported, what is new, a decision; for nobody else."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Cast
from tests.practice.test_day_page import signed_in
from tests.reviews import hide, said, unpublished
from unknot.journey.choose.actions import reviews
from unknot.journey.choose.models import ModerationDecision, Review
from unknot.people.models import User

pytestmark = pytest.mark.usefixtures("now")
MODERATION = reverse("choose:moderation")
OTHERS = ("ana", "ben", "tess", "theo", "uma", "finn", "paz")


def decision(review: Review) -> str:
    return reverse("choose:moderation-decision", args=[review.key])


def text_of(browser: Browser, address: str = MODERATION) -> str:
    whole = browser.get(address).content.decode()
    return " ".join(whole.split("<main")[1].split("</main>")[0].split())


def test_reports_come_first_and_nobody_is_named(cast: Cast) -> None:
    browser = signed_in(Browser(), cast, "opal")
    assert "Nothing is waiting." in text_of(browser)
    assert "No review has been published yet." in text_of(browser)
    review = said(cast, text="Slow hands.")
    reviews.report_review(cast.user("ben"), review.key, words="It is about me.", now=NOW)
    reviews.report_review(cast.tess.user, review.key, words="Not mine.", now=NOW)
    page = text_of(browser)
    assert page.index("It is about me.") < page.index("Published last")
    assert "The therapist asks:" in page
    assert "Somebody asks:" in page
    assert "Slow hands." in page
    assert "About Tess, Swedish" in page
    assert "Ana" not in page
    assert "Ben" not in page


def test_the_operator_does_not_read_what_is_not_published(cast: Cast) -> None:
    review = unpublished(cast, text="Slow hands.")
    browser = signed_in(Browser(), cast, "opal")
    assert "Slow hands." not in text_of(browser)
    assert browser.get(decision(review)).status_code == 404


def test_a_decision_hides_and_shows_again(cast: Cast) -> None:
    review = said(cast, text="Ben lives next door.")
    browser = signed_in(Browser(), cast, "opal")
    page = text_of(browser, decision(review))
    assert "Leave it: it keeps to the rules." in page
    assert "Show it again" not in page
    answer = browser.post(decision(review), {"decision": "hide-names"})
    assert answer.headers["Location"] == MODERATION
    review.refresh_from_db()
    assert review.hidden_at == NOW
    page = text_of(browser, decision(review))
    assert "Show it again" in page
    assert "27 March 2026: hidden." in page
    browser.post(decision(review), {"decision": "show-fine"})
    review.refresh_from_db()
    assert review.hidden_at is None
    assert ModerationDecision.objects.count() == 2


@pytest.mark.parametrize("sent", ["", "show-fine", "hide-dislike", "hide"])
def test_a_decision_that_is_not_in_the_list_changes_nothing(cast: Cast, sent: str) -> None:
    review = said(cast)
    answer = signed_in(Browser(), cast, "opal").post(decision(review), {"decision": sent})
    assert answer.status_code == 422
    assert not ModerationDecision.objects.exists()


def test_a_second_press_is_told_that_it_was_decided(cast: Cast) -> None:
    review = said(cast)
    browser = signed_in(Browser(), cast, "opal")
    assert browser.post(decision(review), {"decision": "hide-insult"}).status_code == 302
    again = browser.post(decision(review), {"decision": "hide-insult"})
    assert again.status_code == 422, "the list of a hidden review has no hiding in it"
    assert ModerationDecision.objects.count() == 1


@pytest.mark.parametrize("name", OTHERS)
def test_it_does_not_exist_for_others(cast: Cast, name: str) -> None:
    review = said(cast)
    browser = signed_in(Browser(), cast, name)
    assert browser.get(MODERATION).status_code == 404
    assert browser.get(decision(review)).status_code == 404
    assert browser.post(decision(review), {"decision": "hide-names"}).status_code == 404


def test_an_operator_is_shown_no_way_to_decide_about_themself(cast: Cast) -> None:
    User.objects.filter(pk=cast.tess.user.pk).update(is_operator=True)
    review = said(cast, text="Slow hands.")
    own, other = signed_in(Browser(), cast, "tess"), signed_in(Browser(), cast, "opal")
    page = text_of(own)
    assert "Slow hands." in page
    assert "another operator decides" in page
    assert decision(review) not in page
    assert own.get(decision(review)).status_code == 403
    assert own.post(decision(review), {"decision": "hide-names"}).status_code == 403
    assert not ModerationDecision.objects.exists()
    page = text_of(other)
    assert "another operator decides" not in page
    assert decision(review) in page


def test_wrong_methods_and_strangers_are_refused(cast: Cast) -> None:
    review = said(cast)
    browser = signed_in(Browser(), cast, "opal")
    assert browser.post(MODERATION).status_code == 405
    assert browser.put(decision(review)).status_code == 405
    assert Browser().get(MODERATION).headers["Location"].startswith("/accounts/login/")


def test_the_number_of_queries_does_not_grow(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(3):
        review = said(cast)
        reviews.report_review(cast.user("ben"), review.key, words="Look.", now=NOW)
        reviews.answer_review(cast.tess.user, review.key, text="Thanks.", now=NOW)
    reviews.decide(cast.opal, review.key, decision="keep", reason="fine", now=NOW)
    hide(cast, review.key)
    browser = signed_in(Browser(), cast, "opal")
    with django_assert_num_queries(QUERIES):
        browser.get(MODERATION)


QUERIES = 16
