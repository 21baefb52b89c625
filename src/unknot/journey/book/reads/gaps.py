"""The times of a day at which something can still be booked with each therapist.

Asked of the one decision for the shortest session that each of them offers, so that no gap is
shown that booking would refuse.

Units   local days of the practice; aware datetimes.
Errors  none.
Source  the booking policies in docs/decisions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from unknot.domain.calendar.intervals import Period, merge
from unknot.journey.book.reads import decision
from unknot.journey.book.reads.decision import Question, Wanted
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.choose.reads import offering
from unknot.people.models import Practice, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Time of one therapist in which their shortest session fits; it can begin at `start`."""

    therapist: str
    slug: str
    start: datetime
    end: datetime


def of_day(
    practice: Practice, day: date, *, now: datetime, only: User | None = None
) -> tuple[Gap, ...]:
    """The bookable gaps of a day by therapist and time, of all or of `only` one; 13 queries."""
    wishes = [
        Wanted(therapist=one, service=service)
        for one in _listed(practice, only)
        if (service := _shortest(one)) is not None
    ]
    questions = decision.ask_each(wishes, day, day, now=now)
    return tuple(
        Gap(
            therapist=wanted.therapist.name,
            slug=wanted.therapist.slug,
            start=one.start,
            end=one.end,
        )
        for wanted, question in zip(wishes, questions, strict=True)
        for one in _gaps(question, day, now)
    )


def _listed(practice: Practice, only: User | None) -> Iterable[Therapist]:
    """Whom the desk can book, each with what they offer; 2 queries."""
    offered = Service.objects.filter(active=True, for_two=False).order_by("minutes", "pk")
    found = (
        offering.therapists_of(practice)
        .filter(listed_since__isnull=False)
        .select_related("practice", "location")
        .prefetch_related(Prefetch("services", offered))
    )
    return found if only is None else found.filter(user=only)


def _shortest(therapist: Therapist) -> Service | None:
    return next(iter(therapist.services.all()), None)


def _gaps(question: Question, day: date, now: datetime) -> tuple[Period, ...]:
    """The sessions that could be booked, joined where they overlap or touch."""
    return merge(Period(one.start, one.end) for one in question.offered(day, day, now=now))
