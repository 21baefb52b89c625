"""Reads of what a practice's clients tell together, as the nightly pool has kept it.

A row stands for at least as many clients as its gate asks for, and is held back otherwise.

Units   points of the outcome's own scale; half-lives in days.
Errors  none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.outcomes import model
from unknot.domain.outcomes.course import Others
from unknot.domain.outcomes.findings import HIGHER_IS_BETTER, OF_THE_BODY, OUTCOMES, Outcome
from unknot.journey.book.reads.booked import technique_name
from unknot.journey.choose.models import Therapist
from unknot.journey.follow.models import OthersReport, PooledEffect, PooledRun, TherapistResult
from unknot.people.models import Client, Practice

NAMES: Mapping[Outcome, str | Promise] = {
    "pain": _("pain"),
    "stiffness": _("stiffness"),
    "stress": _("stress"),
    "sleep": _("sleep"),
    "mood": _("mood"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """One pooled effect; `technique` is empty for all massage."""

    outcome: str | Promise
    strand: Literal["body", "mind"]
    higher_is_better: bool
    technique: str
    clients: int
    mean: float
    low: float
    high: float
    between_sd: float
    half_life: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A therapist's own result; None while there are too few clients."""

    clients: int
    mean: float
    low: float
    high: float
    made_at: datetime


def effects(practice: Practice) -> tuple[EffectRow, ...]:
    """The pooled effects with enough clients, all massage before techniques; 1 query."""
    least = model.load().gate.practice_clients
    found = PooledEffect.objects.filter(practice=practice, clients__gte=least)
    in_order = sorted(
        found, key=lambda one: (OUTCOMES.index(outcome_of(one.outcome)), one.technique)
    )
    return tuple(
        EffectRow(
            outcome=NAMES[outcome_of(one.outcome)],
            higher_is_better=one.outcome in HIGHER_IS_BETTER,
            strand="body" if one.outcome in OF_THE_BODY else "mind",
            technique=technique_name(one.technique) if one.technique else "",
            clients=one.clients,
            mean=one.mean,
            low=one.low,
            high=one.high,
            between_sd=one.between_sd,
            half_life=one.half_life,
        )
        for one in in_order
    )


def others(client: Client) -> Mapping[Outcome, Others]:
    """What other clients of the practice report, as priors for this client's own fit; 1 query."""
    found = OthersReport.objects.filter(client=client)
    return {outcome_of(one.outcome): Others(mean=one.mean, sd=one.sd) for one in found}


def made_at(practice: Practice) -> datetime | None:
    """When the pool of a practice was last taken on, or None before the first; 1 query."""
    found = PooledRun.objects.filter(practice=practice).aggregate(newest=Max("at"))
    newest: datetime | None = found["newest"]
    return newest


def needed_of_therapist() -> int:
    """How many clients with follow-up a therapist needs before anything is said."""
    return model.load().gate.therapist_clients


def own_result(therapist: Therapist) -> Own | None:
    """What is kept of one therapist, for nobody but them; 1 query."""
    least = needed_of_therapist()
    found = TherapistResult.objects.filter(therapist=therapist, clients__gte=least).first()
    if found is None:
        return None
    return Own(
        clients=found.clients,
        mean=found.mean,
        low=found.low,
        high=found.high,
        made_at=found.made_at,
    )


def outcome_of(name: str) -> Outcome:
    """The outcome with this stored name; raises StopIteration."""
    return next(one for one in OUTCOMES if one == name)
