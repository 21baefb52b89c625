"""What is said about a session: kept, published in days, changed with a trace, answered, judged."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from tests.cast import NOW, Cast, at
from tests.reviews import FINE, attended, hide, published, said, scores, unpublished, written
from unknot.domain.reviews import rating
from unknot.journey.choose import access
from unknot.journey.choose.actions import reviews
from unknot.journey.choose.models import (
    ModerationDecision,
    ReplyVersion,
    Review,
    ReviewReport,
    ReviewVersion,
    Therapist,
)
from unknot.journey.choose.reads import reviews as reads
from unknot.journey.follow.actions import reviews as follow
from unknot.people.models import AuditEntry, Message
from unknot.project import jobs
from unknot.web.errors import BadInput, Denied, Missing

#: Words that no mail may hold.
HEALTH = ("pain", "swedish", "massage", "treat", "neck", "therapy", "session record")


def deeds(cast: Cast) -> list[str]:
    """What stands in Ana's record about reviews, oldest first."""
    rows = AuditEntry.objects.filter(client=cast.ana, action__startswith="review.")
    return list(rows.order_by("pk").values_list("action", flat=True))


def sums(therapist: Therapist) -> tuple[int, float | None]:
    therapist.refresh_from_db()
    return therapist.review_count, therapist.review_bound


# Keeping and changing -------------------------------------------------------------------------


def test_a_session_is_reviewed_once(cast: Cast) -> None:
    visit = attended(cast)
    kept = written(visit, text="  Good.  ")
    assert (kept.overall, kept.text, kept.attended_on) == (4, "Good.", at(10, days=-10).date())
    assert (kept.therapist, kept.client, kept.technique) == (cast.tess, cast.ana, "swedish")
    assert kept.published_at is None
    again = written(visit, overall=5)
    assert again.pk == kept.pk
    assert Review.objects.count() == 1


def test_the_session_of_somebody_else_is_never_reviewed(cast: Cast) -> None:
    visit = attended(cast)
    written(visit)
    with pytest.raises(Missing):
        follow.leave_review(cast.ben, visit.key, scores=FINE, text="", now=NOW)
    with pytest.raises(reviews.ReviewTwice):
        reviews.keep_review(
            cast.tess,
            cast.ben,
            appointment_key=visit.key,
            technique="swedish",
            scores=FINE,
            attended_on=visit.start.date(),
            now=NOW,
        )
    assert Review.objects.get().client == cast.ana


def test_nobody_reviews_themself(cast: Cast) -> None:
    ben = cast.ben
    ben.user = cast.tess.user
    ben.save(update_fields=["user"])
    with pytest.raises(Denied, match="review yourself"):
        unpublished(cast, client=ben)
    assert not Review.objects.exists()
    assert unpublished(cast).client == cast.ana


def test_a_review_that_is_too_long_is_refused(cast: Cast) -> None:
    visit = attended(cast)
    written(visit, text="x" * 1500)
    with pytest.raises(BadInput, match="1500"):
        written(visit, text="x" * 1501)
    assert len(Review.objects.get().text) == 1500


def test_before_publication_a_change_leaves_no_trace_for_others(cast: Cast) -> None:
    visit = attended(cast)
    written(visit, text="Too cold.")
    changed = written(visit, overall=5, text="Warm.")
    assert (changed.text, changed.overall) == ("Warm.", 5)
    assert not ReviewVersion.objects.exists()
    assert deeds(cast) == ["review.written", "review.changed"]


def test_after_publication_the_earlier_words_are_kept(cast: Cast) -> None:
    visit = attended(cast)
    published(visit, text="Too cold.", overall=2)
    follow.leave_review(cast.ana, visit.key, scores=scores(5), text="Warm.", now=NOW)
    version = ReviewVersion.objects.get()
    assert (version.text, version.overall, version.replaced_at) == ("Too cold.", 2, NOW)
    (row,) = reads.of_therapist(cast.tess).rows
    assert (row.text, row.overall, row.changed) == ("Warm.", 5, "March 2026")
    assert [(one.text, one.overall, one.until) for one in row.earlier] == [
        ("Too cold.", 2, "March 2026")
    ]
    assert sums(cast.tess) == (1, rating({5: 1}).bound)


