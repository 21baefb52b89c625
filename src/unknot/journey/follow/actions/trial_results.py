"""Analyse each comparison that has ended, once. For the worker: nothing that pages import.

The fit has not seen which technique was which: it knows sessions, all alike. Only the test is
told the drawn order, and only of the pairs that were finished.

Units   days from the first rating; points of the outcome's own scale; doses 1.0 for 60 minutes.
Errors  none: where nothing can be compared, the result says so.
Source  domain/outcomes/trial_test.py; docs/explanation/trials.md
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import transaction
from scipy.special import expit

from unknot.domain.outcomes import model, trial_test
from unknot.domain.outcomes import trial as rules
from unknot.domain.outcomes.findings import Outcome
from unknot.domain.outcomes.likelihood import beliefs
from unknot.domain.outcomes.observations import Rated, days_since, ratings
from unknot.domain.outcomes.posterior import posterior
from unknot.domain.outcomes.series import Session
from unknot.domain.outcomes.trial_test import BadSeries, Fitted, Result, Series
from unknot.journey.follow.models import Trial, TrialEvent, TrialResult, TrialState
from unknot.journey.follow.reads import trial_data
from unknot.journey.follow.reads.trial_data import Held
from unknot.people import access as people

#: Ratings from so many days before the first session show what was usual.
BEFORE: Final = timedelta(days=28)
#: With fewer ratings than this nothing is fitted and plain means are compared.
FEWEST_RATINGS: Final = 20
#: Counted up when the analysis changes; a stored result names what it was made with.
VERSION: Final = "1"


def analyse_due(now: datetime) -> int:
    """Analyse what has ended and whose days after are in; return how many. Safe to run twice."""
    ended = Trial.objects.filter(
        state__in=[TrialState.COMPLETE, TrialState.STOPPED], result__isnull=True
    ).order_by("pk")
    return sum(_analyse(one, now) for one in ended)


@transaction.atomic(durable=True)
def _analyse(trial: Trial, now: datetime) -> bool:
    people.lock(trial.client)
    trial = Trial.objects.select_for_update(no_key=True).get(pk=trial.pk)
    held = trial_data.held(trial)
    if TrialResult.objects.filter(trial=trial).exists():
        return False
    if held and now < rules.analysed_at(held[-1].end, trial.window_days):
        return False
    TrialResult.objects.create(trial=trial, at=now, **_found(trial, held))
    TrialEvent.objects.create(trial=trial, at=now, kind="analysed")
    return True


def _found(trial: Trial, held: Sequence[Held]) -> dict[str, Any]:
    pairs = rules.completed_pairs({one.place for one in held})
    values: dict[str, Any] = {"pairs": list(pairs), "check_ins": 0, "engine": _engine()}
    if not pairs:
        return values
    first = min(one.start for one in held)
    until = max(one.end for one in held) + timedelta(days=trial.window_days + 1)
    found = trial_data.ratings(trial.client, trial.outcome, first - BEFORE, until)
    rated = [Rated(at=one.at, value=one.value) for one in found]
    sessions = trial_data.attended(trial.client, first - BEFORE, until)
    labels = rules.labels(trial.seal.order, pairs)
    values |= {"check_ins": len(rated), "inputs": _inputs(rated, sessions, held, labels)}
    result, fitted = _tested(trial, rated, sessions, held, pairs)
    if result is None:
        return values
    if fitted is not None:
        values["inputs"]["fitted"] = {
            "phi": fitted.phi,
            "rho": fitted.rho,
            "s": fitted.s,
            "half_life_days": fitted.half_life_days,
        }
    return values | {
        "statistic": result.statistic,
        "difference": result.difference,
        "p": result.p,
        "low": result.low,
        "high": result.high,
        "level": result.level,
    }


def _tested(
    trial: Trial,
    rated: Sequence[Rated],
    sessions: Sequence[Session],
    held: Sequence[Held],
    pairs: Sequence[int],
) -> tuple[Result | None, Fitted | None]:
    """The test as agreed: by the model, or by plain means where there is too little for one."""
    labels = rules.labels(trial.seal.order, pairs)
    if not rated:
        return None, None
    days, alpha = trial.window_days, trial.alpha
    series = _series(rated, sessions, held, pairs)
    if trial.statistic == "gls" and len(rated) >= FEWEST_RATINGS:
        fitted = fit_without_labels(rated, sessions, trial.outcome)  # type: ignore[arg-type]
        if fitted is not None:
            return trial_test.gls(series, labels, fitted, window_days=days, alpha=alpha), fitted
    return trial_test.post_mean(series, labels, window_days=days, alpha=alpha), None


def fit_without_labels(
    rated: Sequence[Rated], sessions: Sequence[Session], outcome: Outcome
) -> Fitted | None:
    """Fit variance, autocorrelation and half-life with all sessions alike; None if it fails."""
    numbers = model.load()
    data = ratings(rated, sessions, outcome, window_days=10 * numbers.window_days)
    if data is None:
        return None
    found = posterior(data, beliefs(numbers.prior, 1), draws=numbers.draws)
    phi, rho, s, half_life = (float(one) for one in found.mode)
    try:
        return Fitted(
            phi=float(expit(phi)),
            rho=float(expit(rho)),
            s=float(np.exp(s)),
            half_life_days=float(np.exp(half_life)),
        )
    except BadSeries:
        return None


def _series(
    rated: Sequence[Rated], sessions: Sequence[Session], held: Sequence[Held], pairs: Sequence[int]
) -> Series:
    """Everything on one clock; finished pairs are counted anew from 1, the rest is on no list."""
    begin = rated[0].at
    number = {pair: at for at, pair in enumerate(pairs, 1)}
    pair_at = {one.end: number.get(rules.pair_of(one.place)) for one in held}
    return Series(
        times=tuple(days_since(begin, one.at) for one in rated),
        values=tuple(one.value for one in rated),
        sessions=tuple(
            trial_test.Session(
                time=days_since(begin, one.end),
                dose=one.minutes / 60,
                pair=pair_at.get(one.end),
            )
            for one in sessions
        ),
    )


def _engine() -> str:
    return f"trial {VERSION}, model {model.load().version}"


def _inputs(
    rated: Sequence[Rated],
    sessions: Sequence[Session],
    held: Sequence[Held],
    labels: Sequence[int],
) -> dict[str, Any]:
    """All that the numbers were computed from, so that anybody can do it again."""
    on_list = {one.end: one.place for one in held}
    return {
        "ratings": [[one.at.isoformat(), one.value] for one in rated],
        "sessions": [[one.end.isoformat(), one.minutes, on_list.get(one.end)] for one in sessions],
        "labels": list(labels),
    }
