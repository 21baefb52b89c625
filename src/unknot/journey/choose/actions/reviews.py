"""Keep what a client says about one attended session.

`add_review` runs inside the transaction of the step that proves the attendance.

Units   scores 1 to 5; dates are calendar days in the practice's zone; aware datetimes.
Errors  ReviewTwice, BadInput; none leaves a trace.
Source  domain/reviews.py
"""

import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.reviews import Scores
from unknot.journey.choose.models import Review, Therapist
from unknot.people import audit
from unknot.people.models import Client
from unknot.web.errors import BadInput, Conflict

LONGEST_REVIEW = 1500


class ReviewTwice(Conflict):
    """This session has its review already."""

    sentence = _("You have already reviewed this session.")
    mend = _("Your review is kept as you wrote it.")


@transaction.atomic
def add_review(
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
    """Keep one client's review of one attended session; the caller proves the attendance."""
    if len(text) > LONGEST_REVIEW:
        raise BadInput(_("A review has at most 1500 characters: shorten it, and send it again."))
    try:
        with transaction.atomic():
            review = Review.objects.create(
                therapist=therapist,
                client=client,
                appointment_key=appointment_key,
                technique=technique,
                listening=scores.listening,
                pressure_respected=scores.pressure_respected,
                boundaries_respected=scores.boundaries_respected,
                overall=scores.overall,
                text=text.strip(),
                attended_on=attended_on,
                written_at=now,
                changed_at=now,
                published_at=now,
            )
    except IntegrityError as error:
        if "appointment_key" in str(error):
            raise ReviewTwice from error
        raise
    audit.record(client.user, "review.written", review, at=now, client=client)
    return review
