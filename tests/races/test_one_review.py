"""Everybody at once about one review: real connections, real transactions."""

from datetime import timedelta

import pytest

from tests.cast import NOW, the_cast
from tests.races.test_one_slot import race
from tests.reviews import FINE, attended, published, scores, written
from unknot.domain.reviews import rating
from unknot.journey.choose.actions import reviews
from unknot.journey.choose.models import (
    ModerationDecision,
    Reply,
    Review,
    ReviewReport,
    ReviewVersion,
    Therapist,
)
from unknot.journey.follow.actions import reviews as follow
from unknot.people.models import Message

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

RIVALS = 6


def test_pressing_at_once_keeps_one_review() -> None:
    cast = the_cast()
    visit = attended(cast)
    ended = race(
        [
            lambda: follow.leave_review(cast.ana, visit.key, scores=FINE, text="Good.", now=NOW)
            for _ in range(RIVALS)
        ]
    )
    assert ended == {"done": RIVALS}
    assert Review.objects.count() == 1
    assert not ReviewVersion.objects.exists()


def test_without_the_client_s_lock_the_constraint_keeps_the_promise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control: take the lock away and the losers hear that the session has its review."""
    cast = the_cast()
    visit = attended(cast)
    monkeypatch.setattr(reviews, "lock", lambda client: None)
    monkeypatch.setattr(reviews, "_lock_own", lambda client, key: None)
    ended = race(
        [
            lambda: follow.leave_review(cast.ana, visit.key, scores=FINE, text="Good.", now=NOW)
            for _ in range(RIVALS)
        ]
    )
    assert ended == {"done": 1, "ReviewTwice": RIVALS - 1}


def test_workers_at_once_publish_each_review_once() -> None:
    cast = the_cast()
    for hour in (9, 11, 13, 15):
        written(attended(cast, hour=hour))
    ended = race([lambda: reviews.publish_reviews(NOW)] * RIVALS)
    assert ended == {"done": RIVALS}
    assert Review.objects.filter(published_at__isnull=True).count() == 0
    assert Therapist.objects.get(pk=cast.tess.pk).review_count == 4
    mails = Message.objects.filter(kind="review-published").count()
    assert 1 <= mails <= 4, "a review is never told twice"


def test_the_sums_are_those_of_the_last_word_whoever_writes_at_once() -> None:
    cast = the_cast()
    visits = [attended(cast, hour=hour) for hour in (9, 11, 13, 15)]
    for visit in visits:
        published(visit, overall=3)
    ended = race(
        [
            *(
                lambda visit=visit: follow.leave_review(  # type: ignore[misc]
                    cast.ana, visit.key, scores=scores(5), text="", now=NOW
                )
                for visit in visits[:2]
            ),
            lambda: follow.take_back_review(cast.ana, visits[2].key, now=NOW),
            lambda: reviews.decide(
                cast.opal,
                Review.objects.get(appointment_key=visits[3].key).key,
                decision="hide",
                reason="insult",
                now=NOW,
            ),
            lambda: reviews.publish_reviews(NOW + timedelta(days=1)),
        ]
    )
    assert ended == {"done": 5}
    tess = Therapist.objects.get(pk=cast.tess.pk)
    assert (tess.review_count, tess.review_bound) == (2, rating({5: 2}).bound)


def test_one_answer_one_report_and_one_decision_win() -> None:
    cast = the_cast()
    review = published(attended(cast))
    tess, ben, opal = cast.user("tess"), cast.user("ben"), cast.opal
    ended = race(
        [lambda: reviews.answer_review(tess, review.key, text="Thanks.", now=NOW)] * RIVALS
    )
    assert ended == {"done": RIVALS}
    assert Reply.objects.count() == 1
    ended = race([lambda: reviews.report_review(ben, review.key, words="Look.", now=NOW)] * RIVALS)
    assert ended == {"done": 1, "ReportedTwice": RIVALS - 1}
    assert ReviewReport.objects.count() == 1
    ended = race(
        [lambda: reviews.decide(opal, review.key, decision="hide", reason="names", now=NOW)]
        * RIVALS
    )
    assert ended == {"done": 1, "AlreadyDecided": RIVALS - 1}
    assert ModerationDecision.objects.count() == 1