def test_sending_the_same_twice_changes_nothing(cast: Cast) -> None:
    visit = attended(cast)
    before = published(visit)
    follow.leave_review(cast.ana, visit.key, scores=FINE, text="Asked often. ", now=NOW)
    before.refresh_from_db()
    assert before.changed_at < NOW
    assert not ReviewVersion.objects.exists()
    assert deeds(cast) == ["review.written"]


# Publication ----------------------------------------------------------------------------------


def test_nobody_sees_a_review_before_it_is_published(cast: Cast) -> None:
    review = unpublished(cast)
    assert reads.of_therapist(cast.tess).rows == ()
    assert reads.ratings([cast.tess])[cast.tess.pk].count == 0
    assert reads.newest(cast.opal) == ()
    assert sums(cast.tess) == (0, None)
    with pytest.raises(Missing):
        reviews.report_review(cast.ben.user, review.key, words="Look.", now=NOW)  # type: ignore[arg-type]
    with pytest.raises(Missing):
        reviews.answer_review(cast.tess.user, review.key, text="Thanks.", now=NOW)
    with pytest.raises(Missing):
        hide(cast, review.key)


def test_it_appears_at_the_midnight_after_three_days(cast: Cast) -> None:
    visit = attended(cast)  # 17 March, 10 to 11 o'clock
    review = written(visit, days_after=2)  # 19 March, 11 o'clock
    due = at(0, days=-4)  # 23 March, midnight in Berlin
    assert reviews.publish_reviews(due - timedelta(seconds=1)) == 0
    assert reviews.publish_reviews(due + timedelta(hours=5)) == 1
    review.refresh_from_db()
    assert review.published_at == due
    assert sums(cast.tess) == (1, rating({4: 1}).bound)


def test_publishing_twice_changes_nothing(cast: Cast) -> None:
    said(cast)
    assert reviews.publish_reviews(NOW) == 0
    assert Message.objects.filter(kind="review-published").count() == 1


def test_the_therapist_gets_one_mail_for_all_that_appears_that_day(cast: Cast) -> None:
    unpublished(cast)
    unpublished(cast, client=cast.ben)
    assert reviews.publish_reviews in jobs.JOBS
    assert reviews.publish_reviews(NOW) == 2
    mail = Message.objects.get(kind="review-published")
    assert mail.user == cast.tess.user
    body = (mail.subject + mail.body).lower()
    assert not [word for word in (*HEALTH, "ana", "ben", "asked often") if f" {word} " in body]
    assert "/practice/reviews/" in body


def test_reviews_of_one_day_stand_in_no_order_of_writing(cast: Cast) -> None:
    first, second = attended(cast, hour=10), attended(cast, hour=14, client=cast.ben)
    for overall, visit in ((1, first), (5, second)):
        written(visit, overall=overall)
    reviews.publish_reviews(NOW)
    moments = set(Review.objects.values_list("published_at", flat=True))
    assert len(moments) == 1
    keys = sorted(str(one) for one in Review.objects.values_list("key", flat=True))
    assert [row.key for row in reads.of_therapist(cast.tess).rows] == keys


# Taking back ----------------------------------------------------------------------------------


def test_an_unpublished_review_is_taken_back_without_a_trace_for_others(cast: Cast) -> None:
    visit = attended(cast)
    written(visit)
    follow.take_back_review(cast.ana, visit.key, now=NOW)
    assert not Review.objects.exists()
    assert reviews.publish_reviews(NOW) == 0
    assert not Message.objects.filter(kind__startswith="review").exists()
    assert deeds(cast) == ["review.written", "review.taken-back"]


