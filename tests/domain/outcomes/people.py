"""Ratings of a person as arrays, for the tests of the engine."""

import numpy as np

from unknot.domain.outcomes.likelihood import Ratings


def rated(n: int = 40, *, seed: int = 1, kinds: int = 1, sessions: int = 5) -> Ratings:
    """`n` ratings on irregular days with sessions between them, of `kinds` techniques in turn."""
    rng = np.random.default_rng(seed)
    days = np.sort(rng.choice(np.arange(2 * n), n, replace=False)) + 0.8 + rng.normal(0, 0.02, n)
    t = np.sort(days - days[0])
    session_t = np.linspace(3.3, max(float(t[-1]) - 2.0, 4.0), sessions)
    return Ratings(
        t=t,
        y=np.clip(np.round(5 + 1.5 * rng.normal(size=n)), 0, 10),
        t_0=0.0,
        session_t=session_t,
        dose=np.ones(sessions),
        kind=np.arange(sessions, dtype=np.int64) % kinds,
        kinds=kinds,
    )


def with_values(t: list[float], y: list[float]) -> Ratings:
    """Ratings at the given days, and one session in the middle."""
    at = np.array(t, dtype=float)
    return Ratings(
        t=at,
        y=np.array(y, dtype=float),
        t_0=float(at[0]),
        session_t=np.array([0.5 * float(at[0] + at[-1])]),
        dose=np.ones(1),
        kind=np.zeros(1, dtype=np.int64),
        kinds=1,
    )
