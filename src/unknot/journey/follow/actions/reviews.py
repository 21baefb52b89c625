"""Keep a review of an attended session.

Errors  Missing: a review of a session that was not theirs. NotYetReviewable,
        NoLongerReviewable: outside of its window.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.reviews import Scores, window
from unknot.journey.book.reads import booked
from unknot.journey.choose.actions import reviews
from unknot.people.models import Client
from unknot.web.errors import Conflict, Missing


class NotYetReviewable(Conflict):
    """A session can be reviewed from 24 hours after its end."""

    title = gettext_lazy("It is too early for a review")
    mend = gettext_lazy("A night between the session and the words is long enough to judge it.")


class NoLongerReviewable(Conflict):
    """A session can be reviewed up to 60 days after its end."""

    title = gettext_lazy("It is too late for a review")
    mend = gettext_lazy("You can still take back what you have written, unless it is hidden.")


def attended(client: Client, appointment_key: UUID) -> booked.Attended:
    """The session of this client that took place; Missing for any other appointment."""
    found = booked.attended(client, appointment_key)
    if found is None:
        raise Missing
    return found


def check_reviewable(session: booked.Attended, *, now: datetime) -> None:
    """Refuse a review outside of its window, with the day on which it opens or has closed."""
    found, zone = window(session.ended_at), session.therapist.practice.tz
    if now < found.opens:
        day = date_format(found.opens.astimezone(zone), "j F Y, H:i")
        raise NotYetReviewable(_("You can review this session from %(day)s.") % {"day": day})
    if now > found.closes:
        day = date_format(found.closes.astimezone(zone), "j F Y")
        raise NoLongerReviewable(_("This session could be reviewed until %(day)s.") % {"day": day})


@transaction.atomic(durable=True)
def leave_review(
    client: Client, appointment_key: UUID, *, scores: Scores, text: str, now: datetime
) -> None:
    """Hand `choose` a review, new or changed, with the proof that this client attended."""
    session = attended(client, appointment_key)
    check_reviewable(session, now=now)
    reviews.keep_review(
        session.therapist,
        client,
        appointment_key=appointment_key,
        technique=session.technique,
        scores=scores,
        text=text,
        attended_on=session.on,
        now=now,
    )


@transaction.atomic(durable=True)
def take_back_review(client: Client, appointment_key: UUID, *, now: datetime) -> None:
    """Delete one's own review, at any time; raises Missing for none, HiddenStays for a hidden."""
    reviews.take_back(client, appointment_key=appointment_key, now=now)
