"""How long one fit takes, beside other programs on the same series in the same run.

`./unknot bench insight [--rounds 15]` measures processor time of one thread, warm, and prints
medians and ratios: ours is the full posterior, a peer's one maximum-likelihood fit, or NUTS. Ours
is measured twice, with SciPy alone and with the compiled kernel, each in a process of its own. The
peers are optional: without them (`uv pip install --group peers`) only our own times are printed.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from zoneinfo import ZoneInfo

import numpy as np

#: What the project promises: ours through theirs, at most.
TARGETS = {
    ("statsmodels", "compiled"): 0.3,
    ("statsmodels", "scipy"): 10.0,
    ("NumPyro NUTS", "scipy"): 0.02,
}
PRACTICE, PRACTICE_SECONDS = 200, 60.0
KERNELS = ("scipy", "compiled")


def median_ms(work: Callable[[], object], rounds: int) -> float:
    """The median processor time of `work` in milliseconds, after one turn to warm up."""
    work()
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - begun))
    return statistics.median(taken)


def ours(rounds: int) -> Mapping[str, float]:
    """Our own times with the kernel of this process."""
    from benchmarks.peers import ratings_of, someone, tired
    from unknot.domain.outcomes.effects import effect
    from unknot.domain.outcomes.likelihood import Ratings, beliefs
    from unknot.domain.outcomes.model import load
    from unknot.domain.outcomes.posterior import posterior

    model = load()
    believed = beliefs(model.prior, 1)

    def fit(data: Ratings) -> float:
        found = posterior(data, believed, draws=model.draws)
        return effect(found, horizon_days=model.horizon_days).quantile(0.025)

    long, short = ratings_of(tired()), someone(3)
    return {
        "tired": median_ms(lambda: fit(long), rounds),
        "sixty": median_ms(lambda: fit(short), rounds),
        "practice": practice(),
    }


def practice() -> float:
    """Seconds of processor time for everything that is said of 200 clients with five outcomes."""
    from unknot.domain.outcomes.analysis import analyse
    from unknot.domain.outcomes.course import Course
    from unknot.domain.outcomes.model import load
    from unknot.domain.outcomes.series import CheckIn, Session
    from unknot.domain.outcomes.simulate import World, person

    first, world = datetime(2026, 1, 5, tzinfo=UTC), World(e3=-1.0)
    courses = []
    for seed in range(PRACTICE):
        one = person(world, np.random.default_rng(seed))
        check_ins = [
            CheckIn(at=first + timedelta(days=t), pain=y, stiffness=y, stress=y, sleep=y, mood=y)
            for t, y in zip(one.t, one.y, strict=True)
        ]
        ends = [first + timedelta(days=t) for t in one.session_t]
        hour = timedelta(hours=1)
        sessions = [
            Session(start=end - hour, end=end, technique="swedish", minutes=60) for end in ends
        ]
        course = Course(check_ins=tuple(check_ins), sessions=tuple(sessions), zone=ZoneInfo("UTC"))
        courses.append(course)
    model, begun = load(), time.process_time()
    for course in courses:
        analyse(course, model)
    return time.process_time() - begun


def peers(rounds: int) -> Mapping[str, float]:
    """The peers' times, of those that are installed."""
    from benchmarks.peers import nuts, someone, structural, tired

    found = {}
    if find_spec("statsmodels") is not None:
        seen = tired()
        model = structural(seen[~np.isnan(seen)])  # its start values cannot skip a day
        found["statsmodels"] = median_ms(lambda: model.fit(disp=False), rounds)
    if find_spec("numpyro") is not None:
        data = someone(3)
        found["NumPyro NUTS"] = median_ms(lambda: nuts(data, samples=1000), 3)
    return found


def in_a_process(kernel: str, rounds: int) -> Mapping[str, float]:
    """Our times in a process that has the compiled kernel, or has it hidden."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.insight", "--only", kernel, "--rounds", str(rounds)],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(told.stdout)


def say(mine: Mapping[str, Mapping[str, float]], theirs: Mapping[str, float]) -> bool:
    """Print the table; whether every target that could be measured was met."""
    met = True
    print("| | ours | peer | ratio | asked |\n| --- | --- | --- | --- | --- |")
    series = {"statsmodels": "tired", "NumPyro NUTS": "sixty"}
    for kernel, times in mine.items():
        for peer, name in series.items():
            row = f"| {name}, {kernel}, beside {peer} | {times[name]:.1f} ms "
            if peer not in theirs:
                print(f"{row}| not installed | – | – |")
                continue
            ratio, asked = times[name] / theirs[peer], TARGETS.get((peer, kernel))
            met &= asked is None or ratio <= asked
            wanted = "–" if asked is None else f"≤ {asked}"
            print(f"{row}| {theirs[peer]:.1f} ms | {ratio:.4f} | {wanted} |")
        wanted = f"≤ {PRACTICE_SECONDS:.0f} s" if kernel == "scipy" else "–"
        met &= kernel != "scipy" or times["practice"] <= PRACTICE_SECONDS
        print(
            f"| {PRACTICE} clients x 5, {kernel} | {times['practice']:.1f} s | – | – | {wanted} |"
        )
    return met


def main() -> int:
    """Measure and print; 1 where a target was missed."""
    parser = argparse.ArgumentParser(prog="./unknot bench insight", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", choices=KERNELS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only is not None:
        if options.only == "scipy":
            sys.modules["numba"] = None  # type: ignore[assignment]  # hidden, as if not installed
        print(json.dumps(ours(options.rounds)))
        return 0
    mine = {kernel: in_a_process(kernel, options.rounds) for kernel in KERNELS}
    return 0 if say(mine, peers(options.rounds)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
