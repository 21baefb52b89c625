"""What the clients of a practice tell about its techniques together, and about each other.

Two-stage empirical Bayes. Stage 1 fits every person alone at a common half-life with an almost
flat prior on the effects; it comes here as `PersonEffect`. Stage 2 takes b_i ~ N(m, Sigma), seen
through each person's own doubt S_i, and finds m and Sigma by EM; a weak Wishart term (one made-up
person more than techniques, sd 0.3) keeps Sigma away from zero. The doubt about m is carried into
what is said of a person. Pools at several half-lives are averaged by their evidence.

The almost flat prior of stage 1 is taken out again, exactly, so that a technique somebody never
had counts for nothing. An ordinary prior there would pull the practice's mean towards zero: that
is the trap for which stage 1 has a prior of its own.

Units   points of the outcome's scale; half-lives in days.
Errors  ValueError: nobody to pool, or people with different techniques.
Source  reference note on statistics, part 6
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: The prior sd of an effect in stage 1: wide enough to say almost nothing.
ALMOST_FLAT = 20.0
#: The spread of the made-up people of the Wishart term, in points.
MADE_UP_SD = 0.3
#: Prior sd of the practice's mean, around no effect: the one of a single person's effect.
MEAN_SD = 2.0
_ROUNDS, _SMALL = 500, 1e-7
_NOTHING = 1e-9  # a precision below this is rounding: the answers say nothing there


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonEffect:
    """Stage 1 of one person: effects with their covariance, one entry a technique.

    A technique never used keeps the variance of the prior. `log_marginal` is the log marginal
    likelihood of the person's answers at this half-life.
    """

    effect: Array
    covariance: Array
    log_marginal: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Stage 2, at one half-life or averaged over several; each `doubt` is a covariance.

    `mean` is the practice's, `between` the covariance between people. `people` is what is thought
    of each person, `others` what would be thought of them without their own answers.
    `log_evidence` has one entry a person.
    """

    mean: Array
    mean_doubt: Array
    between: Array
    people: Array
    people_doubt: Array
    others: Array
    others_doubt: Array
    log_evidence: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Told:
    """What each person's answers alone say: a precision, and that precision times the effect."""

    precision: Array
    push: Array


def pool(people: Sequence[PersonEffect], *, flat_sd: float = ALMOST_FLAT) -> Pool:
    """Stage 2: the practice's mean, the spread between people, and everybody's own effect.

    `flat_sd` is the prior sd that stage 1 used. Raises ValueError.
    """
    told = _told(people, flat_sd)
    techniques = told.push.shape[1]
    mean, between = _by_em(told)
    own, own_doubt = _people(told, mean, between)
    # How far each person leans on the practice's mean, which is itself in doubt.
    lean = np.swapaxes(np.linalg.solve(between, own_doubt), 1, 2)
    mean_doubt = np.asarray(np.linalg.inv(_mean_precision(told, between)), dtype=np.float64)
    others, others_doubt = _without_each(told, between, _scatter(own - mean, own_doubt))
    flat = np.zeros(techniques), flat_sd**2 * np.eye(techniques)
    return Pool(
        mean=mean,
        mean_doubt=mean_doubt,
        between=between,
        people=own,
        people_doubt=own_doubt + lean @ mean_doubt @ np.swapaxes(lean, 1, 2),
        others=others,
        others_doubt=others_doubt,
        log_evidence=np.array([one.log_marginal for one in people])
        + _log_marginal(told, mean, between)
        - _log_marginal(told, *flat),
    )


def average(
    pools: Sequence[Pool],
    *,
    scales: Sequence[float] | None = None,
    log_prior: Sequence[float] | None = None,
) -> tuple[Pool, Array]:
    """The average of pools of the same people at several half-lives, and the weight of each.

    A weight is the product of all people's marginal likelihoods, and of the half-life's prior; what
    others say about a person is weighted without that person. `scales` first turn the effects of
    each pool into another quantity, such as the mean change over three days. Raises ValueError.
    """
    if not pools:
        raise ValueError("There is no pool to average.")
    scale = np.ones(len(pools)) if scales is None else np.asarray(scales, dtype=np.float64)
    before = np.zeros(len(pools)) if log_prior is None else np.asarray(log_prior, dtype=np.float64)
    evidence = np.array([one.log_evidence for one in pools])
    together = evidence.sum(1, keepdims=True) + before[:, None]
    weights, without = _shares(together), _shares(together - evidence)
    mean, mean_doubt = _mixture(
        weights, scale, [one.mean[None] for one in pools], [one.mean_doubt[None] for one in pools]
    )
    people, people_doubt = _mixture(
        weights, scale, [one.people for one in pools], [one.people_doubt for one in pools]
    )
    others, others_doubt = _mixture(
        without, scale, [one.others for one in pools], [one.others_doubt for one in pools]
    )
    share = weights[:, 0]
    return Pool(
        mean=mean[0],
        mean_doubt=mean_doubt[0],
        between=np.einsum("h,hij->ij", share * scale**2, np.array([one.between for one in pools])),
        people=people,
        people_doubt=people_doubt,
        others=others,
        others_doubt=others_doubt,
        log_evidence=share @ evidence,
    ), share


def prior_for_person(pooled: Pool, person: int) -> tuple[Array, Array]:
    """What other clients report, as a prior for one person: mean and sd of each technique's effect.

    The person's own answers are left out, so that nothing counts twice.
    """
    return pooled.others[person], np.sqrt(np.diagonal(pooled.others_doubt[person]))


