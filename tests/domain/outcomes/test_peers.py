"""The engine against other programs' recorded answers; `peer` in each file names the program.

How they were obtained: tests/data/peers/nlme.R, and benchmarks/peers.py for the others.
"""

import csv
import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.peers import DATA, ratings_of, tired
from unknot.domain.outcomes.effects import effect
from unknot.domain.outcomes.kernel import by_filter
from unknot.domain.outcomes.likelihood import LOG_2PI, Ratings, beliefs, by_covariance
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.posterior import posterior

PRIOR = beliefs(load().prior, 1)


def recorded(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


def log_likelihood(data: Ratings, phi: float, rho: float, sd: float, level: float) -> float:
    """Ours at given parameters: the linear part held where the peer has it, priors taken off."""
    held = replace(
        PRIOR, mean=np.array([level, 0.0, 0.0, 0.0]), sd=np.full(4, 1e-9), u_mean=np.zeros(4)
    )
    u = np.array([[math.log(phi / (1 - phi)), math.log(rho / (1 - rho)), math.log(sd), 0.0]])
    steps = u[0] / held.u_sd
    prior = -0.5 * float(steps @ steps) - float(np.log(held.u_sd).sum()) - 2 * LOG_2PI
    both = [float(one(u, data, held).log_density[0]) - prior for one in (by_covariance, by_filter)]
    assert both[0] == pytest.approx(both[1], abs=1e-7)
    return both[0]


def test_log_likelihoods_are_those_of_statsmodels() -> None:
    peer, data = recorded("statsmodels"), ratings_of(tired())
    assert data.t.size == 238
    for (phi, state, error, level), theirs in zip(
        peer["places"], peer["log_likelihood"], strict=True
    ):
        rho, sd = state / (state + error), math.sqrt(state + error)
        assert log_likelihood(data, phi, rho, sd, level) == pytest.approx(theirs, abs=1e-4)
        assert abs(log_likelihood(data, phi, rho, 1.01 * sd, level) - theirs) > 0.01


def test_log_likelihoods_at_irregular_times_are_those_of_nlme() -> None:
    peer = recorded("nlme")
    with (DATA / "kossakowski2017_moments.csv").open(newline="") as file:
        rows = {
            float(row["t_days"]): float(row["tired"]) for row in list(csv.DictReader(file))[::-1]
        }
    t = np.array(sorted(rows))
    assert t.size == peer["n"]
    data = replace(ratings_of(np.ones(2)), t=t, y=np.array([rows[one] for one in t]))
    for fit in peer["fits"]:
        ours = log_likelihood(
            data, math.exp(-1 / fit["range"]), 1 - fit["nugget"], fit["sigma"], fit["level"]
        )
        assert ours == pytest.approx(fit["log_likelihood"], abs=1e-4)


@pytest.mark.parametrize("index", [0, 1])
def test_the_posterior_is_that_of_nuts(index: int) -> None:
    one = recorded("nuts")["people"][index]
    session_t = np.array(one["session_t"])
    data = Ratings(
        t=np.array(one["t"]),
        y=np.array(one["y"]),
        t_0=0.0,
        session_t=session_t,
        dose=np.ones(session_t.size),
        kind=np.zeros(session_t.size, dtype=np.int64),
        kinds=1,
    )
    told = effect(posterior(data, PRIOR, draws=load().draws), horizon_days=3)
    assert abs(told.expectation - one["mean"]) < 0.1 * one["sd"]
    assert told.deviation == pytest.approx(one["sd"], rel=0.1)
    assert abs(told.below(0) - one["p_better"]) < 0.02
