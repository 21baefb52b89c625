"""How often a sentence is wrong when nothing is true, and how often it is said when something is.

`./unknot bench calibration --people 2000` simulates people whose truth is known, lets them look at
their page every week, and prints the tables of docs/reference/calibration.md. Each person has a
seed of their own, so a row can be made again alone. `fast` (numba) makes it some ten times quicker.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from joblib import Parallel, delayed
from tqdm import tqdm

from unknot.domain.outcomes import effects
from unknot.domain.outcomes.likelihood import beliefs
from unknot.domain.outcomes.model import load
from unknot.domain.outcomes.posterior import posterior
from unknot.domain.outcomes.simulate import NULLS, Person, World, person

WEEKS = range(4, 25)
ONE_LOOK = 12
MODEL = load()
#: Six sessions within twelve weeks, with a check-in at each door.
SIX = World(most_sessions=6, books_at=0.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one person is told: at each weekly look, and at one look fixed beforehand."""

    helps: tuple[float, ...]  # chance of a benefit at each look
    point: tuple[float, ...]  # chance of a level at least one point better, from week 8 on
    chance: float
    miss: float  # estimate minus truth
    covered: bool
    sessions: int


def told(world: World, seed: int, *, weekly: bool = True) -> Told:
    """Simulate one person and every look they take."""
    one = person(world, np.random.default_rng(seed))
    end = min(ONE_LOOK, world.days // 7) if weekly else world.days / 7
    looks = [week for week in WEEKS if 7 * week <= world.days] if weekly else []
    fits = {week: look(one, 7.0 * week) for week in {*looks, end}}
    last = fits[end]
    return Told(
        helps=tuple(fits[week].chance for week in looks),
        point=tuple(fits[week].point for week in looks if week >= 8),
        chance=last.chance,
        miss=last.mean - one.truth,
        covered=last.low <= one.truth <= last.high,
        sessions=int((one.session_t < 7 * end).sum()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What one look says."""

    chance: float
    point: float
    mean: float
    low: float
    high: float


def look(one: Person, day: float) -> Fit:
    """Fit what is known by `day`."""
    data = one.until(day)
    found = posterior(data, beliefs(MODEL.prior, 1), draws=MODEL.draws)
    effect = effects.effect(found, horizon_days=MODEL.horizon_days)
    change = effects.level_change(found, data)
    return Fit(
        chance=effect.below(0.0),
        point=change.below(-MODEL.rule.better_points),
        mean=effect.expectation,
        low=effect.quantile(0.025),
        high=effect.quantile(0.975),
    )


def crowd(world: World, people: int, first: int, *, weekly: bool, label: str) -> list[Told]:
    """Everybody of one cell, spread over the cores, with progress."""
    work = (delayed(partial(told, world, weekly=weekly))(first + i) for i in range(people))
    found = Parallel(n_jobs=-1, return_as="generator", batch_size=20)(work)
    return list(tqdm(found, total=people, desc=label, leave=False, disable=None))


def share(flags: Iterable[bool]) -> float:
    """The share of true ones."""
    return float(np.mean(list(flags)))


def null_row(name: str, world: World, people: int, first: int) -> str:
    """One cell without an effect."""
    seen = crowd(replace(world, days=max(world.days, 168)) if world.days == 84 else world, people,
                 first, weekly=True, label=name)  # fmt: skip
    rule = MODEL.rule
    weekly = share(max(one.helps, default=0.0) >= rule.likely for one in seen)
    harm = share(1 - min(one.helps, default=1.0) >= rule.harm for one in seen)
    truly_better = world.trend < 0 or world.walk > 0
    point = share(max(one.point, default=0.0) >= rule.better for one in seen)
    once = share(one.chance >= 0.975 for one in seen)
    return table_row(
        name,
        f"{np.mean([one.miss for one in seen]):+.2f}",
        percent(once),
        f"{share(one.covered for one in seen):.3f}",
        percent(weekly),
        percent(harm),
        "–" if truly_better or not seen[0].point else percent(point),
    )


def power_row(name: str, world: World, people: int, first: int, *, weekly: bool) -> str:
    """One cell with an effect."""
    seen = crowd(world, people, first, weekly=weekly, label=name)
    return table_row(
        name,
        f"{np.mean([one.sessions for one in seen]):.1f}",
        f"{np.mean([one.miss for one in seen]):+.2f}",
        f"{share(one.covered for one in seen):.3f}",
        percent(share(one.chance >= 0.975 for one in seen)),
        percent(share(max(one.helps) >= MODEL.rule.likely for one in seen)) if weekly else "–",
    )


def table_row(*cells: str) -> str:
    """One row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def percent(value: float) -> str:
    """A share with one decimal."""
    return f"{100 * value:.1f} %"


def head(*cells: str) -> None:
    """The head of a Markdown table."""
    print(f"\n{table_row(*cells)}\n{table_row(*['---'] * len(cells))}", flush=True)


def nulls(people: int, wanted: Sequence[str]) -> None:
    """Every cell without an effect."""
    head(
        "no effect",
        "bias, week 12",
        "false at one look, 0.975",
        "coverage",
        "false over weekly looks, 0.99",
        "false “higher after”, 0.995",
        "false “better by 1 point”, weekly",
    )
    for row, (name, world) in enumerate(NULLS.items()):
        if not wanted or name in wanted:
            print(null_row(name, world, people, 1_000_000 * (row + 1)), flush=True)


def power(people: int, wanted: Sequence[str]) -> None:
    """Cells with an effect: one look after twelve weeks, and half a year of weekly looks."""
    cells: Mapping[str, tuple[World, bool]] = {
        "six sessions, door, E3 -0.54": (replace(SIX, e3=-0.54), False),
        "six sessions, door, E3 -1.08": (replace(SIX, e3=-1.08), False),
        "six sessions, door, E3 -1.80": (replace(SIX, e3=-1.80), False),
        "effects drawn from the prior": (replace(SIX, e3=None), False),
        "half a year, E3 -0.72": (World(days=168, e3=-0.72), True),
        "half a year, E3 -1.08": (World(days=168, e3=-1.08), True),
        "half a year, E3 -1.80": (World(days=168, e3=-1.80), True),
    }
    head(
        "effect", "sessions", "bias", "coverage", "said at one look, 0.975", "said by week 24, 0.99"
    )
    for row, (name, (world, weekly)) in enumerate(cells.items()):
        if not wanted or name in wanted:
            print(power_row(name, world, people, 50_000_000 + row * 1_000_000, weekly=weekly),
                  flush=True)  # fmt: skip


def levels(people: int) -> None:
    """People who truly get better by themselves: how often "better by 1 point" is said."""
    head("true change", "said by week 12", "said by week 24")
    for row, trend in enumerate((-0.5, -1.0)):
        world = World(days=168, trend=trend, level=6.5)
        seen = crowd(world, people, 80_000_000 + row * 1_000_000, weekly=True, label=str(trend))
        by = [share(max(one.point[:n]) >= MODEL.rule.better for one in seen) for n in (5, 17)]
        print(table_row(f"{trend} points in 4 weeks", *map(percent, by)), flush=True)


PARTS: Mapping[str, Callable[[int, Sequence[str]], None]] = {
    "nulls": nulls,
    "power": power,
    "levels": lambda people, _wanted: levels(people),
}


def main() -> int:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(prog="./unknot bench calibration", description=__doc__)
    parser.add_argument("--people", type=int, default=200, help="people in each cell")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this table")
    parser.add_argument("--cell", action="append", default=[], help="only the cell of this name")
    options = parser.parse_args()
    begun = time.perf_counter()
    print(f"Model {MODEL.version}, {options.people} people in each cell.")
    for part in options.part or PARTS:
        PARTS[part](options.people, options.cell)
    print(f"\nTook {(time.perf_counter() - begun) / 60:.1f} minutes.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
