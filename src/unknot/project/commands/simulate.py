"""Write made-up people whose truth is known, as the files that `./unknot follow` reads."""

import argparse
import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from unknot.domain.outcomes.series import CheckIn, Session
from unknot.domain.outcomes.simulate import NULLS, Person, World, person
from unknot.interfaces.checkins import course_csv
from unknot.project.commands import Refused

#: Every simulated person begins here.
FIRST = datetime(2026, 1, 5, tzinfo=UTC)
MOST = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, how many, and in which world they live."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a new or empty folder")
    parser.add_argument("--people", type=int, default=1, help=f"how many, up to {MOST} (1)")
    parser.add_argument("--seed", type=int, default=1, help="of the first; the next have the next")
    parser.add_argument(
        "--world",
        choices=sorted(NULLS),
        default="felt pain, door",
        help="a cell of docs/reference/calibration.md (felt pain, door)",
    )
    parser.add_argument(
        "--effect",
        type=float,
        default=0.0,
        help="true mean change over the 3 days after a session, points; negative helps (0)",
    )
    parser.add_argument("--days", type=int, help="how long they answer (as the world says)")


def run(options: argparse.Namespace) -> int:
    """Write for each person check-ins, sessions and the truth."""
    _check(options)
    options.folder.mkdir(parents=True, exist_ok=True)
    world = _world(options)
    for number in range(options.people):
        one = person(world, np.random.default_rng(options.seed + number))
        name = f"person-{options.seed + number}"
        _write(options.folder / f"{name}-checkins.csv", course_csv.check_in_rows(_check_ins(one)))
        _write(options.folder / f"{name}-sessions.csv", course_csv.session_rows(_sessions(one)))
        truth = {"world": options.world, "effect": one.truth, "seed": options.seed + number}
        (options.folder / f"{name}-truth.json").write_text(json.dumps(truth, indent=2) + "\n")
    print(f"{options.people} people in {options.folder}; ./unknot follow reads their files.")
    return 0


def _check(options: argparse.Namespace) -> None:
    if not 1 <= options.people <= MOST:
        raise Refused(f"--people is a number from 1 to {MOST}.")
    if options.days is not None and not 1 <= options.days <= 3650:
        raise Refused("--days is a number from 1 to 3650.")
    if options.seed < 0:
        raise Refused("--seed is 0 or more.")
    if not -10 <= options.effect <= 10:
        raise Refused("--effect is a number of points from -10 to 10.")
    if options.folder.exists() and (not options.folder.is_dir() or any(options.folder.iterdir())):
        raise Refused(f"{options.folder} is not an empty folder; nothing is written over.")


def _world(options: argparse.Namespace) -> World:
    world = replace(NULLS[options.world], e3=options.effect)
    return world if options.days is None else replace(world, days=options.days)


def _check_ins(one: Person) -> Iterable[CheckIn]:
    for t, y, door in zip(one.t, one.y, one.at_door, strict=True):
        at = FIRST + timedelta(days=float(t))
        yield CheckIn(at=at, pain=float(y), moment="door" if door else "day")


def _sessions(one: Person) -> Iterable[Session]:
    for t in one.session_t:
        end = FIRST + timedelta(days=float(t))
        start = end - timedelta(hours=1)
        yield Session(start=start, end=end, technique="swedish", minutes=60)


def _write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
