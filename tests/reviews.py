"""Plain builders of reviews: an attended session, what is said about it, and its publication."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, at
from unknot.domain.reviews import Scores
from unknot.journey.book.actions import attendance
from unknot.journey.book.models import Appointment
from unknot.journey.choose.actions import reviews
from unknot.journey.choose.models import Review, Therapist
from unknot.journey.follow.actions import reviews as actions
from unknot.people.models import Client

FINE = Scores(listening=5, pressure_respected=4, boundaries_respected=5, overall=4)
SENT = {"listening": "5", "pressure_respected": "4", "boundaries_respected": "5", "overall": "4"}


def attended(
    cast: Cast,
    *,
    days: int = -10,
    hour: int = 10,
    client: Client | None = None,
    therapist: Therapist | None = None,
) -> Appointment:
    """A session with Tess that took place ten days ago, unless told otherwise."""
    start = at(hour, days=days)
    made = an_appointment(
        cast, client=client, therapist=therapist, start=start, now=start - timedelta(days=3)
    )
    with transaction.atomic():
        attendance.mark_attended(made, actor=made.therapist.user, now=made.end)
    made.refresh_from_db()
    return made


def scores(overall: int = 4) -> Scores:
    """Fine, with another overall score."""
    return Scores(listening=5, pressure_respected=4, boundaries_respected=5, overall=overall)


def written(
    visit: Appointment, *, overall: int = 4, text: str = "Asked often.", days_after: int = 2
) -> Review:
    """What the client of a session said two days after it; not yet published."""
    assert visit.client is not None
    actions.leave_review(
        visit.client,
        visit.key,
        scores=scores(overall),
        text=text,
        now=visit.end + timedelta(days=days_after),
    )
    return Review.objects.get(appointment_key=visit.key)


def published(visit: Appointment, **said: object) -> Review:
    """A review that everybody can read today."""
    review = written(visit, **said)  # type: ignore[arg-type]
    reviews.publish_reviews(NOW)
    review.refresh_from_db()
    assert review.published_at is not None
    return review


def said(
    cast: Cast, *, client: Client | None = None, overall: int = 4, text: str = "Asked often."
) -> Review:
    """A published review about Tess whose session was never booked: enough where none is asked."""
    review = unpublished(cast, client=client, overall=overall, text=text)
    reviews.publish_reviews(NOW)
    review.refresh_from_db()
    assert review.published_at is not None
    return review


def unpublished(
    cast: Cast, *, client: Client | None = None, overall: int = 4, text: str = "Asked often."
) -> Review:
    """The same before it is published."""
    return reviews.keep_review(
        cast.tess,
        client or cast.ana,
        appointment_key=uuid4(),
        technique="swedish",
        scores=scores(overall),
        text=text,
        attended_on=TODAY - timedelta(days=10),
        now=NOW - timedelta(days=8),
    )


def hide(cast: Cast, key: UUID) -> None:
    """The operator hides a review because it names somebody."""
    reviews.decide(cast.opal, key, decision="hide", reason="names", now=NOW)
