"""Keep what clients say about attended sessions, answers to it, and what the operator decides.

`keep_review` and `take_back` run inside the transaction of the step that proves the attendance.
Whoever changes a review locks it first and its therapist after it; the therapist's lock covers
the sums alone, so that they are written one after the other.

Units   scores 1 to 5; dates are calendar days in the practice's zone; aware datetimes.
Errors  ReviewTwice, HiddenStays, ReportedTwice, AlreadyDecided, BadInput; Denied
        for a review of oneself; Missing from access or for a
        review that is not there. None leaves a trace.
Source  domain/reviews.py, docs/explanation/reviews.md
"""

import uuid
from collections import Counter
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.reviews import PUBLISHED_AFTER, Scores, published_at, rating
from unknot.journey.choose import access
from unknot.journey.choose.models import (
    ModerationDecision,
    Reply,
    ReplyVersion,
    Review,
    ReviewReport,
    ReviewVersion,
    Therapist,
)
from unknot.journey.choose.reads import reviews as reads
from unknot.people import audit, outbox
from unknot.people.access import lock
from unknot.people.models import Client, User
from unknot.web.errors import BadInput, Conflict, Denied, Missing

LONGEST_REVIEW = 1500
LONGEST_REPLY = 1000
LONGEST_REPORT = 500
SCORES = ("listening", "pressure_respected", "boundaries_respected", "overall")

Decision, Reason = ModerationDecision.Decision, ModerationDecision.Reason


class ReviewTwice(Conflict):
    """This session has its review already."""

    sentence = _("You have already reviewed this session.")
    mend = _("Your review is kept as you wrote it.")


class HiddenStays(Conflict):
    """A hidden review cannot be taken back: written anew, its words would be published again."""

    title = _("A hidden review stays")
    sentence = _("The operator has hidden this review, so it cannot be taken back.")
    mend = _("Nobody else can read it, and it does not count.")


class ReportedTwice(Conflict):
    """This person has asked about this review, and the operator has not answered yet."""

    title = _("You have asked already")
    sentence = _("The operator has your words about this review and has not decided yet.")
    mend = _("You need not do anything else. Decisions stand in the public log.")


class AlreadyDecided(Conflict):
    """A review is hidden that is hidden, or shown that is shown."""

    title = _("This has been decided already")
    sentence = _("Somebody decided about this review while the page was open.")
    mend = _("Load the page again to see what was decided.")


# By the client --------------------------------------------------------------------------------


@transaction.atomic
def keep_review(
    therapist: Therapist,
    client: Client,
    *,
    appointment_key: uuid.UUID,
    technique: str,
    scores: Scores,
    text: str = "",
    attended_on: date,
    now: datetime,
) -> Review:
    """Keep or change one client's review of one session; the caller proves that it took place.

    Before it is published it changes without a trace; afterwards the earlier words are kept.
    Sending the same twice changes nothing. Raises Denied for a review of oneself.
    """
    if client.user_id is not None and client.user_id == therapist.user_id:
        raise Denied(_("You cannot review yourself."))
    text = text.strip()
    if len(text) > LONGEST_REVIEW:
        raise BadInput(_("A review has at most 1500 characters: shorten it, and send it again."))
    lock(client)  # a second press waits here and finds what the first has made
    found = _lock_own(client, appointment_key)
    if found is not None:
        return _change(found, scores=scores, text=text, now=now)
    try:
        with transaction.atomic():
            review = Review.objects.create(
                therapist=therapist,
                client=client,
                appointment_key=appointment_key,
                technique=technique,
                **{name: getattr(scores, name) for name in SCORES},
                text=text,
                attended_on=attended_on,
                written_at=now,
                changed_at=now,
            )
    except IntegrityError as error:
        if "appointment_key" in str(error):
            raise ReviewTwice from error
        raise
    audit.record(client.user, "review.written", review, at=now, client=client)
    return review


@transaction.atomic
def take_back(client: Client, *, appointment_key: uuid.UUID, now: datetime) -> None:
    """Delete one's own review, with its replies and reports; what was decided about it stays.

    Raises HiddenStays while the operator hides it.
    """
    lock(client)
    review = _lock_own(client, appointment_key)
    if review is None:
        raise Missing
    if review.hidden_at is not None:
        raise HiddenStays
    therapist = review.therapist_id
    audit.record(client.user, "review.taken-back", review, at=now, client=client)
    review.delete()
    renew_sums(therapist)


def _lock_own(client: Client, appointment_key: uuid.UUID) -> Review | None:
    own = Review.objects.select_for_update(no_key=True)
    return own.filter(client=client, appointment_key=appointment_key).first()


def _change(review: Review, *, scores: Scores, text: str, now: datetime) -> Review:
    wanted = {name: getattr(scores, name) for name in SCORES} | {"text": text}
    before = {name: getattr(review, name) for name in wanted}
    if wanted == before:
        return review
    if review.published_at is not None:
        ReviewVersion.objects.create(review=review, **before, replaced_at=now)
    for name, value in wanted.items():
        setattr(review, name, value)
    review.changed_at = now
    review.save(update_fields=[*wanted, "changed_at"])
    audit.record(review.client.user, "review.changed", review, at=now, client=review.client)
    renew_sums(review.therapist_id)
    return review