def test_a_published_review_leaves_the_sums_and_the_log_when_it_is_taken_back(cast: Cast) -> None:
    visit = attended(cast)
    review = published(visit)
    reviews.answer_review(cast.tess.user, review.key, text="Thanks.", now=NOW)
    reviews.report_review(cast.user("ben"), review.key, words="Look.", now=NOW)
    reviews.decide(cast.opal, review.key, decision="keep", reason="fine", now=NOW)
    assert sums(cast.tess)[0] == 1
    late = NOW + timedelta(days=400)
    follow.take_back_review(cast.ana, visit.key, now=late)
    assert not Review.objects.exists()
    assert sums(cast.tess) == (0, rating({}).bound)
    assert ModerationDecision.objects.get().review is None
    assert len(reads.log().rows) == 1


def test_a_hidden_review_is_not_taken_back_and_so_not_published_anew(cast: Cast) -> None:
    visit = attended(cast)
    review = published(visit, text="Ben lives next door.")
    hide(cast, review.key)
    with pytest.raises(reviews.HiddenStays, match="cannot be taken back"):
        follow.take_back_review(cast.ana, visit.key, now=NOW)
    follow.leave_review(cast.ana, visit.key, scores=FINE, text="Ben is back.", now=NOW)
    assert reviews.publish_reviews(NOW + timedelta(days=10)) == 0
    (row,) = reads.of_therapist(cast.tess).rows
    assert (row.text, sums(cast.tess)[0]) == ("", 0)
    reviews.decide(cast.opal, review.key, decision="show", reason="fine", now=NOW)
    follow.take_back_review(cast.ana, visit.key, now=NOW)
    assert not Review.objects.exists()


def test_nobody_takes_back_what_somebody_else_wrote(cast: Cast) -> None:
    visit = attended(cast)
    published(visit)
    with pytest.raises(Missing):
        follow.take_back_review(cast.ben, visit.key, now=NOW)
    assert Review.objects.count() == 1


# Answers --------------------------------------------------------------------------------------


def test_the_therapist_answers_once_and_earlier_words_stay(cast: Cast) -> None:
    review = said(cast)
    for text in ("Thank you.", "Thank you.", "Thank you, I will."):
        reviews.answer_review(cast.tess.user, review.key, text=text, now=NOW)
    (row,) = reads.of_therapist(cast.tess).rows
    assert row.reply is not None
    assert (row.reply.text, row.reply.changed) == ("Thank you, I will.", "March 2026")
    assert [one.text for one in row.reply.earlier] == ["Thank you."]
    assert ReplyVersion.objects.count() == 1
    assert deeds(cast)[1:] == ["review.answered", "review.answer-changed"]
    mail = Message.objects.get(kind="review-answered")
    assert mail.user == cast.ana.user
    assert not [word for word in (*HEALTH, "tess") if word in (mail.subject + mail.body).lower()]


@pytest.mark.parametrize("name", ["theo", "uma", "paz", "opal", "ana"])
def test_nobody_else_answers(cast: Cast, name: str) -> None:
    review = said(cast)
    with pytest.raises(Missing):
        reviews.answer_review(cast.user(name), review.key, text="Thanks.", now=NOW)


@pytest.mark.parametrize("text", ["  ", "x" * 1001])
def test_an_answer_that_cannot_be_kept_is_refused(cast: Cast, text: str) -> None:
    review = said(cast)
    with pytest.raises(BadInput):
        reviews.answer_review(cast.tess.user, review.key, text=text, now=NOW)


def test_a_hidden_review_is_not_answered(cast: Cast) -> None:
    review = said(cast)
    hide(cast, review.key)
    with pytest.raises(Missing):
        reviews.answer_review(cast.tess.user, review.key, text="Thanks.", now=NOW)


# Reports and decisions ------------------------------------------------------------------------


