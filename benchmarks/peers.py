"""What other programs make of the same series: to be compared with, and to be measured against.

statsmodels and NumPyro are no dependencies of ours: `uv pip install --group peers` brings them. Run
as `python -m benchmarks.peers` it writes tests/data/peers anew; nlme.R beside them does for nlme.
"""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from unknot.domain.outcomes.likelihood import Array, Ratings
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.simulate import World, person

DATA = Path(__file__).resolve().parents[1] / "tests" / "data" / "peers"
DIARY = Path(__file__).resolve().parents[1] / "src/unknot/project/demo/kossakowski2017_daily.csv"
#: Parameters at which log-likelihoods are compared: phi, state variance, error variance, level.
PLACES = ((0.6, 0.25, 0.15, 2.2), (0.9, 0.10, 0.30, 2.0), (0.2, 0.50, 0.05, 2.5))
NUTS_PEOPLE = (3, 8)


def tired() -> Array:
    """The published diary's tiredness by day; nan on the day without an answer."""
    with DIARY.open(encoding="utf-8", newline="") as file:
        rows = {int(row["day"]): row["tired"] for row in csv.DictReader(file)}
    values = [rows.get(day, "") for day in range(max(rows) + 1)]
    return np.array([float(value) if value else np.nan for value in values])


def ratings_of(values: Array) -> Ratings:
    """A daily series as the engine takes it, without sessions."""
    seen = np.flatnonzero(~np.isnan(values)).astype(float)
    return Ratings(
        t=seen,
        y=values[~np.isnan(values)],
        t_0=0.0,
        session_t=np.zeros(0),
        dose=np.zeros(0),
        kind=np.zeros(0, dtype=np.int64),
        kinds=1,
    )


def someone(seed: int) -> Ratings:
    """A simulated person with some sixty ratings and six sessions."""
    one = person(World(e3=-1.08, most_sessions=6, books_at=0.6), np.random.default_rng(seed))
    return one.until(84.0)


def structural(values: Array) -> Any:
    """The same model on a daily grid: a constant, an AR(1) and an error of each day."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    return UnobservedComponents(
        values, exog=np.ones(values.size), autoregressive=1, irregular=True, mle_regression=True
    )


def structural_likelihoods() -> Mapping[str, Any]:
    """Log-likelihoods of statsmodels at given parameters."""
    import statsmodels

    model = structural(tired())
    found = [
        model.loglike(np.array([error, state * (1 - phi**2), phi, level]))
        for phi, state, error, level in PLACES
    ]
    return {
        "peer": f"statsmodels {statsmodels.__version__}, UnobservedComponents.loglike",
        "series": "kossakowski2017_daily.csv, tired",
        "places": PLACES,
        "log_likelihood": found,
    }


def nuts(data: Ratings, *, samples: int = 4000, seed: int = 0) -> Mapping[str, float]:
    """The posterior of the mean change over three days, with every parameter sampled."""
    import jax
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist
    from numpyro.infer import MCMC, NUTS

    jax.config.update("jax_enable_x64", True)
    prior = load().prior
    t, y, s = (jnp.asarray(one) for one in (data.t, data.y, data.session_t))
    gaps = jnp.abs(t[:, None] - t[None, :])
    since = t[:, None] - s[None, :]

    def model() -> None:
        def of(name: str, one: Any) -> Any:
            return numpyro.sample(name, dist.Normal(one.mean, one.sd))

        phi, rho = (jax.nn.sigmoid(of(n, p)) for n, p in (("f", prior.phi), ("r", prior.rho)))
        sd, fade = jnp.exp(of("s", prior.sd)), jnp.log(2.0) / jnp.exp(of("h", prior.half_life))
        a = -jnp.log(phi)
        left = jnp.where(since > 0, jnp.exp(-fade * jnp.maximum(since, 0.0)), 0.0) @ data.dose
        beta = of("b", prior.effect)
        mean = of("l", prior.level) + of("g", prior.trend) * (t - data.t_mid) / 28
        mean += of("d", prior.surge) * jnp.exp(-a * (t - data.t_0)) + beta * left
        noise = sd**2 * (rho * jnp.exp(-a * gaps) + (1 - rho) * jnp.eye(t.size))
        numpyro.deterministic("e3", beta * (1 - jnp.exp(-3 * fade)) / (3 * fade))
        numpyro.sample("y", dist.MultivariateNormal(mean, noise), obs=y)

    chain = MCMC(NUTS(model), num_warmup=1000, num_samples=samples, progress_bar=False)
    chain.run(jax.random.PRNGKey(seed))
    e3 = np.asarray(chain.get_samples()["e3"])
    return {"mean": float(e3.mean()), "sd": float(e3.std()), "p_better": float((e3 < 0).mean())}


def nuts_posteriors() -> Mapping[str, Any]:
    """NUTS on two simulated people whose ratings are kept beside what it found."""
    import numpyro

    people = []
    for seed in NUTS_PEOPLE:
        data = someone(seed)
        kept = {name: getattr(data, name).tolist() for name in ("t", "y", "session_t")}
        people.append({"seed": seed, **kept, **nuts(data, samples=20_000)})
    return {"peer": f"NumPyro {numpyro.__version__}, NUTS, 20,000 draws", "people": people}


def main() -> None:
    """Write what the peers say."""
    for name, found in (("statsmodels", structural_likelihoods), ("nuts", nuts_posteriors)):
        (DATA / f"{name}.json").write_text(json.dumps(found(), indent=1) + "\n")
        print(f"tests/data/peers/{name}.json")


if __name__ == "__main__":
    main()