# By the clock ---------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def publish_reviews(now: datetime) -> int:
    """Publish what is due and return how many reviews that were; two workers may run it at once.

    Reviews that somebody is changing just now are left for the next run. Each therapist gets one
    mail for all of them.
    """
    waiting = (
        Review.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .filter(published_at__isnull=True, written_at__lte=now - PUBLISHED_AFTER)
        .select_related("therapist__practice", "therapist__user")
        .order_by("therapist", "pk")
    )
    therapists: dict[int, Therapist] = {}
    published = 0
    for review in waiting:
        moment = published_at(review.written_at, review.therapist.practice.tz)
        if moment > now:
            continue
        review.published_at = moment
        review.save(update_fields=["published_at"])
        therapists[review.therapist_id] = review.therapist
        published += 1
    for therapist in therapists.values():
        renew_sums(therapist.pk)
        outbox.queue("review-published", therapist.user, {}, at=now, practice=therapist.practice)
    return published


def renew_sums(therapist: int) -> None:
    """Write anew what the published reviews of a therapist (a primary key) add up to."""
    locked = Therapist.objects.select_for_update(no_key=True).get(pk=therapist)
    stars = reads.counted().filter(therapist=locked).values_list("overall", flat=True)
    summed = rating(Counter(stars))
    locked.review_count, locked.review_bound = summed.count, summed.bound
    locked.save(update_fields=["review_count", "review_bound"])


# By the therapist, and by anybody who is signed in --------------------------------------------


@transaction.atomic(durable=True)
def answer_review(actor: User, key: uuid.UUID, *, text: str, now: datetime) -> Reply:
    """Keep the therapist's one answer to a published review; earlier words of it are kept."""
    text = text.strip()
    if not text:
        raise BadInput(_("Write an answer first."))
    if len(text) > LONGEST_REPLY:
        raise BadInput(_("An answer has at most 1000 characters: shorten it, and send it again."))
    review = access.review_of_own(actor, key)
    _lock(review)
    if review.hidden_at is not None:
        raise Missing
    reply = Reply.objects.filter(review=review).first()
    if reply is not None:
        return _change_reply(actor, reply, text=text, now=now)
    reply = Reply.objects.create(review=review, text=text, written_at=now, changed_at=now)
    audit.record(actor, "review.answered", review, at=now, client=review.client)
    if review.client.user is not None:
        context = {"key": review.appointment_key}
        practice = review.client.practice
        outbox.queue("review-answered", review.client.user, context, at=now, practice=practice)
    return reply


def _change_reply(actor: User, reply: Reply, *, text: str, now: datetime) -> Reply:
    if reply.text == text:
        return reply
    ReplyVersion.objects.create(reply=reply, text=reply.text, replaced_at=now)
    reply.text, reply.changed_at = text, now
    reply.save(update_fields=["text", "changed_at"])
    client = reply.review.client
    audit.record(actor, "review.answer-changed", reply.review, at=now, client=client)
    return reply


@transaction.atomic(durable=True)
def report_review(actor: User, key: uuid.UUID, *, words: str, now: datetime) -> ReviewReport:
    """Ask the operator to look at a published review; one open question for each person."""
    words = words.strip()
    if not words:
        raise BadInput(_("Say in a few words what the operator should look at."))
    if len(words) > LONGEST_REPORT:
        raise BadInput(_("At most 500 characters: shorten it, and send it again."))
    review = access.shown_review(key)
    _lock(review)
    if review.hidden_at is not None:
        raise Missing
    try:
        with transaction.atomic():
            report = ReviewReport.objects.create(
                review=review, reported_by=actor, words=words, reported_at=now
            )
    except IntegrityError as error:
        if "report_open_once" in str(error):
            raise ReportedTwice from error
        raise
    audit.record(actor, "review.reported", review, at=now)
    for operator in User.objects.filter(is_operator=True, is_active=True).order_by("pk"):
        outbox.queue("review-reported", operator, {}, at=now)
    return report


# By the operator ------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def decide(
    actor: User, key: uuid.UUID, *, decision: str, reason: str, now: datetime
) -> ModerationDecision:
    """Hide a published review, show it again, or leave it: settles its reports, for the log."""
    if decision not in Decision.values or reason not in Reason.values:
        raise BadInput(_("Choose a decision from the list."))
    if (decision == Decision.HIDE) == (reason == Reason.WITHIN_RULES):
        raise BadInput(_("What keeps to the rules stays, and what does not is hidden."))
    review = access.review_to_moderate(actor, key)
    _lock(review)
    if (review.hidden_at is None) == (decision == Decision.SHOW):
        raise AlreadyDecided
    kept = ModerationDecision.objects.create(
        review=review, decision=decision, reason=reason, decided_by=actor, decided_at=now
    )
    review.reports.filter(settled_at__isnull=True).update(settled_at=now)
    audit.record(actor, "review.decided", review, at=now, client=review.client, reason=decision)
    if decision != Decision.KEEP:
        review.hidden_at = now if decision == Decision.HIDE else None
        review.save(update_fields=["hidden_at"])
        renew_sums(review.therapist_id)
        _tell_author(review, kept, now=now)
    return kept


def _tell_author(review: Review, decided: ModerationDecision, *, now: datetime) -> None:
    if review.client.user is None:
        return
    context = {
        "key": review.appointment_key,
        "is_hiding": decided.decision == Decision.HIDE,
    }
    practice = review.client.practice
    outbox.queue("review-decided", review.client.user, context, at=now, practice=practice)


def _lock(review: Review) -> None:
    """Make rivals queue, and read anew what the last of them left; raises Missing."""
    locked = Review.objects.select_for_update(no_key=True).filter(pk=review.pk).first()
    if locked is None:
        raise Missing
    review.hidden_at = locked.hidden_at