def test_each_person_asks_once_until_it_is_decided(cast: Cast) -> None:
    review = said(cast)
    reviews.report_review(cast.user("ben"), review.key, words=" It names me. ", now=NOW)
    with pytest.raises(reviews.ReportedTwice):
        reviews.report_review(cast.user("ben"), review.key, words="Again.", now=NOW)
    reviews.report_review(cast.tess.user, review.key, words="Not my session.", now=NOW)
    (row,) = reads.reported(cast.opal)
    assert [(one.words, one.by_therapist) for one in row.reports] == [
        ("It names me.", False),
        ("Not my session.", True),
    ]
    reviews.decide(cast.opal, review.key, decision="keep", reason="fine", now=NOW)
    assert reads.reported(cast.opal) == ()
    reviews.report_review(cast.user("ben"), review.key, words="Again.", now=NOW)
    assert ReviewReport.objects.filter(settled_at__isnull=True).count() == 1
    assert "review.reported" not in deeds(cast), "the author does not learn who asked"
    mails = Message.objects.filter(kind="review-reported")
    assert {mail.user for mail in mails} == {cast.opal}


@pytest.mark.parametrize("what", ["taken back", "hidden"])
def test_what_goes_while_it_is_reported_is_missing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    review = said(cast)

    def go_after_it_was_found(key: object) -> Review:
        found = Review.objects.get(key=key)
        row = Review.objects.filter(pk=found.pk)
        row.update(hidden_at=NOW) if what == "hidden" else row.delete()
        return found

    monkeypatch.setattr(access, "shown_review", go_after_it_was_found)
    with pytest.raises(Missing):
        reviews.report_review(cast.user("ben"), review.key, words="Look.", now=NOW)
    assert not ReviewReport.objects.exists()


@pytest.mark.parametrize("words", ["  ", "x" * 501])
def test_a_report_needs_words_of_some_length(cast: Cast, words: str) -> None:
    review = said(cast)
    with pytest.raises(BadInput):
        reviews.report_review(cast.user("ben"), review.key, words=words, now=NOW)


def test_a_hidden_review_leaves_its_sentence_and_no_word(cast: Cast) -> None:
    review = said(cast, text="Ben lives next door.", overall=1)
    assert sums(cast.tess)[0] == 1
    hide(cast, review.key)
    assert sums(cast.tess) == (0, rating({}).bound)
    (row,) = reads.of_therapist(cast.tess).rows
    sentence = "Hidden by the operator on 27 March 2026: It names or describes a private person."
    assert row == reads.ReviewRow(key=str(review.key), hidden=sentence)
    mail = Message.objects.get(kind="review-decided")
    assert mail.user == cast.ana.user
    assert mail.subject == "Your review is hidden"
    assert f"/appointments/{review.appointment_key}/review/" in mail.body
    reviews.decide(cast.opal, review.key, decision="show", reason="fine", now=NOW)
    assert sums(cast.tess) == (1, rating({1: 1}).bound)
    assert reads.of_therapist(cast.tess).rows[0].text == "Ben lives next door."
    assert deeds(cast)[1:] == ["review.decided"] * 2


@pytest.mark.parametrize("reason", ["names", "health", "insult", "other"])
def test_no_mail_says_why_a_review_was_hidden(cast: Cast, reason: str) -> None:
    visit = attended(cast)
    reviews.decide(cast.opal, published(visit).key, decision="hide", reason=reason, now=NOW)
    mail = Message.objects.get(kind="review-decided")
    said_why = str(ModerationDecision.Reason(reason).label)
    assert said_why not in mail.body
    assert not [word for word in (*HEALTH, "health") if word in (mail.subject + mail.body).lower()]
    own = reads.own(cast.ana, visit.key)
    assert own is not None
    assert said_why in own.hidden


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        ("hide", "fine"),
        ("keep", "names"),
        ("show", "insult"),
        ("burn", "names"),
        ("hide", "dislike"),
    ],
)
def test_a_decision_without_a_fitting_reason_is_refused(
    cast: Cast, decision: str, reason: str
) -> None:
    review = said(cast)
    with pytest.raises(BadInput):
        reviews.decide(cast.opal, review.key, decision=decision, reason=reason, now=NOW)
    assert not ModerationDecision.objects.exists()


