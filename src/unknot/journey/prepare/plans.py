"""The plan of one session: what the therapist has saved, or else the proposal.

Built from what the caller may know: marks only when the client shares them. What safety closes is
closed either way; it is named as untouched only when the client shares safety answers.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap import regions
from unknot.domain.guidance import session_plan
from unknot.domain.guidance.session_plan import WHOLE
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.clauses import Action
from unknot.domain.screening.decide import decide
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import places
from unknot.journey.prepare.models import Preparation, SessionPlan

Words = str | Promise

WHOLE_LABEL: Words = _("The whole back and neck")
ANY_AGE = 40  # the standing rules hold at every age


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The regions that nobody works on, and those of them that may be named as untouched."""

    regions: frozenset[str]
    named: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One step: a region, empty for the whole area, with whole minutes and the reason or note."""

    region: str
    label: Words
    minutes: int
    why: tuple[str, ...] = ()
    note: str = ""
    without: tuple[Words, ...] = ()
    closed: bool = False  # saved before safety or a wish closed it


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is planned for the hands-on minutes; `revision` is 0 while it is the proposal."""

    rows: tuple[PlanRow, ...]
    hands_on: int
    revision: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""
    not_reached: tuple[Words, ...] = ()
    closed: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """The minutes of all rows."""
        return sum(row.minutes for row in self.rows)

    @property
    def stored(self) -> bool:
        """Whether the therapist has saved it."""
        return self.revision > 0

    @property
    def now_closed(self) -> tuple[Words, ...]:
        """The rows that were saved and may no longer be done."""
        return tuple(row.label for row in self.rows if row.closed)


def closed_by(
    technique: str, *, avoided: Collection[str], leave_out: Collection[str], shares_safety: bool
) -> Closed:
    """Say what is closed to `technique`: by safety, by the standing rules, by the client."""
    always = standing(technique) | session_plan.within(leave_out)
    every = always | frozenset(avoided)
    return Closed(regions=every, named=every if shares_safety else always)


@cache
def standing(technique: str) -> frozenset[str]:
    """Name the regions that `technique` leaves out for everybody."""
    decision = decide(screening.load(), Answers(), age=ANY_AGE, regions=(), onset_weeks=None)
    rows = (row for row in decision.fired if row.kind == "always" and row.action is Action.AVOID)
    return frozenset(place for row in rows if technique in row.techniques for place in row.regions)


@cache
def areas_of(technique: str) -> tuple[str, ...]:
    """Name the groups of the body map in which `technique` may press at least one region."""
    body, shut = regions.load(), standing(technique)
    return tuple(
        group
        for group in places.LEAVE_OUT_GROUPS
        if any(session_plan.is_open(region, shut) for region in body.in_group(group))
    )


def plan_of(
    appointment: Appointment,
    *,
    marks: Mapping[str, int],
    wishes: Preparation | None,
    closed: Closed,
) -> Plan | None:
    """Give the saved plan or else the proposal; None when nothing is left to work on."""
    saved = SessionPlan.objects.filter(appointment=appointment).select_related("changed_by").first()
    if saved is not None:
        return _stored(saved, appointment.service.minutes, closed)
    rule = session_plan.load()
    try:
        found = session_plan.propose(
            rule,
            technique=appointment.service.technique,
            marks=marks,
            minutes=appointment.service.minutes,
            avoid=closed.regions,
            focus=wishes.focus if wishes else (),
        )
    except session_plan.NothingLeft:
        return None
    return Plan(
        rows=tuple(
            PlanRow(
                region=part.region,
                label=label(part.region),
                minutes=part.minutes,
                why=part.why,
                without=_untouched(part.region, closed),
            )
            for part in found.parts
        ),
        hands_on=appointment.service.minutes,
        not_reached=tuple(label(place) for place in found.not_reached),
        closed=closed.regions,
    )


def label(place: str) -> Words:
    """Name the region of a row in the therapist's words; raises UnknownRegion."""
    return WHOLE_LABEL if place == WHOLE else places.label_pro(place)


def is_closed(place: str, closed: Collection[str]) -> bool:
    """Tell whether a row may not be done; raises UnknownRegion."""
    return place != WHOLE and not session_plan.is_open(regions.load().region(place), closed)


def _stored(saved: SessionPlan, hands_on: int, closed: Closed) -> Plan:
    return Plan(
        rows=tuple(
            PlanRow(
                region=part.region,
                label=label(part.region),
                minutes=part.minutes,
                note=part.note,
                without=_untouched(part.region, closed),
                closed=is_closed(part.region, closed.regions),
            )
            for part in saved.parts.order_by("position")
        ),
        hands_on=hands_on,
        revision=saved.revision,
        changed_at=saved.changed_at,
        changed_by=saved.changed_by.name,
        closed=closed.regions,
    )


def _untouched(place: str, closed: Closed) -> tuple[Words, ...]:
    found = session_plan.untouched(session_plan.load(), place, closed.named)
    return tuple(places.label_pro(one) for one in found)
