"""The credentials of a practice's therapists, and what they close.

Units   `on` is the day it is for the practice; as far ahead as the practice takes bookings.
Errors  none.
Source  domain/credentials/required.py
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from unknot.domain.credentials import required
from unknot.domain.credentials.required import Closed, Requirement
from unknot.journey.choose.models import Credential, Therapist
from unknot.journey.choose.reads import credentials, leave, offering
from unknot.journey.choose.reads.credentials import KIND_NAMES, Kept
from unknot.journey.choose.reads.leave import Leave
from unknot.people.models import Practice

#: Why a day is closed, as the staff read it; clients read less.
SENTENCES: Final[dict[str, Promise]] = {
    "forbidden": gettext_lazy("%(kind)s: suspended or revoked."),
    "run_out": gettext_lazy("%(kind)s: none is valid then."),
    "missing": gettext_lazy("%(kind)s: required here, and there is none."),
    "unchecked": gettext_lazy("%(kind)s: nobody has checked one that is valid then."),
    "not_begun": gettext_lazy("%(kind)s: none is valid yet."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A therapist with their credentials and the days that these close."""

    name: str
    slug: str
    is_listed: bool
    papers: tuple[Kept, ...]
    closed: str  # why nobody can book them today; empty when they can
    closes_on: date | None  # the first closed day ahead, when today is open
    closes_why: str


def colleagues(practice: Practice, on: date) -> tuple[Colleague, ...]:
    """Every therapist of the practice who has written a listing, by name; 4 queries."""
    team = tuple(offering.therapists_of(practice).select_related("practice"))
    papers: dict[int, list[Credential]] = defaultdict(list)
    for one in credentials.kept().filter(therapist__in=team):
        papers[one.therapist_id].append(one)
    leaves, days = leave.of_many(team), _ahead(practice, on)
    return tuple(_colleague(one, papers[one.pk], leaves[one.pk], days) for one in team)


def would_be_closed(practice: Practice, requirement: Requirement, on: date) -> tuple[str, ...]:
    """Who could not be booked today under a requirement and can be under the one now, by name."""
    team = tuple(offering.therapists_of(practice).select_related("practice"))
    leaves = leave.of_many(team)
    return tuple(
        one.name
        for one in team
        if leaves[one.pk].closed(on) is None
        and required.closed(leaves[one.pk].credentials, requirement, on=on) is not None
    )


def _ahead(practice: Practice, on: date) -> list[date]:
    return [on + timedelta(days=number) for number in range(practice.horizon_days + 1)]


def _colleague(
    therapist: Therapist, papers: Sequence[Credential], kept: Leave, days: Sequence[date]
) -> Colleague:
    today = kept.closed(days[0])
    ahead = next(((day, why) for day in days[1:] if (why := kept.closed(day)) is not None), None)
    first = ahead if today is None else None
    return Colleague(
        name=therapist.name,
        slug=therapist.slug,
        is_listed=therapist.listed_since is not None,
        papers=tuple(credentials.row(one, days[0]) for one in papers),
        closed="" if today is None else _why(today),
        closes_on=first[0] if first else None,
        closes_why=_why(first[1]) if first else "",
    )


def _why(closed: Closed) -> str:
    """Why a day is closed, with the kind in words."""
    return str(SENTENCES[closed.why]) % {"kind": KIND_NAMES[closed.kind]}
