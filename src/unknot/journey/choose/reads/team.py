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
from unknot.domain.credentials.standing import has_run_out
from unknot.journey.choose.models import Credential
from unknot.journey.choose.reads import credentials, leave, offering
from unknot.journey.choose.reads.credentials import KIND_NAMES, Kept
from unknot.people.models import Practice

#: Why a day is closed, as the staff read it; clients read less.
SENTENCES: Final[dict[str, Promise]] = {
    "forbidden": gettext_lazy("%(kind)s: suspended or revoked."),
    "run_out": gettext_lazy("%(kind)s: none is valid then."),
    "missing": gettext_lazy("%(kind)s: required here, and there is none."),
    "unchecked": gettext_lazy("%(kind)s: required here, and nobody has checked it."),
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
    """Every therapist of the practice who has written a listing, by name; 3 queries."""
    requirement = leave.requirement(practice)
    return tuple(
        _colleague(name, slug, is_listed, held, requirement, _ahead(practice, on))
        for name, slug, is_listed, held in _held(practice)
    )


def would_be_closed(practice: Practice, requirement: Requirement, on: date) -> tuple[str, ...]:
    """Who could not be booked today under a requirement and can be under the one now, by name."""
    now = leave.requirement(practice)
    return tuple(
        name
        for name, *_rest, held in _held(practice)
        if required.closed(held, now, on=on) is None
        and required.closed(held, requirement, on=on) is not None
    )


def _held(practice: Practice) -> list[tuple[str, str, bool, list[Credential]]]:
    team = list(offering.therapists_of(practice))
    by_therapist: dict[int, list[Credential]] = defaultdict(list)
    for one in credentials.kept().filter(therapist__in=team):
        by_therapist[one.therapist_id].append(one)
    return [
        (one.name, one.slug, one.listed_since is not None, by_therapist[one.pk]) for one in team
    ]


def _ahead(practice: Practice, on: date) -> list[date]:
    return [on + timedelta(days=number) for number in range(practice.horizon_days + 1)]


def _colleague(
    name: str,
    slug: str,
    is_listed: bool,
    held: Sequence[Credential],
    requirement: Requirement,
    days: Sequence[date],
) -> Colleague:
    today = required.closed(held, requirement, on=days[0])
    ahead = next(
        (
            (day, why)
            for day in days[1:]
            if (why := required.closed(held, requirement, on=day)) is not None
        ),
        None,
    )
    first = ahead if today is None else None
    return Colleague(
        name=name,
        slug=slug,
        is_listed=is_listed,
        papers=tuple(credentials.row(one, days[0]) for one in held),
        closed="" if today is None else _why(today, held, days[0]),
        closes_on=first[0] if first else None,
        closes_why=_why(first[1], held, first[0]) if first else "",
    )


def _why(closed: Closed, held: Sequence[Credential], on: date) -> str:
    """Why a day is closed, with the kind in words."""
    why: str = closed.why
    of_kind = [one for one in held if one.kind == closed.kind]
    if why == "run_out" and any(not has_run_out(one, on=on) for one in of_kind):
        why = "unchecked"
    return str(SENTENCES[why]) % {"kind": KIND_NAMES[closed.kind]}
