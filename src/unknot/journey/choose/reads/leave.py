"""On which days a therapist's credentials let them be booked.

Units   calendar days of the practice's zone; the last valid day of a credential is still open.
Errors  none.
Source  domain/credentials/required.py
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.credentials import required
from unknot.domain.credentials.required import Closed, Requirement
from unknot.domain.credentials.standing import FORBIDDEN
from unknot.journey.choose.models import Credential, Therapist
from unknot.people.models import Practice

#: What a client reads; it says no more than that a credential is not in place.
SENTENCES: Final[dict[required.Why, Promise]] = {
    "run_out": _("On this day a credential that this therapist needs has run out."),
    "missing": _("A credential that this practice requires of this therapist is not in place."),
    "unchecked": _("A credential that this therapist needs has not been checked."),
    "not_begun": _("On this day a credential that this therapist needs is not valid yet."),
    "forbidden": _("This therapist cannot be booked at the moment."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The credentials of one therapist beside what their practice requires."""

    credentials: tuple[Credential, ...]
    requirement: Requirement

    def closed(self, day: date) -> Closed | None:
        """Say why `day` is closed, or None."""
        return required.closed(self.credentials, self.requirement, on=day)

    def closed_days(self, days: Iterable[date]) -> tuple[date, ...]:
        """Give those of `days` on which nobody may be booked."""
        wanted = tuple(days)
        still = required.open_days(self.credentials, self.requirement, days=wanted)
        return tuple(day for day in wanted if day not in still)


def of(therapist: Therapist) -> Leave:
    """The leave of one therapist as it is known now; 1 query."""
    return of_many([therapist])[therapist.pk]


def of_many(therapists: Sequence[Therapist]) -> Mapping[int, Leave]:
    """The leave of each therapist, by number, as it is known now; 1 query.

    Whom a register forbids to work is forbidden in every practice, whichever they told it to.
    """
    users = {one.user_id for one in therapists}
    own = Q(therapist__in=[one.pk for one in therapists])
    elsewhere = Q(therapist__user__in=users, status__in=FORBIDDEN)
    found = Credential.objects.filter(own | elsewhere).select_related("therapist").order_by("pk")
    told = tuple(found)
    return {
        one.pk: Leave(
            credentials=tuple(
                paper
                for paper in told
                if paper.therapist_id == one.pk
                or (paper.therapist.user_id == one.user_id and paper.status in FORBIDDEN)
            ),
            requirement=requirement(one.practice),
        )
        for one in therapists
    }


def requirement(practice: Practice) -> Requirement:
    """What a practice requires of whoever treats there."""
    return Requirement(
        kinds=tuple(practice.required_credentials), checked=practice.required_checked
    )
