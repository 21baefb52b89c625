"""Both stages of the pool for one outcome of one practice, from ratings to what is kept.

Stage 1 fits each person alone by the same likelihood as for their own verdicts, at each of a few
half-lives, which are the practice's question and not one person's, and with an almost flat prior
on the effects. Stage 2 is `pooling`. How many people there must be before anything is shown is
not decided here.

Units   days; points of the outcome's own scale. Only `Together.others` are points right after an
        hour, lower is better, as the engine takes a prior.
Errors  ValueError: nobody to pool.
Source  reference note on statistics, parts 5 and 6
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unknot.domain.outcomes.course import Others
from unknot.domain.outcomes.findings import Outcome
from unknot.domain.outcomes.likelihood import FIXED, Ratings, beliefs
from unknot.domain.outcomes.model import Model
from unknot.domain.outcomes.observations import turned_back
from unknot.domain.outcomes.pooling import (
    ALMOST_FLAT,
    PersonEffect,
    Pool,
    average,
    pool,
    prior_for_person,
)
from unknot.domain.outcomes.posterior import posterior

#: The half-lives that are averaged over.
HALF_LIVES = (1.5, 2.5, 4.2, 7.0)
#: How firmly a half-life is held in stage 1, on the log scale.
HELD = 0.02
#: A pool needs the middle and the width of one person's effects, not their tails.
DRAWS = 32

Alone = tuple[PersonEffect, ...]  # one person at each half-life


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The mean change over the days after one session, of all clients together, with 95 % range.

    `between_sd` is how much people differ around it.
    """

    mean: float
    low: float
    high: float
    between_sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What a practice's clients tell about one outcome, in the order of techniques and people."""

    effects: tuple[Shared, ...]
    others: tuple[Others, ...]  # of the first effect column, each person left out of their own


def alone(data: Ratings, model: Model) -> Alone:
    """Stage 1: one person's effects at each half-life."""
    return tuple(_at(data, half_life, model) for half_life in HALF_LIVES)


def together(people: Sequence[Alone], outcome: Outcome, model: Model) -> Together:
    """Stage 2: the practice's effects, and what others report as a prior for each person."""
    pools = [pool(column) for column in zip(*people, strict=True)]
    prior = log_prior(model)
    after, _weights = average(
        pools, scales=[_share(one, model.horizon_days) for one in HALF_LIVES], log_prior=prior
    )
    right_after, _weights = average(pools, log_prior=prior)
    return Together(
        effects=tuple(_shared(after, kind, outcome) for kind in range(after.mean.size)),
        others=tuple(_others(right_after, person) for person in range(len(people))),
    )


def half_life(people: Sequence[Alone], model: Model) -> float:
    """The half-life of relief in days, of people who came on fixed dates and of nobody else.

    Who books on a bad day gets better afterwards anyway, and that reads as relief that lasts.
    """
    pools = [pool(column) for column in zip(*people, strict=True)]
    _average, weights = average(pools, log_prior=log_prior(model))
    return float(np.exp(weights @ np.log(HALF_LIVES)))


def log_prior(model: Model) -> list[float]:
    """What is believed of each half-life before anybody answers, up to a constant."""
    prior = model.prior.half_life
    return [-0.5 * ((math.log(one) - prior.mean) / prior.sd) ** 2 for one in HALF_LIVES]


def _at(data: Ratings, half_life: float, model: Model) -> PersonEffect:
    flat = model.prior.effect.model_copy(update={"mean": 0.0, "sd": ALMOST_FLAT})
    held = model.prior.half_life.model_copy(update={"mean": math.log(half_life), "sd": HELD})
    believed = beliefs(model.prior.model_copy(update={"half_life": held}), data.kinds, flat)
    found = posterior(data, believed, draws=DRAWS)
    each = found.mean[:, FIXED:]
    mean = found.weight @ each
    within = np.einsum("d,dij->ij", found.weight, found.covariance[:, FIXED:, FIXED:])
    across = np.einsum("d,di,dj->ij", found.weight, each - mean, each - mean)
    return PersonEffect(effect=mean, covariance=within + across, log_marginal=found.log_evidence)


def _share(half_life: float, horizon_days: float) -> float:
    """How much of the effect right after a session is left on average until the horizon."""
    reach = math.log(2) / half_life * horizon_days
    return -math.expm1(-reach) / reach


def _shared(after: Pool, kind: int, outcome: Outcome) -> Shared:
    mean, doubt = float(after.mean[kind]), math.sqrt(float(after.mean_doubt[kind, kind]))
    ends = sorted(turned_back(mean + side * 1.96 * doubt, outcome) for side in (-1, 1))
    return Shared(
        mean=turned_back(mean, outcome),
        low=ends[0],
        high=ends[1],
        between_sd=math.sqrt(float(after.between[kind, kind])),
    )


def _others(right_after: Pool, person: int) -> Others:
    mean, sd = prior_for_person(right_after, person)
    return Others(mean=float(mean[0]), sd=float(sd[0]))