def test_what_is_decided_is_not_decided_again(cast: Cast) -> None:
    review = said(cast)
    with pytest.raises(reviews.AlreadyDecided):
        reviews.decide(cast.opal, review.key, decision="show", reason="fine", now=NOW)
    hide(cast, review.key)
    with pytest.raises(reviews.AlreadyDecided):
        hide(cast, review.key)
    with pytest.raises(reviews.AlreadyDecided):
        reviews.decide(cast.opal, review.key, decision="keep", reason="fine", now=NOW)
    assert ModerationDecision.objects.count() == 1


@pytest.mark.parametrize("name", ["ana", "ben", "tess", "theo", "uma", "finn", "paz"])
def test_only_the_operator_decides(cast: Cast, name: str) -> None:
    review = said(cast)
    with pytest.raises(Missing):
        reviews.decide(cast.user(name), review.key, decision="hide", reason="names", now=NOW)


def test_no_operator_decides_about_a_review_of_themself(cast: Cast) -> None:
    review = said(cast, overall=1)
    tess = cast.tess.user
    tess.is_operator = True
    tess.save(update_fields=["is_operator"])
    with pytest.raises(Denied, match="Somebody else"):
        reviews.decide(tess, review.key, decision="hide", reason="other", now=NOW)
    assert not ModerationDecision.objects.exists()
    hide(cast, review.key)
    with pytest.raises(Denied):
        reviews.decide(tess, review.key, decision="show", reason="fine", now=NOW)


def test_the_log_only_grows(cast: Cast) -> None:
    review = said(cast)
    hide(cast, review.key)
    for statement in (
        "UPDATE choose_moderationdecision SET reason = 'fine'",
        "DELETE FROM choose_moderationdecision",
    ):
        with (
            pytest.raises(DatabaseError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    found = reads.log()
    assert (found.decided, found.shown, found.hidden) == (1, 0, 1)
    assert found.rows[0].reason == "It names or describes a private person."


def test_an_author_may_change_a_hidden_review_and_it_stays_hidden(cast: Cast) -> None:
    visit = attended(cast)
    review = published(visit, text="Ben lives next door.")
    hide(cast, review.key)
    follow.leave_review(cast.ana, visit.key, scores=FINE, text="Quiet room.", now=NOW)
    review.refresh_from_db()
    assert review.hidden_at == NOW
    assert sums(cast.tess)[0] == 0
    assert reads.of_therapist(cast.tess).rows[0].text == ""


# What the sums are made of --------------------------------------------------------------------


def test_one_more_five_never_lowers_the_stored_bound(cast: Cast) -> None:
    bounds = []
    for stars in (1, 5, 5, 5, 5):
        said(cast, overall=stars)
        bounds.append(sums(cast.tess)[1])
    assert bounds[1:] == sorted(bounds[1:])  # type: ignore[type-var]
    assert bounds[0] < rating({}).bound  # type: ignore[operator]
    assert sums(cast.tess) == (5, rating({1: 1, 5: 4}).bound)


def test_no_field_of_a_listing_or_a_review_speaks_of_money() -> None:
    """Order can depend on payment only if payment is stored: nothing here is."""
    paid = (
        "paid",
        "pay",
        "fee",
        "boost",
        "sponsor",
        "promot",
        "rank",
        "plan",
        "tier",
        "bid",
        "ad_",
    )
    names = {
        field.name
        for model in (Therapist, Review)
        for field in model._meta.get_fields()
        if field.concrete
    }
    assert "review_bound" in names
    assert not [name for name in names for word in paid if name.startswith(word)]
