"""Reviews as others may read them, a review as its author does, and what the operator sees.

No row but the author's own says who wrote something, and none says the day of a session.

Units   scores 1 to 5; months and days are those of the therapist's practice.
Errors  none: what is not there is None or empty.
Source  docs/explanation/reviews.md
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.reviews import ENOUGH, Rating, rating
from unknot.journey.choose.models import (
    ModerationDecision,
    Reply,
    ReplyVersion,
    Review,
    ReviewReport,
    ReviewVersion,
    Therapist,
)
from unknot.journey.choose.reads import techniques
from unknot.people.models import Client, User

NEWEST_REVIEWS = 50
NEWEST_DECISIONS = 200
#: What is asked besides the overall score, as it is said beside a number.
ASKED: tuple[tuple[str, str | Promise], ...] = (
    ("listening", gettext_lazy("Listening")),
    ("pressure_respected", gettext_lazy("Pressure as asked for")),
    ("boundaries_respected", gettext_lazy("Limits respected")),
)

Label = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a review or a reply said before it was changed; `overall` is None for a reply."""

    overall: int | None
    text: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRow:
    """The therapist's answer; `changed` is a month, or empty."""

    text: str
    changed: str
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One published review: no name, and months instead of days.

    Of a hidden one there is only `hidden`, the sentence that stands in its place.
    """

    key: str
    hidden: str = ""
    overall: int = 0
    asked: tuple[tuple[Label, int], ...] = ()
    text: str = ""
    technique: str = ""
    attended: str = ""
    changed: str = ""
    earlier: tuple[Earlier, ...] = ()
    reply: ReplyRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """All about one therapist: what the reviews add up to, and the newest of them."""

    rating: Rating
    asked: tuple[tuple[Label, float], ...]  # from ENOUGH reviews up
    rows: tuple[ReviewRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReview:
    """A review as its author sees it."""

    listening: int
    pressure_respected: int
    boundaries_respected: int
    overall: int
    text: str
    is_published: bool
    hidden: str
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """Why somebody asked the operator to look."""

    by_therapist: bool
    words: str
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeratedRow:
    """A review as the operator sees it: whose page it stands on, never who wrote it."""

    key: str
    therapist: str
    slug: str
    overall: int
    text: str
    technique: str
    published: str
    is_hidden: bool
    is_own: bool  # about the reader, who does not decide about it
    reply: str
    reports: tuple[ReportRow, ...]
    decisions: tuple["DecisionRow", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One line of the public log."""

    decided_at: datetime
    decision: str
    reason: str
    is_hiding: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What the operator decided, newest first, and how many reviews stand."""

    rows: tuple[DecisionRow, ...]
    decided: int
    shown: int
    hidden: int


# What everybody reads -------------------------------------------------------------------------


def counted() -> QuerySet[Review]:
    """The reviews that count: published, and not hidden."""
    return Review.objects.filter(published_at__isnull=False, hidden_at__isnull=True)


def ratings(therapists: Iterable[Therapist]) -> Mapping[int, Rating]:
    """What the reviews of each therapist add up to, by primary key; 1 query for all."""
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    wanted = list(therapists)
    found = counted().filter(therapist__in=wanted).values_list("therapist", "overall")
    for pk, overall, number in found.annotate(n=Count("pk")).order_by():
        counts[pk][overall] = number
    return {each.pk: rating(counts[each.pk]) for each in wanted}


def of_therapist(therapist: Therapist) -> Reviews:
    """The reviews of one therapist for everybody, the therapist included; 3 to 7 queries."""
    summed = ratings([therapist])[therapist.pk]
    found = _whole().filter(therapist=therapist, published_at__isnull=False)
    newest = found.order_by("-published_at", "key")[:NEWEST_REVIEWS]
    return Reviews(
        rating=summed,
        asked=_means(therapist) if summed.count >= ENOUGH else (),
        rows=tuple(_row(one) for one in newest),
    )


def published(review: Review) -> ReviewRow:
    """One published review for everybody; 1 to 5 queries."""
    return _row(_whole().get(pk=review.pk))


def _whole() -> QuerySet[Review]:
    replies = Reply.objects.prefetch_related(
        Prefetch("versions", ReplyVersion.objects.order_by("-pk"))
    )
    return Review.objects.select_related("therapist__practice").prefetch_related(
        Prefetch("versions", ReviewVersion.objects.order_by("-pk")),
        Prefetch("reply", replies),
        Prefetch("decisions", ModerationDecision.objects.order_by("-pk")),
    )


def _means(therapist: Therapist) -> tuple[tuple[Label, float], ...]:
    means = counted().filter(therapist=therapist).aggregate(**{n: Avg(n) for n, _label in ASKED})
    return tuple((label, round(float(means[name]), 1)) for name, label in ASKED)


def _row(review: Review) -> ReviewRow:
    zone = review.therapist.practice.tz
    if review.hidden_at is not None:
        return ReviewRow(key=str(review.key), hidden=_hidden(review))
    reply = getattr(review, "reply", None)
    versions = tuple(
        Earlier(overall=one.overall, text=one.text, until=_month(one.replaced_at, zone))
        for one in review.versions.all()
    )
    return ReviewRow(
        key=str(review.key),
        overall=review.overall,
        asked=tuple((label, getattr(review, name)) for name, label in ASKED),
        text=review.text,
        technique=_technique(review),
        attended=date_format(review.attended_on, "F Y"),
        changed=_month(review.changed_at, zone) if versions else "",
        earlier=versions,
        reply=_reply(reply, zone) if reply is not None else None,
    )


def _reply(reply: Reply, zone: ZoneInfo) -> ReplyRow:
    versions = tuple(
        Earlier(overall=None, text=one.text, until=_month(one.replaced_at, zone))
        for one in reply.versions.all()
    )
    changed = _month(reply.changed_at, zone) if versions else ""
    return ReplyRow(text=reply.text, changed=changed, earlier=versions)


def _hidden(review: Review) -> str:
    """The sentence in the place of a hidden review; empty for one that is shown."""
    hiding = [one for one in review.decisions.all() if one.decision == "hide"]
    if review.hidden_at is None or not hiding:
        return ""
    zone = review.therapist.practice.tz
    return _("Hidden by the operator on %(day)s: %(reason)s") % {
        "day": date_format(review.hidden_at.astimezone(zone), "j F Y"),
        "reason": hiding[0].get_reason_display(),
    }


def _month(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "F Y")


def _technique(review: Review) -> str:
    return techniques.names().get(review.technique, review.technique)


# One's own ------------------------------------------------------------------------------------


def own(client: Client, appointment_key: UUID) -> OwnReview | None:
    """What this client has said about a session, None before they have; 1 to 4 queries."""
    found = _whole().filter(client=client, appointment_key=appointment_key).first()
    if found is None:
        return None
    reply = getattr(found, "reply", None)
    return OwnReview(
        listening=found.listening,
        pressure_respected=found.pressure_respected,
        boundaries_respected=found.boundaries_respected,
        overall=found.overall,
        text=found.text,
        is_published=found.published_at is not None,
        hidden=_hidden(found),
        reply=reply.text if reply is not None else "",
    )


def has_own(client: Client, appointment_key: UUID) -> bool:
    """Whether this client has said something about a session; 1 query."""
    return Review.objects.filter(client=client, appointment_key=appointment_key).exists()


# The operator's -------------------------------------------------------------------------------


def reported(reader: User) -> tuple[ModeratedRow, ...]:
    """The reviews with an open report for this operator, the longest waiting first."""
    waiting = ReviewReport.objects.filter(settled_at__isnull=True).order_by("reported_at", "pk")
    keys = dict.fromkeys(waiting.values_list("review", flat=True))
    found = {one.pk: one for one in _moderated().filter(pk__in=keys)}
    return tuple(_moderated_row(found[pk], reader) for pk in keys if pk in found)


def newest(reader: User, *, limit: int = NEWEST_REVIEWS) -> tuple[ModeratedRow, ...]:
    """The reviews that were published last, hidden ones included, without an open report."""
    waiting = ReviewReport.objects.filter(settled_at__isnull=True).values("review")
    found = _moderated().exclude(pk__in=waiting).order_by("-published_at", "key")[:limit]
    return tuple(_moderated_row(one, reader) for one in found)


def moderated(review: Review, reader: User) -> ModeratedRow:
    """One published review with what was reported and decided."""
    return _moderated_row(_moderated().get(pk=review.pk), reader)


def log() -> Log:
    """The public log: no name, no practice, no words of anybody; 4 queries."""
    decided = ModerationDecision.objects.order_by("-decided_at", "-pk")
    standing = Review.objects.filter(published_at__isnull=False)
    hidden = standing.filter(hidden_at__isnull=False).count()
    return Log(
        rows=tuple(_decision(one) for one in decided[:NEWEST_DECISIONS]),
        decided=decided.count(),
        shown=standing.count() - hidden,
        hidden=hidden,
    )


def _moderated() -> QuerySet[Review]:
    waiting = ReviewReport.objects.filter(settled_at__isnull=True).order_by("reported_at", "pk")
    return (
        _whole()
        .filter(published_at__isnull=False)
        .prefetch_related(Prefetch("reports", waiting, to_attr="waiting"))
    )


def _moderated_row(review: Review, reader: User) -> ModeratedRow:
    reply = getattr(review, "reply", None)
    waiting: list[ReviewReport] = review.waiting  # type: ignore[attr-defined]
    zone = review.therapist.practice.tz
    return ModeratedRow(
        key=str(review.key),
        therapist=review.therapist.name,
        slug=review.therapist.slug if review.therapist.listed_since else "",
        overall=review.overall,
        text=review.text,
        technique=_technique(review),
        published=_month(review.published_at, zone) if review.published_at else "",
        is_hidden=review.hidden_at is not None,
        is_own=review.therapist.user_id == reader.pk,
        reply=reply.text if reply is not None else "",
        reports=tuple(
            ReportRow(
                by_therapist=one.reported_by_id == review.therapist.user_id,
                words=one.words,
                reported_at=one.reported_at,
            )
            for one in waiting
        ),
        decisions=tuple(_decision(one) for one in review.decisions.all()),
    )


def _decision(decision: ModerationDecision) -> DecisionRow:
    return DecisionRow(
        decided_at=decision.decided_at,
        decision=decision.get_decision_display(),
        reason=decision.get_reason_display(),
        is_hiding=decision.decision == ModerationDecision.Decision.HIDE,
    )
