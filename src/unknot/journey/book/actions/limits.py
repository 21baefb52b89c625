"""How much a therapist's hands may do: the limits hold whoever books, from the next booking on.

The rows of free cells do not change: the limits are asked when a start is decided. Limits that
allow more let the waiting list look at every day again.

Units   minutes of hands-on time; whole percents.
Errors  BadInput; Missing and Denied from access. None leaves a trace.
Source  domain/calendar/load.py
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.book import access
from unknot.journey.book.actions import freed
from unknot.journey.book.actions.locks import lock_people
from unknot.journey.book.models import LoadLimit, LoadWeight, Resource
from unknot.journey.choose.models import Service, Therapist
from unknot.people import audit
from unknot.people.models import User
from unknot.web.errors import BadInput

DAY: Final = 24 * 60
WEEK: Final = 7 * DAY
LONGEST_BREAK: Final = 240
LEAST_PERCENT: Final = 10
MOST_PERCENT: Final = 500
USUAL_PERCENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsDraft:
    """The limits of one therapist; None is no limit. Weights by technique, 100 when left out."""

    minutes_per_day: int | None = None
    minutes_per_week: int | None = None
    longest_run_minutes: int | None = None
    break_minutes: int = 15
    weights: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic(durable=True)
def save_limits(actor: User, therapist: Therapist, *, draft: LimitsDraft, now: datetime) -> None:
    """Replace a therapist's limits, and the weights of the techniques that they offer here."""
    access.check_may_keep_hours(actor, therapist)
    _check(draft)
    offered = set(Service.objects.filter(therapists=therapist).values_list("technique", flat=True))
    if not draft.weights.keys() <= offered:
        raise BadInput(_("Give a weight only to techniques that you offer."))
    (person,) = lock_people([therapist]).values()
    before = _kept(person)
    LoadLimit.objects.update_or_create(
        resource=person,
        defaults={
            "minutes_per_day": draft.minutes_per_day,
            "minutes_per_week": draft.minutes_per_week,
            "longest_run_minutes": draft.longest_run_minutes,
            "break_minutes": draft.break_minutes,
        },
    )
    LoadWeight.objects.filter(resource=person, technique__in=offered).delete()
    LoadWeight.objects.bulk_create(
        LoadWeight(resource=person, technique=technique, percent=percent)
        for technique, percent in sorted(draft.weights.items())
        if percent != USUAL_PERCENT
    )
    if _allows_more(_kept(person), before):
        freed.note_days(person, now=now)
    audit.record(actor, "load-limits.saved", therapist, at=now)


def _kept(person: Resource) -> Mapping[str, float]:
    """What is kept by name, with no limit as an endless one, and weights as what they leave."""
    kept = LoadLimit.objects.filter(resource=person).first() or LoadLimit()
    limits = (kept.minutes_per_day, kept.minutes_per_week, kept.longest_run_minutes)
    weights = LoadWeight.objects.filter(resource=person).values_list("technique", "percent")
    return {
        **{str(number): math.inf if n is None else n for number, n in enumerate(limits)},
        "break": -kept.break_minutes,
        **{technique: -percent for technique, percent in weights},
    }


def _allows_more(kept: Mapping[str, float], before: Mapping[str, float]) -> bool:
    """Whether something is looser than it was; a technique without a weight has the usual one."""
    return any(
        kept.get(name, -USUAL_PERCENT) > before.get(name, -USUAL_PERCENT)
        for name in kept.keys() | before.keys()
    )


def _check(draft: LimitsDraft) -> None:
    bounds = (
        (draft.minutes_per_day, 5, DAY),
        (draft.minutes_per_week, 5, WEEK),
        (draft.longest_run_minutes, 5, DAY),
        (draft.break_minutes, 0, LONGEST_BREAK),
    )
    if any(n is not None and not least <= n <= most for n, least, most in bounds):
        raise BadInput(_("One of these limits is too small or too large."))
    if any(n is not None and n % 5 for n, _least, _most in bounds):
        raise BadInput(_("Write minutes in steps of 5."))
    if any(not LEAST_PERCENT <= n <= MOST_PERCENT for n in draft.weights.values()):
        raise BadInput(_("A weight is from 10 to 500 percent."))