def _told(people: Sequence[PersonEffect], flat_sd: float) -> _Told:
    """Take the almost flat prior out of everybody's effects; a negative rest is rounding."""
    if not people or len({np.shape(one.effect) for one in people}) != 1:
        raise ValueError("A pool needs people, all of them with the same techniques.")
    effects = np.array([one.effect for one in people], dtype=np.float64)
    seen = np.linalg.inv(np.array([one.covariance for one in people], dtype=np.float64))
    values, vectors = np.linalg.eigh(seen - np.eye(effects.shape[1]) / flat_sd**2)
    kept = np.where(values > _NOTHING, values, 0.0)
    says_something = (vectors * (values > _NOTHING)[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    push = np.einsum("nij,nj->ni", seen, effects)
    return _Told(
        precision=(vectors * kept[:, None, :]) @ np.swapaxes(vectors, 1, 2),
        push=np.einsum("nij,nj->ni", says_something, push),
    )


def _by_em(told: _Told) -> tuple[Array, Array]:
    """Mean and covariance between people, each the best given the other, until both stand still."""
    techniques = told.push.shape[1]
    between = np.eye(techniques) * (MADE_UP_SD**2 + 0.5)
    mean = np.zeros(techniques)
    for _round in range(_ROUNDS):
        before = between
        mean = np.linalg.solve(_mean_precision(told, between), _pulls(told, between).sum(0))
        own, doubt = _people(told, mean, between)
        between = _spread(_scatter(own - mean, doubt).sum(0), len(own), techniques)
        if np.abs(between - before).max() < _SMALL:
            break
    return mean, between


def _spread(scatter: Array, people: int, techniques: int) -> Array:
    """The covariance between people, the made-up ones of the Wishart term among them."""
    made_up = techniques + 1
    return np.asarray((scatter + made_up * MADE_UP_SD**2 * np.eye(techniques)) / (people + made_up))


def _people(told: _Told, mean: Array, between: Array) -> tuple[Array, Array]:
    """Everybody's effect and its covariance, given the practice's mean."""
    inverse = np.linalg.inv(between)
    doubt = np.linalg.inv(told.precision + inverse)
    return np.einsum("nij,nj->ni", doubt, told.push + inverse @ mean), doubt


def _scatter(apart: Array, doubt: Array) -> Array:
    return np.asarray(doubt + apart[:, :, None] * apart[:, None, :])


def _pulls(told: _Told, between: Array) -> Array:
    """How hard each person pulls at the practice's mean."""
    damped = np.eye(len(between)) + told.precision @ between
    return np.asarray(np.linalg.solve(damped, told.push[:, :, None])[:, :, 0])


def _weights(told: _Told, between: Array) -> Array:
    """How much each person weighs in the practice's mean: (between + own doubt) to the -1."""
    damped = np.eye(len(between)) + told.precision @ between
    weights = np.linalg.solve(damped, told.precision)
    return np.asarray((weights + np.swapaxes(weights, 1, 2)) / 2)


def _mean_precision(told: _Told, between: Array) -> Array:
    """The precision of the practice's mean, with its own wide prior around no effect."""
    return np.asarray(_weights(told, between).sum(0) + np.eye(len(between)) / MEAN_SD**2)


def _without_each(told: _Told, between: Array, scatter: Array) -> tuple[Array, Array]:
    """Mean and covariance of a new person's effect, as each person's colleagues tell it.

    One more step of EM without the person stands for a whole fit without them.
    """
    people, techniques = told.push.shape
    means, doubts = np.empty((people, techniques)), np.empty((people, techniques, techniques))
    weights, pulls, total = _weights(told, between), _pulls(told, between), scatter.sum(0)
    precision = weights.sum(0) + np.eye(techniques) / MEAN_SD**2
    for person in range(people):
        doubt = np.linalg.inv(precision - weights[person])
        means[person] = doubt @ (pulls.sum(0) - pulls[person])
        doubts[person] = doubt + _spread(total - scatter[person], people - 1, techniques)
    return means, doubts


def _log_marginal(told: _Told, mean: Array, covariance: Array) -> Array:
    """Each person's log marginal likelihood under this prior, up to what no prior changes."""
    inverse = np.linalg.inv(covariance)
    both = told.precision + inverse
    push = told.push + inverse @ mean
    fit = np.einsum("ni,ni->n", push, np.linalg.solve(both, push[:, :, None])[:, :, 0])
    widths = np.linalg.slogdet(both)[1] + np.linalg.slogdet(covariance)[1]
    return np.asarray(0.5 * (fit - widths - mean @ inverse @ mean))


def _shares(log_evidence: Array) -> Array:
    """Weights that sum to one down each column."""
    raised = np.exp(log_evidence - log_evidence.max(0))
    return np.asarray(raised / raised.sum(0))


def _mixture(
    weights: Array, scale: Array, means: list[Array], doubts: list[Array]
) -> tuple[Array, Array]:
    """Mean and covariance of a mixture, for each row: the spread of the means is doubt as well."""
    each = np.array(means) * scale[:, None, None]
    share = np.broadcast_to(weights, each.shape[:2])
    mean = np.einsum("hn,hni->ni", share, each)
    apart = each - mean
    doubt = np.einsum("hn,hnij->nij", share * scale[:, None] ** 2, np.array(doubts))
    return mean, doubt + np.einsum("hn,hni,hnj->nij", share, apart, apart)
